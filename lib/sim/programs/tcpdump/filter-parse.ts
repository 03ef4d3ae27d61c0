/**
 * Reads filter expressions (pcap-filter(7)) in libpcap's grammar, with its error messages.
 *
 * A primitive is `[protocol] [direction] [type] id`; what is left out of one is taken from the primitive before it, so that
 * `host web or db` means what it says. Names of hosts are asked for while reading, by whoever reads (`Resolve`).
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Ip, networkOf, parseIp, parseIpv4, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { ETHERTYPES, PROTOCOLS } from "@/lib/sim/net/encode";
import { parseMac } from "@/lib/sim/net/mac";
import type { Routine } from "@/lib/sim/core/task";
import type { Arithmetic, Comparison, Direction, Filter, Layer } from "./filter";

/** What the words in a filter may stand for. */
export type Resolve = {
  host(name: string): Routine<readonly Ip[]>;
  port(name: string): number | undefined;
};

type Type = "host" | "net" | "port" | "portrange" | "proto";
type Qualifiers = { readonly layer: Layer | undefined; readonly direction: Direction | undefined; readonly type: Type | undefined };

const NO_QUALIFIERS: Qualifiers = { layer: undefined, direction: undefined, type: undefined };
const SYNTAX_ERROR = "syntax error";

const LAYERS: Readonly<Record<string, Layer>> = {
  ether: "ether",
  arp: "arp",
  ip: "ip",
  ip6: "ip6",
  tcp: "tcp",
  udp: "udp",
  icmp: "icmp",
  icmp6: "icmp6",
};
const TYPES = new Set<string>(["host", "net", "port", "portrange", "proto"]);
const UNSIMULATED = new Set([
  "vlan",
  "mpls",
  "pppoes",
  "geneve",
  "vxlan",
  "sctp",
  "igmp",
  "rarp",
  "wlan",
  "gateway",
  "ifname",
  "protochain",
]);

/** Names for offsets and values (pcap-filter(7), "arithmetic expressions"). */
const CONSTANTS: Readonly<Record<string, number>> = {
  tcpflags: 13,
  "tcp-fin": 1,
  "tcp-syn": 2,
  "tcp-rst": 4,
  "tcp-push": 8,
  "tcp-ack": 16,
  "tcp-urg": 32,
  "tcp-ece": 64,
  "tcp-cwr": 128,
  icmptype: 0,
  icmpcode: 1,
  "icmp-echoreply": 0,
  "icmp-unreach": 3,
  "icmp-sourcequench": 4,
  "icmp-redirect": 5,
  "icmp-echo": 8,
  "icmp-routeradvert": 9,
  "icmp-routersolicit": 10,
  "icmp-timxceed": 11,
  "icmp-paramprob": 12,
  "icmp-tstamp": 13,
  "icmp-tstampreply": 14,
  icmp6type: 0,
  icmp6code: 1,
  "icmp6-destinationunreach": 1,
  "icmp6-packettoobig": 2,
  "icmp6-timeexceeded": 3,
  "icmp6-echo": 128,
  "icmp6-echoreply": 129,
  "icmp6-neighborsolicit": 135,
  "icmp6-neighboradvert": 136,
};

export function* parseFilter(text: string, resolve: Resolve): Routine<Result<Filter, string>> {
  const tokens = tokenize(text);
  if (tokens === undefined) return fail(SYNTAX_ERROR);
  if (tokens.length === 0) return ok({ kind: "all" });
  const parser = new Parser(tokens, resolve);
  const filter = yield* parser.expression();
  if (!filter.ok) return filter;
  return parser.isAtEnd ? filter : fail(SYNTAX_ERROR);
}

