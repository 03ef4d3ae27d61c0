/**
 * `ip monitor`: what changes, while it changes (ip/ipmonitor.c).
 *
 * netlink tells each change; here two looks at the tables are compared. So a thing that came and went between two looks is
 * not seen, and links are only reported when what `ip link` shows of them has changed.
 */

import type { Routine } from "@/lib/sim/core/task";
import { print } from "@/lib/sim/core/stdio";
import { Context } from "./context";
import { printLink } from "./link-text";
import { printNeighbour } from "./neighbour";
import { printRoute } from "./route-show";

export const MONITORED = ["link", "address", "route", "neigh"] as const;
export type Monitored = (typeof MONITORED)[number];

/** Texts by what they are about, in order. */
type Look = ReadonlyMap<string, string>;

export function* monitor(context: Context, objects: readonly Monitored[], device: string | undefined): Routine<number> {
  const { sys, netns } = context;
  const labelled = objects.length > 1;
  let before = objects.map((object) => look(object, context, device));
  for (;;) {
    yield* sys.wait({ on: [netns.links.changed] });
    const now = objects.map((object) => look(object, context, device));
    for (const [index, object] of objects.entries()) {
      yield* print(sys, differences(before[index] ?? new Map(), now[index] ?? new Map(), labelled ? `[${LABELS[object]}]` : ""));
    }
    before = now;
  }
}

const LABELS = { link: "LINK", address: "ADDR", route: "ROUTE", neigh: "NEIGH" } as const satisfies Record<Monitored, string>;

function differences(before: Look, now: Look, label: string): string {
  let text = "";
  for (const [key, old] of before) if (!now.has(key)) text += `${label}Deleted ${old}`;
  for (const [key, fresh] of now) if (before.get(key) !== fresh) text += `${label}${fresh}`;
  return text;
}

function look(object: Monitored, context: Context, device: string | undefined): Look {
  const { links } = context.netns;
  const found = new Map<string, string>();
  const isWanted = (index: number | undefined): boolean =>
    device === undefined || links.links().some((link) => link.index === index && link.name === device);
  const add = (key: string, fill: (scratch: Context) => void): void => {
    const scratch = new Context(context.sys, context.netns, context.options);
    fill(scratch);
    found.set(key, scratch.out.finish());
  };
  switch (object) {
    case "link":
      for (const link of links.links()) {
        if (isWanted(link.index))
          add(String(link.index), (scratch) => {
            printLink(link, scratch, { for: "address", family: "any" });
            scratch.out.text("\n");
          });
      }
      break;
    case "address":
      for (const { link, prefix, scope, label, broadcast } of links.addresses()) {
        const family = prefix.address.includes(":") ? "inet6" : "inet";
        if (isWanted(link))
          add(`${link} ${prefix.address}/${prefix.length}`, (scratch) => {
            scratch.out.text(
              `${link}: ${context.nameOf(link)}    ${family} ${prefix.address}/${prefix.length} ${broadcast ? `brd ${broadcast} ` : ""}scope ${scope} ${family === "inet" ? label : ""}\n`,
            );
            scratch.out.text("       valid_lft forever preferred_lft forever\n");
          });
      }
      break;
    case "route":
      for (const route of [...links.routes(4, "all"), ...links.routes(6, "all")]) {
        if (isWanted(route.link))
          add(JSON.stringify([route.type, route.destination, route.table, route.metric, route.gateway, route.link]), (scratch) => {
            printRoute(route, scratch, { table: "all" });
            scratch.out.text("\n");
          });
      }
      break;
    case "neigh":
      for (const neighbour of links.neighbours()) {
        if (isWanted(neighbour.link)) add(`${neighbour.link} ${neighbour.address}`, (scratch) => printNeighbour(neighbour, scratch, true));
      }
      break;
  }
  return found;
}
