/**
 * What `ip -d link` adds for each kind of link (ip/iplink_bridge.c, iplink_vxlan.c, iplink_macvlan.c, …).
 *
 * Timers and multicast settings of bridges are the defaults of Linux 6.18; the kernel here does not have them.
 */

import type { BridgePortView, LinkView } from "@/lib/sim/kernel";
import { isMulticast } from "@/lib/sim/net/address";
import type { Context } from "./context";
import type { Json, Printer } from "./printer";

export function kindDetails(link: LinkView, context: Context): void {
  const { out } = context;
  const { detail } = link;
  const data = (fill: () => void): void => out.object(fill, "info_data");
  switch (detail.kind) {
    case "loopback":
    case "physical":
    case "dummy":
    case "veth":
      break;
    case "bridge":
      data(() => bridgeDetails(out, shortBridgeId(detail.rootId), detail));
      break;
    case "vxlan":
      data(() => {
        vxlanDetails(out, detail, context);
      });
      break;
    case "macvlan":
      data(() => {
        out.put("mode", detail.mode, `mode ${detail.mode} `);
        out.put("bcqueuelen", 1000, "bcqueuelen 1000 ");
        out.put("usedbcqueuelen", 1000, "usedbcqueuelen 1000 ");
      });
      break;
    case "ipvlan":
      data(() => {
        out.put("mode", detail.mode, ` mode ${detail.mode} `);
        out.put(detail.flag, true, `${detail.flag} `);
      });
      break;
    case "vlan":
      data(() => {
        out.put("protocol", "802.1Q", "protocol 802.1Q ");
        out.put("id", detail.id, `id ${detail.id} `);
        out.put("flags", ["REORDER_HDR"], "<REORDER_HDR> ");
      });
      break;
  }
}

/** The checksum settings in JSON are Linux's defaults. */
function vxlanDetails(out: Printer, detail: Extract<LinkView["detail"], { kind: "vxlan" }>, context: Context): void {
  out.put("id", detail.vni, `id ${detail.vni} `);
  const { remote, local, device, ttl } = detail;
  const word = remote !== undefined && isMulticast(remote) ? "group" : "remote";
  if (remote !== undefined) out.put(word, remote, `${word} ${remote} `);
  if (local !== undefined) out.put("local", local, `local ${local} `);
  if (device !== undefined) {
    const name = detail.linkNetnsId === undefined ? context.nameOf(device) : `if${device}`;
    out.put("link", name, `dev ${name} `);
  }
  out.text("srcport 0 0 ");
  out.object(() => ["low", "high"].forEach((end) => out.json(end, 0)), "port_range");
  out.put("port", detail.port, `dstport ${detail.port} `);
  out.put("ttl", ttl, `ttl ${ttl === 0 ? "auto" : ttl} `);
  out.json("df", "unset");
  out.put("ageing", detail.ageingSeconds, `ageing ${detail.ageingSeconds} `);
  out.put("reserved_bits", "0xf7ffffff000000ff", "reserved_bits 0xf7ffffff000000ff ");
  out.json("external", false);
  out.put("learning", detail.learning, detail.learning ? "" : "nolearning ");
  const flags = [
    ["proxy", detail.proxy],
    ["rsc", false],
    ["l2miss", detail.l2miss],
    ["l3miss", detail.l3miss],
  ] as const;
  for (const [name, isSet] of flags) out.put(name, isSet, isSet ? `${name} ` : "");
  out.json("udp_csum", true);
  for (const name of ["udp_zero_csum6_tx", "udp_zero_csum6_rx", "remcsum_tx", "remcsum_rx"]) out.json(name, false);
  out.json("localbypass", true);
}

/** A word for text and JSON, or one for each, with its value. */
type Row = readonly [word: string, value: Json, key?: string, text?: string];

function printRows(out: Printer, rows: readonly Row[]): void {
  for (const [word, value, key, text] of rows) out.put(key ?? word, value, `${word} ${text ?? String(value)} `);
}

/** A timer in seconds; text is padded as printf's `%7.2f`. */
function timer(word: string, seconds: number): Row {
  return [word, { raw: seconds.toFixed(2) }, word, seconds.toFixed(2).padStart(7)];
}

