/**
 * A link as `ip link` and `ip address` print it (ip/ipaddress.c, print_linkinfo).
 *
 * Queue numbers and offload sizes, which -d shows, are those of a recorded host; the kernel here does not have them.
 */

import type { LinkView } from "@/lib/sim/kernel";
import type { Context } from "./context";
import { kindDetails, slaveDetails } from "./link-details";
import { stateColor } from "./printer";

/** Where its other end is: a link's number, in this namespace or in the one known here as `netnsId`. */
type Lower = { readonly index: number; readonly netnsId: number | undefined; readonly netns: string | undefined };

export function lowerOf({ detail, index }: LinkView): Lower | undefined {
  switch (detail.kind) {
    case "veth":
      return detail.peerIndex === undefined ? undefined : { index: detail.peerIndex, netnsId: detail.linkNetnsId, netns: detail.peerNetns };
    case "macvlan":
    case "ipvlan":
    case "vlan":
      return { index: detail.parent, netnsId: detail.linkNetnsId, netns: undefined };
    case "vxlan":
      return detail.linkNetnsId === undefined ? undefined : { index, netnsId: detail.linkNetnsId, netns: undefined };
    case "loopback":
    case "physical":
    case "bridge":
    case "dummy":
      return undefined;
  }
}

/** `eth0@if7`, `v0@v1`: the name with that of its other end. */
export function nameWithLower(link: LinkView, context: Context): string {
  const lower = lowerOf(link);
  if (!lower) return link.name;
  if (lower.netnsId !== undefined) return `${link.name}@if${lower.index}`;
  return `${link.name}@${localName(lower.index, context)}`;
}

function putLower({ index, netnsId }: Lower, context: Context): void {
  if (netnsId === undefined) context.out.json("link", localName(index, context));
  else context.out.json("link_index", index);
}

function localName(index: number, context: Context): string {
  return context.netns.links.links().find((link) => link.index === index)?.name ?? `if${index}`;
}

export function linkFlags(link: LinkView, context: Context): readonly string[] {
  const isLoopback = link.detail.kind === "loopback";
  const lower = lowerOf(link);
  const other = lower && lower.netnsId === undefined ? context.netns.links.links().find(({ index }) => index === lower.index) : undefined;
  const flags: readonly (readonly [boolean, string])[] = [
    [link.isUp && !link.hasCarrier, "NO-CARRIER"],
    [isLoopback, "LOOPBACK"],
    [!isLoopback, "BROADCAST"],
    [!isLoopback && link.multicast, "MULTICAST"],
    [!link.arp, "NOARP"],
    [link.isPromiscuous, "PROMISC"],
    [link.isUp, "UP"],
    [link.isUp && link.hasCarrier, "LOWER_UP"],
    [lower !== undefined && lower.netnsId === undefined && other?.isUp === false, "M-DOWN"],
  ];
  return flags.flatMap(([isSet, name]) => (isSet ? [name] : []));
}

/** `for: "address"`: as the heading of a link's addresses. */
export function printLink(
  link: LinkView,
  context: Context,
  { for: use, family }: { readonly for: "link" | "address"; readonly family: "any" | "inet" | "inet6" },
): void {
  const { out, options } = context;
  const { detail, port } = link;
  const lower = lowerOf(link);
  const flags = [...linkFlags(link, context)];
  out.put("ifindex", link.index, `${link.index}: `);
  if (lower) putLower(lower, context);
  out.putColoured("ifname", link.name, "", "interface", `${nameWithLower(link, context)}: `);
  out.put("flags", flags, `<${flags.join(",")}> `);
  out.put("mtu", link.mtu, `mtu ${link.mtu} `);
  out.put("qdisc", link.qdisc, `qdisc ${link.qdisc} `);
  if (port) out.put("master", context.nameOf(port.bridge), `master ${context.nameOf(port.bridge)} `);
  out.putColoured("operstate", link.operState, "state ", stateColor(link.operState), `${link.operState} `);
  if (use === "link") out.put("linkmode", "DEFAULT", "mode DEFAULT ");
  out.put("group", "default", "group default ");
  out.put("txqlen", link.queueLength, `qlen ${link.queueLength}`);
  if (family === "any") {
    out.text(out.lineEnd);
    const type = detail.kind === "loopback" ? "loopback" : "ether";
    const broadcast = detail.kind === "loopback" ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff";
    out.put("link_type", type, `    link/${type} `);
    out.putColoured("address", link.mac, "", "mac", link.mac);
    out.putColoured("broadcast", broadcast, " brd ", "mac", broadcast);
  }
  printNetnsOfLower(lower, context);
  if (options.details > 0) printDetails(link, context, use);
  if (link.alias !== undefined) out.put("ifalias", link.alias, `${out.lineEnd}    alias ${link.alias}`);
  for (const name of link.altnames) out.text(`${out.lineEnd}    altname ${name}`);
  if (link.altnames.length > 0) out.json("altnames", [...link.altnames]);
}

