/**
 * POSIX extended regular expressions as JavaScript's. Differs: of several matches that begin at the same place the first
 * alternative wins, where POSIX takes the longest.
 */

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{N}",
  alpha: "\\p{L}",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "\\p{Ll}",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\s",
  upper: "\\p{Lu}",
  xdigit: "0-9A-Fa-f",
  word: "\\p{L}\\p{N}_",
};

/** `undefined` when it is no regular expression. */
export function toPosixRegex(source: string, ignoreCase = false): RegExp | undefined {
  let made = "";
  for (let i = 0; i < source.length; ) {
    const c = source[i] ?? "";
    if (c === "\\") {
      const next = source[i + 1] ?? "";
      made += /[\^$\\.*+?()[\]{}|/]/.test(next)
        ? `\\${next}`
        : /[wWsSbB<>]/.test(next)
          ? ({ "<": "\\b", ">": "\\b" }[next] ?? `\\${next}`)
          : escapeLiteral(next);
      i += 2;
    } else if (c === "[") {
      const set = bracket(source, i);
      if (!set) return undefined;
      made += set.text;
      i = set.end;
    } else if (c === "{" && !/^\{\d*,?\d*\}/.test(source.slice(i))) {
      made += "\\{";
      i++;
    } else if (c === "}" && !/\{\d*,?\d*$/.test(source.slice(0, i))) {
      made += "\\}";
      i++;
    } else {
      made += c === "/" || c === "]" ? `\\${c}` : c;
      i++;
    }
  }
  try {
    return new RegExp(made, ignoreCase ? "iu" : "u");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function bracket(source: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let i = start + 1;
  let text = "[";
  if (source[i] === "^") {
    text += "^";
    i++;
  }
  for (let first = true; ; first = false) {
    const c = source[i];
    if (c === undefined) return undefined;
    if (c === "]" && !first) return { text: `${text}]`, end: i + 1 };
    const named = /^\[:(\w+):\]/.exec(source.slice(i));
    if (named?.[1] !== undefined) {
      const members = CLASSES[named[1]];
      if (members === undefined) return undefined;
      text += members;
      i += named[0].length;
      continue;
    }
    text += c === "-" ? (first || source[i + 1] === "]" ? "\\-" : "-") : /[\\[\]^]/.test(c) ? `\\${c}` : c;
    i++;
  }
}

function escapeLiteral(c: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(c) ? `\\${c}` : c;
}
