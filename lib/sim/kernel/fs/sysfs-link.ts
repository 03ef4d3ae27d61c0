/**
 * /sys/class/net/IF: the attributes of one interface. Linux 6.18, net/core/net-sysfs.c; bridges add those of sysfs-bridge.ts.
 *
 * Differs: what nothing simulates (queues, power management, interrupt moderation) is there with its default value.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { LinkChange, LinkView } from "../net/rtnetlink";
import { bridgeDirectory, bridgePorts, portDirectory } from "./sysfs-bridge";
import { directory, link as symlink, setting, type Synthetic, type SyntheticDirectory, text } from "./synthetic";
import type { Viewer } from "./viewer";

/** What every file of sysfs says its size is. */
export const SIZE = 4_096;

export type Entries = Record<string, () => Synthetic | undefined>;

export function fact(value: string | number): () => Synthetic {
  return () => text(() => `${value}\n`, SIZE);
}

/** A file that can be written, and does nothing; it reads as `value`. */
export function kept(value: string | number): () => Synthetic {
  return () =>
    setting(
      () => ok(String(value)),
      () => fail("EOPNOTSUPP"),
      SIZE,
    );
}

const IFF = { UP: 1, BROADCAST: 2, LOOPBACK: 8, NOARP: 0x80, PROMISC: 0x100, ALLMULTI: 0x200, MULTICAST: 0x1000 } as const;

