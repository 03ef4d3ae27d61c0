/**
 * `grep`, `egrep`, `fgrep`: lines that match. GNU grep 3.12 and busybox's.
 *
 * Differs: `-P` and coloured output are not simulated; no file counts as binary.
 */

import { utf8Length } from "@/lib/base/utf8";
import { ok, type Result } from "@/lib/base/result";
import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { command, type CommandSpec, type Context, type Flavour } from "../command/command";
import { Input } from "../command/input";
import { escapeRegex, PosixRegex, type RegexMatch } from "../regex/posix-regex";

const LONG: Readonly<Record<string, string>> = {
  "extended-regexp": "E",
  "fixed-strings": "F",
  "basic-regexp": "G",
  "perl-regexp": "P",
  regexp: "e:",
  file: "f:",
  "ignore-case": "i",
  "no-ignore-case": "no-i",
  "invert-match": "v",
  "word-regexp": "w",
  "line-regexp": "x",
  count: "c",
  "files-without-match": "L",
  "files-with-matches": "l",
  "max-count": "m:",
  "only-matching": "o",
  quiet: "q",
  silent: "q",
  "no-messages": "s",
  "byte-offset": "b",
  "with-filename": "H",
  "no-filename": "h",
  "line-number": "n",
  "initial-tab": "T",
  null: "Z",
  "after-context": "A:",
  "before-context": "B:",
  context: "C:",
  text: "a",
  include: "include:",
  exclude: "exclude:",
  "exclude-dir": "exclude-dir:",
  recursive: "r",
  "dereference-recursive": "R",
  "line-buffered": "buffered",
  "null-data": "z",
  color: "color::",
  colour: "color::",
  label: "label:",
  directories: "d:",
};

function spec(name: string): CommandSpec {
  return {
    name,
    usage: {
      gnu: "[OPTION]... PATTERNS [FILE]...",
      busybox: "[-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...",
    },
    options: {
      gnu: { short: "EFGPe:f:iyvwxcLlm:oqsbHhnTZA:B:C:aIrRd:D:zuU", long: LONG },
      busybox: { short: "lnqvscFiHhe:f:LorRm:wxA:B:C:Ezay", long: { color: "color::" } },
    },
    unsimulatedLong: ["binary-files:", "group-separator:", "no-group-separator", "devices:"],
    usageStatus: 2,
    busyboxUsageStatus: 2,
    usageFirst: true,
    package: "GNU grep",
    rewrite: (args) => args.flatMap((arg) => (/^-\d+$/.test(arg) ? ["-C", arg.slice(1)] : [arg])),
  };
}

type Matcher = {
  test(line: string): boolean;
  /** The matches of `-o`, one after the other. */
  all(line: string): readonly { readonly start: number; readonly end: number }[];
};

/** `egrep` and `fgrep` are grep under another name (Debian's do not warn that they are old). */
export function grep(flavour: Flavour, name: "grep" | "egrep" | "fgrep" = "grep"): Program {
  return command(spec(name), flavour, (context) => run(context, name));
}

