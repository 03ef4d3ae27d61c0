/** `${…}` (parsesub of dash's parser.c; bash's manual, "Parameter Expansion"). */

import type { ParameterOperation, Part, Subscript, Word } from "./ast";
import { joinLiterals } from "./join-literals";
import type { Lexer } from "./lexer";
import { DOUBLE, DOUBLE_OPERAND, type Mode, OPERAND, SLICE } from "./scan-modes";
import { markTilde } from "./tilde";

/** What reads the texts inside: `word-parts.ts`, which calls this file. */
export type WordScanner = {
  readonly parts: (lexer: Lexer, mode: Mode, stop: string) => Part[];
  readonly subscript: (lexer: Lexer) => Word;
};

/** `${…}`. */
export function scanBraced(lexer: Lexer, mode: Mode, scanner: WordScanner): Part {
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
  const done = (fields: {
    name: string;
    subscript?: Subscript | undefined;
    indirect?: boolean;
    operation?: ParameterOperation | undefined;
  }): Part => {
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
    scanOperand(lexer, inDouble, "}", scanner);
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
    return { kind: "index", word: scanner.subscript(lexer) };
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
  if (indirect && at?.kind === "all" && text[lexer.position] === "}")
    return done({ name: parameter, operation: { kind: "keys", join: at.join } });
  if (text[lexer.position] === "}") return done({ name: parameter, subscript: at, indirect });
  const operation = scanOperation(lexer, inDouble, scanner);
  if (operation === undefined) return bad(parameter);
  return done({ name: parameter, subscript: at, indirect, operation });
}

function scanOperation(lexer: Lexer, inDouble: boolean, scanner: WordScanner): ParameterOperation | undefined {
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
    const word = scanOperand(lexer, inDouble, "}", scanner);
    return { kind: "default", operator: byDefault.at(-1) as "-" | "=" | "?" | "+", orNull: byDefault.length === 2, word };
  }
  const remove = take(/##?|%%?/);
  if (remove !== undefined)
    return { kind: "remove", operator: remove as "#" | "##" | "%" | "%%", pattern: scanOperand(lexer, false, "}", scanner) };
  if (dialect.substring && take(/:/) !== undefined) {
    const offset = scanOperand(lexer, inDouble, ":}", scanner);
    const hasLength = take(/:/) !== undefined;
    return { kind: "slice", offset, length: hasLength ? scanOperand(lexer, inDouble, "}", scanner) : undefined };
  }
  if (dialect.replace && take(/\//) !== undefined) {
    const anchor = take(dialect.name === "bash" ? /[/#%]/ : /\//) ?? "";
    const pattern = scanOperand(lexer, false, "/}", scanner);
    const replacement = take(/\//) === undefined ? undefined : scanOperand(lexer, inDouble, "}", scanner);
    return { kind: "replace", anchor: anchor as "" | "/" | "#" | "%", pattern, replacement };
  }
  if (!dialect.indirection) return undefined;
  const change = take(/\^\^?|,,?|~~?/);
  if (change !== undefined) {
    const pattern = text[lexer.position] === "}" ? undefined : scanOperand(lexer, false, "}", scanner);
    return { kind: "case", operator: change as "^" | "^^" | "," | ",," | "~" | "~~", pattern };
  }
  const transform = take(/@[A-Za-z](?=\})/);
  return transform === undefined ? undefined : { kind: "transform", operator: transform.slice(1) };
}

/** The text inside `${…}` up to an unquoted stop character. */
function scanOperand(lexer: Lexer, inDouble: boolean, stop: string, scanner: WordScanner): Word {
  const start = lexer.position;
  const parts = stop.includes(":") ? scanSlicePart(lexer, stop, scanner) : scanner.parts(lexer, inDouble ? DOUBLE_OPERAND : OPERAND, stop);
  return { parts: inDouble ? parts : markTilde(parts, "word"), text: lexer.text.slice(start, lexer.position) };
}

/** An offset: a `:` inside `?:` or parentheses belongs to it. */
function scanSlicePart(lexer: Lexer, stop: string, scanner: WordScanner): Part[] {
  const parts: Part[] = [];
  let nested = 0;
  for (;;) {
    parts.push(...scanner.parts(lexer, SLICE, stop));
    const c = lexer.text[lexer.position];
    if (c === undefined || c === "}" || (c === ":" && nested === 0)) return joinLiterals(parts);
    nested += c === "?" || c === "(" ? 1 : -1;
    parts.push({ kind: "literal", text: c });
    lexer.position++;
  }
}
