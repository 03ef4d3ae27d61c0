/** `ip route show` and `flush`: which routes, and how they look (ip/iproute.c, print_route and iproute_list_flush_or_save). */

import { ok } from "@/lib/base/result";
import { contains, type Family, familyOf, type Ip, parseIp, type Prefix } from "@/lib/sim/net/address";
import type { LinkView, RouteTable, RouteType, RouteView, Scope } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { type Checked, failed, invalid, kernelRefusal, noDevice, notHere } from "./outcome";
import { addressColor } from "./printer";
import {
  destinationText,
  protocolText,
  readDestination,
  readProtocol,
  readScope,
  readTable,
  readType,
  scopeText,
  typeText,
} from "./route-words";

type RouteFilter = {
  family: Family | undefined;
  table: RouteTable | "all" | undefined;
  device: LinkView | undefined;
  protocol: RouteView["protocol"] | undefined;
  scope: Scope | undefined;
  type: RouteType | undefined;
  via: Ip | undefined;
  source: Ip | undefined;
  /** The route's destination lies in it; contains it; is it. */
  root: Prefix | undefined;
  match: Prefix | undefined;
  exact: Prefix | undefined;
  cache: boolean;
};

function readRouteFilter(argv: Argv, context: Context): Checked<RouteFilter> {
  const { family } = context.options;
  const filter: RouteFilter = {
    family: family === "inet" ? 4 : family === "inet6" ? 6 : undefined,
    table: undefined,
    device: undefined,
    protocol: undefined,
    scope: undefined,
    type: undefined,
    via: undefined,
    source: undefined,
    root: undefined,
    match: undefined,
    exact: undefined,
    cache: false,
  };
  let deviceName: string | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    switch (word) {
      case "cached":
      case "cloned":
      case "cache":
        filter.cache = true;
        continue;
      case "table":
      case "proto":
      case "protocol":
      case "scope":
      case "type":
      case "dev":
      case "oif":
      case "iif":
      case "via":
      case "src":
      case "from":
      case "root":
      case "match":
      case "exact":
      case "to":
      case "metric":
      case "mark":
      case "tos":
      case "vrf":
      case "realm": {
        const done = readRouteWord(word, argv, filter);
        if (!done.ok) return done;
        if (done.value !== undefined) deviceName = done.value;
        continue;
      }
    }
    const exact = readDestination(word, filter.family);
    if (!exact.ok) return exact;
    setPrefix(filter, "exact", exact.value);
  }
  if (deviceName !== undefined) {
    filter.device = context.findLink(deviceName);
    if (!filter.device) return noDevice(deviceName);
  }
  return ok(filter);
}

/** The name of a device, when that is what the word gives. */
function readRouteWord(word: string, argv: Argv, filter: RouteFilter): Checked<string | undefined> {
  let kind: "root" | "match" | "exact" = "exact";
  let text = argv.value();
  if (!text.ok) return text;
  if (word === "to" && (text.value === "root" || text.value === "match" || text.value === "exact")) {
    kind = text.value;
    text = argv.value();
    if (!text.ok) return text;
  } else if (word === "root" || word === "match") kind = word;

  switch (word) {
    case "table":
      return set(filter, "table", text.value === "all" || text.value === "0" ? ok("all" as const) : readListTable(text.value));
    case "proto":
    case "protocol":
      return set(filter, "protocol", readProtocol(text.value));
    case "scope":
      return set(filter, "scope", readScope(text.value));
    case "type": {
      const type = readType(text.value);
      return type ? set(filter, "type", ok(type)) : invalid(text.value, "node type value is invalid\n");
    }
    case "dev":
    case "oif":
      return ok(text.value);
    case "via":
    case "src": {
      const address = parseIp(text.value);
      if (!address) return failed(`Error: any valid prefix is expected rather than "${text.value}".`, 1);
      return set(filter, word === "via" ? "via" : "source", ok(address));
    }
    case "to":
    case "root":
    case "match":
    case "exact": {
      const prefix = readDestination(text.value, filter.family);
      if (!prefix.ok) return prefix;
      setPrefix(filter, kind, prefix.value);
      return ok(undefined);
    }
    default:
      return notHere(`ip route's selector ${word}`);
  }
}

function readListTable(text: string): Checked<RouteTable> {
  const table = readTable(text);
  return table.ok ? table : invalid(text, "table id value is invalid\n");
}

function set<K extends keyof RouteFilter>(filter: RouteFilter, key: K, value: Checked<NonNullable<RouteFilter[K]>>): Checked<undefined> {
  if (!value.ok) return value;
  filter[key] = value.value;
  return ok(undefined);
}

function setPrefix(filter: RouteFilter, kind: "root" | "match" | "exact", prefix: Prefix): void {
  filter[kind] = prefix;
  filter.family ??= familyOf(prefix.address);
}

