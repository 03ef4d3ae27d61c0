/** The target extensions' options (extensions/libxt_*.c, libipt_*.c) and iptables' words for what is wrong with them. */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Family, familyOf, type Ip, parseIp } from "@/lib/sim/net/address";
import { protocolNumber } from "./protocol";
import type { NatRange, PortRange, RejectWith, Target } from "./rule";
import { badMark, mandatory, parseMark, parseU32, type RuleSoFar } from "./rulespec-matches";
import type { ExtensionOption, Given } from "./rulespec-options";
import { DEFAULT_LOG_LEVEL } from "./rulespec-print";

export type TargetExtension = {
  readonly options: readonly ExtensionOption[];
  readonly read: (given: Given, rule: RuleSoFar) => Result<Target, string>;
};

const one = (name: string): ExtensionOption => ({ name, values: 1 });
const flag = (name: string): ExtensionOption => ({ name, values: 0 });
const fixed = (target: Target): TargetExtension => ({ options: [], read: () => ok(target) });

const TARGETS: ReadonlyMap<string, TargetExtension> = new Map<string, TargetExtension>([
  ["ACCEPT", fixed({ kind: "accept" })],
  ["DROP", fixed({ kind: "drop" })],
  ["RETURN", fixed({ kind: "return" })],
  ["NOTRACK", fixed({ kind: "notrack" })],
  ["REJECT", { options: [one("reject-with")], read: readReject }],
  [
    "DNAT",
    {
      options: [one("to-destination"), flag("random"), flag("persistent")],
      read: (given, rule) => readAddressNat("DNAT", "to-destination", given, rule),
    },
  ],
  [
    "SNAT",
    {
      options: [one("to-source"), flag("random"), flag("random-fully"), flag("persistent")],
      read: (given, rule) => readAddressNat("SNAT", "to-source", given, rule),
    },
  ],
  [
    "MASQUERADE",
    { options: [one("to-ports"), flag("random"), flag("random-fully")], read: (given, rule) => readPortNat("masquerade", given, rule) },
  ],
  ["REDIRECT", { options: [one("to-ports"), flag("random")], read: (given, rule) => readPortNat("redirect", given, rule) }],
  ["MARK", { options: [one("set-xmark"), one("set-mark"), one("and-mark"), one("or-mark"), one("xor-mark")], read: readMark }],
  [
    "CONNMARK",
    {
      options: [one("set-xmark"), one("set-mark"), flag("save-mark"), flag("restore-mark"), one("nfmask"), one("ctmask")],
      read: readConnmark,
    },
  ],
  ["LOG", { options: [one("log-level"), one("log-prefix")], read: readLog }],
  ["TCPMSS", { options: [one("set-mss"), flag("clamp-mss-to-pmtu")], read: readTcpmss }],
]);

export function findTarget(name: string): TargetExtension | undefined {
  return TARGETS.get(name);
}

/** Extensions and options that iptables has and the simulator does not. */
export const UNSIMULATED_TARGETS: readonly string[] = [
  "AUDIT",
  "CHECKSUM",
  "CLASSIFY",
  "CLUSTERIP",
  "CONNSECMARK",
  "CT",
  "DNPT",
  "DSCP",
  "ECN",
  "HL",
  "HMARK",
  "IDLETIMER",
  "LED",
  "NETMAP",
  "NFLOG",
  "NFQUEUE",
  "QUEUE",
  "RATEEST",
  "SECMARK",
  "SET",
  "SNPT",
  "SYNPROXY",
  "TCPOPTSTRIP",
  "TEE",
  "TOS",
  "TPROXY",
  "TRACE",
  "TTL",
  "ULOG",
];
export const UNSIMULATED_TARGET_OPTIONS: readonly string[] = [
  "log-tcp-sequence",
  "log-tcp-options",
  "log-ip-options",
  "log-uid",
  "log-macdecode",
];

/** A name that no chain may have. */
export function isTargetName(name: string): boolean {
  return TARGETS.has(name) || UNSIMULATED_TARGETS.includes(name);
}

