/** Says in a learner's words where a frame died and why: facts of the kernel's trace, named by what they belong to. */

import type { DropReason, KernelEvent, Where, WorldSnapshot } from "@/lib/sim";
import type { Death } from "./contract";
import { reasonWords } from "./reason-words";

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

/** The picture's words, and the text of the rule where a rule decided. */
function reasonOf(reason: DropReason): string {
  return reason.kind === "rule" ? `${reasonWords(reason)}: ${reason.rule.text}` : reasonWords(reason);
}
