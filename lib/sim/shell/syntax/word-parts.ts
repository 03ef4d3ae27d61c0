/**
 * The parts of words: quotes, `$…`, backquotes, escaped characters (readtoken1 and parsebackq of dash's parser.c).
 */

import { ansiUnescape } from "./ansi-quote";
import type { Part, Word } from "./ast";
import { scanBraced, type WordScanner } from "./braced";
import { joinLiterals } from "./join-literals";
import type { Lexer } from "./lexer";
import { SyntaxFailure } from "./problem";
import { ARITHMETIC, ARITHMETIC_PLAIN, DOUBLE, EXTENDED_INNER, HERE, type Mode, OPERAND, SUBSCRIPT } from "./scan-modes";

/** What `${…}` needs of this file. */
const SCANNER: WordScanner = { parts: scanParts, subscript: scanSubscript };

/** All of a text, with the quoting of a here-document. */
export function scanExpansions(lexer: Lexer): readonly Part[] {
  return scanParts(lexer, HERE, "");
}

/** Scans parts until the mode's end, `stop`, or the end of the text. */
export function scanParts(lexer: Lexer, mode: Mode, stop: string): Part[] {
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
      } else if (
        mode.escapes === "any" ||
        "$`\\".includes(next) ||
        (mode.escapes === "double" && (next === '"' || (next === "}" && stop.includes("}"))))
      ) {
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
  if (lexer.text[lexer.position] !== '"')
    lexer.fail({ kind: "unterminated", opener: '"', startLine: lexer.lineAt(start) }, lexer.text.length, true);
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
    const part = scanBraced(lexer, mode, SCANNER);
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

/** From after `[` to after the `]` that closes it. */
export function scanSubscript(lexer: Lexer): Word {
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
