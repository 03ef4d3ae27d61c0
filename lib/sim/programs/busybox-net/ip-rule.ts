/** busybox's `ip rule` and `ip neigh` (networking/libiproute/iprule.c, ipneigh.c). */

import { fail, ok } from "@/lib/base/result";
import { contains, familyOf, type Prefix } from "@/lib/sim/net/address";
import type { IfIndex, NeighbourState, RouteTable } from "@/lib/sim/kernel";
import { notHere, rtnetlinkAnswer } from "./busybox";
import type { Done, IpSettings } from "./ip";
import { familyNumber, readPrefix, readTable, Words } from "./ip-words";

export function listRules(_words: readonly string[], { netns, family }: IpSettings): Done {
  return ok(
    netns.links
      .rules(familyNumber(family) ?? 4)
      .map(({ priority, source, mark, table }) => {
        const from = source
          ? source.length === (familyOf(source.address) === 4 ? 32 : 128)
            ? source.address
            : `${source.address}/${source.length}`
          : "all";
        return `${priority}:\tfrom ${from} ${mark === undefined ? "" : `fwmark 0x${mark.toString(16)} `}lookup ${table} \n`;
      })
      .join(""),
  );
}

export function changeRule(verb: "add" | "delete", list: readonly string[], { netns, family }: IpSettings): Done {
  const words = new Words(list, 1);
  let [source, mark, table, priority]: [Prefix | undefined, number | undefined, RouteTable | undefined, number | undefined] = [
    undefined,
    undefined,
    undefined,
    undefined,
  ];
  for (let word = words.take(); word !== undefined; word = words.take()) {
    const text = words.value();
    if (!text.ok) return text;
    switch (word) {
      case "from":
        source = readPrefix(text.value, familyNumber(family));
        if (!source) return words.invalid(text.value, "prefix");
        if (source.length === 0) source = undefined;
        break;
      case "fwmark":
        mark = Number(text.value);
        break;
      case "table":
      case "lookup":
        table = readTable(text.value);
        if (table === undefined) return words.invalid(text.value, "table ID");
        break;
      case "preference":
      case "pref":
      case "priority":
      case "order":
        priority = Number(text.value);
        break;
      case "to":
      case "iif":
      case "dev":
      case "tos":
      case "nat":
      case "type":
      case "realms":
        return fail(notHere(`ip rule's selector ${word}`));
      default:
        return words.invalid(word, "ip rule");
    }
  }
  const number = source ? familyOf(source.address) : (familyNumber(family) ?? 4);
  const rules = netns.links.rules(number);
  if (verb === "add") {
    const first = rules
      .map((rule) => rule.priority)
      .filter((one) => one > 0)
      .sort((a, b) => a - b)[0];
    const done = netns.links.addRule(number, {
      priority: priority ?? (first === undefined ? 32_765 : first - 1),
      table: table ?? "main",
      ...(source ? { source } : {}),
      ...(mark === undefined ? {} : { mark }),
    });
    return done.ok ? ok("") : fail(rtnetlinkAnswer(done.error.errno));
  }
  const doomed = rules.find(
    (rule) =>
      (priority === undefined || rule.priority === priority) &&
      (table === undefined || rule.table === table) &&
      (mark === undefined || rule.mark === mark) &&
      (source === undefined || rule.source?.address === source.address),
  );
  const done = doomed ? netns.links.deleteRule(number, doomed) : undefined;
  return done?.ok ? ok("") : fail(rtnetlinkAnswer(done?.error.errno ?? "ENOENT"));
}

const STATES: readonly NeighbourState[] = ["PERMANENT", "REACHABLE", "NOARP", "STALE", "DELAY", "PROBE", "FAILED", "INCOMPLETE"];

export function listNeighbours(list: readonly string[], settings: IpSettings): Done {
  const words = new Words(list, 1);
  const { links } = settings.netns;
  const family = familyNumber(settings.family);
  let [device, to]: [IfIndex | undefined, Prefix | undefined] = [undefined, undefined];
  let states: readonly NeighbourState[] = STATES.filter((state) => state !== "NOARP");
  for (let word = words.take(); word !== undefined; word = words.take()) {
    const text = ["dev", "to", "nud"].includes(word) ? words.value() : ok(word);
    if (!text.ok) return text;
    if (word === "dev") {
      const link = words.link(settings.netns, text.value);
      if (!link.ok) return link;
      device = link.value.index;
    } else if (word === "nud") {
      states = text.value === "all" ? STATES : STATES.filter((state) => state.toLowerCase() === text.value);
      if (states.length === 0) return words.invalid(text.value, "nud state");
    } else to = readPrefix(text.value, family);
  }
  return ok(
    links
      .neighbours(device)
      .filter(
        ({ address, state }) =>
          states.includes(state) && (family === undefined || familyOf(address) === family) && (!to || contains(to, address)),
      )
      .map(({ address, link, mac, state, isRouter }) =>
        [
          `${address} `,
          device === undefined ? `dev ${links.link(link)?.name ?? `if${link}`} ` : "",
          mac === undefined ? "" : `lladdr ${mac}`,
          isRouter ? " router" : "",
          state === "REACHABLE" || state === "DELAY" ? " ref 1" : "",
          ` used 0/0/0 probes ${mac === undefined ? 6 : 4} ${state}\n`,
        ].join(""),
      )
      .join(""),
  );
}

export function flushNeighbours(list: readonly string[], settings: IpSettings): Done {
  if (list.length === 0) return fail({ message: "flush requires an argument", status: 1 });
  const words = new Words(
    list.filter((word) => word !== "dev"),
    1,
  );
  const name = words.take() ?? "";
  const link = words.link(settings.netns, name);
  if (!link.ok) return link;
  const doomed = settings.netns.links.neighbours(link.value.index).filter(({ state }) => state !== "PERMANENT" && state !== "NOARP");
  for (const { address } of doomed) {
    const done = settings.netns.links.deleteNeighbour(link.value.index, address);
    if (!done.ok) return fail({ message: "can't send flush request: Operation not permitted", status: 1 });
  }
  return ok(doomed.length === 0 ? "Nothing to flush\n" : "");
}
