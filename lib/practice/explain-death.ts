/** Says in a learner's words where a frame died and why: facts of the kernel's trace, named by what they belong to. */

import type { DropReason, KernelEvent, Where, WorldSnapshot } from "@/lib/sim";
import type { Death } from "./contract";

export function explainDeath(event: Extract<KernelEvent, { kind: "drop" }>, snapshot: WorldSnapshot): Death {
  return { where: placeOf(event.where, snapshot), why: reasonOf(event.reason) };
}

function placeOf(where: Where, snapshot: WorldSnapshot): string {
  const host = snapshot.hosts.find((one) => one.name === where.host);
  const link = where.link === undefined ? "" : `, at ${where.link}`;
  if (!host) return `on the ${where.host}${link}`;
  if (host.root.id === where.netns) return `on ${host.name}${link}`;
  const container = host.containers.find((one) => one.netns === where.netns);
  return container ? `in the container ${container.name}${link}` : `in a namespace of ${host.name}${link}`;
}

function reasonOf(reason: DropReason): string {
  switch (reason.kind) {
    case "rule":
      return `rule ${reason.rule.number} of the chain ${reason.rule.chain} (table ${reason.rule.table}) ends it: ${reason.rule.text}`;
    case "policy":
      return `no rule of ${reason.chain} (table ${reason.table}) accepted it, and the chain's policy is DROP`;
    case "no-route":
      return `there is no route to ${reason.destination}`;
    case "no-neighbour":
      return `nobody answered the ARP request for ${reason.address}`;
    case "link-down":
      return "the interface is down";
    case "no-carrier":
      return "the interface has no carrier: nothing is connected to it";
    case "not-for-us":
      return "the frame's destination is another station";
    case "forwarding-off":
      return "the host does not forward: net.ipv4.ip_forward is 0";
    case "ttl-exceeded":
      return "its time to live was used up";
    case "too-big":
      return `it is larger than the MTU of ${reason.mtu} bytes, and must not be fragmented`;
    case "no-socket":
      return `nothing listens on ${reason.protocol} port ${reason.port}`;
    case "connection-clash":
      return "another connection would have got the same answers: there was no free port to tell the two apart";
    case "martian":
      return `the address makes no sense at this place: ${reason.why}`;
    case "port-isolated":
      return "both bridge ports are isolated from each other";
    case "port-blocked":
      return "the bridge port does not forward";
  }
}
