/**
 * The three shells: what they differ in besides their language. Facts and words only; behaviour asks them.
 *
 * bash 5.3 (the host's login shell), dash (the host's `sh`) and ash of busybox 1.38 (`sh` in containers). Each wording was read
 * off the real shell.
 */

import type { Errno } from "@/lib/sim/core/errno";
import { strerror } from "@/lib/sim/core/errno";
import type { ArithmeticFault } from "./expand/arithmetic-parser";
import { ASH, BASH, DASH, type Dialect } from "./syntax/dialect";

export type Flavour = {
  readonly dialect: Dialect;
  /** Exit status after an error of the shell itself. */
  readonly errorStatus: number;
  /** … after a redirection that fails. */
  readonly redirectStatus: number;
  /** … after `${x:?}` and `set -u`. */
  readonly unsetStatus: number;
  /** An error in a special builtin, an expansion or an assignment ends a shell that is not interactive (POSIX). */
  readonly errorsAreFatal: boolean;
  /** The line number of the first line of `-c`. */
  readonly firstLine: 0 | 1;
  /** `local x` unsets it; otherwise it keeps the outer value. */
  readonly localsStartUnset: boolean;
  /** `NAME=value special-builtin` lasts. */
  readonly specialBuiltinsKeepAssignments: boolean;
  /** `set -u` concerns arithmetic too. */
  readonly strictArithmetic: boolean;
  /** `${#x}` counts bytes. */
  readonly countsBytes: boolean;
  readonly words: FlavourWords;
};

/** Where a message comes from. */
type MessageSource = {
  /** `$0`. */
  readonly shell: string;
  readonly line: number;
  readonly isInteractive: boolean;
  /** The builtin that speaks. */
  readonly command: string | undefined;
};

type FlavourWords = {
  /** What comes before a message. */
  readonly prefix: (source: MessageSource) => string;
  readonly notFound: (name: string) => string;
  readonly cannotExecute: (path: string, errno: Errno, isDirectory: boolean) => string;
  readonly cannotOpen: (path: string, errno: Errno) => string;
  readonly cannotCreate: (path: string, errno: Errno) => string;
  /** `to`: the number that was to mean the same. */
  readonly badFd: (text: string, to: number) => string;
  readonly isReadonly: (name: string) => string;
  readonly unset: (name: string) => string;
  /** `${x?}` and, with `orNull`, `${x:?}`. */
  readonly parameterNotSet: (orNull: boolean) => string;
  readonly badSubstitution: (text: string) => string;
  readonly badName: (name: string) => string;
  readonly illegalNumber: (text: string) => string;
  readonly arithmetic: (fault: ArithmeticFault, text: string) => string;
  readonly divisionByZero: (text: string, rest: string) => string;
  readonly negativeExponent: (text: string, rest: string) => string;
  readonly recursionExceeded: (text: string) => string;
};

export const BASH_FLAVOUR: Flavour = {
  dialect: BASH,
  errorStatus: 1,
  redirectStatus: 1,
  unsetStatus: 127,
  errorsAreFatal: false,
  firstLine: 1,
  localsStartUnset: true,
  specialBuiltinsKeepAssignments: false,
  strictArithmetic: true,
  countsBytes: false,
  words: {
    prefix: ({ shell, line, isInteractive, command }) =>
      `${isInteractive ? baseName(shell) : `${shell}: line ${line}`}: ${command === undefined ? "" : `${command}: `}`,
    notFound: (name) => `${name}: ${name.includes("/") ? strerror("ENOENT") : "command not found"}`,
    cannotExecute: (path, errno, isDirectory) => `${path}: ${isDirectory ? strerror("EISDIR") : strerror(errno)}`,
    cannotOpen: (path, errno) => `${path}: ${strerror(errno)}`,
    cannotCreate: (path, errno) => `${path}: ${errno === "EEXIST" ? "cannot overwrite existing file" : strerror(errno)}`,
    badFd: (text) => `${text}: ${strerror("EBADF")}`,
    isReadonly: (name) => `${name}: readonly variable`,
    unset: (name) => `${name}: unbound variable`,
    parameterNotSet: (orNull) => (orNull ? "parameter null or not set" : "parameter not set"),
    badSubstitution: (text) => `${text}: bad substitution`,
    badName: (name) => `\`${name}': not a valid identifier`,
    illegalNumber: (text) => `${text}: numeric argument required`,
    arithmetic: (fault, text) => `${text}: ${bashArithmetic(fault)} (error token is "${fault.rest}")`,
    divisionByZero: (text, rest) => `${text}: division by 0 (error token is "${rest}")`,
    negativeExponent: (text, rest) => `${text}: exponent less than 0 (error token is "${rest.replace(/^[-+]\s*/, "")}")`,
    recursionExceeded: (text) => `${text}: expression recursion level exceeded (error token is "${text}")`,
  },
};