const REJECTIONS: Readonly<Record<Family, readonly (readonly [name: RejectWith, alias: string])[]>> = {
  4: [
    ["icmp-net-unreachable", "net-unreach"],
    ["icmp-host-unreachable", "host-unreach"],
    ["icmp-proto-unreachable", "proto-unreach"],
    ["icmp-port-unreachable", "port-unreach"],
    ["icmp-net-prohibited", "net-prohib"],
    ["icmp-host-prohibited", "host-prohib"],
    ["tcp-reset", "tcp-rst"],
    ["icmp-admin-prohibited", "admin-prohib"],
  ],
  6: [
    ["icmp6-no-route", "no-route"],
    ["icmp6-adm-prohibited", "adm-prohibited"],
    ["icmp6-addr-unreachable", "addr-unreach"],
    ["icmp6-port-unreachable", "port-unreach"],
    ["tcp-reset", "tcp-rst"],
  ],
};

function readReject(given: Given, { family }: RuleSoFar): Result<Target, string> {
  const wanted = given.value("reject-with");
  if (wanted === undefined) return ok({ kind: "reject", with: family === 4 ? "icmp-port-unreachable" : "icmp6-port-unreachable" });
  const found = REJECTIONS[family].find((names) => names.some((name) => name.startsWith(wanted.toLowerCase())));
  return found ? ok({ kind: "reject", with: found[0] }) : fail(`unknown reject type "${wanted}"`);
}

function readAddressNat(name: "DNAT" | "SNAT", option: string, given: Given, rule: RuleSoFar): Result<Target, string> {
  const text = given.value(option);
  if (text === undefined) return fail(mandatory(name, option));
  const range = parseNatRange(text, rule);
  if (!range.ok) return range;
  return ok({ kind: name === "DNAT" ? "dnat" : "snat", range: { ...range.value, ...natFlags(given) } });
}

function readPortNat(kind: "masquerade" | "redirect", given: Given, rule: RuleSoFar): Result<Target, string> {
  const text = given.value("to-ports");
  if (text === undefined) return ok({ kind, range: natFlags(given) });
  const ports = parseNatPorts(text, rule);
  return ports.ok ? ok({ kind, range: { ports: ports.value, ...natFlags(given) } }) : ports;
}

function natFlags(given: Given): NatRange {
  return {
    ...(given.has("random") ? { random: true as const } : {}),
    ...(given.has("random-fully") ? { fullyRandom: true as const } : {}),
    ...(given.has("persistent") ? { persistent: true as const } : {}),
  };
}

/** `10.0.0.1`, `10.0.0.1-10.0.0.9:80-90`, `[fd00::1]:80`, `:80`. */
function parseNatRange(text: string, rule: RuleSoFar): Result<NatRange, string> {
  const { addresses, ports: portText } = splitNatRange(text, rule.family);
  let ports: PortRange | undefined;
  if (portText !== undefined) {
    const parsed = parseNatPorts(portText, rule);
    if (!parsed.ok) return parsed;
    ports = parsed.value;
  }
  if (addresses === "") return ok(ports ? { ports } : {});
  const [first = "", last] = addresses.split("-");
  const ends: Ip[] = [];
  for (const word of last === undefined ? [first] : [first, last]) {
    const address = parseIp(word);
    if (!address || familyOf(address) !== rule.family) return fail(`Bad IP address "${word}"`);
    ends.push(address);
  }
  const [from, to = from] = ends;
  return ok({ ...(from && to ? { from, to } : {}), ...(ports ? { ports } : {}) });
}

function splitNatRange(text: string, family: Family): { readonly addresses: string; readonly ports: string | undefined } {
  if (family === 6) {
    const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
    return { addresses: bracketed?.[1] ?? text, ports: bracketed?.[2] };
  }
  const colon = text.indexOf(":");
  return colon < 0 ? { addresses: text, ports: undefined } : { addresses: text.slice(0, colon), ports: text.slice(colon + 1) };
}

