/**
 * Options as getopt_long(3) of glibc reads them, with its error messages; busybox uses the same function.
 *
 * A table is written as programs write theirs: `short` in getopt's notation (`n:` takes an argument, `w::` may have one attached),
 * `long` from a name to the key that it stands for, in the same notation (`lines` → `n:`).
 */

import { fail, ok, type Result } from "@/lib/base/result";

export type OptionTable = {
  readonly short: string;
  readonly long?: Readonly<Record<string, string>>;
  /** Options end at the first operand, as with a leading `+` (env, xargs, timeout: what follows is another command's). */
  readonly stopsAtOperand?: boolean;
};

export type ParsedOptions = {
  /** As given, in their order: the key, and the argument if there was one. `spelled` is how it was written. */
  readonly options: readonly { readonly key: string; readonly value?: string; readonly spelled: string }[];
  readonly operands: readonly string[];
};

type Kind = "none" | "required" | "optional";
type Known = { readonly key: string; readonly kind: Kind };

export function getopt(args: readonly string[], table: OptionTable): Result<ParsedOptions, string> {
  const short = parseShort(table.short);
  const long = new Map(Object.entries(table.long ?? {}).map(([name, notation]) => [name, parseNotation(notation)]));
  const options: { key: string; value?: string; spelled: string }[] = [];
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--") {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (table.stopsAtOperand) {
        operands.push(...args.slice(i));
        break;
      }
      operands.push(arg);
      continue;
    }
    if (arg.startsWith("--")) {
      const equals = arg.indexOf("=");
      const name = arg.slice(2, equals < 0 ? undefined : equals);
      const found = findLong(long, name);
      if (!found.ok) return found;
      const { known, full } = found.value;
      if (equals >= 0 && known.kind === "none") return fail(`option '--${full}' doesn't allow an argument`);
      if (equals >= 0) options.push({ key: known.key, value: arg.slice(equals + 1), spelled: `--${full}` });
      else if (known.kind === "required") {
        const value = args[++i];
        if (value === undefined) return fail(`option '--${full}' requires an argument`);
        options.push({ key: known.key, value, spelled: `--${full}` });
      } else options.push({ key: known.key, spelled: `--${full}` });
      continue;
    }
    for (let k = 1; k < arg.length; k++) {
      const letter = arg[k] ?? "";
      const known = short.get(letter);
      if (!known) return fail(`invalid option -- '${letter}'`);
      const rest = arg.slice(k + 1);
      if (known.kind === "none") options.push({ key: letter, spelled: `-${letter}` });
      else if (rest !== "") options.push({ key: letter, value: rest, spelled: `-${letter}` });
      else if (known.kind === "optional") options.push({ key: letter, spelled: `-${letter}` });
      else {
        const value = args[++i];
        if (value === undefined) return fail(`option requires an argument -- '${letter}'`);
        options.push({ key: letter, value, spelled: `-${letter}` });
      }
      if (known.kind !== "none") break;
    }
  }
  return ok({ options, operands });
}

function parseShort(notation: string): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const match of notation.matchAll(/([^:])(:{0,2})/g)) {
    const letter = match[1] ?? "";
    known.set(letter, { key: letter, kind: kindOf(match[2] ?? "") });
  }
  return known;
}

function parseNotation(notation: string): Known {
  const match = /^(.+?)(:{0,2})$/.exec(notation);
  return { key: match?.[1] ?? notation, kind: kindOf(match?.[2] ?? "") };
}

function kindOf(colons: string): Kind {
  return colons === "" ? "none" : colons === ":" ? "required" : "optional";
}

/** A long option may be cut short as long as it is clear which is meant. */
function findLong(long: ReadonlyMap<string, Known>, name: string): Result<{ readonly known: Known; readonly full: string }, string> {
  const exact = long.get(name);
  if (exact) return ok({ known: exact, full: name });
  const candidates = [...long].filter(([full]) => full.startsWith(name));
  const [first] = candidates;
  if (!first) return fail(`unrecognized option '--${name}'`);
  const isClear = candidates.every(([, known]) => known.key === first[1].key);
  if (!isClear) return fail(`option '--${name}' is ambiguous; possibilities:${candidates.map(([full]) => ` '--${full}'`).join("")}`);
  return ok({ known: first[1], full: first[0] });
}