export function linkDirectory(viewer: Viewer, link: LinkView): SyntheticDirectory {
  const { links } = viewer.sysfsNetns;
  const { detail, port } = link;
  const isLoopback = detail.kind === "loopback";
  const refused = (): Result<string, Errno> => fail("EINVAL");
  const readOnly =
    (read: () => Result<string, Errno>): (() => Synthetic) =>
    () => ({ kind: "file", mode: 0o444, size: SIZE, read });
  /** Reading it fails with EINVAL while the interface is down. */
  const whenUp = (value: string): (() => Synthetic) => readOnly(() => (link.isUp ? ok(`${value}\n`) : refused()));
  const number =
    (value: number, make: (value: number) => LinkChange): (() => Synthetic) =>
    () =>
      setting(
        () => ok(String(value)),
        (written) => changeLink(viewer, link, /^\d+$/.test(written) ? make(Number(written)) : undefined),
        SIZE,
      );
  const flags =
    (link.isUp ? IFF.UP : 0) |
    (isLoopback ? IFF.LOOPBACK : IFF.BROADCAST) |
    (link.arp ? 0 : IFF.NOARP) |
    (link.isPromiscuous || port ? IFF.PROMISC : 0) |
    (port ? IFF.ALLMULTI : 0) |
    (link.multicast && !isLoopback ? IFF.MULTICAST : 0);
  const master = port && links.link(port.bridge);
  const carriers = isLoopback ? [0, 0, 0] : link.hasCarrier ? [2, 1, 1] : [1, 0, 1];
  const speed =
    detail.kind === "bridge"
      ? detail.ports.some((one) => links.link(one)?.hasCarrier)
        ? 10_000
        : -1
      : detail.kind === "veth" || detail.kind === "physical"
        ? 10_000
        : -1;

  return directory(
    {
      addr_assign_type: fact(isLoopback ? 0 : detail.kind === "veth" && port ? 1 : 3),
      addr_len: fact(6),
      address: fact(link.mac),
      ...(detail.kind === "bridge"
        ? {
            brforward: () => text(() => "", SIZE),
            brif: () => bridgePorts(links, detail.ports),
            bridge: () => bridgeDirectory(viewer, link, detail),
          }
        : {}),
      broadcast: fact(isLoopback ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff"),
      ...(port ? { brport: () => portDirectory(viewer, link, port) } : {}),
      carrier: whenUp(link.hasCarrier ? "1" : "0"),
      carrier_changes: fact(carriers[0] ?? 0),
      carrier_down_count: fact(carriers[2] ?? 0),
      carrier_up_count: fact(carriers[1] ?? 0),
      dev_id: fact("0x0"),
      dev_port: fact(0),
      dormant: whenUp("0"),
      duplex: readOnly(() => (isLoopback || !link.isUp ? refused() : ok(detail.kind === "bridge" ? "unknown\n" : "full\n"))),
      flags: () =>
        setting(
          () => ok(`0x${flags.toString(16)}`),
          (written) =>
            changeLink(
              viewer,
              link,
              /^(0x[0-9a-f]+|\d+)$/i.test(written) ? { set: "up", up: (Number(written) & IFF.UP) !== 0 } : undefined,
            ),
          SIZE,
        ),
      gro_flush_timeout: kept(0),
      ifalias: () =>
        setting(
          () => ok(link.alias ?? ""),
          (alias) => changeLink(viewer, link, { set: "alias", alias }),
          SIZE,
        ),
      ifindex: fact(link.index),
      iflink: fact(lowerIndex(link)),
      link_mode: fact(0),
      ...lowerAndUpper(viewer, link),
      ...(master ? { master: () => symlink(() => `../${master.name}`) } : {}),
      mtu: number(link.mtu, (mtu) => ({ set: "mtu", mtu })),
      name_assign_type: fact(isLoopback ? 2 : detail.kind === "veth" && !port ? 4 : 3),
      napi_defer_hard_irqs: kept(0),
      netdev_group: kept(0),
      operstate: fact(link.operState.toLowerCase()),
      power: () =>
        directory({
          autosuspend_delay_ms: () => ({ kind: "file", mode: 0o644, size: SIZE, read: () => fail("EIO") }),
          control: kept("auto"),
          runtime_active_time: fact(0),
          runtime_status: fact("unsupported"),
          runtime_suspended_time: fact(0),
        }),
      proto_down: kept(0),
      queues: () => directory({ "rx-0": () => directory({}), "tx-0": () => directory({}) }),
      speed: readOnly(() => (isLoopback || !link.isUp ? refused() : ok(`${speed}\n`))),
      statistics: () => statistics(link),
      subsystem: () => symlink(() => "../../../../class/net"),
      testing: fact(0),
      threaded: kept(0),
      tx_queue_len: number(link.queueLength, (length) => ({ set: "queue-length", length })),
      type: fact(isLoopback ? 772 : 1),
      uevent: fact(
        `${detail.kind === "bridge" || detail.kind === "vlan" || detail.kind === "vxlan" ? `DEVTYPE=${detail.kind}\n` : ""}INTERFACE=${link.name}\nIFINDEX=${link.index}`,
      ),
    },
    0o755,
  );
}

/** Makes a change that a file stands for. */
export function changeLink(viewer: Viewer, link: LinkView, change: LinkChange | undefined): Result<void, Errno> {
  if (!viewer.may("NET_ADMIN")) return fail("EPERM");
  if (!change) return fail("EINVAL");
  const result = viewer.sysfsNetns.links.change(link.index, change);
  return result.ok ? ok(undefined) : fail(result.error.errno);
}

/** Links to what this one stands on (`lower_eth0`) and to what stands on it (`upper_docker0`). */
function lowerAndUpper({ sysfsNetns }: Viewer, link: LinkView): Entries {
  const all = sysfsNetns.links.links();
  const standsOn = (upper: LinkView): readonly number[] => {
    const { detail } = upper;
    switch (detail.kind) {
      case "bridge":
        return detail.ports;
      case "macvlan":
      case "ipvlan":
      case "vlan":
        return detail.linkNetnsId === undefined ? [detail.parent] : [];
      default:
        return [];
    }
  };
  const lowers = all.filter((one) => standsOn(link).includes(one.index)).map((one) => [`lower_${one.name}`, one.name] as const);
  const uppers = all
    .filter((one) => one.index !== link.index && standsOn(one).includes(link.index))
    .map((one) => [`upper_${one.name}`, one.name] as const);
  return Object.fromEntries([...lowers, ...uppers].map(([file, name]) => [file, () => symlink(() => `../${name}`)]));
}

function lowerIndex(link: LinkView): number {
  const { detail } = link;
  switch (detail.kind) {
    case "veth":
      return detail.peerIndex ?? link.index;
    case "macvlan":
    case "ipvlan":
    case "vlan":
      return detail.parent;
    default:
      return link.index;
  }
}

function statistics({ stats }: LinkView): SyntheticDirectory {
  const known: Readonly<Record<string, number>> = {
    rx_bytes: stats.rxBytes,
    rx_dropped: stats.rxDropped,
    rx_packets: stats.rxPackets,
    tx_bytes: stats.txBytes,
    tx_dropped: stats.txDropped,
    tx_packets: stats.txPackets,
  };
  const names = [
    "collisions",
    "multicast",
    "rx_bytes",
    "rx_compressed",
    "rx_crc_errors",
    "rx_dropped",
    "rx_errors",
    "rx_fifo_errors",
    "rx_frame_errors",
    "rx_length_errors",
    "rx_missed_errors",
    "rx_nohandler",
    "rx_over_errors",
    "rx_packets",
    "tx_aborted_errors",
    "tx_bytes",
    "tx_carrier_errors",
    "tx_compressed",
    "tx_dropped",
    "tx_errors",
    "tx_fifo_errors",
    "tx_heartbeat_errors",
    "tx_packets",
    "tx_window_errors",
  ];
  return directory(Object.fromEntries(names.map((name) => [name, fact(known[name] ?? 0)])));
}