function chosenRoutes(filter: RouteFilter, context: Context): Checked<readonly RouteView[]> {
  const { table = "main" } = filter;
  const families: readonly Family[] = filter.family !== undefined ? [filter.family] : table === "all" ? [4, 6] : [4];
  const { links } = context.netns;
  const all = families.flatMap((family) => links.routes(family, table));
  // Of a table without a number of its own, the kernel knows only those that have routes.
  if (typeof table === "number" && families.every((family) => links.routes(family, table).length === 0)) {
    return failed(`Error: ${families[0] === 6 ? "ipv6" : "ipv4"}: FIB table does not exist.\nDump terminated`, 2);
  }
  return ok(all.filter((route) => isChosen(filter, route)));
}

function isChosen(filter: RouteFilter, route: RouteView): boolean {
  const { destination } = route;
  if (filter.cache) return false;
  if (filter.device && route.link !== filter.device.index) return false;
  if (filter.protocol !== undefined && route.protocol !== filter.protocol) return false;
  if (filter.scope !== undefined && route.scope !== filter.scope) return false;
  if (filter.type !== undefined && route.type !== filter.type) return false;
  if (filter.via !== undefined && route.gateway !== filter.via) return false;
  if (filter.source !== undefined && route.source !== filter.source) return false;
  if (filter.exact && (destination.length !== filter.exact.length || destination.address !== filter.exact.address)) return false;
  if (filter.root && !(destination.length >= filter.root.length && contains(filter.root, destination.address))) return false;
  return !filter.match || (destination.length <= filter.match.length && contains(destination, filter.match.address));
}

export function showRoutes(argv: Argv, context: Context): Checked<void> {
  const filter = readRouteFilter(argv, context);
  if (!filter.ok) return filter;
  const routes = chosenRoutes(filter.value, context);
  if (!routes.ok) return routes;
  const { out } = context;
  out.array(() => {
    for (const route of routes.value) {
      out.object(() => {
        printRoute(route, context, filter.value);
        out.text("\n");
      });
    }
  });
  return ok(undefined);
}

export function flushRoutes(argv: Argv, context: Context): Checked<void> {
  if (argv.isEmpty) return failed('"ip route flush" requires arguments.', 1);
  const filter = readRouteFilter(argv, context);
  if (!filter.ok) return filter;
  if (filter.value.cache) return ok(undefined);
  const routes = chosenRoutes(filter.value, context);
  if (!routes.ok) return routes;
  for (const route of routes.value) {
    const done = context.netns.links.deleteRoute(sameRoute(route));
    if (!done.ok) return kernelRefusal(done.error);
  }
  const count = routes.value.length;
  if (context.options.stats > 0) {
    context.out.text(
      count === 0 ? "Nothing to flush.\n" : `\n*** Round 1, deleting ${count} entries ***\n*** Flush is complete after 1 round ***\n`,
    );
  }
  return ok(undefined);
}

function sameRoute(route: RouteView): Parameters<Context["netns"]["links"]["deleteRoute"]>[0] {
  return {
    destination: route.destination,
    type: route.type,
    scope: route.scope,
    metric: route.metric,
    table: route.table,
    ...(route.gateway ? { gateway: route.gateway } : {}),
    ...(route.link === undefined ? {} : { link: route.link }),
  };
}

/** What a listing says once (`dev eth0` on the command line) is not said again in each line. */
export function printRoute(route: RouteView, context: Context, filter: Partial<RouteFilter> = {}): void {
  const { out, options } = context;
  const isV6 = familyOf(route.destination.address) === 6;
  const detailed = options.details > 0;
  if (route.type !== "unicast" || detailed) {
    const type = typeText(route.type, options.numeric);
    out.put("type", type, `${type} `);
  }
  const destination = destinationText(route.destination);
  out.putColoured("dst", destination, "", route.destination.length === 0 ? undefined : addressColor(destination), `${destination} `);
  if (route.gateway !== undefined && filter.via === undefined)
    out.putColoured("gateway", route.gateway, "via ", addressColor(route.gateway), `${route.gateway} `);
  if (route.link !== undefined && filter.device === undefined)
    out.putColoured("dev", context.nameOf(route.link), "dev ", "interface", `${context.nameOf(route.link)} `);
  if (filter.table === "all" && (route.table !== "main" || detailed)) out.put("table", String(route.table), `table ${route.table} `);
  if ((route.protocol !== "boot" || detailed) && filter.protocol === undefined) {
    const protocol = protocolText(route.protocol, options.numeric);
    out.put("protocol", protocol, `proto ${protocol} `);
  }
  if (!isV6 && (route.scope !== "global" || detailed) && filter.scope === undefined) {
    const scope = scopeText(route.scope, options.numeric);
    out.put("scope", scope, `scope ${scope} `);
  }
  if (route.source !== undefined && filter.source === undefined)
    out.putColoured("prefsrc", route.source, "src ", addressColor(route.source), `${route.source} `);
  if (route.metric !== 0 || isV6) out.put("metric", route.metric, `metric ${route.metric} `);
  const flags = [...(route.state === undefined ? [] : [route.state]), ...(route.onlink ? ["onlink"] : [])];
  out.put("flags", flags, flags.map((flag) => `${flag} `).join(""));
  if (route.mtu !== undefined) {
    out.text(`mtu ${route.mtu} `);
    out.json("metrics", [new Map([["mtu", route.mtu]])]);
  }
  if (isV6) out.put("pref", "medium", "pref medium");
}
