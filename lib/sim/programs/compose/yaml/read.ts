/**
 * A reader of YAML, as far as Compose files use it: block and flow collections, plain, quoted and block scalars, comments,
 * anchors, aliases and merge keys. One document.
 *
 * A learner meets it in `yaml: line 4: mapping values are not allowed in this context`. Errors are those of go.yaml.in/yaml
 * (scannerc.go, parserc.go), which counts the lines of a parser's errors from 0 and those of a scanner's from 1.
 * One file, for the reader is one state machine over one position.
 * Not read: complex keys (`? `), directives, tags other than YAML's own, several documents.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { type Data, type DataMap, isList, isMap } from "./data";
import { resolve } from "./scalar";

export type YamlError =
  | { readonly kind: "syntax"; readonly message: string }
  /** Found while the document is taken over: `line 4: mapping key "image" already defined at line 3`. */
  | { readonly kind: "duplicate"; readonly message: string };

/** The document, `undefined` when there is none. */
export function readYaml(text: string): Result<Data | undefined, YamlError> {
  const reader = new Reader(text);
  try {
    return ok(reader.document());
  } catch (error) {
    if (error instanceof Fault) return fail(error.reason);
    throw error;
  }
}

/** Thrown inside this file only. */
class Fault extends Error {
  readonly reason: YamlError;

  constructor(reason: YamlError) {
    super(reason.message);
    this.reason = reason;
  }
}

function syntax(line: number, message: string): Fault {
  return new Fault({ kind: "syntax", message: line > 0 ? `yaml: line ${line}: ${message}` : `yaml: ${message}` });
}

class Reader {
  readonly #text: string;
  readonly #anchors = new Map<string, Data>();
  #at = 0;

  constructor(text: string) {
    this.#text = text.replaceAll("\r\n", "\n").replace(/^\uFEFF/, "");
  }

