/** What a check found, and the words that all checks share. */

import type { HostSnapshot, WorldContract, WorldSnapshot } from "@/lib/sim";
import type { Death, Evidence } from "../contract";

export type Finding =
  | { readonly holds: true }
  | { readonly holds: false; readonly blocked: boolean; readonly evidence: Evidence; readonly death?: Death };

/** Where a check looks. The world may be spent: it is a copy. */
export type Bench = {
  readonly world: WorldContract;
  /** The world before the learner's first input; absent where there was none (an item's command). */
  readonly start?: () => WorldSnapshot;
  /** Another copy of `world`, for what is tried on it alone; absent: it is tried on `world` itself. */
  readonly copy?: () => WorldContract;
};

export const HOLDS: Finding = { holds: true };

export function fails(
  object: string,
  expected: string,
  found: string,
  more: { readonly blocked?: boolean; readonly death?: Death } = {},
): Finding {
  return {
    holds: false,
    blocked: more.blocked ?? false,
    evidence: { object, expected, found },
    ...(more.death ? { death: more.death } : {}),
  };
}

/** The first that does not hold. Each is looked at only when those before it hold. */
export function firstFailure<T>(all: readonly T[], look: (one: T) => Finding): Finding {
  for (const one of all) {
    const finding = look(one);
    if (!finding.holds) return finding;
  }
  return HOLDS;
}

/** Facts one after the other, to the first that does not hold. */
export function inTurn(looks: readonly (() => Finding)[]): Finding {
  return firstFailure(looks, (look) => look());
}

/** One fact: what is wanted (undefined: not looked at) against what is there. */
export function expectSame(
  object: string,
  wanted: string | number | boolean | undefined,
  found: string | number | boolean | undefined,
): Finding {
  return wanted === undefined || wanted === found ? HOLDS : fails(object, String(wanted), found === undefined ? "none" : String(found));
}

export function hostOf(snapshot: WorldSnapshot, name: string): HostSnapshot | undefined {
  return snapshot.hosts.find((host) => host.name === name);
}

export function list(names: readonly string[], none: string): string {
  return names.length === 0 ? none : [...names].sort().join(", ");
}

export function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join("\n") === [...b].sort().join("\n");
}