function* run(context: Context, name: "grep" | "egrep" | "fgrep"): Routine<number> {
  const { args, flavour, sys } = context;
  if (args.has("P")) return yield* context.notSimulated("-P");
  if (args.value("color") === "always") return yield* context.notSimulated("--color=always");
  const patterns: string[] = [];
  for (const option of args.all) {
    if (option.key === "e") patterns.push(...(option.value ?? "").split("\n"));
    if (option.key !== "f") continue;
    const text = option.value === "-" ? ok(yield* new Input(sys, 0).rest()) : sys.readFile(option.value ?? "");
    if (!text.ok) {
      yield* context.complain(
        flavour === "gnu" ? `${option.value}: ${context.words(text.error)}` : `can't open '${option.value}': ${context.words(text.error)}`,
      );
      return 2;
    }
    patterns.push(...(text.value === "" ? [] : text.value.replace(/\n$/, "").split("\n")));
  }
  let operands = args.operands;
  if (!args.has("e") && !args.has("f")) {
    const [first, ...others] = operands;
    if (first === undefined) {
      return yield* context.usageError();
    }
    patterns.push(...first.split("\n"));
    operands = others;
  }
  for (const key of ["A", "B", "C", "m"]) {
    const value = args.value(key);
    if (value === undefined || /^-?\d+$/.test(value)) continue;
    yield* context.complain(
      flavour === "busybox" ? `invalid number '${value}'` : key === "m" ? "invalid max count" : `${value}: invalid context length argument`,
    );
    return 2;
  }
  const kind = args.last("E", "F", "G") ?? (name === "egrep" ? "E" : name === "fgrep" ? "F" : "G");
  const matcher = compile(patterns, { kind, ignoreCase: args.has("i") || args.has("y"), word: args.has("w"), line: args.has("x") });
  if (!matcher.ok) {
    yield* context.complain(
      flavour === "gnu" ? matcher.error.replace(/^Unmatched \[.*/, "Invalid regular expression") : `bad regex '${patterns.join("\n")}'`,
    );
    return 2;
  }
  const recursive = args.has("r") || args.has("R");
  const paths = operands.length > 0 ? operands : recursive ? ["."] : ["-"];
  return yield* new Search(context, matcher.value, recursive).files(paths, operands.length === 0);
}

function compile(
  patterns: readonly string[],
  options: { readonly kind: string; readonly ignoreCase: boolean; readonly word: boolean; readonly line: boolean },
): Result<Matcher, string> {
  const regexes: PosixRegex[] = [];
  for (const pattern of patterns) {
    const extended = options.kind === "E";
    const source = options.kind === "F" ? escapeRegex(pattern) : pattern;
    const anchored = options.line ? (extended ? `^(${source})$` : `^\\(${source}\\)$`) : source;
    // Compiled as it is first, so that a message is about what was written.
    const plain = PosixRegex.compile(source, { extended, ignoreCase: options.ignoreCase });
    if (!plain.ok) return plain;
    const regex = options.line ? PosixRegex.compile(anchored, { extended, ignoreCase: options.ignoreCase }) : plain;
    if (!regex.ok) return regex;
    regexes.push(regex.value);
  }
  const isWordAt = (line: string, match: RegexMatch): boolean => !isWord(line[match.start - 1]) && !isWord(line[match.end]);
  const first = (line: string, from: number): RegexMatch | undefined => {
    let best: RegexMatch | undefined;
    for (const regex of regexes) {
      let match = regex.exec(line, from);
      // With -w a match that is no word is tried again further on (and shorter, which is left out here).
      while (match && options.word && (match.end === match.start || !isWordAt(line, match)))
        match = match.start < line.length ? regex.exec(line, match.start + 1) : undefined;
      if (match && (!best || match.start < best.start || (match.start === best.start && match.end > best.end))) best = match;
    }
    return best;
  };
  return ok({
    test: (line) => (options.word ? first(line, 0) !== undefined : regexes.some((regex) => regex.test(line))),
    all: (line) => {
      const matches: RegexMatch[] = [];
      for (let from = 0; from <= line.length; ) {
        const match = first(line, from);
        if (!match) break;
        if (match.end > match.start) matches.push(match);
        from = match.end > match.start ? match.end : match.end + 1;
      }
      return matches;
    },
  });
}

function isWord(c: string | undefined): boolean {
  return c !== undefined && /[\p{L}\p{N}_]/u.test(c);
}

class Search {
  readonly #context: Context;
  readonly #matcher: Matcher;
  readonly #recursive: boolean;
  readonly #before: number;
  readonly #after: number;
  readonly #max: number;
  readonly #separator: string;
  #withName = false;
  #status = 1;
  #failed = false;
  #printedGroup = false;

  constructor(context: Context, matcher: Matcher, recursive: boolean) {
    const { args } = context;
    this.#context = context;
    this.#matcher = matcher;
    this.#recursive = recursive;
    const around = Number(args.value("C") ?? 0);
    this.#before = Number(args.value("B") ?? around);
    this.#after = Number(args.value("A") ?? around);
    const max = args.value("m");
    this.#max = max === undefined || Number(max) < 0 ? Number.POSITIVE_INFINITY : Number(max);
    this.#separator = args.has("z") ? "\0" : "\n";
  }

  *files(paths: readonly string[], isDefault: boolean): Routine<number> {
    const { args } = this.#context;
    const many = paths.length > 1 || (this.#recursive && !(paths.length === 1 && this.#isPlainFile(paths[0] ?? "")));
    this.#withName = args.last("H", "h") === "H" || (many && args.last("H", "h") !== "h");
    for (const path of paths) {
      if (this.#recursive && path !== "-") yield* this.#tree(path, isDefault, true);
      else yield* this.#file(path);
      if (args.has("q") && this.#status === 0) return 0;
    }
    // An error outweighs a match, except with -q.
    return this.#failed && !(args.has("q") && this.#status === 0) ? 2 : this.#status;
  }

  #isPlainFile(path: string): boolean {
    const stat = this.#context.sys.stat(path);
    return path === "-" || (stat.ok && stat.value.kind !== "directory");
  }

  *#tree(path: string, isDefault: boolean, isOperand: boolean): Routine<void> {
    const { sys, args } = this.#context;
    const stat = args.has("R") || isOperand ? sys.stat(path) : sys.lstat(path);
    if (stat.ok && stat.value.kind === "symlink") return;
    if (!stat.ok || stat.value.kind !== "directory") {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (!isOperand && (!this.#isIncluded(name) || (stat.ok && stat.value.kind !== "file"))) return;
      return yield* this.#file(path);
    }
    if (!isOperand && args.values("exclude-dir").some((glob) => matchesGlob(glob, path.slice(path.lastIndexOf("/") + 1)))) return;
    const names = sys.readdir(path);
    if (!names.ok) return yield* this.#refuse(path, names.error);
    for (const name of names.value)
      yield* this.#tree(isDefault && path === "." ? name : `${path.replace(/\/+$/, "")}/${name}`, isDefault, false);
  }

  #isIncluded(name: string): boolean {
    const { args } = this.#context;
    if (args.values("exclude").some((glob) => matchesGlob(glob, name))) return false;
    const include = args.values("include");
    return include.length === 0 || include.some((glob) => matchesGlob(glob, name));
  }

  *#refuse(path: string, errno: Parameters<Context["words"]>[0]): Routine<void> {
    this.#failed = true;
    const { args } = this.#context;
    if (args.has("s")) return;
    yield* this.#context.complain(`${path}: ${this.#context.words(errno)}`);
  }

  *#file(path: string): Routine<void> {
    const { sys, out, args, flavour } = this.#context;
    const fd = path === "-" ? { ok: true as const, value: 0 } : sys.open(path, { read: true });
    if (!fd.ok) return yield* this.#refuse(path, fd.error);
    const input = new Input(sys, fd.value, out, this.#separator);
    const label = path === "-" ? (args.value("label") ?? "(standard input)") : path;
    const count = yield* this.#lines(input, label);
    const { error } = input;
    input.close();
    if (error === "EISDIR" && flavour === "busybox") return;
    if (error === "EISDIR") {
      // grep says so and goes on; it is no error for the exit status unless nothing else matched.
      this.#failed = true;
      if (!args.has("s")) yield* this.#context.complain(`${label}: Is a directory`);
      return;
    }
    if (error) return yield* this.#refuse(path, error);
    const end = args.has("Z") ? "\0" : "\n";
    if (args.has("q")) return;
    if (args.has("c") && !args.has("l") && !args.has("L"))
      yield* out.put(`${this.#withName ? `${label}${args.has("Z") ? "\0" : ":"}` : ""}${count}\n`);
    if (args.has("l") && count > 0) yield* out.put(label + end);
    if (args.has("L")) {
      if (count === 0) yield* out.put(label + end);
      if (count === 0) this.#status = 0;
      return;
    }
  }

  /** How many lines were selected. */
  *#lines(input: Input, label: string): Routine<number> {
    const { args } = this.#context;
    const isSilent = args.has("q") || args.has("c") || args.has("l") || args.has("L");
    const kept: { readonly number: number; readonly text: string; readonly offset: number }[] = [];
    let count = 0;
    let number = 0;
    let offset = 0;
    let lastShown = 0;
    let after = 0;
    if (this.#max === 0) return 0;
    for (let line = yield* input.line(); line; line = yield* input.line()) {
      number++;
      const current = { number, text: line.text, offset };
      offset += utf8Length(line.text) + 1;
      const selected = count < this.#max && this.#matcher.test(line.text) !== args.has("v");
      if (selected) {
        count++;
        if (!args.has("L")) this.#status = 0;
        if (args.has("q") || args.has("l") || args.has("L")) return count;
        if (!isSilent) {
          const start = kept[0]?.number ?? number;
          if ((this.#before > 0 || this.#after > 0) && this.#printedGroup && (lastShown === 0 || start > lastShown + 1) && !args.has("o"))
            yield* this.#context.out.put("--\n");
          for (const one of kept) yield* this.#show(one, "-", label);
          kept.length = 0;
          yield* this.#show(current, ":", label);
          this.#printedGroup = true;
          lastShown = number;
          after = this.#after;
        }
        if (count >= this.#max && after === 0) return count;
        continue;
      }
      if (count >= this.#max && after === 0) return count;
      if (isSilent) continue;
      if (after > 0) {
        after--;
        yield* this.#show(current, "-", label);
        lastShown = number;
      } else if (this.#before > 0) {
        kept.push(current);
        if (kept.length > this.#before) kept.shift();
      }
    }
    return count;
  }

  *#show(line: { readonly number: number; readonly text: string; readonly offset: number }, mark: ":" | "-", label: string): Routine<void> {
    const { args, out } = this.#context;
    const head = (offset: number): string => {
      const name = this.#withName ? `${label}${args.has("Z") ? "\0" : mark}` : "";
      return `${name}${args.has("n") ? `${line.number}${mark}` : ""}${args.has("b") ? `${offset}${mark}` : ""}${args.has("T") ? "\t" : ""}`;
    };
    if (!args.has("o")) return yield* out.put(`${head(line.offset)}${line.text}${this.#separator}`);
    if (mark === "-" || args.has("v")) return;
    for (const { start, end } of this.#matcher.all(line.text))
      yield* out.put(`${head(line.offset + utf8Length(line.text.slice(0, start)))}${line.text.slice(start, end)}${this.#separator}`);
  }
}

/** `*`, `?` and brackets, as --include takes them. */
export function matchesGlob(glob: string, name: string): boolean {
  const source = glob
    .replace(/\[!/g, "[^")
    .replace(/[.+^$(){}|\\]/g, (c, at: number) => (c === "^" && glob[at - 1] === "[" ? c : `\\${c}`))
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(name);
}
