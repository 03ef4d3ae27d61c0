/** `ip route add`, `append`, `replace`, `change`, `del` and `get` (ip/iproute.c, iproute_modify and iproute_get). */

import { ok } from "@/lib/base/result";
import { type Family, familyOf, type Ip, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import type { FoundRoute, NewRoute, RouteLookup, RouteTable, RouteType, RouteView, Scope } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { type Checked, failed, garbage, kernelRefusal, noDevice, notHere } from "./outcome";
import { addressColor } from "./printer";
import { printRoute } from "./route-show";
import { anywhere, familyWords, readDestination, readProtocol, readScope, readTable, readType } from "./route-words";

export type RouteVerb = "add" | "append" | "replace" | "change" | "delete";

type Given = {
  destination?: Prefix;
  type?: RouteType;
  gateway?: Ip;
  device?: string;
  source?: Ip;
  scope?: Scope;
  protocol?: RouteView["protocol"];
  metric?: number;
  table?: RouteTable;
  mtu?: number;
  onlink?: boolean;
};

export function changeRoute(verb: RouteVerb, argv: Argv, context: Context): Checked<void> {
  const given: Given = {};
  const read = readRoute(argv, context, given);
  if (!read.ok) return read;
  const link = given.device === undefined ? undefined : context.findLink(given.device);
  if (given.device !== undefined && !link) return noDevice(given.device);
  const destination = given.destination ?? anywhere(given.gateway ? familyOf(given.gateway) : 4);
  const { protocol, device: _device, ...rest } = given;
  if (protocol === "dhcp" || protocol === "ra" || protocol === "redirect") return notHere(`adding a route of protocol ${protocol}`);
  const whole: NewRoute = { ...rest, destination };
  const route: NewRoute = { ...whole, ...(protocol ? { protocol } : {}), ...(link ? { link: link.index } : {}) };

  const { links } = context.netns;
  const done = verb === "delete" ? links.deleteRoute(route) : links.addRoute(route, verb);
  return done.ok ? ok(undefined) : kernelRefusal(done.error);
}

const VALUE_WORDS: readonly string[] = [
  "via",
  "dev",
  "oif",
  "src",
  "scope",
  "proto",
  "protocol",
  "metric",
  "priority",
  "preference",
  "table",
  "mtu",
  "to",
];
const UNSIMULATED: readonly string[] = [
  "nexthop",
  "nhid",
  "encap",
  "tos",
  "dsfield",
  "weight",
  "realm",
  "realms",
  "rtt",
  "rttvar",
  "window",
  "cwnd",
  "initcwnd",
  "advmss",
  "hoplimit",
  "features",
  "quickack",
  "congctl",
  "pref",
  "expires",
  "ssthresh",
  "reordering",
  "rto_min",
  "initrwnd",
  "vrf",
  "from",
  "pervasive",
  "offload",
  "fastopen_no_cookie",
];

function readRoute(argv: Argv, context: Context, given: Given): Checked<void> {
  const family = familyOption(context);
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "onlink") {
      given.onlink = true;
      continue;
    }
    if (UNSIMULATED.includes(word)) return notHere(`ip route's option ${word}`);
    if (VALUE_WORDS.includes(word)) {
      const text = argv.value();
      if (!text.ok) return text;
      const done = readRouteValue(word, text.value, argv, family, given);
      if (!done.ok) return done;
      continue;
    }
    const type = readType(word);
    if (type && given.type === undefined && given.destination === undefined) {
      given.type = type;
      continue;
    }
    if (given.destination !== undefined) return garbage("to", word);
    const destination = readDestination(word, family ?? (given.gateway && familyOf(given.gateway)));
    if (!destination.ok) return destination;
    given.destination = destination.value;
  }
  return ok(undefined);
}

function readRouteValue(word: string, text: string, argv: Argv, family: Family | undefined, given: Given): Checked<void> {
  const store = <K extends keyof Given>(key: K, value: Checked<NonNullable<Given[K]>>): Checked<void> => {
    if (!value.ok) return value;
    given[key] = value.value;
    return ok(undefined);
  };
  switch (word) {
    case "to":
      return store("destination", readDestination(text, family));
    case "via": {
      let address = text;
      // `via inet6 fe80::1`: a next hop of the other family.
      if (text === "inet" || text === "inet6") {
        const next = argv.value();
        if (!next.ok) return next;
        address = next.value;
      }
      return store("gateway", readGateway(address, given.destination ? familyOf(given.destination.address) : family));
    }
    case "dev":
    case "oif":
      return store("device", ok(text));
    case "src":
      return store("source", readGateway(text, given.destination ? familyOf(given.destination.address) : family));
    case "scope":
      return store("scope", readScope(text));
    case "proto":
    case "protocol":
      return store("protocol", readProtocol(text));
    case "table":
      return store("table", readTable(text));
    case "mtu":
      return store("mtu", readNumber(text, "mtu"));
    default:
      return store("metric", readNumber(text, "metric"));
  }
}

function readGateway(text: string, family: Family | undefined): Checked<Ip> {
  const address = parseIp(text);
  if (address && (family === undefined || familyOf(address) === family)) return ok(address);
  return failed(`Error: ${familyWords(family)} address is expected rather than "${text}".`, 1);
}

function readNumber(text: string, what: string): Checked<number> {
  return /^\d+$/.test(text) ? ok(Number(text)) : failed(`Error: argument "${text}" is wrong: "${what}" value is invalid\n`, 255);
}

