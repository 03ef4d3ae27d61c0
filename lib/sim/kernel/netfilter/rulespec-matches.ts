/**
 * The match extensions' options (extensions/libxt_*.c, libipt_icmp.c) and iptables' words for what is wrong with them.
 * A message that ends in a line feed ends so in iptables, which shows it as an empty line.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Family, familyOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import { parseIcmpType } from "./icmp-type";
import { parsePort, protocolNumber } from "./protocol";
import type { AddressType, CtState, MatchModule, Negatable, PortRange, Protocol } from "./rule";
import { type ExtensionOption, type Given, type GivenOption, negation } from "./rulespec-options";
import { ADDRESS_TYPES, CT_STATES, DEFAULT_BURST, TCP_FLAGS } from "./rulespec-print";

export type RuleSoFar = { readonly family: Family; readonly protocol: Negatable<{ readonly protocol: Protocol }> | undefined };

export type MatchExtension = {
  readonly options: readonly ExtensionOption[];
  /** What iptables says when an option comes twice; undefined: the usual. */
  readonly twice?: (option: ExtensionOption) => string;
  readonly read: (given: Given, rule: RuleSoFar) => Result<MatchModule, string>;
};

const one = (name: string, more: Partial<ExtensionOption> = {}): ExtensionOption => ({ name, values: 1, ...more });
const invertible = (name: string, ...aliases: string[]): ExtensionOption => ({ name, aliases, values: 1, invertible: true });

