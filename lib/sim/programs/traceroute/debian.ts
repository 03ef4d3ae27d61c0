/**
 * The traceroute of Debian and most distributions (Dmitry Butskoy's, 2.1.6): sixteen probes under way at once.
 *
 * Follows traceroute.c by what it prints: how long a missing answer is waited for depends on the answers of the same hop
 * (three times as long) and of later ones (ten times). Only the `default`, `udp` and `icmp` methods are simulated.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Errno, strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { after, elapsed, type Instant, micros, seconds } from "@/lib/sim/core/time";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import type { IcmpErrorName, NetSys } from "@/lib/sim/kernel";
import { milliseconds } from "../ping/round-trips";
import { resolveAddress, resolveName, RESOLVE_TEXT } from "../resolv/resolve-name";
import { EchoProber, headers, type Heard, type Prober, UdpProber } from "./probe";

const SYNOPSIS = `Usage:
  traceroute [ -46dFITnreAUDV ] [ -f first_ttl ] [ -g gate,... ] [ -i device ] [ -m max_ttl ] [ -N squeries ] [ -p port ] [ -t tos ] [ -l flow_label ] [ -w MAX,HERE,NEAR ] [ -q nqueries ] [ -s src_addr ] [ -z sendwait ] [ --fwmark=num ] host [ packetlen ]
`;

/** Bytes after the IP header, unless told otherwise. */
const DEFAULT_PAYLOAD = 40;
const PRECISION = 1_000;

type Options = {
  readonly host: string;
  readonly family: 4 | 6 | "any";
  readonly method: "default" | "udp" | "icmp";
  readonly isNumeric: boolean;
  readonly first: number;
  readonly hops: number;
  readonly probes: number;
  readonly atOnce: number;
  readonly port: number | undefined;
  /** Seconds: at most, times the same hop's answer, times a later hop's. */
  readonly wait: { readonly max: number; readonly here: number; readonly near: number };
  readonly source: Ip | undefined;
  readonly link: string | undefined;
  readonly dontFragment: boolean;
  readonly length: number | undefined;
  readonly pause: number;
};

type Probe = { sentAt: Instant | undefined; heard: Heard | undefined; isDone: boolean };

export function* debianTraceroute(sys: NetSys): Routine<number> {
  const options = yield* readOptions(sys);
  if (typeof options === "number") return options;
  const found = yield* resolveName(sys, options.host, { family: options.family });
  const [address] = found.ok ? found.value : [];
  if (address === undefined) {
    const reason = found.ok ? "no-name" : found.error.kind;
    yield* complain(
      sys,
      `${options.host}: ${RESOLVE_TEXT[reason]}\nCannot handle "host" cmdline arg \`${options.host}' on position 1 (argc ${sys.argv.length - 1})\n`,
    );
    return 2;
  }
  const length = Math.max(options.length ?? headers(address) - 8 + DEFAULT_PAYLOAD, headers(address));
  yield* print(sys, `traceroute to ${options.host} (${address}), ${options.hops} hops max, ${length} byte packets`);
  const place = {
    to: address,
    length: length - headers(address),
    port: options.port ?? (options.method === "udp" ? 53 : 33_434),
    fixedPort: options.method === "udp",
    from: options.source,
    link: options.link,
    dontFragment: options.dontFragment,
  };
  const prober = options.method === "icmp" ? new EchoProber(sys, place) : new UdpProber(sys, place);
  try {
    return yield* new Trace(sys, options, prober).run();
  } finally {
    prober.close();
  }
}

class Trace {
  readonly #sys: NetSys;
  readonly #options: Options;
  readonly #prober: Prober;
  readonly #probes: Probe[];
  readonly #names = new Map<Ip, string>();
  #end: number;

  constructor(sys: NetSys, options: Options, prober: Prober) {
    this.#sys = sys;
    this.#options = options;
    this.#prober = prober;
    this.#end = options.hops * options.probes;
    this.#probes = Array.from({ length: this.#end }, () => ({ sentAt: undefined, heard: undefined, isDone: false }));
  }

