/** The command line of `conntrack`: one command, then conditions on the entries (src/conntrack.c). */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Ip, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { protocolOf, TCP_STATES } from "./protocol";

export type Command = "list" | "create" | "update" | "delete" | "get" | "flush" | "event" | "add" | "version" | "help" | "count" | "stats";
export type Direction = "original" | "reply";
export type End = "source" | "destination";

export type Condition =
  | { readonly on: "address"; readonly direction: Direction; readonly end: End; readonly prefix: Prefix }
  | { readonly on: "port"; readonly direction: Direction; readonly end: End; readonly port: number }
  | { readonly on: "protocol"; readonly number: number }
  | { readonly on: "family"; readonly family: 4 | 6 }
  | { readonly on: "tcp-state"; readonly state: string }
  | { readonly on: "icmp"; readonly field: "type" | "code" | "id"; readonly value: number }
  | { readonly on: "mark"; readonly value: number; readonly mask: number }
  | { readonly on: "status"; readonly assured: boolean; readonly replied: boolean }
  | { readonly on: "zone"; readonly zone: number }
  | { readonly on: "nat"; readonly kind: "source" | "destination" | "any"; readonly address: Ip | undefined };

export type Request = {
  readonly command: Command | undefined;
  readonly table: string;
  readonly conditions: readonly Condition[];
  readonly isExtended: boolean;
};

/** A usage error (`PARAMETER_PROBLEM`), or what is real and not here. */
export type Refusal = { readonly kind: "usage"; readonly message: string } | { readonly kind: "not-simulated"; readonly message: string };

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["L", "list"],
  ["I", "create"],
  ["U", "update"],
  ["D", "delete"],
  ["G", "get"],
  ["E", "event"],
  ["F", "flush"],
  ["A", "add"],
  ["V", "version"],
  ["h", "help"],
  ["C", "count"],
  ["S", "stats"],
]);

const LONG: ReadonlyMap<string, string> = new Map([
  ["dump", "L"],
  ["create", "I"],
  ["delete", "D"],
  ["update", "U"],
  ["get", "G"],
  ["flush", "F"],
  ["event", "E"],
  ["counter", "C"],
  ["stats", "S"],
  ["version", "V"],
  ["help", "h"],
  ["src", "s"],
  ["orig-src", "s"],
  ["dst", "d"],
  ["orig-dst", "d"],
  ["reply-src", "r"],
  ["reply-dst", "q"],
  ["protonum", "p"],
  ["family", "f"],
  ["timeout", "t"],
  ["status", "u"],
  ["zero", "z"],
  ["event-mask", "e"],
  ["mark", "m"],
  ["secmark", "c"],
  ["src-nat", "n"],
  ["dst-nat", "g"],
  ["any-nat", "j"],
  ["output", "o"],
  ["buffer-size", "b"],
  ["zone", "w"],
  ["label", "l"],
]);

/** How the long form is called in complaints. */
const NAME_OF: ReadonlyMap<string, string> = new Map([
  ["s", "orig-src"],
  ["d", "orig-dst"],
  ["r", "reply-src"],
  ["q", "reply-dst"],
  ["p", "protonum"],
  ["f", "family"],
  ["t", "timeout"],
  ["u", "status"],
  ["z", "zero"],
  ["m", "mark"],
  ["n", "src-nat"],
  ["g", "dst-nat"],
  ["j", "any-nat"],
  ["o", "output"],
  ["w", "zone"],
]);

const TAKES_VALUE = "sdrqptuemcofbwl";
const TABLES: readonly string[] = ["conntrack", "expect", "dying", "unconfirmed"];

/** Options that a protocol adds once `-p` named it. */
const PORTS: ReadonlyMap<string, readonly [Direction, End]> = new Map([
  ["sport", ["original", "source"]],
  ["orig-port-src", ["original", "source"]],
  ["dport", ["original", "destination"]],
  ["orig-port-dst", ["original", "destination"]],
  ["reply-port-src", ["reply", "source"]],
  ["reply-port-dst", ["reply", "destination"]],
]);

