/** busybox's `ip route` (networking/libiproute/iproute.c). */

import { fail, ok, type Result } from "@/lib/base/result";
import { contains, type Family, familyOf, type Ip, parseIp, type Prefix } from "@/lib/sim/net/address";
import type { Netns, NewRoute, RouteTable, RouteType, RouteView, Scope } from "@/lib/sim/kernel";
import { type Failure, notHere, rtnetlinkAnswer } from "./busybox";
import type { Done, IpSettings } from "./ip";
import { familyNumber, readPrefix, readTable, Words } from "./ip-words";

const TYPES: readonly RouteType[] = ["unicast", "local", "broadcast", "multicast", "unreachable", "blackhole", "prohibit", "throw"];

type Filter = {
  family: Family | undefined;
  table: RouteTable | "all";
  link: number | undefined;
  via: Ip | undefined;
  source: Ip | undefined;
  within: Prefix | undefined;
  exact: boolean;
  protocol: string | undefined;
};

function readFilter(list: readonly string[], settings: IpSettings): Result<Filter, Failure> {
  const words = new Words(list, 1);
  const filter: Filter = {
    family: familyNumber(settings.family),
    table: "main",
    link: undefined,
    via: undefined,
    source: undefined,
    within: undefined,
    exact: false,
    protocol: undefined,
  };
  for (let word = words.take(); word !== undefined; word = words.take()) {
    const text = [
      "protocol",
      "proto",
      "dev",
      "oif",
      "iif",
      "via",
      "table",
      "src",
      "from",
      "to",
      "root",
      "match",
      "exact",
      "cache",
      "scope",
      "type",
    ].includes(word)
      ? words.value()
      : ok(word);
    if (!text.ok) return text;
    switch (word) {
      case "protocol":
      case "proto":
        filter.protocol = text.value;
        break;
      case "dev":
      case "oif": {
        const link = words.link(settings.netns, text.value);
        if (!link.ok) return link;
        filter.link = link.value.index;
        break;
      }
      case "via":
      case "src": {
        const address = parseIp(text.value);
        if (!address) return fail({ message: `invalid address '${text.value}'`, status: 1 });
        filter[word === "via" ? "via" : "source"] = address;
        break;
      }
      case "table": {
        const table = text.value === "all" || text.value === "cache" ? "all" : readTable(text.value);
        if (table === undefined) return words.invalid(text.value, "table");
        filter.table = table;
        break;
      }
      case "iif":
      case "from":
      case "cache":
      case "scope":
      case "type":
        return fail(notHere(`ip route's selector ${word}`));
      default: {
        const prefix = readPrefix(text.value, filter.family);
        if (!prefix) return words.invalid(text.value, "prefix");
        filter.within = prefix;
        // `default` is a prefix of no bits, and so asks for nothing.
        filter.exact = prefix.length > 0 && word !== "root";
        filter.family ??= familyOf(prefix.address);
      }
    }
  }
  return ok(filter);
}

function chosen(filter: Filter, { links }: Netns): readonly RouteView[] {
  const families: readonly Family[] = filter.family !== undefined ? [filter.family] : filter.table === "all" ? [4, 6] : [4];
  return families
    .flatMap((family) => links.routes(family, filter.table))
    .filter((route) => {
      const { destination } = route;
      return (
        (filter.link === undefined || route.link === filter.link) &&
        (filter.via === undefined || route.gateway === filter.via) &&
        (filter.source === undefined || route.source === filter.source) &&
        (filter.protocol === undefined || route.protocol === filter.protocol) &&
        (!filter.within || (contains(filter.within, destination.address) && (!filter.exact || destination.length === filter.within.length)))
      );
    });
}

export function listRoutes(words: readonly string[], settings: IpSettings): Done {
  const filter = readFilter(words, settings);
  if (!filter.ok) return filter;
  return ok(
    chosen(filter.value, settings.netns)
      .map((route) => `${routeText(route, settings.netns, filter.value.table === "all")}\n`)
      .join(""),
  );
}

export function flushRoutes(words: readonly string[], settings: IpSettings): Done {
  if (words.length === 0) return fail({ message: '"ip route flush" requires arguments', status: 1 });
  const filter = readFilter(words, settings);
  if (!filter.ok) return filter;
  for (const route of chosen(filter.value, settings.netns)) {
    const { destination, type, gateway, link, metric, table } = route;
    const done = settings.netns.links.deleteRoute({
      destination,
      type,
      metric,
      table,
      ...(gateway ? { gateway } : {}),
      ...(link === undefined ? {} : { link }),
    });
    if (!done.ok) return fail(rtnetlinkAnswer(done.error.errno));
  }
  return ok("");
}

function destinationText({ address, length }: Prefix): string {
  if (length === 0) return "default";
  return length === (familyOf(address) === 4 ? 32 : 128) ? address : `${address}/${length}`;
}

function routeText(
  { type, destination, gateway, link, scope, source, metric, table }: RouteView,
  { links }: Netns,
  showsTable: boolean,
): string {
  const isV6 = familyOf(destination.address) === 6;
  const leadsNowhere = type === "blackhole" || type === "unreachable" || type === "prohibit" || type === "throw";
  return [
    type === "unicast" ? "" : `${type} `,
    `${destinationText(destination)} `,
    gateway === undefined ? "" : `via ${gateway} `,
    link === undefined ? "" : `dev ${links.link(link)?.name ?? `if${link}`} `,
    showsTable && table !== "main" ? `table ${table} ` : "",
    isV6 || scope === "global" || leadsNowhere ? "" : `scope ${scope} `,
    source === undefined ? "" : ` src ${source} `,
    metric === 0 && !isV6 ? "" : ` metric ${metric} `,
  ].join("");
}

