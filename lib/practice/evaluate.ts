/**
 * Decides whether a check holds in a world, and tells the fact that decided.
 *
 * State is read, behaviour is tried: a probe sends frames. The world is a replayed copy, so trying is free.
 */

import { unreachable } from "@/lib/base/invariant";
import type { Check } from "@/lib/content/check-schema";
import type { WorldContract } from "@/lib/sim";
import { checkAnswer } from "./checks/answer";
import { checkContainer } from "./checks/container";
import { happen } from "./checks/events";
import { type Bench, fails, type Finding, firstFailure, HOLDS } from "./checks/finding";
import { checkHost, checkListens } from "./checks/host";
import { checkNetwork } from "./checks/network";
import { checkReach, checkReachMatrix, checkResolve } from "./checks/reach";

export type { Bench, Finding };

/** `more`: what a check may look at besides the world itself. */
export function evaluate(check: Check, world: WorldContract, more: Omit<Bench, "world"> = {}): Finding {
  return look(check, { ...more, world });
}

function look(check: Check, bench: Bench): Finding {
  if ("network" in check) return checkNetwork(check.network, bench);
  if ("container" in check) return checkContainer(check.container, bench);
  if ("reach" in check) return checkReach(check.reach, bench);
  if ("reach_matrix" in check) return checkReachMatrix(check.reach_matrix, bench);
  if ("resolve" in check) return checkResolve(check.resolve, bench);
  if ("listens" in check) return checkListens(check.listens, bench);
  if ("host" in check) return checkHost(check.host, bench);
  if ("answer" in check) return checkAnswer(check.answer, bench);
  if ("all" in check) return firstFailure(check.all, (one) => look(one, bench));
  if ("any" in check) {
    const findings: Finding[] = [];
    for (const one of check.any) {
      const finding = look(one, bench);
      if (finding.holds) return finding;
      findings.push(finding);
    }
    return findings[0] ?? HOLDS;
  }
  if ("not" in check) return look(check.not, bench).holds ? unwanted(check.not) : HOLDS;
  if ("after" in check) {
    const world = bench.copy?.() ?? bench.world;
    happen(check.after, world);
    return look(check.then, { ...bench, world });
  }
  return unreachable(check);
}

/** What must not be, and is: in the words of the check itself. */
function unwanted(check: Check): Finding {
  const [kind = "", facts] = Object.entries(check)[0] ?? [];
  if (typeof facts !== "object" || facts === null || Array.isArray(facts)) return fails("the state", "something else", "what must not be");
  const { name, on, ...rest } = facts as Readonly<Record<string, unknown>>;
  const shown = Object.entries(rest).flatMap(([key, value]) =>
    value === undefined || value === true ? [] : [`${key} ${JSON.stringify(value)}`],
  );
  const object = [kind, name, typeof on === "string" ? `on ${on}` : undefined].filter((part) => part !== undefined).join(" ");
  return fails(object, `not ${shown.join(", ") || "there"}`, "just that");
}
