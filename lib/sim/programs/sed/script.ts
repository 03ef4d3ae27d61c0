/**
 * sed scripts: from text to commands. POSIX sed with GNU's additions (`0,/re/`, `addr,+N`, `addr,~N`, `first~step`, one-line
 * `a text`, the flags `I`, `M`, `e` said to be not simulated). Messages are GNU sed 4.9's.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { PosixRegex } from "../regex/posix-regex";

export type Address =
  | { readonly kind: "line"; readonly line: number }
  | { readonly kind: "last" }
  | { readonly kind: "step"; readonly first: number; readonly step: number }
  /** `undefined`: the last regular expression used. */
  | { readonly kind: "regex"; readonly regex: PosixRegex | undefined };

export type RangeEnd = Address | { readonly kind: "plus"; readonly count: number } | { readonly kind: "multiple"; readonly of: number };

export type Selector =
  | { readonly kind: "all" }
  | { readonly kind: "one"; readonly address: Address }
  /** `id` tells ranges apart: each remembers whether it is open. `fromZero`: `0,/re/` may end on the first line. */
  | { readonly kind: "range"; readonly from: Address; readonly to: RangeEnd; readonly id: number; readonly fromZero: boolean };

/** The replacement of `s`: text, groups (0 is `&`), and changes of case. */
export type ReplacementPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "group"; readonly index: number }
  | { readonly kind: "case"; readonly to: "U" | "L" | "u" | "l" | "E" };

export type Action =
  | { readonly name: "{"; readonly end: number }
  | { readonly name: "}" }
  | { readonly name: "=" | "d" | "D" | "g" | "G" | "h" | "H" | "l" | "n" | "N" | "p" | "P" | "x" | "z" | "F" }
  | { readonly name: "a" | "i" | "c"; readonly text: string }
  | { readonly name: "q" | "Q"; readonly status: number }
  | { readonly name: "r" | "R" | "w" | "W"; readonly file: string }
  | { readonly name: ":"; readonly label: string }
  | { readonly name: "b" | "t" | "T"; readonly label: string }
  | { readonly name: "y"; readonly map: ReadonlyMap<string, string> }
  | {
      readonly name: "s";
      readonly regex: PosixRegex | undefined;
      readonly replacement: readonly ReplacementPart[];
      readonly global: boolean;
      readonly occurrence: number;
      readonly print: boolean;
      readonly file: string | undefined;
    };

export type Command = { readonly selector: Selector; readonly negated: boolean; readonly action: Action };

export type Script = { readonly commands: readonly Command[]; readonly labels: ReadonlyMap<string, number>; readonly silent: boolean };

/** `where`: `-e expression #1, char 5`, or of a file `file: line 2`. */
export type ScriptError = { readonly where: string; readonly message: string };

export type ScriptPiece = { readonly kind: "expression" | "file"; readonly name: string; readonly text: string };

class SedSyntaxError extends Error {
  readonly where: string;
  constructor(where: string, message: string) {
    super(message);
    this.where = where;
  }
}

export function parseScript(pieces: readonly ScriptPiece[], options: { readonly extended: boolean }): Result<Script, ScriptError> {
  try {
    return ok(new Parser(pieces, options.extended).parse());
  } catch (error) {
    if (error instanceof SedSyntaxError) return fail({ where: error.where, message: error.message });
    throw error;
  }
}

class Parser {
  readonly #pieces: readonly ScriptPiece[];
  readonly #extended: boolean;
  #piece = 0;
  #at = 0;
  #expressions = 0;
  #ranges = 0;

  constructor(pieces: readonly ScriptPiece[], extended: boolean) {
    // Pieces are lines of one script; an expression that ends in a backslash goes on in the next.
    this.#pieces = pieces;
    this.#extended = extended;
  }

