/** `!!`, `!n`, `!-n`, `!word`, `!?text?`, `^old^new^` and their word designators and modifiers (bash: histexpand.c). */

export type HistoryExpansion =
  | { readonly kind: "unchanged" }
  | { readonly kind: "expanded"; readonly line: string /** `:p`: show it, do not run it. */; readonly isPrintOnly: boolean }
  | {
      readonly kind: "not-found";
      readonly event: string;
      readonly reason: "event not found" | "bad word specifier" | "substitution failed" | "unrecognized history modifier";
    };

export type HistoryLines = {
  /** Oldest first. */
  readonly entries: readonly string[];
  /** The number of the oldest. */
  readonly first: number;
};

export function expandHistory(line: string, history: HistoryLines): HistoryExpansion {
  const quick = /^\^([^^]+)\^([^^]*)(?:\^(.*))?$/.exec(line);
  if (quick) {
    const [, from = "", to = "", rest = ""] = quick;
    const last = history.entries.at(-1);
    if (last === undefined || !last.includes(from)) return { kind: "not-found", event: `:s${line}`, reason: "substitution failed" };
    return { kind: "expanded", line: last.replace(from, () => to) + rest, isPrintOnly: false };
  }
  let made = "";
  let isChanged = false;
  let isPrintOnly = false;
  let quote = "";
  for (let i = 0; i < line.length; ) {
    const c = line[i] ?? "";
    if (c === "\\" && quote !== "'") {
      made += line.slice(i, i + 2);
      i += 2;
      continue;
    }
    if (c === "'" && quote !== '"') quote = quote === "'" ? "" : "'";
    else if (c === '"' && quote !== "'") quote = quote === '"' ? "" : '"';
    const next = line[i + 1];
    const isBang =
      c === "!" &&
      quote !== "'" &&
      next !== undefined &&
      !/[\s=]/.test(next) &&
      !(next === "(") &&
      !(quote === '"' && next === '"') &&
      line[i - 1] !== "[" &&
      !/\$\{?$/.test(line.slice(0, i));
    if (!isBang) {
      made += c;
      i++;
      continue;
    }
    const found = reference(line.slice(i), history, made);
    if (found.kind === "not-found") return found;
    made += found.text;
    i += found.length;
    isChanged = true;
    isPrintOnly ||= found.isPrintOnly;
  }
  return isChanged ? { kind: "expanded", line: made, isPrintOnly } : { kind: "unchanged" };
}

type Reference =
  | { readonly kind: "found"; readonly text: string; readonly length: number; readonly isPrintOnly: boolean }
  | (HistoryExpansion & { readonly kind: "not-found" });

/** One `!…`. */
function reference(text: string, history: HistoryLines, before: string): Reference {
  const event = /^!(?:(!)|(-?\d+)|(#)|\?([^?\n]+)\??|([$^*])|([^\s:;&|()<>!^$*?"'-][^\s:;&|()<>"]*)|(?=[:-]))/.exec(text);
  if (!event) return { kind: "not-found", event: text, reason: "event not found" };
  const [whole, last, number, current, containing, designator, prefix] = event;
  let line: string | undefined;
  if (last !== undefined || designator !== undefined) line = history.entries.at(-1);
  else if (number !== undefined)
    line = number.startsWith("-") ? history.entries.at(Number(number)) : history.entries[Number(number) - history.first];
  else if (current !== undefined) line = before;
  else if (containing !== undefined) line = history.entries.findLast((entry) => entry.includes(containing));
  else if (prefix !== undefined) line = history.entries.findLast((entry) => entry.startsWith(prefix));
  else line = history.entries.at(-1);
  if (line === undefined) return { kind: "not-found", event: whole, reason: "event not found" };
  let length = designator !== undefined ? 1 : whole.length;
  let value = line;
  const words = /^(?::?([$^*]|-\d*)|:(\d+)(?:(-)(\d*|\$)|(\*))?)/.exec(text.slice(length));
  if (words) {
    const list = splitWords(line);
    const chosen = choose(list, words);
    if (chosen === undefined) return { kind: "not-found", event: text.slice(0, length + words[0].length), reason: "bad word specifier" };
    value = chosen;
    length += words[0].length;
  }
  let isPrintOnly = false;
  for (;;) {
    const modifier = /^:(?:([htrepqx])|(g?)s(.)((?:\\.|(?!\3).)*)\3((?:\\.|(?!\3).)*)(?:\3|$))/.exec(text.slice(length));
    if (!modifier) break;
    length += modifier[0].length;
    const [, letter, global, , from = "", to = ""] = modifier;
    if (letter === undefined) {
      if (!value.includes(from)) return { kind: "not-found", event: text.slice(0, length), reason: "substitution failed" };
      value = global ? value.replaceAll(from, () => to) : value.replace(from, () => to);
    } else if (letter === "p") isPrintOnly = true;
    else if (letter === "h") value = value.includes("/") ? value.slice(0, value.lastIndexOf("/")) : value;
    else if (letter === "t") value = value.slice(value.lastIndexOf("/") + 1);
    else if (letter === "r") value = value.replace(/\.[^./]*$/, "");
    else if (letter === "e") value = /\.[^./]*$/.exec(value)?.[0] ?? "";
    else value = `'${value.replaceAll("'", "'\\''")}'`;
  }
  return { kind: "found", text: value, length, isPrintOnly };
}

function choose(words: readonly string[], match: RegExpExecArray): string | undefined {
  const [, sign, from, dash, to, star] = match;
  const lastIndex = words.length - 1;
  if (sign === "$") return words[lastIndex];
  if (sign === "^") return words[1];
  if (sign === "*") return words.slice(1).join(" ");
  if (sign !== undefined) return words.slice(0, sign === "-" ? lastIndex : Number(sign.slice(1)) + 1).join(" ");
  const start = Number(from);
  if (start > lastIndex) return undefined;
  if (star !== undefined) return words.slice(start).join(" ");
  if (dash === undefined) return words[start];
  const end = to === "$" ? lastIndex : to === "" || to === undefined ? lastIndex - 1 : Number(to);
  return end > lastIndex ? undefined : words.slice(start, end + 1).join(" ");
}

/** Words as the shell would see them, quotes kept. */
function splitWords(line: string): readonly string[] {
  return line.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\;&|()<>])+|[;&|()<>]+/g) ?? [];
}
