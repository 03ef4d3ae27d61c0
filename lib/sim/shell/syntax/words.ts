/**
 * Words: quotes, `$…`, backquotes, tildes, assignments and the bodies of here-documents.
 *
 * Follows readtoken1, parsesub and parsebackq of dash's parser.c. Where bash differs (arrays, `$'…'`, patterns in
 * `${x/…}`), its manual, and what 5.3 does.
 */

import type { ArrayElement, Assignment, HereBody, ParameterOperation, Part, Subscript, Word } from "./ast";
import { ansiUnescape } from "./ansi-quote";
import { SyntaxFailure } from "./problem";
import type { Lexer } from "./lexer";

/** How quotes and backslashes are read, and at which character the scan stops. */
type Mode = {
  /** A run of ordinary characters, sticky. */
  readonly run: RegExp;
  /** Inside double quotes or a here-document: only some characters can be escaped. */
  readonly escapes: "any" | "double" | "here";
  readonly singleQuotes: boolean;
  /** `"` begins a quoted stretch. */
  readonly doubleQuotes: boolean;
  /** Where an unquoted word ends. Otherwise the caller's stop character ends it. */
  readonly metacharacters: boolean;
  /** `@(…)` is part of a word. */
  readonly extended?: boolean;
};

const PLAIN: Mode = { run: /[^ \t\n\\'"`$&|;()<>]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: true };
const EXTENDED_INNER: Mode = { ...PLAIN, run: /[^\\'"`$|()]+/y };
const EXTENDED: Mode = { ...PLAIN, extended: true };
const OPERAND: Mode = { run: /[^\\'"`$}/\]()]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: false };
const DOUBLE: Mode = { run: /[^\\"`$]+/y, escapes: "double", singleQuotes: false, doubleQuotes: false, metacharacters: false };
const DOUBLE_OPERAND: Mode = { run: /[^\\"`$}]+/y, escapes: "double", singleQuotes: false, doubleQuotes: true, metacharacters: false };
const HERE: Mode = { run: /[^\\`$]+/y, escapes: "here", singleQuotes: false, doubleQuotes: false, metacharacters: false };
const ARITHMETIC: Mode = { run: /[^\\"`$();]+/y, escapes: "double", singleQuotes: false, doubleQuotes: true, metacharacters: false };

/** In dash and ash a double quote is an ordinary character there. */
const ARITHMETIC_PLAIN: Mode = { ...ARITHMETIC, run: /[^\\`$();]+/y, doubleQuotes: false };

/** A word up to the next blank or operator. `extended`: `@(…)` belongs to it even without `shopt -s extglob`. */
export function scanWord(lexer: Lexer, extended = lexer.extendedPatterns()): Word {
  const start = lexer.position;
  const parts = markTilde(scanParts(lexer, extended ? EXTENDED : PLAIN, ""), lexer.dialect.name === "bash" ? "argument" : "word");
  return { parts, text: lexer.text.slice(start, lexer.position) };
}

/** The right side of `=~`: parentheses and bars belong to it. */
export function scanRegex(lexer: Lexer): Word {
  const start = lexer.position;
  const parts: Part[] = [];
  let depth = 0;
  for (;;) {
    parts.push(...scanParts(lexer, PLAIN, ""));
    const c = lexer.text[lexer.position];
    if (c === "(") depth++;
    else if (c === ")") depth--;
    const inside = depth > 0 || c === ")";
    if (c === undefined || c === "\n" || depth < 0) break;
    if (c !== "(" && c !== "|" && !inside) break;
    if (c === "|" && depth === 0 && lexer.text[lexer.position + 1] === "|") break;
    parts.push({ kind: "literal", text: c });
    lexer.position++;
  }
  return { parts, text: lexer.text.slice(start, lexer.position) };
}

/** `name=value`, `name+=value`, `name[i]=value` or `name=(…)`, if the text here begins one. */
export function scanAssignment(lexer: Lexer): Assignment | undefined {
  const start = lexer.position;
  const head = /[A-Za-z_]\w*/y;
  head.lastIndex = start;
  const name = head.exec(lexer.text)?.[0];
  if (name === undefined) return undefined;
  let at = start + name.length;
  let subscript: Word | undefined;
  if (lexer.text[at] === "[" && lexer.dialect.arrays) {
    const end = findSubscriptEnd(lexer.text, at);
    if (end === undefined || !/^\]\+?=/.test(lexer.text.slice(end, end + 3))) return undefined;
    lexer.position = at + 1;
    subscript = scanSubscript(lexer);
    at = lexer.position;
  }
  const append = lexer.text[at] === "+" && lexer.text[at + 1] === "=" && lexer.dialect.appendAssignment;
  if (append) at++;
  if (lexer.text[at] !== "=") {
    lexer.position = start;
    return undefined;
  }
  lexer.position = at + 1;
  if (lexer.text[at + 1] === "(" && lexer.dialect.arrays && !subscript) {
    lexer.position++;
    const elements = scanArray(lexer, at + 1);
    return { name, subscript, append, value: { kind: "array", elements }, text: lexer.text.slice(start, lexer.position) };
  }
  const valueStart = lexer.position;
  const parts = markTilde(scanParts(lexer, PLAIN, ""), "assignment");
  const word: Word = { parts, text: lexer.text.slice(valueStart, lexer.position) };
  return { name, subscript, append, value: { kind: "scalar", word }, text: lexer.text.slice(start, lexer.position) };
}

function scanArray(lexer: Lexer, opened: number): ArrayElement[] {
  const elements: ArrayElement[] = [];
  for (;;) {
    skipBlanksAndNewlines(lexer);
    const c = lexer.text[lexer.position];
    if (c === undefined) lexer.fail({ kind: "unterminated", opener: "(", startLine: lexer.lineAt(opened) }, lexer.position, true);
    if (c === ")") {
      lexer.position++;
      return elements;
    }
    if (c === "[") {
      const end = findSubscriptEnd(lexer.text, lexer.position);
      if (end !== undefined && /^\]\+?=/.test(lexer.text.slice(end, end + 3))) {
        lexer.position++;
        const subscript = scanSubscript(lexer);
        const append = lexer.text[lexer.position] === "+";
        lexer.position += append ? 2 : 1;
        const start = lexer.position;
        const parts = markTilde(scanParts(lexer, PLAIN, ""), "assignment");
        elements.push({ subscript, append, word: { parts, text: lexer.text.slice(start, lexer.position) } });
        continue;
      }
    }
    const before = lexer.position;
    const word = scanWord(lexer);
    if (lexer.position === before) {
      const operator = lexer.text[before] ?? "";
      lexer.fail({ kind: "unexpected", token: { kind: "operator", text: operator }, expecting: undefined, within: undefined, inSubstitution: false }, before, false);
    }
    elements.push({ subscript: undefined, append: false, word });
  }
}

function skipBlanksAndNewlines(lexer: Lexer): void {
  for (;;) {
    const c = lexer.text[lexer.position];
    if (c === " " || c === "\t" || c === "\n") lexer.position++;
    else if (c === "\\" && lexer.text[lexer.position + 1] === "\n") lexer.position += 2;
    else if (c === "#") {
      const end = lexer.text.indexOf("\n", lexer.position);
      lexer.position = end < 0 ? lexer.text.length : end;
    } else return;
  }
}

/** The position of the `]` that closes the `[` at `open`. */
function findSubscriptEnd(text: string, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === "\\") i++;
    else if (c === "'" || c === '"') {
      const end = text.indexOf(c, i + 1);
      if (end < 0) return undefined;
      i = end;
    } else if (c === "[") depth++;
    else if (c === "]" && --depth === 0) return i;
    else if (c === "\n" && depth === 0) return undefined;
  }
  return undefined;
}

/** From after `[` to after the `]` that closes it. */
function scanSubscript(lexer: Lexer): Word {
  const start = lexer.position;
  const parts: Part[] = [];
  let depth = 0;
  for (;;) {
    parts.push(...scanParts(lexer, SUBSCRIPT, "]"));
    const c = lexer.text[lexer.position];
    if (c === undefined) lexer.fail({ kind: "unterminated", opener: "${", startLine: lexer.lineAt(start) }, lexer.position, true);
    if (c === "]" && depth === 0) break;
    depth += c === "[" ? 1 : c === "]" ? -1 : 0;
    parts.push({ kind: "literal", text: c });
    lexer.position++;
  }
  const text = lexer.text.slice(start, lexer.position);
  lexer.position++;
  return { parts, text };
}
const SUBSCRIPT: Mode = { run: /[^\\'"`$[\]]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: false };

/** The arithmetic expression up to `))`, `;` (in `for ((`) or a `)` that does not fit; leaves the position before it. */
export function scanArithmetic(lexer: Lexer, stopAtSemicolon: boolean): readonly Part[] {
  const parts: Part[] = [];
  let depth = 0;
  for (;;) {
    parts.push(...scanParts(lexer, lexer.dialect.name === "bash" ? ARITHMETIC : ARITHMETIC_PLAIN, ""));
    const c = lexer.text[lexer.position];
    if (c === undefined || (c === ")" && depth === 0) || (c === ";" && depth === 0 && stopAtSemicolon)) return joinLiterals(parts);
    depth += c === "(" ? 1 : c === ")" ? -1 : 0;
    parts.push({ kind: "literal", text: c });
    lexer.position++;
  }
}

/** Reads lines up to the delimiter. False when the text ended first. */
export function scanHereBody(lexer: Lexer, here: HereBody): boolean {
  const { text } = lexer;
  const bodyStart = lexer.position;
  let body = "";
  let found = false;
  let at = bodyStart;
  while (at < text.length) {
    let end = text.indexOf("\n", at);
    let line = text.slice(at, end < 0 ? undefined : end);
    // A continued line is one line, also for the delimiter.
    while (!here.quoted && end >= 0 && /(^|[^\\])(\\\\)*\\$/.test(line)) {
      const next = text.indexOf("\n", end + 1);
      line = line.slice(0, -1) + text.slice(end + 1, next < 0 ? undefined : next);
      end = next;
    }
    const stripped = here.stripTabs ? line.replace(/^\t+/, "") : line;
    at = end < 0 ? text.length : end + 1;
    if (stripped === here.delimiter) {
      found = true;
      break;
    }
    body += end < 0 ? stripped : `${stripped}\n`;
  }
  lexer.position = at;
  // bash puts a newline to the end of its text.
  if (!found && body !== "" && !body.endsWith("\n") && lexer.dialect.name === "bash") body += "\n";
  here.text = body;
  if (here.quoted) here.parts = body === "" ? [] : [{ kind: "quoted", text: body }];
  else {
    here.parts = scanExpansions(lexer.lexerFor(body, lexer.lineAt(bodyStart)));
  }
  return found;
}

/** All of a text, with the quoting of a here-document. */
export function scanExpansions(lexer: Lexer): readonly Part[] {
  return scanParts(lexer, HERE, "");
}

/** Scans parts until the mode's end, `stop`, or the end of the text. */
function scanParts(lexer: Lexer, mode: Mode, stop: string): Part[] {
  const parts: Part[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    literal = "";
  };
  for (;;) {
    const { text } = lexer;
    mode.run.lastIndex = lexer.position;
    const run = mode.run.exec(text)?.[0];
    if (run !== undefined) {
      literal += run;
      lexer.position += run.length;
    }
    const c = text[lexer.position];
    if (c === undefined) break;
    if (stop !== "" && stop.includes(c)) break;
    const start = lexer.position;
    if (c === "\\") {
      const next = text[start + 1];
      if (next === "\n") lexer.position += 2;
      else if (next === undefined) {
        literal += "\\";
        lexer.position++;
      } else if (mode.escapes === "any" || '$`\\'.includes(next) || (mode.escapes === "double" && (next === '"' || (next === "}" && stop.includes("}"))))) {
        flush();
        parts.push({ kind: "quoted", text: next });
        lexer.position += 2;
      } else {
        literal += `\\${next}`;
        lexer.position += 2;
      }
      continue;
    }
    if (c === "'" && mode.singleQuotes) {
      const end = text.indexOf("'", start + 1);
      if (end < 0) lexer.fail({ kind: "unterminated", opener: "'", startLine: lexer.lineAt(start) }, text.length, true);
      flush();
      parts.push({ kind: "quoted", text: text.slice(start + 1, end) });
      lexer.position = end + 1;
      continue;
    }
    if (c === '"' && mode.doubleQuotes) {
      flush();
      parts.push(scanDouble(lexer));
      continue;
    }
    if (c === "$") {
      const part = scanDollar(lexer, mode);
      if (part === undefined) {
        literal += "$";
        lexer.position = start + 1;
      } else {
        flush();
        parts.push(part);
      }
      continue;
    }
    if (c === "`") {
      flush();
      parts.push(scanBackquotes(lexer, mode.escapes === "double"));
      continue;
    }
    if (mode.metacharacters) {
      if (c === "(" && mode.extended && /[?*+@!]$/.test(literal)) {
        literal += "(";
        lexer.position++;
        flush();
        parts.push(...scanExtendedPattern(lexer, start));
        continue;
      }
      if ((c === "<" || c === ">") && text[start + 1] === "(" && lexer.dialect.processSubstitution) {
        flush();
        lexer.position += 2;
        const body = lexer.parseSubstitution();
        parts.push({ kind: "process", direction: c, body, text: text.slice(start, lexer.position) });
        continue;
      }
      break;
    }
    // A character that only other modes stop at.
    if (mode === OPERAND) {
      literal += c;
      lexer.position++;
      continue;
    }
    break;
  }
  flush();
  return parts;
}

/** From after `@(` to after its `)`; what is between is literal for the pattern matcher. */
function scanExtendedPattern(lexer: Lexer, opened: number): Part[] {
  const parts: Part[] = [];
  for (let depth = 1; depth > 0; ) {
    parts.push(...scanParts(lexer, EXTENDED_INNER, ""));
    const c = lexer.text[lexer.position];
    if (c === undefined) lexer.fail({ kind: "unterminated", opener: "(", startLine: lexer.lineAt(opened) }, lexer.position, true);
    depth += c === "(" ? 1 : c === ")" ? -1 : 0;
    parts.push({ kind: "literal", text: c });
    lexer.position++;
  }
  return parts;
}

function scanDouble(lexer: Lexer): Part {
  const start = lexer.position;
  lexer.position++;
  const parts = scanParts(lexer, DOUBLE, '"');
  if (lexer.text[lexer.position] !== '"') lexer.fail({ kind: "unterminated", opener: '"', startLine: lexer.lineAt(start) }, lexer.text.length, true);
  lexer.position++;
  return { kind: "double", parts };
}

function scanBackquotes(lexer: Lexer, inDouble: boolean): Part {
  const start = lexer.position;
  const { text } = lexer;
  let body = "";
  for (let i = start + 1; ; i++) {
    const c = text[i];
    if (c === undefined) lexer.fail({ kind: "unterminated", opener: "`", startLine: lexer.lineAt(start) }, text.length, true);
    if (c === "`") {
      lexer.position = i + 1;
      break;
    }
    const next = text[i + 1];
    if (c === "\\" && next !== undefined && (next === "$" || next === "`" || next === "\\" || (inDouble && next === '"'))) {
      body += next;
      i++;
    } else body += c;
  }
  return { kind: "command", body: lexer.parseBackquoted(body, lexer.lineAt(start)), text: text.slice(start, lexer.position) };
}

/** What begins with `$`; `undefined` when it is only a dollar sign. */
function scanDollar(lexer: Lexer, mode: Mode): Part | undefined {
  const start = lexer.position;
  const { text, dialect } = lexer;
  const c = text[start + 1];
  if (c === undefined) return undefined;
  if (c === "(") {
    if (text[start + 2] === "(") {
      const arithmetic = scanArithmeticExpansion(lexer, start);
      if (arithmetic) return arithmetic;
    }
    lexer.position = start + 2;
    try {
      const body = lexer.parseSubstitution();
      return { kind: "command", body, text: text.slice(start, lexer.position) };
    } catch (error) {
      if (!(error instanceof SyntaxFailure) || text[start + 2] !== "(") throw error;
      return lexer.fail({ kind: "unterminated", opener: "$((", startLine: lexer.lineAt(start) }, text.length, true);
    }
  }
  if (c === "{") {
    lexer.enter();
    const part = scanBraced(lexer, mode);
    lexer.depth--;
    return part;
  }
  if (c === "[" && dialect.name === "bash") {
    lexer.position = start + 2;
    const word = scanSubscript(lexer);
    return { kind: "arithmetic", expression: word.parts, text: text.slice(start, lexer.position) };
  }
  if (mode.singleQuotes && c === "'" && dialect.ansiQuotes) return scanAnsi(lexer, start);
  if (mode.singleQuotes && c === '"' && dialect.localeQuotes) {
    lexer.position = start + 1;
    return scanDouble(lexer);
  }
  const name = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;
  name.lastIndex = start + 1;
  const found = name.exec(text)?.[0];
  if (found === undefined) return undefined;
  lexer.position = start + 1 + found.length;
  return { kind: "parameter", name: found, subscript: undefined, indirect: false, operation: undefined, text: `$${found}` };
}

function scanAnsi(lexer: Lexer, start: number): Part {
  const { text } = lexer;
  let end = start + 2;
  while (text[end] !== "'") {
    if (text[end] === undefined) lexer.fail({ kind: "unterminated", opener: "'", startLine: lexer.lineAt(start) }, text.length, true);
    end += text[end] === "\\" ? 2 : 1;
  }
  lexer.position = end + 1;
  return { kind: "quoted", text: ansiUnescape(text.slice(start + 2, end), lexer.dialect.name === "bash") };
}

function scanArithmeticExpansion(lexer: Lexer, start: number): Part | undefined {
  const { text } = lexer;
  lexer.position = start + 3;
  const expression = scanArithmetic(lexer, false);
  if (text.startsWith("))", lexer.position)) {
    lexer.position += 2;
    return { kind: "arithmetic", expression, text: text.slice(start, lexer.position) };
  }
  if (lexer.position >= text.length || lexer.dialect.name !== "bash") {
    // dash and ash go on to the end of the text for the other parenthesis.
    lexer.fail({ kind: "unterminated", opener: "$((", startLine: lexer.lineAt(start) }, text.length, true);
  }
  return undefined;
}

/** `${…}`. */
function scanBraced(lexer: Lexer, mode: Mode): Part {
  const start = lexer.position;
  const { text, dialect } = lexer;
  const inDouble = !mode.singleQuotes;
  lexer.position = start + 2;
  const ahead = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = lexer.position;
    return sticky.exec(text)?.[0];
  };
  const close = (): void => {
    // dash and ash miss the quote first.
    const opener = mode === DOUBLE && dialect.name !== "bash" ? '"' : "${";
    if (text[lexer.position] !== "}") lexer.fail({ kind: "unterminated", opener, startLine: lexer.lineAt(start) }, text.length, true);
    lexer.position++;
  };
  const done = (fields: { name: string; subscript?: Subscript | undefined; indirect?: boolean; operation?: ParameterOperation | undefined }): Part => {
    close();
    return {
      kind: "parameter",
      name: fields.name,
      subscript: fields.subscript,
      indirect: fields.indirect ?? false,
      operation: fields.operation,
      text: text.slice(start, lexer.position),
    };
  };
  const bad = (name: string): Part => {
    scanOperand(lexer, inDouble, "}");
    return done({ name, operation: { kind: "bad" } });
  };
  const name = (): string | undefined => {
    const found = ahead(/[A-Za-z_]\w*|\d+|[@*#?$!-]/);
    if (found !== undefined) lexer.position += found.length;
    return found;
  };
  const subscript = (): Subscript | undefined => {
    if (!dialect.arrays || text[lexer.position] !== "[") return undefined;
    const all = ahead(/\[[@*]\]/);
    if (all !== undefined) {
      lexer.position += 3;
      return { kind: "all", join: all[1] as "@" | "*" };
    }
    lexer.position++;
    return { kind: "index", word: scanSubscript(lexer) };
  };

  if (text[lexer.position] === "#" && text[lexer.position + 1] !== "}") {
    // `${#x}`, but `${#-default}` is about `$#`.
    const length = ahead(/#([A-Za-z_]\w*|\d+|[@*#?$!-])(?=[}[])/);
    if (length !== undefined) {
      lexer.position++;
      const of = name() ?? "";
      const at = subscript();
      return text[lexer.position] === "}" ? done({ name: of, subscript: at, operation: { kind: "length" } }) : bad(of);
    }
  }
  let indirect = false;
  if (text[lexer.position] === "!" && dialect.indirection && ahead(/![A-Za-z_0-9@*#?$!-]/) !== undefined && ahead(/![#?!-]?\}/) !== "!}") {
    const prefix = ahead(/![A-Za-z_]\w*[@*](?=\})/);
    if (prefix !== undefined) {
      lexer.position += prefix.length;
      return done({ name: prefix.slice(1, -1), operation: { kind: "names", join: prefix.at(-1) as "@" | "*" } });
    }
    lexer.position++;
    indirect = true;
  }
  const parameter = name();
  if (parameter === undefined) return bad("");
  const at = subscript();
  if (indirect && at?.kind === "all" && text[lexer.position] === "}") return done({ name: parameter, operation: { kind: "keys", join: at.join } });
  if (text[lexer.position] === "}") return done({ name: parameter, subscript: at, indirect });
  const operation = scanOperation(lexer, inDouble);
  if (operation === undefined) return bad(parameter);
  return done({ name: parameter, subscript: at, indirect, operation });
}

function scanOperation(lexer: Lexer, inDouble: boolean): ParameterOperation | undefined {
  const { text, dialect } = lexer;
  const take = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = lexer.position;
    const found = sticky.exec(text)?.[0];
    if (found !== undefined) lexer.position += found.length;
    return found;
  };
  const byDefault = take(/:?[-=?+]/);
  if (byDefault !== undefined) {
    const word = scanOperand(lexer, inDouble, "}");
    return { kind: "default", operator: byDefault.at(-1) as "-" | "=" | "?" | "+", orNull: byDefault.length === 2, word };
  }
  const remove = take(/##?|%%?/);
  if (remove !== undefined) return { kind: "remove", operator: remove as "#" | "##" | "%" | "%%", pattern: scanOperand(lexer, false, "}") };
  if (dialect.substring && take(/:/) !== undefined) {
    const offset = scanOperand(lexer, inDouble, ":}");
    const hasLength = take(/:/) !== undefined;
    return { kind: "slice", offset, length: hasLength ? scanOperand(lexer, inDouble, "}") : undefined };
  }
  if (dialect.replace && take(/\//) !== undefined) {
    const anchor = take(dialect.name === "bash" ? /[/#%]/ : /\//) ?? "";
    const pattern = scanOperand(lexer, false, "/}");
    const replacement = take(/\//) === undefined ? undefined : scanOperand(lexer, inDouble, "}");
    return { kind: "replace", anchor: anchor as "" | "/" | "#" | "%", pattern, replacement };
  }
  if (!dialect.indirection) return undefined;
  const change = take(/\^\^?|,,?|~~?/);
  if (change !== undefined) {
    const pattern = text[lexer.position] === "}" ? undefined : scanOperand(lexer, false, "}");
    return { kind: "case", operator: change as "^" | "^^" | "," | ",," | "~" | "~~", pattern };
  }
  const transform = take(/@[A-Za-z](?=\})/);
  return transform === undefined ? undefined : { kind: "transform", operator: transform.slice(1) };
}

/** The text inside `${…}` up to an unquoted stop character. */
function scanOperand(lexer: Lexer, inDouble: boolean, stop: string): Word {
  const start = lexer.position;
  const parts = stop.includes(":") ? scanSlicePart(lexer, stop) : scanParts(lexer, inDouble ? DOUBLE_OPERAND : OPERAND, stop);
  return { parts: inDouble ? parts : markTilde(parts, "word"), text: lexer.text.slice(start, lexer.position) };
}

/** An offset: a `:` inside `?:` or parentheses belongs to it. */
function scanSlicePart(lexer: Lexer, stop: string): Part[] {
  const parts: Part[] = [];
  let nested = 0;
  for (;;) {
    parts.push(...scanParts(lexer, SLICE, stop));
    const c = lexer.text[lexer.position];
    if (c === undefined || c === "}" || (c === ":" && nested === 0)) return joinLiterals(parts);
    nested += c === "?" || c === "(" ? 1 : -1;
    parts.push({ kind: "literal", text: c });
    lexer.position++;
  }
}
const SLICE: Mode = { run: /[^\\'"`$}:?()]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: false };

function joinLiterals(parts: readonly Part[]): readonly Part[] & Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === "literal" && last?.kind === "literal") joined[joined.length - 1] = { kind: "literal", text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

/** Finds the tildes that will be expanded: at the start of a word; in an assignment also after `=` and `:`. */
function markTilde(parts: Part[], where: "word" | "argument" | "assignment"): Part[] {
  const marked: Part[] = [];
  for (const [i, part] of parts.entries()) {
    if (part.kind !== "literal" || !part.text.includes("~")) {
      marked.push(part);
      continue;
    }
    const isLast = i === parts.length - 1;
    const inArgument = where === "argument" && i === 0 && /^[A-Za-z_]\w*=~/.test(part.text);
    const place = where === "assignment" ? /(^|:)~([\w.-]*)(?=[/:]|$)/g : inArgument ? /(^|=)~([\w.-]*)(?=[/:]|$)/g : /(^)~([\w.-]*)(?=\/|$)/g;
    let from = 0;
    for (const match of part.text.matchAll(place)) {
      const at = match.index + (match[1]?.length ?? 0);
      const end = match.index + match[0].length;
      if (at === 0 && i > 0) continue;
      if (end === part.text.length && !isLast) continue;
      if (at > from) marked.push({ kind: "literal", text: part.text.slice(from, at) });
      marked.push({ kind: "tilde", user: match[2] ?? "" });
      from = end;
    }
    if (from < part.text.length) marked.push({ kind: "literal", text: part.text.slice(from) });
  }
  return marked;
}
