/** The filter language of `ss`: `state established ( dport = :80 or src 10.0.0.0/8 )` (misc/ssfilter.y). */

import { fail, ok, type Result } from "@/lib/base/result";
import { contains, familyOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { servicePort, type SocketAddress, type SocketView, type TcpState } from "@/lib/sim/kernel";

/** A socket's state by ss's own bits: what UDP sockets show maps onto them. */
export type SocketState = TcpState;

const STATES: ReadonlyMap<string, readonly SocketState[]> = new Map<string, readonly SocketState[]>([
  ["established", ["ESTAB"]],
  ["syn-sent", ["SYN-SENT"]],
  ["syn-recv", ["SYN-RECV"]],
  ["fin-wait-1", ["FIN-WAIT-1"]],
  ["fin-wait-2", ["FIN-WAIT-2"]],
  ["time-wait", ["TIME-WAIT"]],
  ["unconnected", ["CLOSED"]],
  ["closed", ["CLOSED"]],
  ["close-wait", ["CLOSE-WAIT"]],
  ["last-ack", ["LAST-ACK"]],
  ["listening", ["LISTEN"]],
  ["closing", ["CLOSING"]],
]);

const EVERY: readonly SocketState[] = [...STATES.values()].flat().filter((state, index, all) => all.indexOf(state) === index);
const without = (...states: readonly SocketState[]): readonly SocketState[] => EVERY.filter((state) => !states.includes(state));

const STATE_SETS: ReadonlyMap<string, readonly SocketState[]> = new Map<string, readonly SocketState[]>([
  ...STATES,
  ["all", EVERY],
  ["connected", without("LISTEN", "CLOSED")],
  ["synchronized", without("LISTEN", "CLOSED", "SYN-SENT")],
  ["bucket", ["SYN-RECV", "TIME-WAIT"]],
  ["big", without("SYN-RECV", "TIME-WAIT")],
]);

export const ALL_STATES = EVERY;
export const CONNECTED: readonly SocketState[] = without("LISTEN", "CLOSED", "TIME-WAIT", "SYN-RECV");
export const LISTENING: readonly SocketState[] = ["LISTEN", "CLOSED"];

export type SocketTest = (socket: SocketView) => boolean;
export type FilterError = { readonly message: string; readonly status: number };
export type Filter = { readonly states: readonly SocketState[] | undefined; readonly test: SocketTest };

/** Reads `[state S]… [exclude S]… [EXPRESSION]`. */
export function parseFilter(words: readonly string[]): Result<Filter, FilterError> {
  const rest = [...words];
  let states: readonly SocketState[] | undefined;
  while (rest[0] === "state" || rest[0] === "exclude") {
    const verb = rest.shift();
    const name = rest.shift();
    const named = name === undefined ? undefined : STATE_SETS.get(name);
    if (!named) return fail({ message: `ss: wrong state name: ${name ?? ""}\n`, status: 255 });
    if (verb === "state") states = [...(states ?? []), ...named];
    else states = (states ?? EVERY).filter((state) => !named.includes(state));
  }
  const tokens = tokenize(rest.join(" "));
  const parser = new ExpressionParser(tokens);
  if (tokens.length === 0) return ok({ states, test: () => true });
  const test = parser.parse();
  return test.ok ? ok({ states, test: test.value }) : test;
}

function tokenize(text: string): string[] {
  return text.match(/\(|\)|&&|\|\||!=|!(?!=)|==|=|<=|>=|<|>|[^\s()!=<>&|]+/g) ?? [];
}

class ExpressionParser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  parse(): Result<SocketTest, FilterError> {
    const test = this.#either();
    if (test.ok && this.#next < this.#tokens.length) return syntaxError();
    return test;
  }

  get #token(): string | undefined {
    return this.#tokens[this.#next];
  }

  #either(): Result<SocketTest, FilterError> {
    let left = this.#both();
    while (left.ok && (this.#token === "or" || this.#token === "||" || this.#token === "|")) {
      this.#next++;
      const right = this.#both();
      if (!right.ok) return right;
      const [a, b] = [left.value, right.value];
      left = ok((socket) => a(socket) || b(socket));
    }
    return left;
  }

  /** Two tests that follow each other must both hold. */
  #both(): Result<SocketTest, FilterError> {
    let left = this.#one();
    while (left.ok && this.#token !== undefined && ![")", "or", "||", "|"].includes(this.#token)) {
      if (this.#token === "and" || this.#token === "&&" || this.#token === "&") this.#next++;
      const right = this.#one();
      if (!right.ok) return right;
      const [a, b] = [left.value, right.value];
      left = ok((socket) => a(socket) && b(socket));
    }
    return left;
  }

  #one(): Result<SocketTest, FilterError> {
    const token = this.#token;
    this.#next++;
    switch (token) {
      case undefined:
        return syntaxError();
      case "!":
      case "not": {
        const test = this.#one();
        if (!test.ok) return test;
        const inner = test.value;
        return ok((socket) => !inner(socket));
      }
      case "(": {
        const test = this.#either();
        if (!test.ok) return test;
        if (this.#token !== ")") return syntaxError();
        this.#next++;
        return test;
      }
      case "sport":
      case "dport":
        return this.#port(token);
      case "src":
      case "dst":
        return this.#host(token);
      case "autobound":
      case "dev":
      case "fwmark":
      case "cgroup":
        return fail({ message: `drydock: ss's filter ${token} is real, but not simulated here\n`, status: 1 });
      default:
        return notAnAddress(token);
    }
  }

  #operator(): string {
    const operators: Readonly<Record<string, string>> = {
      "=": "=",
      "==": "=",
      eq: "=",
      "!=": "!=",
      ne: "!=",
      neq: "!=",
      ">": ">",
      gt: ">",
      "<": "<",
      lt: "<",
      ">=": ">=",
      ge: ">=",
      geq: ">=",
      "<=": "<=",
      le: "<=",
      leq: "<=",
    };
    const operator = this.#token === undefined ? undefined : operators[this.#token];
    if (operator === undefined) return "=";
    this.#next++;
    return operator;
  }

  #port(side: "sport" | "dport"): Result<SocketTest, FilterError> {
    const operator = this.#operator();
    const word = this.#token?.replace(/^.*:/, "");
    this.#next++;
    if (word === undefined) return syntaxError();
    const wanted = /^\d+$/.test(word) ? Number(word) : servicePort(word);
    if (wanted === undefined) return fail({ message: `Error: "${word}" does not look like a port.\n`, status: 1 });
    return ok((socket) => {
      const port = endOf(socket, side === "sport" ? "src" : "dst")?.port ?? 0;
      switch (operator) {
        case "!=":
          return port !== wanted;
        case ">":
          return port > wanted;
        case "<":
          return port < wanted;
        case ">=":
          return port >= wanted;
        case "<=":
          return port <= wanted;
        default:
          return port === wanted;
      }
    });
  }

  #host(side: "src" | "dst"): Result<SocketTest, FilterError> {
    const operator = this.#operator();
    const word = this.#token;
    this.#next++;
    if (word === undefined) return syntaxError();
    const split = /^(?:\[(.*)\]|([^:]*)|(.*:.*:.*?))(?::([^:\]]*))?$/.exec(word);
    const hostText = split?.[1] ?? split?.[2] ?? split?.[3] ?? "";
    const portText = split?.[4];
    const port =
      portText === undefined || portText === "*" || portText === ""
        ? undefined
        : /^\d+$/.test(portText)
          ? Number(portText)
          : servicePort(portText);
    const prefix = hostText === "" || hostText === "*" ? undefined : prefixOf(hostText);
    if (hostText !== "" && hostText !== "*" && !prefix) return notAnAddress(word);
    return ok((socket) => {
      const end = endOf(socket, side);
      const isMatch = end !== undefined && (!prefix || contains(prefix, end.address)) && (port === undefined || end.port === port);
      return operator === "!=" ? !isMatch : isMatch;
    });
  }
}

function prefixOf(text: string): Prefix | undefined {
  const address = parseIp(text);
  return parsePrefix(text) ?? (address && { address, length: familyOf(address) === 4 ? 32 : 128 });
}

function endOf(socket: SocketView, side: "src" | "dst"): SocketAddress | undefined {
  return side === "src" ? socket.local : socket.remote;
}

function syntaxError(): Result<never, FilterError> {
  return fail({ message: 'ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n', status: 255 });
}

function notAnAddress(word: string): Result<never, FilterError> {
  return fail({ message: `Error: an inet prefix is expected rather than "${word}".\nCannot parse dst/src address.\n`, status: 1 });
}