  *run(): Routine<number> {
    const { first, probes, atOnce, pause } = this.#options;
    const sys = this.#sys;
    let start = (first - 1) * probes;
    let lastSent: Instant | undefined;
    while (start < this.#end) {
      let next: Instant | undefined;
      let underWay = 0;
      for (let index = start; index < this.#end; index++) {
        const probe = this.#at(index);
        if (!probe.isDone && probe.sentAt !== undefined && sys.now >= this.#expiry(index)) probe.isDone = true;
        if (probe.isDone) {
          if (index === start) {
            yield* this.#print(index);
            start++;
          }
          if (probe.heard && isFinal(probe.heard)) this.#end = (Math.floor(index / probes) + 1) * probes;
          continue;
        }
        if (probe.sentAt === undefined) {
          const free = lastSent === undefined || pause === 0 ? sys.now : after(lastSent, micros(pause));
          if (sys.now < free) {
            next = earlier(next, free);
            break;
          }
          const sent = this.#prober.send(index, Math.floor(index / probes) + 1);
          if (!sent.ok) return yield* this.#sendFailed(sent.error);
          probe.sentAt = sys.now;
          lastSent = sys.now;
        }
        next = earlier(next, this.#expiry(index));
        underWay++;
        if (underWay >= atOnce) break;
      }
      if (next === undefined) continue;
      const heard = yield* this.#prober.hear(next);
      if (heard === undefined) return 130;
      for (const one of heard) {
        const probe = this.#probes[one.index];
        if (!probe || probe.isDone) continue;
        probe.heard = one;
        probe.isDone = true;
      }
    }
    yield* print(sys, "\n");
    return 0;
  }

  #at(index: number): Probe {
    return this.#probes[index] ?? { sentAt: undefined, heard: undefined, isDone: true };
  }

  /** get_timeout. */
  #expiry(index: number): Instant {
    const probe = this.#at(index);
    const { probes, wait } = this.#options;
    const max = seconds(wait.max);
    const hop = index - (index % probes);
    let span: number = max;
    const same = wait.here > 0 ? this.#roundTripOf(hop, hop + probes) : undefined;
    if (same !== undefined) span = (same + PRECISION) * wait.here;
    else if (wait.near > 0) {
      const later = this.#roundTripOf(index + 1, this.#end);
      if (later !== undefined) span = (later + PRECISION) * wait.near;
    }
    return after(probe.sentAt ?? this.#sys.now, micros(Math.min(span, max)));
  }

  /** Of the first answer among some probes. */
  #roundTripOf(from: number, to: number): number | undefined {
    for (let index = from; index < to; index++) {
      const probe = this.#at(index);
      if (probe.sentAt === undefined) return undefined;
      if (probe.heard) return elapsed(probe.sentAt, probe.heard.at);
    }
    return undefined;
  }

  *#print(index: number): Routine<void> {
    const { probes } = this.#options;
    const probe = this.#at(index);
    const place = index % probes;
    let text = place === 0 ? `\n${String(Math.floor(index / probes) + 1).padStart(2)} ` : "";
    if (!probe.heard || probe.sentAt === undefined) text += " *";
    else {
      const before = this.#lastAddress(index - place, index);
      if (before !== probe.heard.from) text += ` ${yield* this.#shown(probe.heard.from)}`;
      text += `  ${milliseconds(elapsed(probe.sentAt, probe.heard.at))} ms${remark(probe.heard)}`;
    }
    yield* print(this.#sys, text);
  }

