/**
 * The parsing of a command line into flags and arguments. Follows spf13/pflag's FlagSet.Parse.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { quote } from "../gotemplate/strconv";
import type { FlagContext, FlagSet, FlagSpec } from "./flag";

export type ParsedFlags = {
  readonly args: readonly string[];
  /** What is said about deprecated flags. */
  readonly warnings: readonly string[];
};

export function parseFlags(
  flags: FlagSet,
  words: readonly string[],
  options: { readonly stopsAtArguments: boolean },
  context: FlagContext,
): Result<ParsedFlags, string> {
  const args: string[] = [];
  const warnings: string[] = [];
  let rest = [...words];

  const set = (spec: FlagSpec, text: string): Result<void, string> => {
    const done = flags.set(spec, text, context);
    const label = spec.short && !spec.shortDeprecated ? `-${spec.short}, --${spec.name}` : `--${spec.name}`;
    if (!done.ok) return fail(`invalid argument ${quote(text)} for ${quote(label)} flag: ${done.error}`);
    if (spec.deprecated) warnings.push(`Flag --${spec.name} has been deprecated, ${spec.deprecated}\n`);
    return done;
  };

  while (rest.length > 0) {
    const word = rest.shift() ?? "";
    if (!word.startsWith("-") || word === "-") {
      args.push(word);
      if (options.stopsAtArguments) {
        args.push(...rest);
        rest = [];
      }
      continue;
    }
    if (word === "--") {
      args.push(...rest);
      rest = [];
      continue;
    }
    const done = word.startsWith("--") ? parseLong(flags, word, rest, set) : parseShorts(flags, word.slice(1), rest, set, warnings);
    if (!done.ok) return done;
  }
  return ok({ args, warnings });
}

type Setter = (spec: FlagSpec, text: string) => Result<void, string>;

function parseLong(flags: FlagSet, word: string, rest: string[], set: Setter): Result<void, string> {
  const body = word.slice(2);
  if (body.startsWith("-") || body.startsWith("=")) return fail(`bad flag syntax: ${word}`);
  const equals = body.indexOf("=");
  const name = equals < 0 ? body : body.slice(0, equals);
  const spec = flags.find(name);
  if (!spec) return fail(`unknown flag: --${name}`);
  if (equals >= 0) return set(spec, body.slice(equals + 1));
  if (spec.kind === "bool") return set(spec, "true");
  const value = rest.shift();
  return value === undefined ? fail(`flag needs an argument: ${word}`) : set(spec, value);
}

function parseShorts(flags: FlagSet, word: string, rest: string[], set: Setter, warnings: string[]): Result<void, string> {
  let letters = word;
  while (letters !== "") {
    const group = letters;
    const letter = group[0] ?? "";
    letters = group.slice(1);
    const spec = flags.findShort(letter);
    if (!spec) return fail(`unknown shorthand flag: ${quote(letter, "'")} in -${group}`);
    let value: string | undefined;
    if (group.length > 2 && group[1] === "=") {
      value = group.slice(2);
      letters = "";
    } else if (spec.kind === "bool") value = "true";
    else if (group.length > 1) {
      value = group.slice(1);
      letters = "";
    } else value = rest.shift();
    if (value === undefined) return fail(`flag needs an argument: ${quote(letter, "'")} in -${group}`);
    if (spec.shortDeprecated) warnings.push(`Flag shorthand -${letter} has been deprecated, ${spec.shortDeprecated}\n`);
    const done = set(spec, value);
    if (!done.ok) return done;
  }
  return ok(undefined);
}