export function readCommandLine(args: readonly string[]): Result<Request, Refusal> {
  let command: Command | undefined;
  let table = "conntrack";
  let protocol: number | undefined;
  let isExtended = false;
  const conditions: Condition[] = [];
  const given: string[] = [];
  const rest = [...args];
  const takeOptional = (): string | undefined => (rest[0] !== undefined && !rest[0].startsWith("-") ? rest.shift() : undefined);

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-") || word === "-") continue;
    const { name, attached } = split(word);
    const value = (): string | undefined => attached ?? rest.shift();
    const letter = word.startsWith("--") ? LONG.get(name) : name;
    const named = letter === undefined ? undefined : COMMANDS.get(letter);
    if (named) {
      if (command) return usage("Invalid commands combination");
      command = named;
      const wanted = attached ?? takeOptional();
      if (wanted !== undefined && !TABLES.includes(wanted)) return usage(`unknown type \`${wanted}'`);
      table = wanted ?? table;
      continue;
    }
    if (letter === "n" || letter === "g" || letter === "j") {
      const text = attached ?? takeOptional();
      const address = text === undefined ? undefined : parseIp(text);
      if (text !== undefined && !address) return usage(`Invalid IP address \`${text}'`);
      conditions.push({ on: "nat", kind: letter === "n" ? "source" : letter === "g" ? "destination" : "any", address });
      given.push(letter);
      continue;
    }
    if (letter === "z") {
      given.push(letter);
      continue;
    }
    if (letter !== undefined && letter.length === 1 && TAKES_VALUE.includes(letter)) {
      const text = value();
      if (text === undefined) return usage(`option \`${word}' requires an argument`);
      given.push(letter);
      if (letter === "o") {
        const output = readOutput(text);
        if (!output.ok) return output;
        isExtended = true;
        continue;
      }
      const condition = readCondition(letter, text);
      if (!condition.ok) return condition;
      conditions.push(condition.value);
      if (condition.value.on === "protocol") protocol = condition.value.number;
      continue;
    }
    const condition = word.startsWith("--") ? readProtocolOption(name, protocol, value) : undefined;
    if (!condition) return usage(`unknown option \`${word}'`);
    if (!condition.ok) return condition;
    conditions.push(condition.value);
  }
  const [first] = given;
  const takesConditions =
    command === "list" || command === "delete" || command === "event" || command === "get" || command === "create" || command === "update";
  if (first !== undefined && !takesConditions) return usage(`Illegal option \`--${NAME_OF.get(first) ?? first}' with this command`);
  return ok({ command, table, conditions, isExtended });
}

function split(word: string): { readonly name: string; readonly attached: string | undefined } {
  if (!word.startsWith("--")) return { name: word.slice(1, 2), attached: word.length > 2 ? word.slice(2) : undefined };
  const at = word.indexOf("=");
  return at < 0 ? { name: word.slice(2), attached: undefined } : { name: word.slice(2, at), attached: word.slice(at + 1) };
}

function usage(message: string): Result<never, Refusal> {
  return fail({ kind: "usage", message });
}

function notHere(what: string): Result<never, Refusal> {
  return fail({ kind: "not-simulated", message: notSimulated(what) });
}

const ADDRESS_ENDS: ReadonlyMap<string, readonly [Direction, End]> = new Map([
  ["s", ["original", "source"]],
  ["d", ["original", "destination"]],
  ["r", ["reply", "source"]],
  ["q", ["reply", "destination"]],
]);

function readCondition(letter: string, text: string): Result<Condition, Refusal> {
  const end = ADDRESS_ENDS.get(letter);
  if (end) {
    const address = parseIp(text);
    const prefix = address ? { address, length: address.includes(":") ? 128 : 32 } : parsePrefix(text);
    return prefix ? ok({ on: "address", direction: end[0], end: end[1], prefix }) : usage(`Invalid IP address \`${text}'`);
  }
  switch (letter) {
    case "p": {
      const number = protocolOf(text);
      return number === undefined ? usage(`\`${text}' unsupported protocol`) : ok({ on: "protocol", number });
    }
    case "f":
      return text === "ipv4" || text === "ipv6"
        ? ok({ on: "family", family: text === "ipv4" ? 4 : 6 })
        : usage(`\`${text}' unsupported protocol`);
    case "m": {
      const [value, mask] = text.split("/").map(Number);
      return ok({ on: "mark", value: value ?? 0, mask: mask ?? 0xffff_ffff });
    }
    case "u":
      return readStatus(text);
    case "w":
      return ok({ on: "zone", zone: Number(text) });
    default:
      return notHere(`conntrack's option --${NAME_OF.get(letter) ?? letter}`);
  }
}

function readStatus(text: string): Result<Condition, Refusal> {
  const words = text.split(",");
  for (const word of words) {
    if (["UNSET", "FIXED_TIMEOUT", "EXPECTED", "OFFLOAD", "HW_OFFLOAD"].includes(word)) return notHere(`the status ${word}`);
    if (word !== "ASSURED" && word !== "SEEN_REPLY") return usage(`Bad parameter \`${word}'`);
  }
  return ok({ on: "status", assured: words.includes("ASSURED"), replied: words.includes("SEEN_REPLY") });
}

function readOutput(text: string): Result<void, Refusal> {
  for (const word of text.split(",")) {
    if (["xml", "timestamp", "id", "ktimestamp", "labels", "userspace", "save"].includes(word)) return notHere(`the output ${word}`);
    if (word !== "extended") return usage(`Bad parameter \`${word}'`);
  }
  return ok(undefined);
}

function readProtocolOption(
  name: string,
  protocol: number | undefined,
  value: () => string | undefined,
): Result<Condition, Refusal> | undefined {
  const end = PORTS.get(name);
  const hasPorts = protocol === 6 || protocol === 17;
  if (end && hasPorts) {
    const text = value();
    // What is no number counts as zero, and zero as any.
    return text === undefined
      ? usage(`option \`--${name}' requires an argument`)
      : ok({ on: "port", direction: end[0], end: end[1], port: Number.parseInt(text, 10) || 0 });
  }
  if (name === "state" && protocol === 6) {
    const state = value() ?? "";
    return TCP_STATES.includes(state) ? ok({ on: "tcp-state", state }) : usage(`unknown TCP state \`${state}'`);
  }
  const field = /^icmp-(type|code|id)$/.exec(name)?.[1];
  if ((field === "type" || field === "code" || field === "id") && protocol === 1)
    return ok({ on: "icmp", field, value: Number(value() ?? 0) });
  return undefined;
}
