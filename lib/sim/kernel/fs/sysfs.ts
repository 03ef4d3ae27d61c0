/**
 * /sys: sysfs(5), as far as network interfaces go: /sys/class/net/IF and what bridges add to it.
 *
 * Linux: net/core/net-sysfs.c, net/bridge/br_sysfs_br.c, br_sysfs_if.c. Which interfaces are shown is decided by the
 * viewer's network namespace (in Linux: by the namespace in which /sys was mounted; for a container that is the same).
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { LinkChange, LinkView, Rtnetlink } from "../net/rtnetlink";
import { computed, directory, link as symlink, type Provider, setting, type Synthetic, type SyntheticDirectory, text } from "./synthetic";
import type { Viewer } from "./viewer";

/** What every file of sysfs says its size is. */
const SIZE = 4_096;

export const sysfs: Provider = (viewer) =>
  directory({
    block: () => directory({}),
    bus: () => directory({}),
    class: () => directory({ net: () => classNet(viewer) }),
    dev: () => directory({}),
    devices: () => devices(viewer),
    firmware: () => directory({}),
    fs: () => directory({ cgroup: () => directory({}) }),
    kernel: () => directory({}),
    module: () => directory({ bridge: () => directory({}), br_netfilter: () => directory({}) }),
    power: () => directory({}),
  });

function classNet(viewer: Viewer): SyntheticDirectory {
  return computed(
    () => viewer.netns.links.links().map((one) => one.name),
    (name) => {
      const found = byName(viewer, name);
      return found && symlink(() => `../../devices/${placeOf(found)}/net/${name}`);
    },
    0o755,
  );
}

/** A network card is a PCI device, everything else is virtual. */
function placeOf(link: LinkView): "virtual" | "pci0000:00/0000:00:03.0" {
  return link.detail.kind === "physical" ? "pci0000:00/0000:00:03.0" : "virtual";
}

function devices(viewer: Viewer): SyntheticDirectory {
  const net = (isPhysical: boolean): SyntheticDirectory =>
    computed(
      () => viewer.netns.links.links().filter((one) => (one.detail.kind === "physical") === isPhysical).map((one) => one.name),
      (name) => {
        const found = byName(viewer, name);
        return found && (found.detail.kind === "physical") === isPhysical ? linkDirectory(viewer, found) : undefined;
      },
      0o755,
    );
  return directory({
    "pci0000:00": () => directory({ "0000:00:03.0": () => directory({ net: () => net(true) }) }),
    virtual: () => directory({ net: () => net(false) }),
  });
}

function byName(viewer: Viewer, name: string): LinkView | undefined {
  return viewer.netns.links.links().find((one) => one.name === name);
}

const IFF = { UP: 1, BROADCAST: 2, LOOPBACK: 8, NOARP: 0x80, PROMISC: 0x100, MULTICAST: 0x1000 } as const;