  document(): Data | undefined {
    this.#skipBlank();
    if (this.#looksAt("---") && /[\s]|^$/.test(this.#text[this.#at + 3] ?? "")) {
      this.#at += 3;
      this.#skipBlank();
    }
    if (this.#isEnd) return undefined;
    if (this.#char === "%") throw syntax(0, notSimulated("a directive in YAML"));
    const value = this.#blockNode(-1);
    this.#skipBlank();
    if (this.#looksAt("...")) return value;
    if (this.#looksAt("---")) throw syntax(0, notSimulated("a YAML file with several documents"));
    if (!this.#isEnd) throw this.#parserFault(this.#line, "did not find expected <document start>");
    return value;
  }

  // --- where it stands ----------------------------------------------------------------------------------------------

  get #isEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get #char(): string {
    return this.#text[this.#at] ?? "";
  }

  get #line(): number {
    return this.#lineAt(this.#at);
  }

  #lineAt(at: number): number {
    let line = 1;
    for (let i = this.#text.indexOf("\n"); i >= 0 && i < at; i = this.#text.indexOf("\n", i + 1)) line++;
    return line;
  }

  get #column(): number {
    return this.#at - (this.#text.lastIndexOf("\n", this.#at - 1) + 1);
  }

  #looksAt(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #parserFault(contextLine: number, message: string): Fault {
    return syntax(contextLine > 1 ? contextLine - 1 : this.#line - 1, message);
  }

  #skipSpaces(): void {
    while (this.#char === " " || this.#char === "\t") this.#at++;
  }

  /** Over spaces, comments and line ends. */
  #skipBlank(): void {
    for (;;) {
      const start = this.#at;
      while (this.#char === " ") this.#at++;
      if (this.#char === "\t") {
        const isFirst = /^\s*$/.test(this.#text.slice(this.#text.lastIndexOf("\n", this.#at - 1) + 1, this.#at));
        const rest = /^[ \t]*(#[^\n]*)?(\n|$)/.test(this.#text.slice(this.#at));
        if (isFirst && !rest) throw syntax(this.#line, "found character that cannot start any token");
        this.#skipSpaces();
      }
      if (this.#looksAt("#")) while (!this.#isEnd && !this.#looksAt("\n")) this.#at++;
      if (this.#looksAt("\n")) this.#at++;
      if (this.#at === start) return;
    }
  }

  /** What follows on the line is nothing but a comment. */
  get #isLineDone(): boolean {
    return /^[ \t]*(?:(?:^|[ \t])#[^\n]*)?(?:\n|$)/.test(this.#text.slice(this.#at, this.#text.indexOf("\n", this.#at) + 1 || undefined));
  }

  // --- nodes --------------------------------------------------------------------------------------------------------

  /** A node that is indented more than `parent`. */
  #blockNode(parent: number, sequenceMayStayAt = false): Data {
    this.#skipBlank();
    const column = this.#column;
    const isSequence = this.#isDash();
    if (this.#isEnd || column < parent || (column === parent && !(sequenceMayStayAt && isSequence))) return null;
    const anchor = this.#properties();
    if (anchor !== undefined) return this.#anchored(anchor, parent, column, sequenceMayStayAt);
    if (isSequence) return this.#blockSequence(column);
    if (this.#char === "?" && /[\s]/.test(this.#text[this.#at + 1] ?? "")) throw syntax(0, notSimulated("a complex key in YAML"));
    if (this.#keyEnd() !== undefined) return this.#blockMapping(column);
    return this.#inlineValue(parent);
  }

  #anchored(anchor: { readonly name: string; readonly isText: boolean }, parent: number, column: number, sequenceMayStayAt: boolean): Data {
    const isAlone = this.#isLineDone;
    // An anchor before a key on the same line belongs to the key; one alone on its line to what follows.
    const value = isAlone
      ? this.#blockNode(parent, sequenceMayStayAt)
      : this.#keyEnd() !== undefined
        ? this.#blockMapping(column)
        : this.#inlineValue(parent);
    const kept = anchor.isText && typeof value !== "string" && value !== null && typeof value !== "object" ? String(value) : value;
    if (anchor.name !== "") this.#anchors.set(anchor.name, kept);
    return kept;
  }

  /** `&name` and tags. */
  #properties(): { readonly name: string; readonly isText: boolean } | undefined {
    let name = "";
    let isText = false;
    let found = false;
    for (;;) {
      const match = /^(?:&([^\s,[\]{}]+)|(![^\s,[\]{}]*))[ \t]*/.exec(this.#text.slice(this.#at, this.#at + 200));
      if (!match) return found ? { name, isText } : undefined;
      found = true;
      if (match[1] !== undefined) name = match[1];
      else if (match[2] === "!!str") isText = true;
      else if (!["!!map", "!!seq", "!!int", "!!bool", "!!float", "!!null"].includes(match[2] ?? ""))
        throw syntax(0, notSimulated(`the tag ${match[2]} in a Compose file`));
      this.#at += match[0].length;
    }
  }

  #isDash(): boolean {
    return this.#char === "-" && /^[\s]?$/.test(this.#text[this.#at + 1] ?? "");
  }

  #blockSequence(column: number): Data {
    const start = this.#line;
    const items: Data[] = [];
    for (;;) {
      this.#at++;
      this.#skipSpaces();
      items.push(this.#isLineDone ? this.#blockNode(column) : this.#blockNodeHere(column));
      this.#skipBlank();
      if (this.#isEnd || this.#column < column) return items;
      if (this.#column > column) throw this.#parserFault(start, "did not find expected '-' indicator");
      if (!this.#isDash()) return items;
    }
  }

  /** What stands behind a dash: also the first key of a map. */
  #blockNodeHere(parent: number): Data {
    return this.#blockNode(parent);
  }

  #blockMapping(column: number): Data {
    const start = this.#line;
    const entries = new Map<string, Data>();
    const lines = new Map<string, number>();
    const merged: Data[] = [];
    for (;;) {
      const line = this.#line;
      const end = this.#keyEnd();
      if (end === undefined) {
        if (this.#isDash()) throw this.#parserFault(start, "did not find expected key");
        throw syntax(this.#line, "could not find expected ':'");
      }
      const key = this.#key(end);
      const value = this.#isLineDone ? this.#blockNode(column, true) : this.#valueAfterKey(column);
      const first = lines.get(key);
      if (key === "<<") merged.push(value);
      else if (first !== undefined) {
        throw new Fault({
          kind: "duplicate",
          message: `line ${line}: mapping key ${JSON.stringify(key)} already defined at line ${first}`,
        });
      } else entries.set(key, value);
      lines.set(key, line);
      this.#skipBlank();
      if (this.#isEnd || this.#column < column || this.#looksAt("...") || (column === 0 && this.#looksAt("---")))
        return withMerged(entries, merged);
      if (this.#column > column) throw this.#parserFault(start, "did not find expected key");
    }
  }

  #valueAfterKey(column: number): Data {
    const anchor = this.#properties();
    if (anchor) {
      const value = this.#isLineDone ? this.#blockNode(column, true) : this.#inlineValue(column);
      const kept = anchor.isText && value !== null && typeof value !== "object" ? String(value) : value;
      if (anchor.name !== "") this.#anchors.set(anchor.name, kept);
      return kept;
    }
    if (this.#isDash()) throw syntax(this.#line, "block sequence entries are not allowed in this context");
    return this.#inlineValue(column);
  }

  /** Where the colon of a key is that begins here; undefined when there is no key. */
  #keyEnd(): number | undefined {
    const first = this.#char;
    const eol = this.#text.indexOf("\n", this.#at);
    const line = this.#text.slice(this.#at, eol < 0 ? undefined : eol);
    if (first === '"' || first === "'") {
      const quoted = first === '"' ? /^"(?:[^"\\]|\\.)*"[ \t]*(?=:(?:\s|$))/.exec(line) : /^'(?:[^']|'')*'[ \t]*(?=:(?:\s|$))/.exec(line);
      return quoted ? this.#at + quoted[0].length : undefined;
    }
    if (first === "*") {
      const alias = /^\*[^\s]+[ \t]+(?=:(?:\s|$))/.exec(line);
      return alias ? this.#at + alias[0].length : undefined;
    }
    if (first === "" || "[]{},#&!|>%@`".includes(first)) return undefined;
    for (let i = 0; i < line.length; i++) {
      if (line[i] === "#" && i > 0 && /[ \t]/.test(line[i - 1] ?? "")) return undefined;
      if (line[i] === ":" && /^\s?$/.test(line[i + 1] ?? "")) return this.#at + i;
    }
    return undefined;
  }

  #key(end: number): string {
    const first = this.#char;
    let key: Data;
    if (first === '"' || first === "'") key = this.#quoted();
    else if (first === "*") key = this.#alias();
    else key = this.#text.slice(this.#at, end).trimEnd();
    this.#at = end + 1;
    this.#skipSpaces();
    return String(key);
  }

  /** A scalar, flow collection or alias, which stands in a block. */
  #inlineValue(parent: number): Data {
    const first = this.#char;
    if (first === "|" || first === ">") return this.#blockScalar(parent);
    if (first === "@" || first === "`" || first === "%") throw syntax(this.#line, "found character that cannot start any token");
    if (first === '"' || first === "'" || first === "[" || first === "{" || first === "*") {
      const line = this.#line;
      const value = first === "*" ? this.#alias() : first === "[" || first === "{" ? this.#flow() : this.#quoted();
      this.#skipSpaces();
      if (!this.#isLineDone) {
        if (this.#char === ":") throw syntax(this.#line, "mapping values are not allowed in this context");
        throw this.#parserFault(line, "did not find expected key");
      }
      return value;
    }
    return resolve(this.#plain(parent));
  }

  #plain(parent: number): string {
    const start = this.#line;
    let text = "";
    let breaks = 0;
    for (;;) {
      const eol = this.#text.indexOf("\n", this.#at);
      let line = this.#text.slice(this.#at, eol < 0 ? undefined : eol);
      const comment = /(^|[ \t])#/.exec(line);
      if (comment) line = line.slice(0, comment.index);
      const colon = /:(\s|$)/.exec(line);
      if (colon) throw syntax(this.#line, "mapping values are not allowed in this context");
      const part = line.trim();
      text += text === "" ? part : breaks > 1 ? "\n".repeat(breaks - 1) + part : ` ${part}`;
      this.#at += line.length;
      if (comment || eol < 0) return text;
      // Lines that are indented more go on with the same scalar.
      breaks = 0;
      let at = eol;
      while (this.#text[at] === "\n") {
        breaks++;
        at++;
        const before = at;
        while (this.#text[at] === " ") at++;
        if (this.#text[at] === "\t" && at - before <= parent && this.#text.slice(at).trim() !== "")
          throw syntax(start, "found a tab character that violates indentation");
        while (this.#text[at] === "\t" || this.#text[at] === " ") at++;
      }
      const column = at - (this.#text.lastIndexOf("\n", at - 1) + 1);
      if (
        at >= this.#text.length ||
        column <= parent ||
        this.#text[at] === "#" ||
        (column === 0 && /^(---|\.\.\.)(\s|$)/.test(this.#text.slice(at, at + 4)))
      )
        return text;
      this.#at = at;
    }
  }

  #alias(): Data {
    const name = /^\*([^\s,[\]{}]+)/.exec(this.#text.slice(this.#at))?.[1] ?? "";
    this.#at += name.length + 1;
    const value = this.#anchors.get(name);
    if (value === undefined) throw syntax(0, `unknown anchor '${name}' referenced`);
    return value;
  }

  #quoted(): string {
    const start = this.#line;
    const isDouble = this.#char === '"';
    this.#at++;
    let text = "";
    for (;;) {
      if (this.#isEnd) throw syntax(start, "found unexpected end of stream");
      const char = this.#char;
      if (!isDouble && char === "'") {
        this.#at++;
        if (this.#char !== "'") return text;
        text += "'";
        this.#at++;
      } else if (isDouble && char === '"') {
        this.#at++;
        return text;
      } else if (isDouble && char === "\\") text += this.#escape(start);
      else if (char === "\n") {
        text = text.replace(/[ \t]+$/, "");
        const blank = /^\n(?:[ \t]*\n)*/.exec(this.#text.slice(this.#at))?.[0] ?? "\n";
        const breaks = blank.split("\n").length - 1;
        text += breaks > 1 ? "\n".repeat(breaks - 1) : " ";
        this.#at += blank.length;
        this.#skipSpaces();
      } else {
        text += char;
        this.#at++;
      }
    }
  }

  #escape(start: number): string {
    const kind = this.#text[this.#at + 1] ?? "";
    const simple: Readonly<Record<string, string>> = {
      "0": "\0",
      a: "\u0007",
      b: "\b",
      t: "\t",
      n: "\n",
      v: "\v",
      f: "\f",
      r: "\r",
      e: "\u001b",
      " ": " ",
      '"': '"',
      "/": "/",
      "\\": "\\",
      N: "\u0085",
      _: "\u00a0",
      L: "\u2028",
      P: "\u2029",
    };
    const length = { x: 2, u: 4, U: 8 }[kind];
    if (length !== undefined) {
      const digits = this.#text.slice(this.#at + 2, this.#at + 2 + length);
      if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < length) throw syntax(start, "did not find expected hexdecimal number");
      this.#at += 2 + length;
      return String.fromCodePoint(Number.parseInt(digits, 16));
    }
    if (kind === "\n") {
      this.#at += 2;
      this.#skipSpaces();
      return "";
    }
    const value = simple[kind];
    if (value === undefined) throw syntax(start, "found unknown escape character");
    this.#at += 2;
    return value;
  }

  /** `|` keeps line ends, `>` folds them. */
  #blockScalar(parent: number): string {
    const head = /^([|>])([-+]?)([1-9]?)([-+]?)[ \t]*(?:#[^\n]*)?(?=\n|$)/.exec(this.#text.slice(this.#at));
    if (!head) throw syntax(this.#line, "did not find expected comment or line break");
    this.#at += head[0].length + 1;
    const chomp = head[2] || head[4] || "";
    const lines: string[] = [];
    let indent = head[3] ? Math.max(parent, 0) + Number(head[3]) : undefined;
    while (!this.#isEnd) {
      const eol = this.#text.indexOf("\n", this.#at);
      const line = this.#text.slice(this.#at, eol < 0 ? undefined : eol);
      const spaces = /^ */.exec(line)?.[0].length ?? 0;
      if (line.trim() !== "" && indent === undefined) indent = spaces > parent ? spaces : parent + 1;
      if (line.trim() !== "" && spaces < (indent ?? 0)) break;
      lines.push(line.slice(Math.min(indent ?? spaces, line.length)));
      this.#at = eol < 0 ? this.#text.length : eol + 1;
    }
    let trailing = 0;
    while (lines.length > 0 && lines.at(-1) === "") {
      lines.pop();
      trailing++;
    }
    const body = head[1] === "|" ? lines.join("\n") : folded(lines);
    if (chomp === "-" || lines.length === 0) return body + (chomp === "+" ? "\n".repeat(trailing) : "");
    return `${body}\n${chomp === "+" ? "\n".repeat(trailing) : ""}`;
  }

  // --- flow collections ---------------------------------------------------------------------------------------------

  #flow(): Data {
    return this.#char === "[" ? this.#flowSequence() : this.#flowMapping();
  }

  #flowNode(): Data {
    const anchor = this.#properties();
    const first = this.#char;
    const value =
      first === "[" || first === "{"
        ? this.#flow()
        : first === '"' || first === "'"
          ? this.#quoted()
          : first === "*"
            ? this.#alias()
            : resolve(this.#flowPlain());
    if (anchor && anchor.name !== "") this.#anchors.set(anchor.name, value);
    return anchor?.isText && value !== null && typeof value !== "object" ? String(value) : value;
  }

  #flowPlain(): string {
    let text = "";
    while (!this.#isEnd) {
      const char = this.#char;
      const next = this.#text[this.#at + 1] ?? "";
      if (",[]{}".includes(char) || (char === ":" && /^[\s,[\]{}]?$/.test(next)) || (char === "#" && /\s$/.test(text))) break;
      text += char === "\n" ? " " : char;
      this.#at++;
    }
    return text
      .trim()
      .replaceAll(/\s*\n\s*/g, " ")
      .replaceAll(/ {2,}/g, " ");
  }

  #flowSequence(): Data {
    const start = this.#line;
    const items: Data[] = [];
    this.#at++;
    for (;;) {
      this.#skipBlank();
      if (this.#char === "]") {
        this.#at++;
        return items;
      }
      if (this.#isEnd) throw this.#parserFault(start, "did not find expected node content");
      const value = this.#flowNode();
      this.#skipBlank();
      // A single pair is a map of its own: `[a: b]`.
      if (this.#char === ":") {
        this.#at++;
        this.#skipBlank();
        items.push(new Map([[String(value), this.#flowNode()]]));
        this.#skipBlank();
      } else items.push(value);
      if (this.#char === ",") this.#at++;
      else if (this.#char !== "]") throw this.#parserFault(start, "did not find expected ',' or ']'");
    }
  }

  #flowMapping(): Data {
    const start = this.#line;
    const entries = new Map<string, Data>();
    const merged: Data[] = [];
    this.#at++;
    for (;;) {
      this.#skipBlank();
      if (this.#char === "}") {
        this.#at++;
        return withMerged(entries, merged);
      }
      if (this.#isEnd) throw this.#parserFault(start, "did not find expected node content");
      const key = String(this.#flowNode() ?? "");
      this.#skipBlank();
      let value: Data = null;
      if (this.#char === ":") {
        this.#at++;
        this.#skipBlank();
        if (!this.#looksAt(",") && !this.#looksAt("}")) value = this.#flowNode();
        this.#skipBlank();
      }
      if (key === "<<") merged.push(value);
      else entries.set(key, value);
      if (this.#char === ",") this.#at++;
      else if (this.#char !== "}") throw this.#parserFault(start, "did not find expected ',' or '}'");
    }
  }
}

/** A map with what `<<` brought, which its own keys override. */
function withMerged(entries: DataMap, merged: readonly Data[]): DataMap {
  if (merged.length === 0) return entries;
  const all = new Map(entries);
  for (const source of merged.flatMap((one) => (isList(one) ? one : [one]))) {
    if (!isMap(source)) throw syntax(0, "map merge requires map or sequence of maps as the value");
    for (const [key, value] of source) if (!all.has(key)) all.set(key, value);
  }
  return all;
}

/** Line ends become spaces; blank and further indented lines stay. */
function folded(lines: readonly string[]): string {
  let text = "";
  for (const [i, line] of lines.entries()) {
    if (i === 0) {
      text = line;
      continue;
    }
    const before = lines[i - 1] ?? "";
    const isVerbatim = /^[ \t]/.test(line) || /^[ \t]/.test(before);
    if (line === "") text += "\n";
    else if (before === "") text += (isVerbatim ? "\n" : "") + line;
    else text += (isVerbatim ? "\n" : " ") + line;
  }
  return text;
}