const DASH_WORDS: FlavourWords = {
  prefix: ({ shell, line, command }) => `${shell}: ${line}: ${command === undefined ? "" : `${command}: `}`,
  notFound: (name) => `${name}: not found`,
  cannotExecute: (path, errno) => `${path}: ${strerror(errno)}`,
  cannotOpen: (path, errno) => `cannot open ${path}: ${errno === "ENOENT" || errno === "ENOTDIR" ? "No such file" : strerror(errno)}`,
  cannotCreate: (path, errno) =>
    `cannot create ${path}: ${errno === "ENOENT" || errno === "ENOTDIR" ? "Directory nonexistent" : strerror(errno)}`,
  badFd: (text) => `${text}: ${strerror("EBADF")}`,
  isReadonly: (name) => `${name}: is read only`,
  unset: (name) => `${name}: parameter not set`,
  parameterNotSet: (orNull) => (orNull ? "parameter not set or null" : "parameter not set"),
  badSubstitution: () => "Bad substitution",
  badName: (name) => `${name}: bad variable name`,
  illegalNumber: (text) => `Illegal number: ${text}`,
  arithmetic: (fault, text) => `arithmetic expression: ${dashArithmetic(fault)}: "${text}"`,
  divisionByZero: (text) => `arithmetic expression: division by zero: "${text}"`,
  negativeExponent: (text) => `arithmetic expression: expecting primary: "${text}"`,
  recursionExceeded: (text) => `Illegal number: ${text}`,
};

export const DASH_FLAVOUR: Flavour = {
  dialect: DASH,
  errorStatus: 2,
  redirectStatus: 2,
  unsetStatus: 2,
  errorsAreFatal: true,
  firstLine: 1,
  localsStartUnset: false,
  specialBuiltinsKeepAssignments: true,
  strictArithmetic: false,
  countsBytes: true,
  words: DASH_WORDS,
};

export const ASH_FLAVOUR: Flavour = {
  ...DASH_FLAVOUR,
  dialect: ASH,
  localsStartUnset: true,
  countsBytes: false,
  redirectStatus: 1,
  firstLine: 0,
  words: {
    ...DASH_WORDS,
    prefix: ({ shell, line, isInteractive, command }) =>
      `${shell}: ${command === undefined ? "" : `${command}: `}${isInteractive ? "" : `line ${line}: `}`,
    cannotOpen: (path, errno) => `can't open ${path}: ${errno === "ENOENT" || errno === "ENOTDIR" ? "no such file" : strerror(errno)}`,
    cannotCreate: (path, errno) =>
      `can't create ${path}: ${errno === "ENOENT" || errno === "ENOTDIR" ? "nonexistent directory" : strerror(errno)}`,
    badFd: (text, to) => `dup2(${text},${to}): ${strerror("EBADF")}`,
    badSubstitution: () => "syntax error: bad substitution",
    arithmetic: () => "arithmetic syntax error",
    divisionByZero: () => "divide by zero",
    negativeExponent: () => "exponent less than 0",
    recursionExceeded: () => "expression recursion loop detected",
  },
};

function bashArithmetic(fault: ArithmeticFault): string {
  switch (fault.kind) {
    case "operand-expected":
      return "arithmetic syntax error: operand expected";
    case "operator-expected":
      return /^[\w$(]/.test(fault.rest) ? "arithmetic syntax error in expression" : "arithmetic syntax error: invalid arithmetic operator";
    case "missing":
      return fault.what === ")" ? "missing `)'" : "`:' expected for conditional expression";
    case "not-a-variable":
      return "attempted assignment to non-variable";
    case "bad-number":
      return fault.why === "digit" ? "value too great for base" : "invalid arithmetic base";
  }
}

function dashArithmetic(fault: ArithmeticFault): string {
  switch (fault.kind) {
    case "operand-expected":
      return "expecting primary";
    case "missing":
      return `expecting '${fault.what}'`;
    case "operator-expected":
    case "not-a-variable":
    case "bad-number":
      return "expecting EOF";
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