  parse(): Script {
    const commands: Command[] = [];
    const labels = new Map<string, number>();
    const open: number[] = [];
    let silent = false;
    for (this.#piece = 0; this.#piece < this.#pieces.length; this.#piece++) {
      this.#at = 0;
      if (this.#pieces[this.#piece]?.kind === "expression") this.#expressions++;
      if (this.#piece === 0 && /^#n(\n|$)/.test(this.#text)) silent = true;
      for (;;) {
        this.#skip(/[\s;]/);
        if (this.#at >= this.#text.length) break;
        if (this.#text[this.#at] === "#") {
          this.#untilNewline();
          continue;
        }
        const command = this.#command();
        if (command.action.name === "{") open.push(commands.length);
        if (command.action.name === "}") {
          if (command.selector.kind !== "all") throw this.#error("} doesn't want any addresses", this.#at);
          const start = open.pop();
          if (start === undefined) throw this.#error("unexpected `}'", this.#at);
          const opener = commands[start];
          if (opener) commands[start] = { ...opener, action: { name: "{", end: commands.length } };
        }
        if (command.action.name === ":") labels.set(command.action.label, commands.length);
        commands.push(command);
      }
    }
    if (open.length > 0) throw new SedSyntaxError(`-e expression #${this.#expressions}, char 0`, "unmatched `{'");
    for (const { action } of commands) {
      if ((action.name === "b" || action.name === "t" || action.name === "T") && action.label !== "" && !labels.has(action.label))
        throw new SedSyntaxError("", `can't find label for jump to \`${action.label}'`);
    }
    return { commands, labels, silent };
  }

  get #text(): string {
    return this.#pieces[this.#piece]?.text ?? "";
  }

  #error(message: string, at: number = this.#at): SedSyntaxError {
    const piece = this.#pieces[this.#piece];
    if (piece?.kind === "file") return new SedSyntaxError(`file ${piece.name} line ${this.#text.slice(0, at).split("\n").length}`, message);
    return new SedSyntaxError(`-e expression #${this.#expressions}, char ${at}`, message);
  }

  #skip(what: RegExp): void {
    while (this.#at < this.#text.length && what.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #untilNewline(): string {
    const end = this.#text.indexOf("\n", this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return line;
  }

  #command(): Command {
    const selector = this.#selector();
    this.#skip(/[ \t]/);
    let negated = false;
    while (this.#text[this.#at] === "!") {
      negated = true;
      this.#at++;
      this.#skip(/[ \t]/);
    }
    return { selector, negated, action: this.#action(selector) };
  }

  #selector(): Selector {
    const from = this.#address();
    if (!from) return { kind: "all" };
    this.#skip(/[ \t]/);
    const isZero = from.kind === "line" && from.line === 0;
    if (this.#text[this.#at] !== ",") {
      if (isZero) throw this.#error("invalid usage of line address 0", this.#at + 1);
      return { kind: "one", address: from };
    }
    this.#at++;
    this.#skip(/[ \t]/);
    const relative = /^([+~])(\d+)/.exec(this.#text.slice(this.#at));
    if (relative) {
      this.#at += relative[0].length;
      const amount = Number(relative[2]);
      return {
        kind: "range",
        from,
        to: relative[1] === "+" ? { kind: "plus", count: amount } : { kind: "multiple", of: amount },
        id: this.#ranges++,
        fromZero: false,
      };
    }
    const to = this.#address();
    if (!to) throw this.#error("unexpected `,'", this.#at + 1);
    if (isZero && to.kind !== "regex") throw this.#error("invalid usage of line address 0", this.#at + 1);
    return { kind: "range", from, to, id: this.#ranges++, fromZero: isZero };
  }

  #address(): Address | undefined {
    const rest = this.#text.slice(this.#at);
    const number = /^(\d+)(?:[ \t]*~[ \t]*(\d*))?/.exec(rest);
    if (number) {
      this.#at += number[0].length;
      const line = Number(number[1]);
      return number[2] === undefined ? { kind: "line", line } : { kind: "step", first: line, step: Number(number[2]) };
    }
    if (rest.startsWith("$")) {
      this.#at++;
      return { kind: "last" };
    }
    if (!rest.startsWith("/") && !(rest.startsWith("\\") && rest.length > 1)) return undefined;
    const delimiter = rest.startsWith("/") ? "/" : (rest[1] ?? "");
    this.#at += rest.startsWith("/") ? 1 : 2;
    const source = this.#delimited(delimiter, "regex", "unterminated address regex");
    const flags = /^[IM]*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += flags.length;
    return { kind: "regex", regex: this.#regex(source, flags) };
  }

  #regex(source: string, flags: string): PosixRegex | undefined {
    if (source === "") return undefined;
    const regex = PosixRegex.compile(source, { extended: this.#extended, ignoreCase: /I/i.test(flags), multiline: /M/i.test(flags) });
    if (!regex.ok) throw this.#error(regex.error);
    return regex.value;
  }

  /** The text up to an unescaped delimiter. `\n` is a newline; an escaped delimiter is the delimiter. */
  #delimited(delimiter: string, as: "regex" | "replacement" | "set", unterminated: string): string {
    let text = "";
    let inBracket = false;
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] ?? "";
      if (c === delimiter && !inBracket) {
        this.#at++;
        return text;
      }
      if (c === "\n" && as === "regex") throw this.#error(unterminated, this.#text.length);
      if (c === "\\") {
        const next = this.#text[++this.#at];
        if (next === undefined) break;
        if (next === delimiter && !inBracket)
          text +=
            as === "regex" && /[.*[\]^$+?(){}|&]/.test(delimiter)
              ? delimiter
              : as === "replacement" && delimiter === "&"
                ? "\\&"
                : delimiter;
        else if (next === "n" && as !== "replacement") text += "\n";
        else if (next === "\n" && as === "regex") text += "\n";
        else if (as === "regex" && !inBracket && SIMPLE_ESCAPES[next]) text += SIMPLE_ESCAPES[next];
        else text += `\\${next}`;
        continue;
      }
      // In a bracket expression the delimiter still ends the text in POSIX; GNU takes it as a character.
      if (as === "regex") {
        if (inBracket) inBracket = c !== "]" || /\[\^?$/.test(text) || /\[[:.=][^\]]*$/.test(text);
        else if (c === "[") inBracket = this.#hasClosingBracket();
      }
      text += c;
    }
    throw this.#error(unterminated, this.#text.length);
  }

  #hasClosingBracket(): boolean {
    return /^\[\^?\]?(?:\[[:.=].*?[:.=]\]|[^\]])*\]/s.test(this.#text.slice(this.#at));
  }

  #action(selector: Selector): Action {
    const name = this.#text[this.#at];
    if (name === undefined || name === "\n" || name === ";")
      throw this.#error("missing command", Math.max(1, this.#at + (name === undefined ? 0 : 1)));
    this.#at++;
    switch (name) {
      case "{":
        return { name, end: 0 };
      case "}":
        this.#endOfCommand();
        return { name };
      case "=":
      case "d":
      case "D":
      case "g":
      case "G":
      case "h":
      case "H":
      case "l":
      case "n":
      case "N":
      case "p":
      case "P":
      case "x":
      case "z":
      case "F":
        this.#endOfCommand();
        return { name };
      case "a":
      case "i":
      case "c":
        return { name, text: this.#textArgument() };
      case "q":
      case "Q": {
        if (selector.kind === "range") throw this.#error("command only uses one address");
        this.#skip(/[ \t]/);
        const status = /^\d+/.exec(this.#text.slice(this.#at))?.[0] ?? "";
        this.#at += status.length;
        this.#endOfCommand();
        return { name, status: status === "" ? 0 : Number(status) };
      }
      case "r":
      case "R":
      case "w":
      case "W": {
        this.#skip(/[ \t]/);
        const file = this.#untilNewline();
        if (file === "") throw this.#error("missing filename in r/R/w/W commands");
        return { name, file };
      }
      case ":": {
        if (selector.kind !== "all") throw this.#error(": doesn't want any addresses");
        this.#skip(/[ \t]/);
        const label = /^[^\s;]*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
        if (label === "") throw this.#error('":" lacks a label');
        this.#at += label.length;
        return { name, label };
      }
      case "b":
      case "t":
      case "T": {
        this.#skip(/[ \t]/);
        const label = /^[^\s;}]*/.exec(this.#text.slice(this.#at))?.[0] ?? "";
        this.#at += label.length;
        this.#endOfCommand();
        return { name, label };
      }
      case "y":
        return this.#transliterate();
      case "s":
        return this.#substitute();
      default:
        throw this.#error(`unknown command: \`${name}'`);
    }
  }

  #endOfCommand(): void {
    this.#skip(/[ \t\r]/);
    const c = this.#text[this.#at];
    if (c === undefined || c === "}" || c === "#") return;
    if (c === "\n" || c === ";") {
      this.#at++;
      return;
    }
    throw this.#error("extra characters after command", this.#at + 1);
  }

  /** `a\` newline text, or GNU's `a text`. A backslash at a line's end continues the text. */
  #textArgument(): string {
    this.#skip(/[ \t]/);
    if (this.#text[this.#at] === "\\") {
      const rest = this.#text.slice(this.#at);
      const classic = /^\\[ \t]*\n/.exec(rest);
      if (classic) this.#at += classic[0].length;
      else if (/^\\[ \t]*\S/.test(rest)) {
        this.#at++;
        this.#skip(/[ \t]/);
      } else this.#at++;
      // The next -e expression goes on where this one ends in a backslash.
      if (this.#at >= this.#text.length && this.#piece + 1 < this.#pieces.length) {
        this.#piece++;
        this.#at = 0;
        if (this.#pieces[this.#piece]?.kind === "expression") this.#expressions++;
      }
    }
    let text = "";
    let any = false;
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at] ?? "";
      any = true;
      if (c === "\n") {
        this.#at++;
        break;
      }
      if (c === "\\") {
        const next = this.#text[++this.#at];
        if (next === undefined) break;
        text += next === "n" ? "\n" : (SIMPLE_ESCAPES[next] ?? next);
      } else text += c;
    }
    if (!any) throw this.#error("expected \\ after `a', `c' or `i'");
    return text;
  }

  #transliterate(): Action {
    const delimiter = this.#text[this.#at++] ?? "";
    const [from, to] = ["", ""].map(() => [...unescapeSet(this.#delimited(delimiter, "set", "unterminated `y' command"))]);
    if (from?.length !== to?.length) throw this.#error("strings for `y' command are different lengths");
    this.#endOfCommand();
    return { name: "y", map: new Map((from ?? []).map((c, i) => [c, to?.[i] ?? c])) };
  }

  #substitute(): Action {
    const delimiter = this.#text[this.#at];
    if (delimiter === undefined || delimiter === "\n" || delimiter === "\\") throw this.#error("unterminated `s' command");
    this.#at++;
    const source = this.#delimited(delimiter, "regex", "unterminated `s' command");
    const replacementText = this.#delimited(delimiter, "replacement", "unterminated `s' command");
    let global = false;
    let occurrence = 0;
    let print = false;
    let file: string | undefined;
    let regexFlags = "";
    for (;;) {
      const flag = this.#text[this.#at];
      if (flag === "g") {
        if (global) throw this.#error("multiple `g' options to `s' command", this.#at + 1);
        global = true;
      } else if (flag === "p") {
        if (print) throw this.#error("multiple `p' options to `s' command", this.#at + 1);
        print = true;
      } else if (flag === "i" || flag === "I" || flag === "m" || flag === "M") regexFlags += flag;
      else if (flag !== undefined && /[0-9]/.test(flag)) {
        const digits = /^\d+/.exec(this.#text.slice(this.#at))?.[0] ?? "";
        if (occurrence > 0) throw this.#error("multiple number options to `s' command", this.#at + 1);
        occurrence = Number(digits);
        if (occurrence === 0) throw this.#error("number option to `s' command may not be zero", this.#at + 1);
        this.#at += digits.length - 1;
      } else if (flag === "w") {
        this.#at++;
        this.#skip(/[ \t]/);
        file = this.#untilNewline();
        break;
      } else if (flag === "e") throw this.#error("drydock: the e flag of `s' is real, but not simulated here", this.#at + 1);
      else {
        if (flag !== undefined && !/[\s;}#]/.test(flag)) throw this.#error("unknown option to `s'", this.#at + 1);
        this.#endOfCommand();
        break;
      }
      this.#at++;
    }
    const regex = this.#regex(source, regexFlags);
    const replacement = parseReplacement(replacementText);
    const highest = Math.max(0, ...replacement.map((part) => (part.kind === "group" ? part.index : 0)));
    if (regex && highest > regex.groups) throw this.#error(`invalid reference \\${highest} on \`s' command's RHS`);
    return { name: "s", regex, replacement, global, occurrence: occurrence === 0 ? 1 : occurrence, print, file };
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { t: "\t", f: "\f", v: "\v", a: "\x07", r: "\r" };

function unescapeSet(text: string): string {
  return text.replace(/\\(.)/gs, (_, c: string) => (c === "\\" ? "\\" : (SIMPLE_ESCAPES[c] ?? `\\${c}`)));
}

function parseReplacement(text: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  const add = (more: string): void => {
    const last = parts.at(-1);
    if (last?.kind === "text") parts[parts.length - 1] = { kind: "text", text: last.text + more };
    else parts.push({ kind: "text", text: more });
  };
  for (let at = 0; at < text.length; at++) {
    const c = text[at] ?? "";
    if (c === "&") parts.push({ kind: "group", index: 0 });
    else if (c !== "\\") add(c);
    else {
      const next = text[++at] ?? "\\";
      if (/[0-9]/.test(next)) parts.push({ kind: "group", index: Number(next) });
      else if (next === "U" || next === "L" || next === "u" || next === "l" || next === "E") parts.push({ kind: "case", to: next });
      else if (next === "n") add("\n");
      else add(SIMPLE_ESCAPES[next] ?? next);
    }
  }
  return parts;
}
