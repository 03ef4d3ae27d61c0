/** Why a frame went no further, in words for people: what the picture and the goals say of a drop. */

import type { DropReason } from "@/lib/sim";

export function reasonWords(reason: DropReason): string {
  switch (reason.kind) {
    case "rule":
      return `rule ${reason.rule.number} of the chain ${reason.rule.chain} (table ${reason.rule.table}) ends it`;
    case "policy":
      return `no rule of ${reason.chain} (table ${reason.table}) accepted it, and the chain's policy is DROP`;
    case "no-route":
      return `there is no route to ${reason.destination}`;
    case "no-neighbour":
      return `nobody answered for ${reason.address} (ARP)`;
    case "link-down":
      return "the interface is down";
    case "no-carrier":
      return "nothing is at the other end of the cable";
    case "not-for-us":
      return "it was addressed to another machine";
    case "forwarding-off":
      return "this host does not forward (net.ipv4.ip_forward is 0)";
    case "ttl-exceeded":
      return "its time to live ran out";
    case "too-big":
      return `it is larger than the MTU of ${reason.mtu} and must not be fragmented`;
    case "no-socket":
      return `nothing listens on ${reason.protocol} port ${reason.port}`;
    case "connection-clash":
      return "another connection already uses the same addresses and ports, so answers could not be told apart";
    case "martian":
      return `its source address cannot come from there (${reason.why})`;
    case "port-isolated":
      return "both bridge ports are isolated";
    case "port-blocked":
      return "the bridge port does not forward";
  }
}
