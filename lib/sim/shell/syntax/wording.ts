/** What each shell says about a syntax error. */

import type { SyntaxFault, SyntaxProblem, TokenName } from "./problem";
import { notSimulated } from "@/lib/sim/core/not-simulated";

/** Where the text came from, as bash names it. */
export type TextOrigin = {
  readonly shell: string;
  /** `-c`, `eval`, or a file or the terminal. */
  readonly kind: "command" | "eval" | "file" | "interactive" | "command substitution" | "exit trap" | "interrupt trap" | "trap handler";
};

/** dash: after `sh: 1: `; ash: after `sh: line 0: `. */
export function ashWording(problem: SyntaxProblem, isDash: boolean): string {
  const { fault } = problem;
  if (fault.kind === "not-simulated") return notSimulated(fault.what);
  const said = isDash ? dashFault(fault) : ashFault(fault);
  return `${isDash ? "Syntax error" : "syntax error"}: ${said}`;
}

function dashFault(fault: SyntaxFault): string {
  switch (fault.kind) {
    case "unexpected":
      return `${posixName(fault.token)} unexpected${fault.expecting === undefined ? "" : ` (expecting ${posixExpected(fault.expecting)})`}`;
    case "unterminated":
      return {
        "'": "Unterminated quoted string",
        '"': "Unterminated quoted string",
        "`": "EOF in backquote substitution",
        "$(": 'end of file unexpected (expecting ")")',
        "((": 'end of file unexpected (expecting ")")',
        "(": 'end of file unexpected (expecting ")")',
        "${": "Missing '}'",
        "$((": "Missing '))'",
      }[fault.opener];
    case "bad-for-variable":
      return "Bad for loop variable";
    case "bad-function-name":
      return "Bad function name";
    case "bad-fd-number":
      return "Bad fd number";
    case "conditional":
    case "not-simulated":
      return "";
  }
}

function ashFault(fault: SyntaxFault): string {
  if (fault.kind === "unexpected") {
    return `unexpected ${posixName(fault.token)}${fault.expecting === undefined ? "" : ` (expecting ${posixExpected(fault.expecting)})`}`;
  }
  if (fault.kind === "unterminated" && (fault.opener === "$(" || fault.opener === "(")) return 'unexpected end of file (expecting ")")';
  const said = dashFault(fault);
  return said.startsWith("EOF") ? said : said.charAt(0).toLowerCase() + said.slice(1);
}

function posixName(token: TokenName): string {
  switch (token.kind) {
    case "end-of-file":
      return "end of file";
    case "newline":
    case "word":
    case "redirection":
      return token.kind;
    case "keyword":
    case "operator":
      return `"${token.text}"`;
  }
}

function posixExpected(expected: string): string {
  return expected === "word" ? expected : `"${expected}"`;
}

/** bash: the whole lines, with their prefixes. */
export function bashWording(problem: SyntaxProblem, origin: TextOrigin, endLine: number): string {
  const { fault } = problem;
  const at = (line: number): string => {
    if (origin.kind === "interactive") return `${origin.shell}: `;
    const kind = origin.kind === "command" ? " -c:" : origin.kind === "file" ? "" : ` ${origin.kind}:`;
    return `${origin.shell}:${kind} line ${line}: `;
  };
  const near = (text: string): string => {
    const first = `${at(problem.line)}${text}\n`;
    return origin.kind === "interactive" ? first : `${first}${at(problem.line)}\`${problem.sourceLine}'\n`;
  };
  switch (fault.kind) {
    case "unexpected": {
      if (fault.token.kind !== "end-of-file") {
        const looking = fault.inSubstitution && fault.token.text !== ")" ? " while looking for matching `)'" : "";
        return near(`syntax error near unexpected token \`${fault.token.text}'${looking}`);
      }
      const within = fault.within ? ` from \`${fault.within.opener}' command on line ${fault.within.line}` : "";
      return `${at(endLine)}syntax error: unexpected end of file${within}\n`;
    }
    case "unterminated": {
      const closer = { "'": "'", '"': '"', "`": "`", "$(": ")", "((": ")", "(": ")", "${": "}", "$((": ")" }[fault.opener];
      return `${at(fault.opener === "$(" ? endLine : fault.startLine)}unexpected EOF while looking for matching \`${closer}'\n`;
    }
    case "conditional": {
      const first = fault.message === "" ? "" : `${at(problem.line)}${fault.message}\n`;
      return first + near(`syntax error near \`${fault.near}'`);
    }
    case "not-simulated":
      return `${at(problem.line)}${notSimulated(fault.what)}\n`;
    case "bad-for-variable":
    case "bad-function-name":
    case "bad-fd-number":
      return near("syntax error");
  }
}