export function getRoute(list: readonly string[], settings: IpSettings): Done {
  const words = new Words(list, 1);
  const wanted: { to?: Ip; from?: Ip; in?: string; out?: string } = {};
  for (let word = words.take(); word !== undefined; word = words.take()) {
    const text = ["from", "iif", "oif", "dev", "to"].includes(word) ? words.value() : ok(word);
    if (!text.ok) return text;
    if (word === "iif") wanted.in = text.value;
    else if (word === "oif" || word === "dev") wanted.out = text.value;
    else {
      const prefix = readPrefix(text.value, familyNumber(settings.family));
      if (prefix) wanted[word === "from" ? "from" : "to"] = prefix.address;
    }
  }
  const { links } = settings.netns;
  if (wanted.to === undefined) return fail({ message: "need at least destination address", status: 1 });
  const [inLink, outLink] = [wanted.in, wanted.out].map((name) => (name === undefined ? undefined : links.linkByName(name)));
  for (const [name, link] of [
    [wanted.in, inLink],
    [wanted.out, outLink],
  ] as const)
    if (name !== undefined && !link) return fail({ message: `can't find device '${name}'`, status: 1 });
  const found = links.lookup(wanted.to, {
    ...(wanted.from ? { from: wanted.from } : {}),
    ...(inLink ? { in: inLink.index } : {}),
    ...(outLink ? { out: outLink.index } : {}),
  });
  if (!found.ok) return fail(rtnetlinkAnswer(found.error.errno));
  const { type, gateway, link, source } = found.value;
  return ok(
    [
      type === "unicast" ? "" : `${type} `,
      `${wanted.to} `,
      wanted.from === undefined ? "" : `from ${wanted.from} `,
      gateway === undefined ? "" : `via ${gateway} `,
      link === undefined ? "" : `dev ${links.link(link)?.name ?? `if${link}`} `,
      source === undefined || wanted.from !== undefined ? "" : ` src ${source} `,
      `${settings.oneline ? "\\" : "\n"}    cache ${inLink ? ` iif ${inLink.name} ` : ""}\n`,
    ].join(""),
  );
}

export function changeRoute(verb: "add" | "append" | "change" | "replace" | "delete", list: readonly string[], settings: IpSettings): Done {
  const words = new Words(list, 1);
  const family = familyNumber(settings.family);
  const given: {
    destination?: Prefix;
    type?: RouteType;
    gateway?: Ip;
    source?: Ip;
    metric?: number;
    table?: RouteTable;
    mtu?: number;
    onlink?: boolean;
    scope?: Scope;
    protocol?: "boot" | "static" | "kernel";
  } = {};
  let name: string | undefined;
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (word === "onlink") {
      given.onlink = true;
      continue;
    }
    if (word === "lock" || word === "advmss" || word === "nexthop") return fail(notHere(`ip route's option ${word}`));
    const type = TYPES.find((one) => one === word);
    if (type && !given.destination) {
      given.type = type;
      continue;
    }
    const text = ["src", "via", "mtu", "scope", "protocol", "proto", "table", "dev", "oif", "to", "metric"].includes(word)
      ? words.value()
      : ok(word);
    if (!text.ok) return text;
    switch (word) {
      case "src":
      case "via": {
        const address = parseIp(text.value);
        if (!address) return fail({ message: `invalid address '${text.value}'`, status: 1 });
        if (word === "via") given.gateway = address;
        else given.source = address;
        break;
      }
      case "mtu":
      case "metric":
        if (!/^\d+$/.test(text.value)) return words.invalid(text.value, word);
        given[word] = Number(text.value);
        break;
      case "scope": {
        const scope = (["global", "link", "host", "site", "nowhere"] as const).find((one) => one === text.value);
        if (!scope) return words.invalid(text.value, "scope");
        given.scope = scope;
        break;
      }
      case "protocol":
      case "proto": {
        const protocol = (["boot", "static", "kernel"] as const).find((one) => one === text.value);
        if (!protocol) return words.invalid(text.value, "protocol");
        given.protocol = protocol;
        break;
      }
      case "table": {
        const table = readTable(text.value);
        if (table === undefined) return words.invalid(text.value, "table");
        given.table = table;
        break;
      }
      case "dev":
      case "oif":
        name = text.value;
        break;
      default: {
        const prefix = readPrefix(text.value, family);
        if (given.destination) return words.duplicate("to", text.value);
        // What cannot be read counts for nothing; the kernel then misses a device.
        if (prefix) given.destination = prefix;
      }
    }
  }
  const link = name === undefined ? undefined : words.link(settings.netns, name);
  if (link && !link.ok) return link;
  const destination = given.destination ?? readPrefix("default", given.gateway ? familyOf(given.gateway) : family);
  if (!destination) return fail(rtnetlinkAnswer("EINVAL"));
  const route: NewRoute = { ...given, destination, ...(link ? { link: link.value.index } : {}) };
  const { links } = settings.netns;
  if (
    verb === "change" &&
    !links
      .routes(familyOf(destination.address), route.table ?? "main")
      .some((one) => destinationText(one.destination) === destinationText(destination))
  ) {
    return fail(rtnetlinkAnswer("ENOENT"));
  }
  const done = verb === "delete" ? links.deleteRoute(route) : links.addRoute(route, verb === "change" ? "replace" : verb);
  return done.ok ? ok("") : fail(rtnetlinkAnswer(done.error.errno));
}
