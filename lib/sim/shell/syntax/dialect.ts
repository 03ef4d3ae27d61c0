/**
 * Which language a shell reads. dash reads POSIX's, busybox ash the same with some of bash's additions
 * (ENABLE_ASH_BASH_COMPAT), bash its own.
 */

export type Dialect = {
  readonly name: "bash" | "dash" | "ash";
  /** `$'…'`. */
  readonly ansiQuotes: boolean;
  /** `$"…"`. */
  readonly localeQuotes: boolean;
  /** `name=(…)`, `name[i]=…`, `${name[i]}`. */
  readonly arrays: boolean;
  /** `name+=value`. */
  readonly appendAssignment: boolean;
  /** `[[ … ]]` with a grammar of its own. In ash it is a command whose `&&` and `||` are words. */
  readonly conditionals: "keyword" | "command" | "no";
  /** `((…))` and `for ((…))`. */
  readonly arithmeticCommands: boolean;
  /** `function name`. */
  readonly functionKeyword: boolean;
  readonly select: boolean;
  /** `time` as a keyword. */
  readonly timeKeyword: boolean;
  readonly coproc: boolean;
  /** `&>`, `>&file`. */
  readonly outputBoth: boolean;
  /** `&>>`. */
  readonly appendBoth: boolean;
  /** `|&`. */
  readonly pipeBoth: boolean;
  /** `<<<`. */
  readonly hereStrings: boolean;
  readonly processSubstitution: boolean;
  readonly braces: boolean;
  /** `${x:1:2}`. */
  readonly substring: boolean;
  /** `${x/a/b}`. */
  readonly replace: boolean;
  /** `${!x}`, `${x^^}`, `${x@Q}`. */
  readonly indirection: boolean;
  /** `;&` and `;;&` in case. */
  readonly caseFallThrough: boolean;
  /** `{name}>file`. */
  readonly fdVariables: boolean;
  /** More than one digit before a redirection. */
  readonly longFds: boolean;
  /** `!` may be repeated, and stand before nothing. */
  readonly looseNegation: boolean;
  /** A function's name may be any word; otherwise it must be a name and no special builtin. */
  readonly anyFunctionName: boolean;
  /** The variable of `for` is checked when it runs rather than when it is read. */
  readonly lateForVariable: boolean;
};

export const BASH: Dialect = {
  name: "bash",
  ansiQuotes: true,
  localeQuotes: true,
  arrays: true,
  appendAssignment: true,
  conditionals: "keyword",
  arithmeticCommands: true,
  functionKeyword: true,
  select: true,
  timeKeyword: true,
  coproc: true,
  outputBoth: true,
  appendBoth: true,
  pipeBoth: true,
  hereStrings: true,
  processSubstitution: true,
  braces: true,
  substring: true,
  replace: true,
  indirection: true,
  caseFallThrough: true,
  fdVariables: true,
  longFds: true,
  looseNegation: true,
  anyFunctionName: true,
  lateForVariable: true,
};

export const DASH: Dialect = {
  name: "dash",
  ansiQuotes: false,
  localeQuotes: false,
  arrays: false,
  appendAssignment: false,
  conditionals: "no",
  arithmeticCommands: false,
  functionKeyword: false,
  select: false,
  timeKeyword: false,
  coproc: false,
  outputBoth: false,
  appendBoth: false,
  pipeBoth: false,
  hereStrings: false,
  processSubstitution: false,
  braces: false,
  substring: false,
  replace: false,
  indirection: false,
  caseFallThrough: false,
  fdVariables: false,
  longFds: false,
  looseNegation: false,
  anyFunctionName: false,
  lateForVariable: false,
};

export const ASH: Dialect = {
  ...DASH,
  name: "ash",
  ansiQuotes: true,
  conditionals: "command",
  functionKeyword: true,
  outputBoth: true,
  hereStrings: true,
  processSubstitution: true,
  substring: true,
  replace: true,
  longFds: true,
  anyFunctionName: true,
};

const KEYWORDS = ["!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "until", "while", "{", "}"];
const BASH_KEYWORDS = [...KEYWORDS, "[[", "]]", "function", "select", "time", "coproc"];

/** The reserved words, as `type` and `command -v` know them. */
export function keywordsOf(dialect: "bash" | "dash" | "ash"): readonly string[] {
  return dialect === "bash" ? BASH_KEYWORDS : dialect === "ash" ? [...KEYWORDS, "function"] : KEYWORDS;
}
