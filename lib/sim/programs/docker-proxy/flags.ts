/** The flags of docker-proxy, read and refused as Go's package flag does (flag.go), in its words. */

import { fail, ok, type Result } from "@/lib/base/result";
import { ANY_V4, type Ip, parseIp } from "@/lib/sim/net/address";

export const VERSION = "docker-proxy (commit 89c5e8fd66634b6128fc4c0e6f1236e2540e46e0) version 28.5.2";

export type ProxyOptions = {
  readonly proto: string;
  readonly hostIp: Ip;
  readonly hostPort: number;
  readonly containerIp: Ip;
  readonly containerPort: number;
  readonly useListenFd: boolean;
  readonly version: boolean;
};

/** An empty message: help was asked for. */
export type FlagRefusal = { readonly message: string; readonly status: number };

type Draft = { -readonly [K in keyof ProxyOptions]: ProxyOptions[K] };
/** What is wrong with the value, if anything. */
type Setter = (options: Draft, value: string) => string | undefined;
type Flag = { readonly isBoolean: boolean; readonly set: Setter };

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((word): [string, boolean] => [word, true]),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word): [string, boolean] => [word, false]),
]);

const FLAGS: ReadonlyMap<string, Flag> = new Map([
  ["proto", { isBoolean: false, set: (options, value) => void (options.proto = value) }],
  ["host-ip", address((options, value) => void (options.hostIp = value))],
  ["host-port", whole((options, value) => void (options.hostPort = value))],
  ["container-ip", address((options, value) => void (options.containerIp = value))],
  ["container-port", whole((options, value) => void (options.containerPort = value))],
  ["use-listen-fd", yesOrNo((options, value) => void (options.useListenFd = value))],
  ["v", yesOrNo((options, value) => void (options.version = value))],
  ["version", yesOrNo((options, value) => void (options.version = value))],
]);

/** One or two dashes; the value behind `=` or as the next word; the first other word ends the flags. */
export function parseFlags(words: readonly string[]): Result<ProxyOptions, FlagRefusal> {
  const options: Draft = {
    proto: "tcp",
    hostIp: ANY_V4,
    hostPort: -1,
    containerIp: ANY_V4,
    containerPort: -1,
    useListenFd: false,
    version: false,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-") || word === "-" || word === "--") break;
    const body = word.slice(word.startsWith("--") ? 2 : 1);
    if (body === "" || body.startsWith("-") || body.startsWith("=")) return refuse(`bad flag syntax: ${word}`);
    const equals = body.indexOf("=");
    const name = equals < 0 ? body : body.slice(0, equals);
    const flag = FLAGS.get(name);
    if (!flag)
      return name === "help" || name === "h" ? fail({ message: "", status: 0 }) : refuse(`flag provided but not defined: -${name}`);
    let value = equals < 0 ? undefined : body.slice(equals + 1);
    if (value === undefined) {
      value = flag.isBoolean ? "true" : words[++at];
      if (value === undefined) return refuse(`flag needs an argument: -${name}`);
    }
    const wrong = flag.set(options, value);
    if (wrong !== undefined)
      return refuse(
        flag.isBoolean ? `invalid boolean value "${value}" for -${name}: ${wrong}` : `invalid value "${value}" for flag -${name}: ${wrong}`,
      );
  }
  return ok(options);
}

export function usage(program: string): string {
  return `Usage of ${program}:
  -container-ip value
    \tcontainer ip (default 0.0.0.0)
  -container-port int
    \tcontainer port (default -1)
  -host-ip value
    \thost ip (default 0.0.0.0)
  -host-port int
    \thost port (default -1)
  -proto string
    \tproxy protocol (default "tcp")
  -use-listen-fd
    \tuse a supplied listen fd
  -v\tprint version information and quit
  -version
    \tprint version information and quit
`;
}

function refuse(message: string): Result<never, FlagRefusal> {
  return fail({ message, status: 2 });
}

function address(set: (options: Draft, value: Ip) => void): Flag {
  return {
    isBoolean: false,
    set: (options, text) => {
      const value = parseIp(text);
      if (value === undefined) return `invalid IP address: ${text}`;
      set(options, value);
      return undefined;
    },
  };
}

function whole(set: (options: Draft, value: number) => void): Flag {
  return {
    isBoolean: false,
    set: (options, text) => {
      if (!/^[+-]?\d+$/.test(text)) return "parse error";
      const value = Number(text);
      if (!Number.isSafeInteger(value)) return "value out of range";
      set(options, value);
      return undefined;
    },
  };
}

function yesOrNo(set: (options: Draft, value: boolean) => void): Flag {
  return {
    isBoolean: true,
    set: (options, text) => {
      const value = BOOLEANS.get(text);
      if (value === undefined) return "parse error";
      set(options, value);
      return undefined;
    },
  };
}
