/**
 * What a bridge adds to sysfs: `bridge/`, `brif/` and, at its ports, `brport/`. `brctl` and monitoring read these.
 *
 * Linux 6.18, net/bridge/br_sysfs_br.c and br_sysfs_if.c. Times are in hundredths of a second. Differs: running timers are
 * shown as nought, multicast settings keep their defaults.
 */

import { fail, ok } from "@/lib/base/result";
import type { LinkChange, LinkView, Rtnetlink } from "../net/rtnetlink";
import { changeLink, type Entries, fact, kept, SIZE } from "./sysfs-link";
import { computed, directory, link as symlink, setting, type Synthetic, type SyntheticDirectory } from "./synthetic";
import type { Viewer } from "./viewer";

/** Written to, it would forget what was learned; reading is not allowed. */
const WRITE_ONLY = (): Synthetic => ({
  kind: "file",
  mode: 0o200,
  size: SIZE,
  read: () => fail("EACCES"),
  write: () => fail("EOPNOTSUPP"),
});

export function bridgePorts(links: Rtnetlink, ports: readonly LinkView["index"][]): SyntheticDirectory {
  const names = (): string[] => ports.flatMap((index) => links.link(index)?.name ?? []);
  return computed(names, (name) => (names().includes(name) ? symlink(() => `../../${name}/brport`) : undefined), 0o755);
}

export function bridgeDirectory(
  viewer: Viewer,
  link: LinkView,
  detail: Extract<LinkView["detail"], { kind: "bridge" }>,
): SyntheticDirectory {
  const ageing = (): Synthetic =>
    setting(
      () => ok(String(Math.round(detail.ageingSeconds * 100))),
      (written) => changeLink(viewer, link, /^\d+$/.test(written) ? { set: "bridge", ageingSeconds: Number(written) / 100 } : undefined),
      SIZE,
    );
  const constants: Readonly<Record<string, string | number>> = {
    forward_delay: 1_500,
    gc_timer: 0,
    group_addr: "01:80:c2:00:00:00",
    group_fwd_mask: "0x0",
    hash_elasticity: 16,
    hash_max: 4_096,
    hello_time: 200,
    hello_timer: 0,
    max_age: 2_000,
    multicast_igmp_version: 2,
    multicast_last_member_count: 2,
    multicast_last_member_interval: 100,
    multicast_membership_interval: 26_000,
    multicast_mld_version: 1,
    multicast_querier: 0,
    multicast_querier_interval: 25_500,
    multicast_query_interval: 12_500,
    multicast_query_response_interval: 1_000,
    multicast_query_use_ifaddr: 0,
    multicast_router: 1,
    multicast_snooping: 1,
    multicast_startup_query_count: 2,
    multicast_startup_query_interval: 3_124,
    multicast_stats_enabled: 0,
    nf_call_arptables: 0,
    nf_call_ip6tables: 0,
    nf_call_iptables: 0,
    no_linklocal_learn: 0,
    priority: 32_768,
  };
  const facts: Readonly<Record<string, string | number>> = {
    bridge_id: detail.rootId.replaceAll(":", ""),
    root_id: detail.rootId.replaceAll(":", ""),
    root_path_cost: 0,
    root_port: 0,
    tcn_timer: 0,
    topology_change: 0,
    topology_change_detected: 0,
    topology_change_timer: 0,
  };
  return directory(
    {
      ...entries(constants, kept),
      ...entries(facts, fact),
      ageing_time: ageing,
      flush: WRITE_ONLY,
      stp_state: flag(viewer, link, detail.stp, (stp) => ({ set: "bridge", stp })),
      vlan_filtering: flag(viewer, link, detail.vlanFiltering, (vlanFiltering) => ({ set: "bridge", vlanFiltering })),
    },
    0o755,
  );
}

const PORT_STATES = { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 } as const;

export function portDirectory(viewer: Viewer, link: LinkView, port: NonNullable<LinkView["port"]>): SyntheticDirectory {
  const bridge = viewer.sysfsNetns.links.link(port.bridge);
  const rootId = bridge?.detail.kind === "bridge" ? bridge.detail.rootId.replaceAll(":", "") : "";
  const constants: Readonly<Record<string, string | number>> = {
    backup_port: "",
    bpdu_guard: 0,
    broadcast_flood: 1,
    group_fwd_mask: "0x0",
    multicast_fast_leave: 0,
    multicast_flood: 1,
    multicast_router: 1,
    multicast_to_unicast: 0,
    neigh_suppress: 0,
    proxyarp: 0,
    proxyarp_wifi: 0,
    root_block: 0,
  };
  const facts: Readonly<Record<string, string | number>> = {
    change_ack: 0,
    config_pending: 0,
    designated_bridge: rootId,
    designated_cost: 0,
    designated_port: 0x8000 | port.number,
    designated_root: rootId,
    forward_delay_timer: 0,
    hold_timer: 0,
    message_age_timer: 0,
    port_id: `0x${(0x8000 | port.number).toString(16)}`,
    port_no: `0x${port.number.toString(16)}`,
    state: PORT_STATES[port.state],
  };
  const number =
    (value: number, make: (value: number) => LinkChange): (() => Synthetic) =>
    () =>
      setting(
        () => ok(String(value)),
        (written) => changeLink(viewer, link, /^\d+$/.test(written) ? make(Number(written)) : undefined),
        SIZE,
      );
  return directory(
    {
      ...entries(constants, kept),
      ...entries(facts, fact),
      bridge: () => symlink(() => `../../${bridge?.name ?? ""}`),
      flush: WRITE_ONLY,
      hairpin_mode: flag(viewer, link, port.hairpin, (hairpin) => ({ set: "port", hairpin })),
      isolated: flag(viewer, link, port.isolated, (isolated) => ({ set: "port", isolated })),
      learning: flag(viewer, link, port.learning, (learning) => ({ set: "port", learning })),
      path_cost: number(port.cost, (cost) => ({ set: "port", cost })),
      priority: number(port.priority, (priority) => ({ set: "port", priority })),
      unicast_flood: flag(viewer, link, port.flood, (flood) => ({ set: "port", flood })),
    },
    0o755,
  );
}

function entries(values: Readonly<Record<string, string | number>>, make: (value: string | number) => () => Synthetic): Entries {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]));
}

function flag(viewer: Viewer, link: LinkView, value: boolean, make: (on: boolean) => LinkChange): () => Synthetic {
  return () =>
    setting(
      () => ok(value ? "1" : "0"),
      (written) => changeLink(viewer, link, /^[01]$/.test(written) ? make(written === "1") : undefined),
      SIZE,
    );
}
