/** All forwarding tables of one namespace, and the rules that say in which order they are asked (`ip rule`). */

import { contains, type Family, type Ip } from "@/lib/sim/net/address";
import { FibTable, type Route } from "./fib";
import type { RouteTable, RuleView } from "./rtnetlink";

const NAMED_TABLES = { default: 253, main: 254, local: 255 } as const;

export function tableNumber(table: RouteTable): number {
  return typeof table === "number" ? table : NAMED_TABLES[table];
}

/** 254 is `main`: one spelling for one table. */
export function canonicalTable(table: RouteTable): RouteTable {
  switch (table) {
    case 253:
      return "default";
    case 254:
    case 0:
      return "main";
    case 255:
      return "local";
    default:
      return table;
  }
}

/** What a lookup asks for, beside the address. */
export type FibQuery = { readonly source?: Ip; readonly mark?: number; readonly isUsable: (route: Route) => boolean };

export class FibTables {
  readonly #tables: Record<Family, Map<RouteTable, FibTable>> = { 4: new Map(), 6: new Map() };
  readonly #rules: Record<Family, RuleView[]> = {
    4: [
      { priority: 0, table: "local" },
      { priority: 32_766, table: "main" },
      { priority: 32_767, table: "default" },
    ],
    6: [
      { priority: 0, table: "local" },
      { priority: 32_766, table: "main" },
    ],
  };

  table(family: Family, table: RouteTable): FibTable {
    const name = canonicalTable(table);
    let known = this.#tables[family].get(name);
    if (!known) {
      known = new FibTable(family);
      this.#tables[family].set(name, known);
    }
    return known;
  }

  find(family: Family, table: RouteTable): FibTable | undefined {
    return this.#tables[family].get(canonicalTable(table));
  }

  /** In the order of their numbers. */
  names(family: Family): readonly RouteTable[] {
    return [...this.#tables[family].keys()].sort((a, b) => tableNumber(a) - tableNumber(b));
  }

  rules(family: Family): readonly RuleView[] {
    return this.#rules[family];
  }

  addRule(family: Family, rule: RuleView): void {
    const rules = this.#rules[family];
    let place = rules.findIndex((other) => other.priority > rule.priority);
    if (place < 0) place = rules.length;
    rules.splice(place, 0, { ...rule, table: canonicalTable(rule.table) });
  }

  removeRule(family: Family, rule: RuleView): boolean {
    const rules = this.#rules[family];
    const table = canonicalTable(rule.table);
    const place = rules.findIndex(
      (other) =>
        other.priority === rule.priority &&
        other.table === table &&
        other.mark === rule.mark &&
        other.source?.address === rule.source?.address &&
        other.source?.length === rule.source?.length,
    );
    if (place < 0) return false;
    rules.splice(place, 1);
    return true;
  }

  /** Asks the tables in the order of the rules. A `throw` route sends the search on to the next rule. */
  lookup(family: Family, address: Ip, query: FibQuery): Route | undefined {
    for (const rule of this.#rules[family]) {
      if (rule.mark !== undefined && rule.mark !== (query.mark ?? 0)) continue;
      if (rule.source && (query.source === undefined || !contains(rule.source, query.source))) continue;
      const route = this.#tables[family].get(rule.table)?.lookup(address, query.isUsable);
      if (route && route.type !== "throw") return route;
    }
    return undefined;
  }

  /** Removes routes from all tables; how many. */
  removeWhere(family: Family, matches: (route: Route) => boolean): number {
    let count = 0;
    for (const table of this.#tables[family].values()) count += table.removeWhere(matches).length;
    return count;
  }
}
