/** The ways in which text is scanned: what quotes in it mean, and where an ordinary run of characters ends. */

/** How quotes and backslashes are read, and at which character the scan stops. */
export type Mode = {
  /** A run of ordinary characters; sticky, its place is set before each use. */
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

export const PLAIN: Mode = { run: /[^ \t\n\\'"`$&|;()<>]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: true };
export const EXTENDED_INNER: Mode = { ...PLAIN, run: /[^\\'"`$|()]+/y };
export const EXTENDED: Mode = { ...PLAIN, extended: true };
export const OPERAND: Mode = { run: /[^\\'"`$}/\]()]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: false };
export const DOUBLE: Mode = { run: /[^\\"`$]+/y, escapes: "double", singleQuotes: false, doubleQuotes: false, metacharacters: false };
export const DOUBLE_OPERAND: Mode = {
  run: /[^\\"`$}]+/y,
  escapes: "double",
  singleQuotes: false,
  doubleQuotes: true,
  metacharacters: false,
};
export const HERE: Mode = { run: /[^\\`$]+/y, escapes: "here", singleQuotes: false, doubleQuotes: false, metacharacters: false };
export const ARITHMETIC: Mode = { run: /[^\\"`$();]+/y, escapes: "double", singleQuotes: false, doubleQuotes: true, metacharacters: false };

/** In dash and ash a double quote is an ordinary character there. */
export const ARITHMETIC_PLAIN: Mode = { ...ARITHMETIC, run: /[^\\`$();]+/y, doubleQuotes: false };
export const SUBSCRIPT: Mode = { run: /[^\\'"`$[\]]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: false };
/** An offset in `${x:…}`. */
export const SLICE: Mode = { run: /[^\\'"`$}:?()]+/y, escapes: "any", singleQuotes: true, doubleQuotes: true, metacharacters: false };