function parseNatPorts(text: string, { protocol }: RuleSoFar): Result<PortRange, string> {
  const hasPorts = protocol && !protocol.negated && [6, 17, 33, 132].includes(protocolNumber(protocol.protocol));
  if (!hasPorts) return fail("Need TCP, UDP, SCTP or DCCP with port specification");
  const [first = "", last = first] = text.split("-");
  for (const word of [first, last]) if (!/^\d+$/.test(word) || Number(word) > 65_535) return fail(`Port \`${word}' not valid`);
  const [from, to] = [Number(first), Number(last)];
  return from <= to ? ok({ from, to }) : fail(`Port range \`${text}' funky`);
}

/** All forms come to one: clear the mask's bits, then flip the value's. */
function readMark(given: Given): Result<Target, string> {
  const [first, second] = given.options;
  if (first && second) return fail(`MARK: option "--${first.name}" cannot be used together with "--${second.name}".\n`);
  if (!first) return fail("MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required");
  const text = first.values[0] ?? "";
  if (first.name === "set-xmark" || first.name === "set-mark") {
    const mark = parseMark(text);
    if (!mark) return fail(badMark("MARK", first.name));
    const mask = first.name === "set-mark" ? (mark.mask | mark.value) >>> 0 : mark.mask;
    return ok({ kind: "mark", operation: "set", value: mark.value, mask });
  }
  const bits = parseU32(text);
  if (bits === undefined) return fail(badMark("MARK", first.name));
  switch (first.name) {
    case "and-mark":
      return ok({ kind: "mark", operation: "set", value: 0, mask: ~bits >>> 0 });
    case "or-mark":
      return ok({ kind: "mark", operation: "set", value: bits, mask: bits });
    default:
      return ok({ kind: "mark", operation: "set", value: bits, mask: 0 });
  }
}

function readConnmark(given: Given): Result<Target, string> {
  const set = given.find("set-xmark") ?? given.find("set-mark");
  if (set) {
    const mark = parseMark(set.values[0] ?? "");
    if (!mark) return fail(badMark("CONNMARK", set.name));
    const mask = set.name === "set-mark" ? (mark.mask | mark.value) >>> 0 : mark.mask;
    return ok({ kind: "connmark", operation: "set", value: mark.value, mask });
  }
  if (!given.has("save-mark") && !given.has("restore-mark")) return fail("CONNMARK target: No operation specified");
  const [packetMask, connectionMask] = ["nfmask", "ctmask"].map((name) => parseU32(given.value(name) ?? "0xffffffff"));
  if (packetMask === undefined) return fail(badMark("CONNMARK", "nfmask"));
  if (connectionMask === undefined) return fail(badMark("CONNMARK", "ctmask"));
  return ok({ kind: "connmark", operation: given.has("save-mark") ? "save" : "restore", packetMask, connectionMask });
}

/** By syslog's names, in order of their numbers. */
const LOG_LEVELS: readonly (readonly string[])[] = [
  ["emerg", "panic"],
  ["alert"],
  ["crit"],
  ["error"],
  ["warning"],
  ["notice"],
  ["info"],
  ["debug"],
];

function readLog(given: Given): Result<Target, string> {
  const prefix = given.value("log-prefix");
  if (prefix === "") return fail("Argument must have a minimum length of 1 characters\n");
  const text = given.value("log-level") ?? String(DEFAULT_LOG_LEVEL);
  const level = /^[0-7]$/.test(text) ? Number(text) : LOG_LEVELS.findIndex((names) => names.includes(text.toLowerCase()));
  if (level < 0) return fail(`log level "${text}" unknown\n`);
  return ok({ kind: "log", prefix: (prefix ?? "").slice(0, 29), level });
}

function readTcpmss(given: Given): Result<Target, string> {
  const set = given.value("set-mss");
  if (set !== undefined && given.has("clamp-mss-to-pmtu"))
    return fail('TCPMSS: option "--set-mss" cannot be used together with "--clamp-mss-to-pmtu".\n');
  if (given.has("clamp-mss-to-pmtu")) return ok({ kind: "tcpmss", clampToPmtu: true });
  if (set === undefined) return fail("TCPMSS target: At least one parameter is required");
  const mss = parseU32(set);
  return mss !== undefined && mss <= 65_515
    ? ok({ kind: "tcpmss", set: mss })
    : fail('TCPMSS: bad value for option "--set-mss", or out of range (0-65515).\n');
}
