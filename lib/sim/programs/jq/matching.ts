/** jq's regular expressions. They are Oniguruma's; JavaScript's match here, with the differences that can be bridged. */

import { fail } from "./functions";
import { isArray, isObject, type Json } from "./json";
import { described, JqError, made, type Output } from "./values";

export function* scanned(input: Json, pattern: Json, flags: string): Generator<Output> {
  for (const match of matches(input, pattern, flags)) {
    const groups = groupsOf(match);
    yield made(groups.length > 0 ? groups.map((group) => group.get("string") ?? null) : (match.get("string") ?? null));
  }
}

type Match = ReadonlyMap<string, Json>;

/** Matches as jq describes them. Its expressions are Oniguruma's; what JavaScript's do not know is refused. */
export function matches(input: Json, pattern: Json, flags: Json): Match[] {
  if (typeof input !== "string") throw new JqError(`${described(input)} cannot be matched, as it is not a string`);
  const [source, given] = isArray(pattern) ? [pattern[0] ?? null, pattern[1] ?? null] : [pattern, flags];
  if (typeof source !== "string") throw new JqError(`${described(source)} cannot be matched, as it is not a string`);
  const letters = typeof given === "string" ? given : given === null ? "" : fail(`${described(given)} is not a string`);
  for (const letter of letters) if (!"gimnpslx".includes(letter)) throw new JqError(`${letters} is not a valid modifier string`);
  const extended = letters.includes("x") ? source.replace(/\\.|\[[^\]]*\]|\s+|#.*/g, (part) => (/^[\s#]/.test(part) ? "" : part)) : source;
  let regex: RegExp;
  try {
    regex = new RegExp(onigurumaToJs(extended), `gdu${letters.includes("i") ? "i" : ""}${/[sp]/.test(letters) ? "s" : ""}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new JqError(`Regex failure: ${regexProblem(error.message)}`);
  }
  const found: Match[] = [];
  const codePoints = (at: number): number => [...input.slice(0, at)].length;
  for (const match of input.matchAll(regex)) {
    const names = Object.entries(match.groups ?? {});
    const ranges = match.indices ?? [];
    const groups = match.slice(1).map((text: string | undefined, i) => {
      const at = ranges[i + 1]?.[0];
      const name = names.find(([key]) => match.indices?.groups?.[key]?.[0] === at && match.groups?.[key] === text && at !== undefined)?.[0];
      return new Map<string, Json>([
        ["offset", at === undefined ? -1 : codePoints(at)],
        ["length", text === undefined ? 0 : [...text].length],
        ["string", text ?? null],
        ["name", name ?? null],
      ]);
    });
    if (!(letters.includes("n") && match[0] === ""))
      found.push(
        new Map<string, Json>([
          ["offset", codePoints(match.index)],
          ["length", [...match[0]].length],
          ["string", match[0]],
          ["captures", groups],
        ]),
      );
    if (!letters.includes("g")) break;
  }
  return found;
}

/** What is wrong with an expression, in Oniguruma's words. */
function regexProblem(message: string): string {
  if (/group$|parenthes/i.test(message)) return "end pattern with unmatched parenthesis";
  if (/character class/i.test(message)) return "premature end of char-class";
  if (/nothing to repeat/i.test(message)) return "target of repeat operator is not specified";
  if (/at end of pattern/.test(message)) return "end pattern at escape";
  return `${message.replace(/^.*: /, "")} (in the words of JavaScript, which matches here)`;
}

/** POSIX brackets and \\h, \\A, \\z are written differently in JavaScript. */
function onigurumaToJs(source: string): string {
  return source
    .replace(
      /\[:(\w+):\]/g,
      (all, name: string) =>
        ({
          alpha: "\\p{L}",
          digit: "0-9",
          alnum: "\\p{L}\\p{N}",
          space: "\\s",
          upper: "\\p{Lu}",
          lower: "\\p{Ll}",
          punct: "\\p{P}",
          xdigit: "0-9A-Fa-f",
        })[name] ?? all,
    )
    .replace(/\\.|\[(?:\\.|[^\]\\])*\]|\$/g, (part) => (part === "$" ? "(?=\\n?(?![^]))" : part))
    .replace(/\\h/g, "[0-9A-Fa-f]")
    .replace(/\\A/g, "(?<![^])")
    .replace(/\\[zZ]/g, "(?![^])")
    .replace(/\\([-_"'@#%&=:;,<>!~` ])/g, "$1");
}

function groupsOf(match: Match): readonly ReadonlyMap<string, Json>[] {
  const groups = match.get("captures");
  return groups !== undefined && isArray(groups) ? groups.filter(isObject) : [];
}

export function captures(match: Match): Json {
  return new Map(
    groupsOf(match).flatMap((group) => {
      const name = group.get("name");
      return typeof name === "string" ? [[name, group.get("string") ?? null] as const] : [];
    }),
  );
}

export function* splitBy(input: Json, pattern: Json, flags: Json): Generator<Output> {
  if (typeof input !== "string") throw new JqError(`${described(input)} cannot be matched, as it is not a string`);
  const letters = [...input];
  let start = 0;
  for (const match of matches(input, pattern, `g${typeof flags === "string" ? flags : ""}`)) {
    const offset = Number(match.get("offset"));
    yield made(letters.slice(start, offset).join(""));
    start = offset + Number(match.get("length"));
  }
  yield made(letters.slice(start).join(""));
}