function familyOption({ options }: Context): Family | undefined {
  return options.family === "inet" ? 4 : options.family === "inet6" ? 6 : undefined;
}

// --- get ------------------------------------------------------------------------------------------------------------------

/** Returns a warning that goes to stderr after the answer. */
export function getRoute(argv: Argv, context: Context): Checked<string> {
  const family = familyOption(context);
  let [destination, from, out, input]: [Prefix | undefined, Ip | undefined, string | undefined, string | undefined] = [
    undefined,
    undefined,
    undefined,
    undefined,
  ];
  let mark: number | undefined;
  let matched = false;
  let warning = "";
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "connected" || word === "notify" || word === "fibmatch") {
      if (word !== "fibmatch") return notHere(`ip route get's flag ${word}`);
      matched = true;
      continue;
    }
    if (["tos", "dsfield", "uid", "ipproto", "sport", "dport", "vrf", "as", "flowlabel"].includes(word))
      return notHere(`ip route get's option ${word}`);
    let text = word;
    if (["from", "iif", "oif", "dev", "mark", "to"].includes(word)) {
      const value = argv.value();
      if (!value.ok) return value;
      text = value.value;
    }
    switch (word) {
      case "from": {
        const address = parseIp(text);
        if (!address) return failed(`Error: any valid prefix is expected rather than "${text}".`, 1);
        from = address;
        continue;
      }
      case "iif":
        input = text;
        continue;
      case "oif":
      case "dev":
        out = text;
        continue;
      case "mark":
        mark = Number(text);
        continue;
    }
    const address = parseIp(text);
    const prefix = parsePrefix(text) ?? (address && { address, length: familyOf(address) === 4 ? 32 : 128 });
    if (!prefix || (family !== undefined && familyOf(prefix.address) !== family))
      return failed(`Error: ${familyWords(family)} prefix is expected rather than "${text}".`, 1);
    const whole = familyOf(prefix.address) === 4 ? 32 : 128;
    if (prefix.length !== whole) warning = `Warning: /${prefix.length} as prefix is invalid, only /${whole} (or none) is supported.\n`;
    destination = prefix;
  }
  if (!destination) return failed("need at least a destination address", 1);
  const [outLink, inLink] = [out, input].map((name) => (name === undefined ? undefined : context.findLink(name)));
  if (out !== undefined && !outLink) return noDevice(out);
  if (input !== undefined && !inLink) return noDevice(input);

  const lookup: RouteLookup = {
    ...(from ? { from } : {}),
    ...(outLink ? { out: outLink.index } : {}),
    ...(inLink ? { in: inLink.index } : {}),
    ...(mark === undefined ? {} : { mark }),
  };
  const found = context.netns.links.lookup(destination.address, lookup);
  if (!found.ok) return kernelRefusal(found.error);
  const { out: printer } = context;
  printer.array(() => {
    printer.object(() => {
      if (matched) {
        printRoute(found.value, context);
        printer.text("\n");
      } else printAnswer(destination.address, found.value, { from, inLink: inLink?.name, mark }, context);
    });
  });
  return ok(warning);
}

type Asked = { readonly from: Ip | undefined; readonly inLink: string | undefined; readonly mark: number | undefined };

/** The way to one address: what would be in the route cache. */
function printAnswer(destination: Ip, route: FoundRoute, { from, inLink, mark }: Asked, context: Context): void {
  const { out, options } = context;
  const isV6 = familyOf(destination) === 6;
  if (route.type !== "unicast" || options.details > 0) out.put("type", route.type, `${route.type} `);
  out.putColoured("dst", destination, "", addressColor(destination), `${destination} `);
  if (from !== undefined) out.put("from", from, `from ${from} `);
  else if (isV6) out.put("from", "::", "from :: ");
  if (route.gateway !== undefined) out.putColoured("gateway", route.gateway, "via ", addressColor(route.gateway), `${route.gateway} `);
  if (route.link !== undefined) out.putColoured("dev", context.nameOf(route.link), "dev ", "interface", `${context.nameOf(route.link)} `);
  if (options.details > 0) out.put("table", String(route.table), `table ${route.table} `);
  if (isV6 && route.protocol !== "boot") out.put("protocol", route.protocol, `proto ${route.protocol} `);
  if (route.source !== undefined && (from === undefined || isV6))
    out.putColoured("prefsrc", route.source, "src ", addressColor(route.source), `${route.source} `);
  if (isV6) out.put("metric", route.metric, `metric ${route.metric} `);
  if (mark !== undefined && mark !== 0) out.put("mark", mark, `mark ${mark} `);
  out.json("flags", []);
  if (isV6) {
    out.put("pref", "medium", "pref medium\n");
    return;
  }
  if (inLink === undefined) out.put("uid", 0, "uid 0 ");
  const cache = cacheFlags(route.type);
  out.put("cache", [...cache], `${out.lineEnd}    cache ${cache.length > 0 ? `<${cache.join(",")}> ` : ""}`);
  const { learnedMtu, mtu = learnedMtu?.mtu } = route;
  if (learnedMtu) out.put("expires", learnedMtu.secondsLeft, `expires ${learnedMtu.secondsLeft}sec `);
  if (mtu !== undefined) out.text(`mtu ${mtu} `);
  if (inLink !== undefined) out.put("iif", inLink, `iif ${inLink} `);
  out.text("\n");
}

function cacheFlags(type: RouteType): readonly string[] {
  switch (type) {
    case "local":
      return ["local"];
    case "broadcast":
      return ["local", "brd"];
    case "multicast":
      return ["local", "mc"];
    default:
      return [];
  }
}