export const MATCHES: Readonly<Record<MatchModule["module"], MatchExtension>> = {
  tcp: {
    options: [
      invertible("source-port", "sport"),
      invertible("destination-port", "dport"),
      { name: "syn", values: 0, invertible: true },
      { name: "tcp-flags", values: 2, invertible: true },
    ],
    twice: ({ name }) => (name === "syn" || name === "tcp-flags" ? SYN_OR_FLAGS : `Only one \`--${name}' allowed`),
    read(given, rule) {
      if (given.options.length > 0 && !isProtocol(rule, 6)) return fail("TCP match requires '-p tcp'");
      if (given.has("syn") && given.has("tcp-flags")) return fail(SYN_OR_FLAGS);
      const source = givenPorts(given.find("source-port"), tcpPorts);
      if (!source.ok) return source;
      const destination = givenPorts(given.find("destination-port"), tcpPorts);
      if (!destination.ok) return destination;
      const flags = givenFlags(given);
      if (!flags.ok) return flags;
      return ok({
        module: "tcp",
        ...optional("sourcePort", source.value),
        ...optional("destinationPort", destination.value),
        ...optional("flags", flags.value),
      });
    },
  },
  udp: {
    options: [invertible("source-port", "sport"), invertible("destination-port", "dport")],
    read(given, rule) {
      if (given.options.length > 0 && !isProtocol(rule, 17)) return fail("UDP match requires '-p udp'");
      const source = givenPorts(given.find("source-port"), guidedPorts);
      if (!source.ok) return source;
      const destination = givenPorts(given.find("destination-port"), guidedPorts);
      if (!destination.ok) return destination;
      return ok({ module: "udp", ...optional("sourcePort", source.value), ...optional("destinationPort", destination.value) });
    },
  },
  icmp: {
    options: [invertible("icmp-type")],
    read(given) {
      const option = given.find("icmp-type");
      if (!option) return fail(mandatory("icmp", "icmp-type"));
      const type = parseIcmpType(option.values[0] ?? "", 4);
      return type.ok ? ok({ module: "icmp", type: { ...type.value, ...negation(option) } }) : type;
    },
  },
  icmp6: {
    options: [invertible("icmpv6-type")],
    read(given) {
      const option = given.find("icmpv6-type");
      if (!option) return fail(mandatory("icmp6", "icmpv6-type"));
      const type = parseIcmpType(option.values[0] ?? "", 6);
      return type.ok ? ok({ module: "icmp6", type: { ...type.value, ...negation(option) } }) : type;
    },
  },
  multiport: {
    options: [invertible("source-ports", "sports"), invertible("destination-ports", "dports"), invertible("ports")],
    read(given, rule) {
      const [first, second] = given.options;
      if (second && first) return fail(`multiport: option "--${second.name}" cannot be used together with "--${first.name}".\n`);
      if (!isProtocol(rule, 6, 17, 132, 33, 136)) return fail("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
      if (!first) return fail("no ports specified");
      const ranges: PortRange[] = [];
      for (const item of (first.values[0] ?? "").split(",")) {
        const named = protocolNumber(rule.protocol?.protocol ?? "all");
        const range = namedPortRange(
          item,
          (text) => `invalid port/service \`${text}' specified`,
          named === 6 ? { protocol: "tcp" } : named === 17 ? { protocol: "udp" } : {},
        );
        if (!range.ok) return range;
        if (range.value.from > range.value.to) return fail("invalid portrange specified");
        ranges.push(range.value);
      }
      // A range takes the room of two.
      if (ranges.reduce((sum, { from, to }) => sum + (from === to ? 1 : 2), 0) > 15) return fail("too many ports specified");
      const direction = first.name === "ports" ? "either" : first.name === "source-ports" ? "source" : "destination";
      return ok({ module: "multiport", direction, ports: { ranges, ...negation(first) } });
    },
  },
  conntrack: {
    options: [invertible("ctstate"), invertible("ctorigdst"), invertible("ctorigdstport")],
    read(given, { family }) {
      if (given.options.length === 0) return fail("conntrack: At least one option is required");
      const states = givenSet(given.find("ctstate"), CT_STATES, (text) => `Bad ctstate "${text}"`);
      if (!states.ok) return states;
      const destination = given.find("ctorigdst");
      const prefix = destination && hostOrPrefix(destination.values[0] ?? "", family);
      if (destination && !prefix) return fail("getaddrinfo: Name or service not known\n");
      const port = givenPorts(given.find("ctorigdstport"), guidedPorts);
      if (!port.ok) return port;
      return ok({
        module: "conntrack",
        ...optional("states", states.value && { states: states.value.members, ...states.value.negation }),
        ...optional("originalDestination", destination && prefix && { prefix, ...negation(destination) }),
        ...optional("originalDestinationPort", port.value),
      });
    },
  },
  state: {
    options: [invertible("state")],
    read(given) {
      const states = givenSet(given.find("state"), CT_STATES.slice(0, 5), (text) => `Bad state "${text}"`);
      if (!states.ok) return states;
      if (!states.value) return fail(mandatory("state", "state"));
      return ok({ module: "state", states: { states: states.value.members, ...states.value.negation } });
    },
  },
  addrtype: {
    options: [
      invertible("src-type"),
      invertible("dst-type"),
      { name: "limit-iface-in", values: 0 },
      { name: "limit-iface-out", values: 0 },
    ],
    read(given) {
      if (given.has("limit-iface-in") && given.has("limit-iface-out")) {
        return fail('addrtype: option "--limit-iface-in" cannot be used together with "--limit-iface-out".\n');
      }
      const bad = (text: string): string => `addrtype: bad type "${text}"`;
      const source = givenSet(given.find("src-type"), ADDRESS_TYPES, bad);
      if (!source.ok) return source;
      const destination = givenSet(given.find("dst-type"), ADDRESS_TYPES, bad);
      if (!destination.ok) return destination;
      if (!source.value && !destination.value) return fail("addrtype: you must specify --src-type or --dst-type");
      return ok({
        module: "addrtype",
        ...optional("sourceType", source.value && { types: source.value.members, ...source.value.negation }),
        ...optional("destinationType", destination.value && { types: destination.value.members, ...destination.value.negation }),
        ...(given.has("limit-iface-in") ? { limitIfaceIn: true as const } : {}),
        ...(given.has("limit-iface-out") ? { limitIfaceOut: true as const } : {}),
      });
    },
  },
  mark: { options: [invertible("mark")], read: (given) => readMark("mark", given) },
  connmark: { options: [invertible("mark")], read: (given) => readMark("connmark", given) },
  comment: {
    options: [one("comment")],
    read(given) {
      const text = given.value("comment");
      return text === undefined ? fail(mandatory("comment", "comment")) : ok({ module: "comment", text: text.slice(0, 255) });
    },
  },
  mac: {
    options: [invertible("mac-source")],
    read(given) {
      const option = given.find("mac-source");
      if (!option) return fail(mandatory("mac", "mac-source"));
      const octets = (option.values[0] ?? "").split(":").map((octet) => (/^[0-9a-f]{1,2}$/i.test(octet) ? octet.padStart(2, "0") : "?"));
      const mac = parseMac(octets.join(":"));
      return mac ? ok({ module: "mac", source: { mac, ...negation(option) } }) : fail("Invalid MAC address specified.");
    },
  },
  limit: {
    options: [one("limit"), one("limit-burst")],
    read(given) {
      const rate = parseRate(given.value("limit") ?? "3/hour");
      if (!rate.ok) return rate;
      const burst = given.value("limit-burst");
      const isNumber = burst === undefined || (/^\d+$/.test(burst) && Number(burst) <= 10_000);
      if (!isNumber) return fail('limit: bad value for option "--limit-burst", or out of range (0-10000).\n');
      return ok({ module: "limit", rate: rate.value, burst: burst === undefined ? DEFAULT_BURST : Number(burst) });
    },
  },
  physdev: {
    options: [invertible("physdev-in"), invertible("physdev-out"), { name: "physdev-is-bridged", values: 0, invertible: true }],
    read(given) {
      if (given.options.length === 0) return fail("PHYSDEV: no physdev option specified");
      const [physIn, physOut, isBridged] = ["physdev-in", "physdev-out", "physdev-is-bridged"].map((name) => given.find(name));
      return ok({
        module: "physdev",
        ...optional("in", physIn && { name: physIn.values[0] ?? "", ...negation(physIn) }),
        ...optional("out", physOut && { name: physOut.values[0] ?? "", ...negation(physOut) }),
        ...optional("isBridged", isBridged && { flag: true as const, ...negation(isBridged) }),
      });
    },
  },
  policy: {
    options: [one("dir"), one("pol")],
    read(given) {
      const direction = given.value("dir");
      if (direction !== undefined && direction !== "in" && direction !== "out") return fail(`policy match: invalid dir "${direction}"`);
      if (direction === undefined) return fail("policy match: neither --dir in nor --dir out specified");
      const policy = given.value("pol") ?? "ipsec";
      if (policy !== "none" && policy !== "ipsec") return fail(`policy match: invalid policy "${policy}"`);
      return ok({ module: "policy", direction, policy });
    },
  },
  bpf: {
    options: [one("bytecode")],
    read(given) {
      const bytecode = given.value("bytecode");
      return bytecode === undefined ? fail("bpf: one of --bytecode or --pinned is required") : ok({ module: "bpf", bytecode });
    },
  },
};

/** Extensions and options that iptables has and the simulator does not. */
export const UNSIMULATED_MATCHES: readonly string[] = [
  "ah",
  "cgroup",
  "cluster",
  "connbytes",
  "connlabel",
  "connlimit",
  "cpu",
  "dccp",
  "devgroup",
  "dscp",
  "ecn",
  "esp",
  "hashlimit",
  "helper",
  "iprange",
  "ipvs",
  "length",
  "nfacct",
  "osf",
  "owner",
  "pkttype",
  "quota",
  "rateest",
  "realm",
  "recent",
  "rpfilter",
  "sctp",
  "set",
  "socket",
  "statistic",
  "string",
  "tcpmss",
  "time",
  "tos",
  "ttl",
  "u32",
  "udplite",
  "dst",
  "eui64",
  "frag",
  "hbh",
  "hl",
  "ipv6header",
  "mh",
  "rt",
  "srh",
];
export const UNSIMULATED_MATCH_OPTIONS: readonly string[] = [
  "tcp-option",
  "ctproto",
  "ctorigsrc",
  "ctreplsrc",
  "ctrepldst",
  "ctorigsrcport",
  "ctreplsrcport",
  "ctrepldstport",
  "ctstatus",
  "ctexpire",
  "ctdir",
  "physdev-is-in",
  "physdev-is-out",
  "strict",
  "reqid",
  "spi",
  "proto",
  "mode",
  "tunnel-src",
  "tunnel-dst",
  "next",
  "object-pinned",
];

/** The match that `-p` stands for, which options such as `--dport` load. */
export function matchOfProtocol(protocol: Protocol, family: Family): MatchModule["module"] | undefined {
  switch (protocol) {
    case "tcp":
    case "udp":
      return protocol;
    case "icmp":
      return family === 4 ? "icmp" : undefined;
    case "ipv6-icmp":
      return family === 6 ? "icmp6" : undefined;
    default:
      return undefined;
  }
}

export function isMatch(name: string): name is MatchModule["module"] {
  return Object.hasOwn(MATCHES, name);
}

export function mandatory(extension: string, option: string): string {
  return `${extension}: option "--${option}" must be specified\n`;
}

const SYN_OR_FLAGS = "Only one of `--syn' or `--tcp-flags'  allowed";

function isProtocol(rule: RuleSoFar, ...numbers: number[]): boolean {
  return rule.protocol !== undefined && !rule.protocol.negated && numbers.includes(protocolNumber(rule.protocol.protocol));
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}

function givenPorts(
  option: GivenOption | undefined,
  parse: (text: string) => Result<PortRange, string>,
): Result<Negatable<PortRange> | undefined, string> {
  if (!option) return ok(undefined);
  const range = parse(option.values[0] ?? "");
  if (!range.ok) return range;
  // Every port is what a rule without ports asks for.
  return ok(range.value.from === 0 && range.value.to === 65_535 && !option.negated ? undefined : { ...range.value, ...negation(option) });
}

/** `A`, `A:B`, `A:`, `:B`, by number or name. */
function namedPortRange(
  text: string,
  unknown: (text: string) => string,
  how: { readonly protocol?: "tcp" | "udp"; readonly wraps?: true } = {},
): Result<PortRange, string> {
  const colon = text.indexOf(":");
  const [first, last] = colon < 0 ? [text, text] : [text.slice(0, colon) || "0", text.slice(colon + 1) || "65535"];
  const ends: number[] = [];
  for (const word of [first, last]) {
    const port = parsePort(word, how.protocol);
    const value = port !== undefined && how.wraps ? port & 0xffff : port;
    if (value === undefined || value > 65_535) return fail(unknown(word));
    ends.push(value);
  }
  const [from = 0, to = 0] = ends;
  return ok({ from, to });
}

/** Ports of `-m tcp`, which reads its options itself. */
function tcpPorts(text: string): Result<PortRange, string> {
  const range = namedPortRange(text, (word) => `invalid port/service \`${word}' specified`, { protocol: "tcp" });
  return range.ok && range.value.from > range.value.to ? fail("invalid portrange (min > max)") : range;
}

/** Ports that libxtables reads. A number that is too big loses its upper bits there. */
function guidedPorts(text: string): Result<PortRange, string> {
  const range = namedPortRange(text, (word) => `Port "${word}" does not resolve to anything.\n`, { wraps: true });
  return range.ok && range.value.from > range.value.to ? fail(`Port range ${range.value.from}-${range.value.to} is negative.\n`) : range;
}

function givenFlags(
  given: Given,
): Result<Negatable<{ readonly mask: readonly string[]; readonly set: readonly string[] }> | undefined, string> {
  const syn = given.find("syn");
  if (syn) return ok({ mask: ["FIN", "SYN", "RST", "ACK"], set: ["SYN"], ...negation(syn) });
  const option = given.find("tcp-flags");
  if (!option) return ok(undefined);
  const mask = parseFlags(option.values[0] ?? "");
  if (!mask.ok) return mask;
  const set = parseFlags(option.values[1] ?? "");
  return set.ok ? ok({ mask: mask.value, set: set.value, ...negation(option) }) : set;
}

function parseFlags(text: string): Result<readonly string[], string> {
  const flags = new Set<string>();
  for (const word of text.split(",")) {
    const name = word.toUpperCase();
    if (name === "ALL") for (const flag of TCP_FLAGS) flags.add(flag);
    else if (TCP_FLAGS.includes(name)) flags.add(name);
    else if (name !== "NONE") return fail(`Unknown TCP flag \`${word}'`);
  }
  return ok(TCP_FLAGS.filter((flag) => flags.has(flag)));
}

type GivenSet<T> = { readonly members: readonly T[]; readonly negation: { readonly negated?: true } };

function givenSet<T extends CtState | AddressType>(
  option: GivenOption | undefined,
  known: readonly T[],
  bad: (text: string) => string,
): Result<GivenSet<T> | undefined, string> {
  if (!option) return ok(undefined);
  const words = (option.values[0] ?? "").split(",");
  for (const word of words) if (!known.some((member) => member === word.toUpperCase())) return fail(bad(word));
  return ok({ members: known.filter((member) => words.some((word) => word.toUpperCase() === member)), negation: negation(option) });
}

function readMark(module: "mark" | "connmark", given: Given): Result<MatchModule, string> {
  const option = given.find("mark");
  if (!option) return fail(mandatory(module, "mark"));
  const mark = parseMark(option.values[0] ?? "");
  return mark ? ok({ module, mark: { ...mark, ...negation(option) } }) : fail(badMark(module, "mark"));
}

export function badMark(extension: string, option: string): string {
  return `${extension}: bad integer value for option "--${option}", or out of range.\n`;
}

/** `VALUE[/MASK]`, decimal, octal or hexadecimal. */
export function parseMark(text: string): { readonly value: number; readonly mask: number } | undefined {
  const [value, mask, ...more] = text.split("/").map(parseU32);
  if (value === undefined || more.length > 0 || (text.includes("/") && mask === undefined)) return undefined;
  return { value, mask: mask ?? 0xffffffff };
}

export function parseU32(text: string): number | undefined {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  const number = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return number <= 0xffffffff ? number : undefined;
}

function hostOrPrefix(text: string, family: Family): Prefix | undefined {
  const address = parseIp(text);
  const prefix = address ? { address, length: family === 4 ? 32 : 128 } : parsePrefix(text);
  return prefix && familyOf(prefix.address) === family ? prefix : undefined;
}

const UNITS = [
  { per: "second", seconds: 1 },
  { per: "minute", seconds: 60 },
  { per: "hour", seconds: 3_600 },
  { per: "day", seconds: 86_400 },
] as const;

/** The kernel counts in ten-thousandths of a second. */
const SCALE = 10_000;

/**
 * `5/min`, `5/m`, `5`. What is kept is the interval between two packets, so `120/min` comes back as `2/sec`
 * (libxt_limit.c, parse_rate and print_rate).
 */
function parseRate(text: string): Result<Extract<MatchModule, { readonly module: "limit" }>["rate"], string> {
  const match = /^(\d+)(?:\/(.+))?$/.exec(text);
  const count = Number(match?.[1] ?? 0);
  const wanted = match?.[2]?.toLowerCase() ?? "second";
  const unit = UNITS.find(
    ({ per }) => per.startsWith(wanted) || (per === "second" && wanted === "sec") || (per === "minute" && wanted === "min"),
  );
  if (!match || !unit || count === 0) return fail(`bad rate "${text}"'`);
  if (count / unit.seconds > SCALE) return fail(`Rate too fast "${text}"`);

  const period = Math.floor((SCALE * unit.seconds) / count);
  let shown: (typeof UNITS)[number] = UNITS[3];
  for (const smaller of [UNITS[2], UNITS[1], UNITS[0]]) {
    const span = smaller.seconds * SCALE;
    if (period > span || Math.floor(span / period) < span % period) break;
    shown = smaller;
  }
  return ok({ count: Math.floor((shown.seconds * SCALE) / period), per: shown.per });
}