function linkDirectory(viewer: Viewer, link: LinkView): SyntheticDirectory {
  const { links } = viewer.netns;
  const { detail, stats } = link;
  const isLoopback = detail.kind === "loopback";
  const fact = (value: () => string | number): (() => Synthetic) => () => text(() => `${value()}\n`, SIZE);
  const whenUp = (value: string): (() => Synthetic) => () => ({ kind: "file", mode: 0o444, size: SIZE, read: () => (link.isUp ? ok(`${value}\n`) : fail("EINVAL")) });
  const change = (value: string | number, set: (text: string) => LinkChange | undefined): (() => Synthetic) => () =>
    setting(() => ok(String(value)), (written) => changed(links, link, viewer, set(written)), SIZE);
  const number = (make: (value: number) => LinkChange): ((text: string) => LinkChange | undefined) => (written) => (/^\d+$/.test(written) ? make(Number(written)) : undefined);
  const flags =
    (link.isUp ? IFF.UP : 0) | (isLoopback ? IFF.LOOPBACK : IFF.BROADCAST) | (link.arp ? 0 : IFF.NOARP) | (link.isPromiscuous ? IFF.PROMISC : 0) | (link.multicast ? IFF.MULTICAST : 0);
  const { port } = link;
  const master = port && links.link(port.bridge);

  return directory({
    addr_len: fact(() => 6),
    address: fact(() => link.mac),
    broadcast: fact(() => (isLoopback ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff")),
    ...(detail.kind === "bridge" ? { brif: () => brif(links, detail.ports), bridge: () => bridge(viewer, link, detail) } : {}),
    ...(port ? { brport: () => brport(viewer, link, port) } : {}),
    carrier: whenUp(link.hasCarrier ? "1" : "0"),
    dev_id: fact(() => "0x0"),
    dormant: whenUp("0"),
    duplex: () => ({ kind: "file", mode: 0o444, size: SIZE, read: () => (isLoopback || !link.isUp ? fail("EINVAL") : ok(detail.kind === "bridge" ? "unknown\n" : "full\n")) }),
    flags: fact(() => `0x${flags.toString(16)}`),
    ifalias: change(link.alias ?? "", (alias) => ({ set: "alias", alias })),
    ifindex: fact(() => link.index),
    iflink: fact(() => peerIndex(link)),
    ...(master ? { master: () => symlink(() => `../${master.name}`) } : {}),
    mtu: change(link.mtu, number((mtu) => ({ set: "mtu", mtu }))),
    operstate: fact(() => link.operState.toLowerCase()),
    speed: () => ({ kind: "file", mode: 0o444, size: SIZE, read: () => (isLoopback || !link.isUp ? fail("EINVAL") : ok(detail.kind === "veth" ? "10000\n" : detail.kind === "physical" ? "1000\n" : "-1\n")) }),
    statistics: () =>
      directory({
        collisions: fact(() => 0),
        multicast: fact(() => 0),
        rx_bytes: fact(() => stats.rxBytes),
        rx_dropped: fact(() => stats.rxDropped),
        rx_errors: fact(() => 0),
        rx_packets: fact(() => stats.rxPackets),
        tx_bytes: fact(() => stats.txBytes),
        tx_dropped: fact(() => stats.txDropped),
        tx_errors: fact(() => 0),
        tx_packets: fact(() => stats.txPackets),
      }),
    subsystem: () => symlink(() => "../../../../class/net"),
    tx_queue_len: change(link.queueLength, number((length) => ({ set: "queue-length", length }))),
    type: fact(() => (isLoopback ? 772 : 1)),
    uevent: fact(() => `${uevent(link)}INTERFACE=${link.name}\nIFINDEX=${link.index}`),
  }, 0o755);
}

function uevent(link: LinkView): string {
  const { kind } = link.detail;
  return kind === "bridge" || kind === "vlan" || kind === "vxlan" ? `DEVTYPE=${kind}\n` : "";
}

function peerIndex(link: LinkView): number {
  const { detail } = link;
  switch (detail.kind) {
    case "veth":
      return detail.peerIndex ?? link.index;
    case "macvlan":
    case "ipvlan":
    case "vlan":
      return detail.parent;
    case "vxlan":
      return detail.device ?? 0;
    default:
      return link.index;
  }
}

function brif(links: Rtnetlink, ports: readonly LinkView["index"][]): SyntheticDirectory {
  const names = (): string[] => ports.flatMap((index) => links.link(index)?.name ?? []);
  return computed(names, (name) => (names().includes(name) ? symlink(() => `../../${name}/brport`) : undefined), 0o755);
}

function bridge(viewer: Viewer, link: LinkView, detail: Extract<LinkView["detail"], { kind: "bridge" }>): SyntheticDirectory {
  const { links } = viewer.netns;
  const fact = (value: string | number): (() => Synthetic) => () => text(() => `${value}\n`, SIZE);
  const flag = (value: boolean, make: (on: boolean) => LinkChange): (() => Synthetic) => () =>
    setting(() => ok(value ? "1" : "0"), (written) => changed(links, link, viewer, /^[01]$/.test(written) ? make(written === "1") : undefined), SIZE);
  return directory({
    // In hundredths of a second, as every time in this directory.
    ageing_time: () =>
      setting(() => ok(String(detail.ageingSeconds * 100)), (written) => changed(links, link, viewer, /^\d+$/.test(written) ? { set: "bridge", ageingSeconds: Number(written) / 100 } : undefined), SIZE),
    bridge_id: fact(detail.rootId),
    forward_delay: fact(1_500),
    hello_time: fact(200),
    max_age: fact(2_000),
    priority: fact(32_768),
    root_id: fact(detail.rootId),
    stp_state: flag(detail.stp, (stp) => ({ set: "bridge", stp })),
    vlan_filtering: flag(detail.vlanFiltering, (vlanFiltering) => ({ set: "bridge", vlanFiltering })),
  }, 0o755);
}

const PORT_STATES = { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 } as const;

function brport(viewer: Viewer, link: LinkView, port: NonNullable<LinkView["port"]>): SyntheticDirectory {
  const { links } = viewer.netns;
  const fact = (value: string | number): (() => Synthetic) => () => text(() => `${value}\n`, SIZE);
  const flag = (value: boolean, make: (on: boolean) => LinkChange): (() => Synthetic) => () =>
    setting(() => ok(value ? "1" : "0"), (written) => changed(links, link, viewer, /^[01]$/.test(written) ? make(written === "1") : undefined), SIZE);
  const master = links.link(port.bridge)?.name ?? "";
  return directory({
    bridge: () => symlink(() => `../../${master}`),
    hairpin_mode: flag(port.hairpin, (hairpin) => ({ set: "port", hairpin })),
    isolated: flag(port.isolated, (isolated) => ({ set: "port", isolated })),
    learning: flag(port.learning, (learning) => ({ set: "port", learning })),
    path_cost: fact(port.cost),
    port_id: fact(`0x${(0x8000 | port.number).toString(16)}`),
    port_no: fact(`0x${port.number.toString(16)}`),
    priority: fact(port.priority),
    state: fact(PORT_STATES[port.state]),
    unicast_flood: flag(port.flood, (flood) => ({ set: "port", flood })),
  }, 0o755);
}

function changed(links: Rtnetlink, link: LinkView, viewer: Viewer, change: LinkChange | undefined): Result<void, Errno> {
  if (!viewer.may("NET_ADMIN")) return fail("EPERM");
  if (!change) return fail("EINVAL");
  const result = links.change(link.index, change);
  return result.ok ? ok(undefined) : fail(result.error.errno);
}