  #lastAddress(from: number, to: number): Ip | undefined {
    for (let index = to - 1; index >= from; index--) {
      const { heard } = this.#at(index);
      if (heard) return heard.from;
    }
    return undefined;
  }

  *#shown(address: Ip): Routine<string> {
    if (this.#options.isNumeric) return address;
    let name = this.#names.get(address);
    if (name === undefined) {
      name = (yield* resolveAddress(this.#sys, address)) ?? address;
      this.#names.set(address, name);
    }
    return `${name} (${address})`;
  }

  *#sendFailed(error: Errno): Routine<number> {
    yield* complain(this.#sys, `\nconnect: ${strerror(error)}\n`.slice(error === "ENETUNREACH" ? 1 : 0));
    yield* print(this.#sys, "\n");
    return 1;
  }
}

/** Whatever is not "on the way" ends the trace at this hop. */
function isFinal(heard: Heard): boolean {
  return heard.what !== "time-exceeded";
}

const REMARKS = {
  "net-unreachable": "!N",
  "host-unreachable": "!H",
  "protocol-unreachable": "!P",
  "port-unreachable": "",
  "fragmentation-needed": "!F",
  "net-prohibited": "!X",
  "host-prohibited": "!X",
  "admin-prohibited": "!X",
  "time-exceeded": "",
} as const satisfies Record<IcmpErrorName, string>;

function remark(heard: Heard): string {
  if (heard.what === "reply") return "";
  const text = heard.what === "fragmentation-needed" ? `!F-${heard.mtu ?? 0}` : REMARKS[heard.what];
  return text === "" ? "" : ` ${text}`;
}

function earlier(a: Instant | undefined, b: Instant): Instant {
  return a !== undefined && a < b ? a : b;
}

const TAKES_VALUE: Readonly<Record<string, string>> = {
  f: "first",
  g: "gateway",
  i: "interface",
  m: "max-hops",
  N: "sim-queries",
  p: "port",
  t: "tos",
  l: "flowlabel",
  w: "wait",
  q: "queries",
  s: "source",
  z: "sendwait",
  M: "module",
  O: "options",
  P: "protocol",
};
const FLAGS: Readonly<Record<string, string>> = {
  "4": "",
  "6": "",
  d: "debug",
  F: "dont-fragment",
  I: "icmp",
  T: "tcp",
  n: "",
  r: "",
  e: "extensions",
  A: "as-path-lookups",
  U: "udp",
  D: "dccp",
  V: "version",
};
const NOT_SIMULATED = new Set(["g", "T", "t", "l", "r", "e", "A", "D", "M", "O", "P", "d", "UL", "mtu", "back", "sport", "fwmark"]);

type Given = { readonly key: string; readonly value: string | undefined; readonly spelled: string; readonly at: number };

function* readOptions(sys: NetSys): Routine<Options | number> {
  const args = sys.argv.slice(1);
  const refuse = function* (text: string): Routine<number> {
    yield* complain(sys, `${text}\n`);
    return 2;
  };
  if (args.length === 0) {
    yield* print(sys, `${SYNOPSIS}${notSimulated("the rest of traceroute's help text")}\n`);
    return 0;
  }
  const split = splitArguments(args);
  if (!split.ok) return yield* refuse(split.error);
  const { given, operands } = split.value;
  const last = (key: string): Given | undefined => given.findLast((one) => one.key === key);
  if (last("help")) {
    yield* print(sys, `${SYNOPSIS}${notSimulated("the rest of traceroute's help text")}\n`);
    return 0;
  }
  if (last("V")) {
    yield* print(sys, "Modern traceroute for Linux, version 2.1.6\nCopyright (c) 2016  Dmitry Butskoy,   License: GPL v2 or any later\n");
    return 0;
  }
  const unknown = given.find((one) => NOT_SIMULATED.has(one.key));
  if (unknown) return yield* refuse(notSimulated(`traceroute ${unknown.spelled}`));

  const numbers = new Map<string, number>();
  for (const key of ["f", "m", "N", "p", "q"]) {
    const one = last(key);
    if (!one) continue;
    if (!/^\d+$/.test(one.value ?? ""))
      return yield* refuse(`Cannot handle \`${one.spelled}' option with arg \`${one.value}' (argc ${one.at})`);
    numbers.set(key, Number(one.value));
  }
  const first = numbers.get("f") ?? 1;
  const hops = numbers.get("m") ?? 30;
  const probes = numbers.get("q") ?? 3;
  const atOnce = numbers.get("N") ?? 16;
  if (first < 1 || first > hops) return yield* refuse("first hop out of range");
  if (hops > 255) return yield* refuse("max hops cannot be more than 255");
  if (probes < 1 || probes > 10) return yield* refuse("no more than 10 probes per hop");
  if (atOnce < 1) return yield* refuse("sim-queries must be positive");
  const wait = readWait(last("w")?.value);
  if (wait === undefined) return yield* refuse(`Cannot handle \`-w' option with arg \`${last("w")?.value}' (argc ${last("w")?.at})`);
  const pauseText = last("z")?.value ?? "0";
  if (!/^\d*\.?\d+$/.test(pauseText)) return yield* refuse(`Cannot handle \`-z' option with arg \`${pauseText}' (argc ${last("z")?.at})`);
  const [host, size] = operands;
  if (host === undefined) return yield* refuse('Specify "host" missing argument.');
  if (operands.length > 2) return yield* refuse(`Extra arg \`${operands[2]}' (position 3, argc ${args.length})`);
  if (size !== undefined && !/^\d+$/.test(size))
    return yield* refuse(`Cannot handle "packetlen" cmdline arg \`${size}' on position 2 (argc ${args.length})`);
  const sourceText = last("s")?.value;
  const pause = Number(pauseText);
  return {
    host,
    family: last("6") ? 6 : last("4") ? 4 : "any",
    method: last("I") ? "icmp" : last("U") ? "udp" : "default",
    isNumeric: last("n") !== undefined,
    first,
    hops,
    probes,
    atOnce,
    port: numbers.get("p"),
    wait,
    source: sourceText === undefined ? undefined : parseIp(sourceText),
    link: last("i")?.value,
    dontFragment: last("F") !== undefined,
    length: size === undefined ? undefined : Number(size),
    pause: pause > 10 ? pause * 1_000 : pause * 1_000_000,
  };
}

/** `MAX,HERE,NEAR`; a single number switches the other two off only when it is given as `MAX,0,0`. */
function readWait(text: string | undefined): Options["wait"] | undefined {
  const [max = "5", here = "3", near = "10", ...more] = text === undefined ? [] : text.split(",");
  if (more.length > 0 || ![max, here, near].every((part) => /^\d*\.?\d+$/.test(part))) return undefined;
  return { max: Number(max), here: Number(here), near: Number(near) };
}

function splitArguments(
  args: readonly string[],
): Result<{ readonly given: readonly Given[]; readonly operands: readonly string[] }, string> {
  const given: Given[] = [];
  const operands: string[] = [];
  const longNames = new Map(
    [...Object.entries(TAKES_VALUE), ...Object.entries(FLAGS)].filter(([, name]) => name !== "").map(([key, name]) => [name, key]),
  );
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--") {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      operands.push(arg);
      continue;
    }
    if (arg.startsWith("--")) {
      const [name = "", attached] = arg.slice(2).split("=", 2);
      const key = longNames.get(name) ?? (["help", "mtu", "back", "sport", "fwmark"].includes(name) ? name : undefined);
      if (key === undefined) return fail(`Bad option \`${arg}' (argc ${i + 1})`);
      const needs = key in TAKES_VALUE;
      given.push({ key, value: attached ?? (needs ? args[++i] : undefined), spelled: `--${name}`, at: i + 1 });
      continue;
    }
    if (arg === "-UL") {
      given.push({ key: "UL", value: undefined, spelled: arg, at: i + 1 });
      continue;
    }
    for (let k = 1; k < arg.length; k++) {
      const key = arg[k] ?? "";
      if (key in TAKES_VALUE) {
        const rest = arg.slice(k + 1);
        const value = rest !== "" ? rest : args[++i];
        if (value === undefined) return fail(`Option \`-${key}' (argc ${i}) requires an argument: \`-${key} ${TAKES_VALUE[key]}'`);
        given.push({ key, value, spelled: `-${key}`, at: i + 1 });
        break;
      }
      if (!(key in FLAGS)) return fail(`Bad option \`-${key}' (argc ${i + 1})`);
      given.push({ key, value: undefined, spelled: `-${key}`, at: i + 1 });
    }
  }
  return ok({ given, operands });
}