function tokenize(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  const pattern = /\s*(?:(\|\||&&|<<|>>|[!<>=]=|[()[\]!&|^+*/%=<>:]|-(?![a-z0-9])|[A-Za-z0-9._:/\\-]+))/y;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) return text.slice(at).trim() === "" ? tokens : undefined;
    tokens.push(match[1] ?? "");
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #resolve: Resolve;
  #at = 0;
  /** Of the primitive before, for `host a or b`. */
  #before: Qualifiers = NO_QUALIFIERS;

  constructor(tokens: readonly string[], resolve: Resolve) {
    this.#tokens = tokens;
    this.#resolve = resolve;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(...wanted: readonly string[]): boolean {
    if (this.#next === undefined || !wanted.includes(this.#next)) return false;
    this.#at++;
    return true;
  }

  /** `and` and `or` bind equally, from the left. */
  *expression(): Routine<Result<Filter, string>> {
    let left = yield* this.#term();
    for (;;) {
      if (!left.ok) return left;
      const isAnd = this.#take("and", "&&");
      if (!isAnd && !this.#take("or", "||")) return left;
      const right = yield* this.#term();
      if (!right.ok) return right;
      left = ok({ kind: isAnd ? "and" : "or", left: left.value, right: right.value });
    }
  }

  *#term(): Routine<Result<Filter, string>> {
    if (this.#take("not", "!")) {
      const of = yield* this.#term();
      return of.ok ? ok({ kind: "not", of: of.value }) : of;
    }
    if (this.#isComparison()) {
      const start = this.#at;
      const comparison = this.#comparison();
      // `(tcp[13] = 2)`: the parenthesis may be the condition's, not the number's.
      if (comparison.ok || this.#tokens[start] !== "(") return comparison;
      this.#at = start;
    }
    if (this.#take("(")) {
      const inner = yield* this.expression();
      if (!inner.ok) return inner;
      return this.#take(")") ? inner : fail(SYNTAX_ERROR);
    }
    return yield* this.#primitive();
  }

  *#primitive(): Routine<Result<Filter, string>> {
    const word = this.#next;
    if (word === undefined) return fail(SYNTAX_ERROR);
    if (UNSIMULATED.has(word)) return fail(`drydock: '${word}' in a filter is real, but not simulated here`);
    if (this.#take("inbound")) return ok({ kind: "in-or-out", direction: "in" });
    if (this.#take("outbound")) return ok({ kind: "in-or-out", direction: "out" });
    if (word === "less" || word === "greater") return this.#lengthLimit();
    if (word === "broadcast" || word === "multicast") {
      this.#at++;
      return ok({ kind: word, of: "ether" });
    }

    const layer = LAYERS[word];
    if (layer) this.#at++;
    const group = this.#next;
    if ((layer === "ether" || layer === "ip" || layer === "ip6") && (group === "broadcast" || group === "multicast")) {
      this.#at++;
      return ok({ kind: group, of: layer });
    }
    const direction = this.#direction();
    const typeWord = this.#next;
    let type: Type | undefined;
    if (typeWord !== undefined && TYPES.has(typeWord)) {
      type = typeWord as Type;
      this.#at++;
    }
    if (layer && direction === undefined && type === undefined && !this.#isId()) {
      this.#before = NO_QUALIFIERS;
      return ok({ kind: "layer", layer });
    }
    const isBare = layer === undefined && direction === undefined && type === undefined;
    const qualifiers: Qualifiers = isBare ? this.#before : { layer, direction, type };
    const id = this.#next;
    if (id === undefined || !this.#isId()) return fail(SYNTAX_ERROR);
    this.#at++;
    // Two words side by side are a mistake whatever they mean.
    if (this.#isId()) return fail(SYNTAX_ERROR);
    this.#before = qualifiers;
    return yield* this.#withId(qualifiers, id);
  }

  *#withId(qualifiers: Qualifiers, id: string): Routine<Result<Filter, string>> {
    const direction = qualifiers.direction ?? "either";
    const { layer } = qualifiers;
    switch (qualifiers.type ?? "host") {
      case "host":
        return yield* this.#host(layer, direction, id);
      case "net":
        return this.#net(layer, direction, id);
      case "port":
      case "portrange":
        return this.#port(layer, direction, id, qualifiers.type === "portrange");
      case "proto":
        return this.#protocol(layer, id);
    }
  }

  *#host(layer: Layer | undefined, direction: Direction, id: string): Routine<Result<Filter, string>> {
    if (layer === "ether") {
      const mac = parseMac(id);
      return mac === undefined ? fail(`unknown ether host '${id}'`) : ok({ kind: "ether-host", direction, mac });
    }
    if (layer === "tcp" || layer === "udp" || layer === "icmp" || layer === "icmp6") return fail(`'${layer}' modifier applied to host`);
    const literal = parseIp(id);
    if (literal === undefined && parsePrefix(id)) return this.#net(layer, direction, id);
    const addresses = literal === undefined ? yield* this.#resolve.host(id) : [literal];
    if (addresses.length === 0) return fail(`unknown host '${id}'`);
    return ok({ kind: "host", direction, addresses, within: layer });
  }

  #net(layer: Layer | undefined, direction: Direction, id: string): Result<Filter, string> {
    const prefix = readNet(id);
    if (prefix === undefined) return fail(`unknown network '${id}'`);
    if (!this.#take("mask")) {
      const bare = networkOf(prefix);
      if (bare.address !== prefix.address) return fail(`non-network bits set in "${id}"`);
      return ok({ kind: "net", direction, prefix, within: layer });
    }
    const mask = parseIpv4(this.#next ?? "");
    if (mask === undefined) return fail(SYNTAX_ERROR);
    this.#at++;
    const bits = mask
      .split(".")
      .map((octet) => Number(octet).toString(2).padStart(8, "0"))
      .join("");
    return ok({ kind: "net", direction, prefix: { address: prefix.address, length: bits.replace(/0+$/, "").length }, within: layer });
  }

  #port(layer: Layer | undefined, direction: Direction, id: string, isRange: boolean): Result<Filter, string> {
    if (layer !== undefined && layer !== "tcp" && layer !== "udp") return fail(`illegal qualifier of '${isRange ? "portrange" : "port"}'`);
    const [low = "", high] = isRange ? id.split("-") : [id];
    const from = this.#portNumber(low);
    const to = high === undefined ? from : this.#portNumber(high);
    if (from === undefined || to === undefined) return fail(isRange ? `unknown port in range '${id}'` : `unknown port '${id}'`);
    if (from > 65_535 || to > 65_535) return fail(`illegal port number ${Math.max(from, to)} > 65535`);
    return ok({ kind: "port", direction, from: Math.min(from, to), to: Math.max(from, to), within: layer });
  }

  #portNumber(text: string): number | undefined {
    return /^\d+$/.test(text) ? Number(text) : this.#resolve.port(text);
  }

  #protocol(layer: Layer | undefined, id: string): Result<Filter, string> {
    const name = id.replace(/^\\/, "");
    if (layer === "ether") {
      const types: Readonly<Record<string, number>> = { ip: ETHERTYPES.ipv4, ip6: ETHERTYPES.ipv6, arp: ETHERTYPES.arp };
      const type = /^(0x[0-9a-f]+|\d+)$/i.test(name) ? Number(name) : types[name];
      return type === undefined ? fail(`unknown ether proto '${name}'`) : ok({ kind: "ether-type", type });
    }
    const protocols: Readonly<Record<string, number>> = { ...PROTOCOLS, esp: 50, ah: 51, gre: 47, igmp: 2 };
    const protocol = /^\d+$/.test(name) ? Number(name) : protocols[name];
    if (protocol === undefined) return fail(`unknown protocol '${name}'`);
    return ok({ kind: "ip-protocol", protocol, family: layer === "ip" ? 4 : layer === "ip6" ? 6 : undefined });
  }

  #direction(): Direction | undefined {
    const isSource = this.#take("src");
    if (!isSource && !this.#take("dst")) return undefined;
    const other = isSource ? "dst" : "src";
    const joiner = this.#next;
    if ((joiner === "or" || joiner === "and") && this.#tokens[this.#at + 1] === other) {
      this.#at += 2;
      return joiner === "or" ? "either" : "both";
    }
    return isSource ? "source" : "destination";
  }

  #isId(): boolean {
    const word = this.#next;
    return word !== undefined && /^[A-Za-z0-9.\\]/.test(word) && !["and", "or", "not", "mask"].includes(word);
  }

  #lengthLimit(): Result<Filter, string> {
    const operator = this.#next === "less" ? "<=" : ">=";
    this.#at++;
    const text = this.#next ?? "";
    if (!/^\d+$/.test(text)) return fail(SYNTAX_ERROR);
    this.#at++;
    return ok({ kind: "compare", operator, left: { kind: "length" }, right: { kind: "number", value: Number(text) } });
  }

  // --- arithmetic -----------------------------------------------------------------------------------------------------
  /** A comparison begins with `tcp[…]`, `len`, a number, or a parenthesis before one of these. */
  #isComparison(): boolean {
    let at = this.#at;
    while (this.#tokens[at] === "(") at++;
    const word = this.#tokens[at];
    if (word === undefined) return false;
    return (
      word === "len" ||
      (word in LAYERS && this.#tokens[at + 1] === "[") ||
      (/^(\d+|0x[0-9a-f]+)$/i.test(word) && at >= this.#at && isOperator(this.#tokens[at + 1]))
    );
  }

  #comparison(): Result<Filter, string> {
    const left = this.#sum(0);
    if (!left.ok) return left;
    const operator = this.#next;
    if (operator === undefined || !isComparison(operator)) return fail(SYNTAX_ERROR);
    this.#at++;
    const right = this.#sum(0);
    if (!right.ok) return right;
    return ok({ kind: "compare", operator: operator === "==" ? "=" : operator, left: left.value, right: right.value });
  }

  /** Binary operators in order of how strongly they bind. */
  #sum(level: number): Result<Arithmetic, string> {
    const operators = LEVELS[level];
    if (!operators) return this.#factor();
    let left = this.#sum(level + 1);
    for (;;) {
      if (!left.ok) return left;
      const operator = operators.find((one) => one === this.#next);
      if (!operator) return left;
      this.#at++;
      const right = this.#sum(level + 1);
      if (!right.ok) return right;
      left = ok({ kind: "binary", operator, left: left.value, right: right.value });
    }
  }

  #factor(): Result<Arithmetic, string> {
    const word = this.#next;
    if (word === undefined) return fail(SYNTAX_ERROR);
    this.#at++;
    if (word === "(") {
      const inner = this.#sum(0);
      if (!inner.ok) return inner;
      return this.#take(")") ? inner : fail(SYNTAX_ERROR);
    }
    if (word === "len") return ok({ kind: "length" });
    if (/^(\d+|0x[0-9a-f]+)$/i.test(word)) return ok({ kind: "number", value: Number(word) });
    const constant = CONSTANTS[word];
    if (constant !== undefined) return ok({ kind: "number", value: constant });
    const layer = LAYERS[word];
    if (!layer || !this.#take("[")) return fail(SYNTAX_ERROR);
    return this.#bytes(layer);
  }

  /** What stands in `[offset:size]`. The colon may have been read as part of a word. */
  #bytes(layer: Layer): Result<Arithmetic, string> {
    const joined = /^(.+):([124])$/.exec(this.#next ?? "");
    if (joined) {
      this.#at++;
      const offset = joined[1] ?? "";
      const value = CONSTANTS[offset] ?? (/^\d+$/.test(offset) ? Number(offset) : undefined);
      if (value === undefined || !this.#take("]")) return fail(SYNTAX_ERROR);
      return ok({ kind: "bytes", layer, at: { kind: "number", value }, size: Number(joined[2]) as 1 | 2 | 4 });
    }
    const at = this.#sum(0);
    if (!at.ok) return at;
    let size = 1;
    if (this.#take(":")) {
      size = Number(this.#next);
      this.#at++;
    }
    if (size !== 1 && size !== 2 && size !== 4) return fail("data size must be 1, 2, or 4");
    return this.#take("]") ? ok({ kind: "bytes", layer, at: at.value, size }) : fail(SYNTAX_ERROR);
  }
}

const LEVELS = [["|", "^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]] as const;

function isComparison(word: string): word is Comparison | "==" {
  return ["=", "==", "!=", "<", ">", "<=", ">="].includes(word);
}

function isOperator(word: string | undefined): boolean {
  return word !== undefined && (isComparison(word) || LEVELS.some((level) => (level as readonly string[]).includes(word)));
}

/** `10.0.0.0/8`, `10`, `172.17`, `192.168.1`. */
function readNet(text: string): Prefix | undefined {
  const full = parsePrefix(text);
  if (full) return full;
  const parts = text.split(".");
  if (parts.length > 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) {
    const host = parseIp(text);
    return host === undefined ? undefined : { address: host, length: 128 };
  }
  const address = parseIpv4([...parts, "0", "0", "0"].slice(0, 4).join("."));
  return address === undefined ? undefined : { address, length: parts.length * 8 };
}
