/** In which row each thing of a drawing stands: as far from the top as links lead to it. */

import type { Part } from "./boxes";

export type Edge = { readonly a: string; readonly b: string; readonly label: string };

/** Who stands on top where nothing else says so. */
const FROM_THE_TOP: readonly Part["kind"][] = ["client", "router", "firewall", "network", "service", "host", "container"];

/** Rows from the top down; in one, the order of the drawing's file. A network has a row to itself. */
export function rowsOf(parts: readonly Part[], edges: readonly Edge[]): readonly (readonly Part[])[] {
  const depths = depthsOf(parts, edges);
  const hosts = parts.filter(({ kind }) => kind === "host").map(({ id }) => depths.get(id) ?? 0);
  // Hosts are alike: they stand side by side, whatever the way to each.
  const depthOf = (part: Part): number => (part.kind === "host" ? Math.min(...hosts) : (depths.get(part.id) ?? 0));
  const levels = [...new Set(parts.map(depthOf))].sort((a, b) => a - b);
  return levels.flatMap((level) => {
    const row = parts.filter((part) => depthOf(part) === level);
    const boxes = row.filter(({ kind }) => kind !== "network");
    const bars = row.filter(({ kind }) => kind === "network").map((bar) => [bar]);
    return boxes.length === 0 ? bars : [boxes, ...bars];
  });
}

function depthsOf(parts: readonly Part[], edges: readonly Edge[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const byRank = [...parts].sort((a, b) => FROM_THE_TOP.indexOf(a.kind) - FROM_THE_TOP.indexOf(b.kind));
  for (const top of byRank) {
    if (depths.has(top.id)) continue;
    // All clients begin: none of them is above another.
    const reached = componentOf(top.id, edges);
    const tops = top.kind === "client" ? byRank.filter(({ id, kind }) => kind === "client" && reached.has(id)) : [top];
    const isAlone = reached.size === 1 && (top.kind === "container" || top.kind === "host" || top.kind === "service");
    spread(new Map(tops.map(({ id }) => [id, isAlone ? 1 : 0])), edges, depths);
  }
  return depths;
}

function componentOf(id: string, edges: readonly Edge[]): ReadonlySet<string> {
  const depths = new Map<string, number>();
  spread(new Map([[id, 0]]), edges, depths);
  return new Set(depths.keys());
}

/** Notes in `depths` how many links away from `tops` each thing is. */
function spread(tops: ReadonlyMap<string, number>, edges: readonly Edge[], depths: Map<string, number>): void {
  let edge = tops;
  while (edge.size > 0) {
    for (const [id, depth] of edge) depths.set(id, depth);
    edge = new Map(
      [...edge].flatMap(([id, depth]) =>
        edges
          .flatMap(({ a, b }) => (a === id ? [b] : b === id ? [a] : []))
          .filter((next) => !depths.has(next))
          .map((next) => [next, depth + 1] as const),
      ),
    );
  }
}
