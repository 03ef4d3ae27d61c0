/** The `filters` parameter of requests. Follows moby api/types/filters, and cli/command/utils.go for prune. */

import type { Cli } from "../cli";

export type FilterValues = ReadonlyMap<string, ReadonlySet<string>>;

/** The JSON of the parameter; undefined when nothing is filtered. */
export function filtersParameter(filters: FilterValues): string | undefined {
  if (filters.size === 0) return undefined;
  const sorted = [...filters.keys()].sort();
  return JSON.stringify(
    Object.fromEntries(
      sorted.map((name) => [name, Object.fromEntries([...(filters.get(name) ?? [])].sort().map((value) => [value, true]))]),
    ),
  );
}

/** With what the settings file adds to every prune. A label asked for with the opposite sign goes first. */
export function pruneFilters(cli: Cli, given: FilterValues): FilterValues {
  const merged = new Map([...given].map(([name, values]) => [name, new Set(values)] as const));
  for (const filter of cli.config.pruneFilters) {
    const equals = filter.indexOf("=");
    if (equals < 0) continue;
    const name = filter.slice(0, equals);
    const value = filter.slice(equals + 1);
    if (name === "label" && merged.get("label!")?.has(value)) continue;
    if (name === "label!" && merged.get("label")?.has(value)) continue;
    const values = merged.get(name) ?? new Set();
    values.add(value);
    merged.set(name, values);
  }
  return merged;
}