function bridgeDetails(
  out: Printer,
  id: string,
  { ageingSeconds, stp, vlanFiltering }: { readonly ageingSeconds: number; readonly stp: boolean; readonly vlanFiltering: boolean },
): void {
  printRows(out, [
    ["forward_delay", 1500],
    ["hello_time", 200],
    ["max_age", 2000],
    ["ageing_time", ageingSeconds * 100],
    ["stp_state", stp ? 1 : 0],
    ["priority", 32_768],
    ["vlan_filtering", vlanFiltering ? 1 : 0],
    ["bridge_id", id],
    ["designated_root", id, "root_id"],
    ["root_port", 0],
    ["root_path_cost", 0],
    ["topology_change", 0],
    ["topology_change_detected", 0],
    timer("hello_timer", 0),
    timer("tcn_timer", 0),
    timer("topology_change_timer", 0),
    timer("gc_timer", 0),
    ["fdb_n_learned", 0],
    ["fdb_max_learned", 0],
    ["group_fwd_mask", "0"],
    ["group_address", "01:80:c2:00:00:00", "group_addr"],
    ["mcast_snooping", 1],
    ["no_linklocal_learn", 0],
    ["mcast_vlan_snooping", 0],
    ["mst_enabled", 0],
    ["mdb_offload_fail_notification", 0],
    ["fdb_local_vlan_0", 0],
    ["mcast_router", 1],
    ["mcast_query_use_ifaddr", 0],
    ["mcast_querier", 0],
    ["mcast_hash_elasticity", 16],
    ["mcast_hash_max", 4096],
    ["mcast_last_member_count", 2, "mcast_last_member_cnt"],
    ["mcast_startup_query_count", 2, "mcast_startup_query_cnt"],
    ["mcast_last_member_interval", 100, "mcast_last_member_intvl"],
    ["mcast_membership_interval", 26_000, "mcast_membership_intvl"],
    ["mcast_querier_interval", 25_500, "mcast_querier_intvl"],
    ["mcast_query_interval", 12_500, "mcast_query_intvl"],
    ["mcast_query_response_interval", 1000, "mcast_query_response_intvl"],
    ["mcast_startup_query_interval", 3124, "mcast_startup_query_intvl"],
    ["mcast_stats_enabled", 0],
    ["mcast_igmp_version", 2],
    ["mcast_mld_version", 1],
    ["nf_call_iptables", 0],
    ["nf_call_ip6tables", 0],
    ["nf_call_arptables", 0],
  ]);
}

export function slaveDetails(port: BridgePortView, context: Context): void {
  const { out, netns } = context;
  const bridge = netns.links.link(port.bridge);
  const id = bridge?.detail.kind === "bridge" ? shortBridgeId(bridge.detail.rootId) : "";
  const onOff = (word: string, isOn: boolean): Row => [word, isOn, word, isOn ? "on" : "off"];
  const portId = 0x8000 | port.number;
  out.object(() => {
    printRows(out, [
      ["state", port.state],
      ["priority", port.priority],
      ["cost", port.cost],
      onOff("hairpin", port.hairpin),
      onOff("guard", false),
      onOff("root_block", false),
      onOff("fastleave", false),
      onOff("learning", port.learning),
      onOff("flood", port.flood),
      ["port_id", `0x${portId.toString(16)}`, "id"],
      ["port_no", `0x${port.number.toString(16)}`, "no"],
      ["designated_port", portId],
      ["designated_cost", 0],
      ["designated_bridge", id, "bridge_id"],
      ["designated_root", id, "root_id"],
      timer("hold_timer", 0),
      timer("message_age_timer", 0),
      timer("forward_delay_timer", 0),
      ["topology_change_ack", 0],
      ["config_pending", 0],
      onOff("proxy_arp", false),
      onOff("proxy_arp_wifi", false),
      ["mcast_router", 1, "multicast_router"],
      onOff("mcast_fast_leave", false),
      onOff("mcast_flood", true),
      onOff("bcast_flood", true),
      onOff("mcast_to_unicast", false),
      onOff("neigh_suppress", false),
      onOff("neigh_vlan_suppress", false),
      ["group_fwd_mask", "0"],
      ["group_fwd_mask_str", "0x0"],
      onOff("vlan_tunnel", false),
      onOff("isolated", port.isolated),
      onOff("locked", false),
      onOff("mab", false),
    ]);
  }, "info_slave_data");
}

/** `8000.ea:13:f3:3:e6:d4`: octets without leading zeros, as snprintf's `%x` writes them. */
function shortBridgeId(id: string): string {
  const [priority = "", mac = ""] = id.split(".");
  const octets = mac.split(":").map((octet) => Number.parseInt(octet, 16).toString(16));
  return `${priority}.${octets.join(":")}`;
}