/** A link in the list of `ip -6 address`. Its other end's number is taken for one of this namespace, as by iproute2. */
export function printIpv6Heading(link: LinkView, context: Context): void {
  const { out } = context;
  const lower = lowerOf(link);
  const flags = [...linkFlags(link, context)];
  out.put("ifindex", link.index, `${link.index}: `);
  if (lower) out.json("link", localName(lower.index, context));
  out.putColoured("ifname", link.name, "", "interface", `${link.name}${lower ? `@${localName(lower.index, context)}` : ""}: `);
  out.put("flags", flags, `<${flags.join(",")}> `);
  out.put("mtu", link.mtu, `mtu ${link.mtu} `);
  out.putColoured("operstate", link.operState, "state ", stateColor(link.operState), `${link.operState} `);
}

function printNetnsOfLower(lower: Lower | undefined, { out, netnsNames }: Context): void {
  if (lower?.netnsId === undefined) return;
  const name = lower.netns === undefined ? undefined : netnsNames.get(lower.netns);
  out.put("link_netnsid", lower.netnsId, name === undefined ? ` link-netnsid ${lower.netnsId}` : ` link-netns ${name}`);
}

function printDetails(link: LinkView, context: Context, use: "link" | "address"): void {
  const { out } = context;
  const { detail } = link;
  const isLoopback = detail.kind === "loopback";
  out.put("promiscuity", link.promiscuity, ` promiscuity ${link.promiscuity} `);
  out.put("allmulti", link.port ? 1 : 0, `allmulti ${link.port ? 1 : 0} `);
  out.put("min_mtu", link.minMtu, `minmtu ${link.minMtu} `);
  out.put("max_mtu", link.maxMtu, `maxmtu ${link.maxMtu} `);
  if (isLoopback || detail.kind === "bridge") out.put("netns-immutable", true, "netns-immutable ");
  if (!isLoopback && detail.kind !== "physical") {
    out.object(() => {
      out.put("info_kind", detail.kind, `${out.lineEnd}    ${detail.kind} `);
      kindDetails(link, context);
      if (link.port) {
        out.put("info_slave_kind", "bridge", `${out.lineEnd}    bridge_slave `);
        slaveDetails(link.port, context);
      }
    }, "linkinfo");
  }
  if (use === "link") out.put("inet6_addr_gen_mode", "eui64", "addrgenmode eui64 ");
  const queues = detail.kind === "veth" || detail.kind === "physical" ? 2 : 1;
  const tso = segmentLimit(link, context);
  const sizes = [
    ["num_tx_queues", "numtxqueues", queues],
    ["num_rx_queues", "numrxqueues", queues],
    ["gso_max_size", "gso_max_size", 65_536],
    ["gso_max_segs", "gso_max_segs", 65_535],
    ["tso_max_size", "tso_max_size", tso],
    ["tso_max_segs", "tso_max_segs", 65_535],
    ["gro_max_size", "gro_max_size", 65_536],
    ["gso_ipv4_max_size", "gso_ipv4_max_size", 65_536],
    ["gro_ipv4_max_size", "gro_ipv4_max_size", 65_536],
  ] as const;
  for (const [key, word, value] of sizes) out.put(key, value, `${word} ${value} `);
}

/** How large a packet its card may cut up. Links on others, or made of others, have the others' limit. */
function segmentLimit({ detail }: LinkView, context: Context): number {
  switch (detail.kind) {
    case "dummy":
      return NO_OFFLOAD;
    case "bridge":
      return detail.ports.length === 0 ? NO_OFFLOAD : VETH_OFFLOAD;
    case "vxlan":
      return detail.device === undefined ? NO_OFFLOAD : VETH_OFFLOAD;
    case "vlan":
    case "macvlan":
    case "ipvlan": {
      const lower = detail.linkNetnsId === undefined ? context.netns.links.link(detail.parent) : undefined;
      return lower ? segmentLimit(lower, context) : VETH_OFFLOAD;
    }
    case "loopback":
    case "physical":
    case "veth":
      return VETH_OFFLOAD;
  }
}

const NO_OFFLOAD = 65_536;
const VETH_OFFLOAD = 524_280;

/** `ip -br link`: one line of columns. */
export function printBriefLink(link: LinkView, context: Context): void {
  const flags = [...linkFlags(link, context)];
  printBriefName(link, context);
  context.out.putColoured("address", link.mac, "", "mac", `${link.mac} `);
  context.out.put("flags", flags, `<${flags.join(",")}> \n`);
}

export function printBriefName(link: LinkView, context: Context): void {
  const { out } = context;
  const lower = lowerOf(link);
  if (lower) putLower(lower, context);
  out.putColoured("ifname", link.name, "", "interface", `${nameWithLower(link, context).padEnd(16)} `);
  out.putColoured("operstate", link.operState, "", stateColor(link.operState), `${link.operState.padEnd(14)} `);
}
