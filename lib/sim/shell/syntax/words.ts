/**
 * Words: quotes, `$…`, backquotes, tildes, assignments and the bodies of here-documents.
 *
 * Follows readtoken1, parsesub and parsebackq of dash's parser.c. Where bash differs (arrays, `$'…'`, patterns in
 * `${x/…}`), its manual, and what 5.3 does.
 */

import type { ArrayElement, Assignment, HereBody, Part, Word } from "./ast";
import { expandBraces } from "./braces";
import type { Lexer } from "./lexer";
import { EXTENDED, PLAIN } from "./scan-modes";
import { markTilde } from "./tilde";
import { scanExpansions, scanParts, scanSubscript } from "./word-parts";

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
      lexer.fail(
        { kind: "unexpected", token: { kind: "operator", text: operator }, expecting: undefined, within: undefined, inSubstitution: false },
        before,
        false,
      );
    }
    for (const made of lexer.dialect.braces ? expandBraces(word) : [word])
      elements.push({ subscript: undefined, append: false, word: made });
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
