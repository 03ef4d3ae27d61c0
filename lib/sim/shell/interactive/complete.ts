/**
 * What Tab offers: commands, variables, users, the words that a command's own source knows (`completion.ts`), and files.
 * readline's complete.c and bash's bashline.c, without programmable completion.
 */

import type { Routine } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import type { Shell } from "../run/shell";
import { keywordsOf } from "../syntax/dialect";

type CompletionItem = {
  /** The whole word. */
  readonly word: string;
  /** As the list shows it: of a file only the last part of its path. */
  readonly shown: string;
  /** More may follow: no blank after it. */
  readonly isOpen: boolean;
};

export type CompletionMenu = {
  readonly items: readonly CompletionItem[];
  /** What stands before the cursor and is replaced. */
  readonly typed: string;
  /** What takes its place: as much as all items have in common. */
  readonly insert: string;
};

/** A source that does not answer in this simulated time is given up. */
const PATIENCE = seconds(5);

export function* complete(shell: Shell, before: string): Routine<CompletionMenu> {
  const place = analyse(before);
  const items = yield* candidates(shell, place);
  const sorted = [...new Map(items.map((item) => [item.word, item])).values()].sort((a, b) =>
    a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0,
  );
  return { items: sorted, typed: place.raw, insert: insertion(place, sorted) };
}

type Place = {
  /** Words of the simple command before the one at the cursor, quotes removed. */
  readonly words: readonly string[];
  /** The word at the cursor as typed, and as it is meant. */
  readonly raw: string;
  readonly prefix: string;
  readonly quote: "" | "'" | '"';
  readonly isCommand: boolean;
  /** After `>` or `<`: only a file can stand here. */
  readonly isRedirect: boolean;
};

/** Finds the simple command that the cursor is in. */
function analyse(before: string): Place {
  let words: string[] = [];
  let raw = "";
  let text = "";
  let quote: "" | "'" | '"' = "";
  let isRedirect = false;
  let isStarted = false;
  const endWord = (): void => {
    if (isStarted && !isRedirect) words.push(text);
    if (isStarted) isRedirect = false;
    raw = "";
    text = "";
    isStarted = false;
  };
  for (let i = 0; i < before.length; i++) {
    const c = before[i] ?? "";
    if (quote !== "") {
      raw += c;
      if (c === quote) quote = "";
      else if (c === "\\" && quote === '"') {
        const next = before[++i] ?? "";
        raw += next;
        text += next;
      } else text += c;
      continue;
    }
    if (c === "'" || c === '"') {
      quote = c;
      raw += c;
      isStarted = true;
    } else if (c === "\\") {
      const next = before[++i] ?? "";
      raw += c + next;
      text += next;
      isStarted = true;
    } else if (c === " " || c === "\t") endWord();
    else if (c === ">" || c === "<") {
      if (/^\d+$/.test(raw)) {
        raw = "";
        text = "";
        isStarted = false;
      }
      endWord();
      isRedirect = true;
    } else if ("|&;\n(`".includes(c) || (c === "{" && before[i + 1] === " ")) {
      // `2>&1` is no end of a command.
      if (c === "&" && (before[i - 1] === ">" || before[i - 1] === "<")) continue;
      endWord();
      words = [];
      isRedirect = false;
    } else {
      raw += c;
      text += c;
      isStarted = true;
    }
  }
  const rest = [...words];
  while (rest[0] !== undefined && (/^[A-Za-z_]\w*\+?=/.test(rest[0]) || PREFIXES.has(rest[0]))) rest.shift();
  return { words: rest, raw, prefix: text, quote, isCommand: rest.length === 0 && !isRedirect && !/^[A-Za-z_]\w*=/.test(text), isRedirect };
}

/** Words before a command: keywords, and commands that run the one that follows. */
const PREFIXES = new Set([
  "!",
  "if",
  "then",
  "elif",
  "else",
  "while",
  "until",
  "do",
  "time",
  "{",
  "command",
  "exec",
  "builtin",
  "nohup",
  "sudo",
]);

function* candidates(shell: Shell, place: Place): Routine<readonly CompletionItem[]> {
  const variable = /(?:^|.*[^\\])?(\$\{?)(\w*)$/s.exec(place.quote === "'" ? "" : place.raw);
  if (variable?.[1] !== undefined) return variables(shell, place, variable[1], variable[2] ?? "");
  if (place.isCommand && !place.prefix.includes("/") && !place.prefix.startsWith("~")) return commands(shell, place.prefix);
  if (/^~[\w.-]*$/.test(place.prefix)) return users(shell, place.prefix);
  const [command = ""] = place.words;
  if (!place.isRedirect && !place.isCommand) {
    const known = yield* fromSource(shell, place, command.slice(command.lastIndexOf("/") + 1));
    if (known.length > 0) return known;
  }
  const onlyDirectories = command === "cd" || command === "pushd" || command === "rmdir";
  return files(shell, place.prefix, { onlyDirectories: onlyDirectories && !place.isRedirect, onlyExecutables: place.isCommand });
}

function commands(shell: Shell, prefix: string): readonly CompletionItem[] {
  const names = new Set<string>([
    ...keywordsOf(shell.flavour.dialect.name),
    ...shell.builtins.keys(),
    ...shell.functions.keys(),
    ...shell.aliases.keys(),
  ]);
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const found = shell.sys.readdir(directory === "" ? "." : directory);
    if (!found.ok) continue;
    for (const name of found.value) {
      if (!name.startsWith(prefix) || names.has(name)) continue;
      if (isRunnable(shell, `${directory}/${name}`)) names.add(name);
    }
  }
  return [...names].filter((name) => name.startsWith(prefix)).map((name) => ({ word: name, shown: name, isOpen: false }));
}

function isRunnable(shell: Shell, path: string): boolean {
  const stat = shell.sys.stat(path);
  return stat.ok && stat.value.kind === "file" && (stat.value.mode & 0o111) !== 0;
}

function variables(shell: Shell, place: Place, opener: string, prefix: string): readonly CompletionItem[] {
  const head = place.raw.slice(0, place.raw.length - prefix.length - opener.length);
  return shell.variables
    .names()
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const text = `${opener}${name}${opener === "${" ? "}" : ""}`;
      return { word: head + text, shown: text, isOpen: false };
    });
}

function users(shell: Shell, prefix: string): readonly CompletionItem[] {
  const passwd = shell.sys.readFile("/etc/passwd");
  if (!passwd.ok) return [];
  return passwd.value.split("\n").flatMap((line) => {
    const name = line.split(":")[0] ?? "";
    return name !== "" && `~${name}`.startsWith(prefix) ? [{ word: `~${name}/`, shown: `~${name}`, isOpen: true }] : [];
  });
}

function files(
  shell: Shell,
  prefix: string,
  only: { readonly onlyDirectories: boolean; readonly onlyExecutables: boolean },
): readonly CompletionItem[] {
  const cut = prefix.lastIndexOf("/") + 1;
  const directory = prefix.slice(0, cut);
  const beginning = prefix.slice(cut);
  const home = /^~([\w.-]*)\//.exec(directory);
  const homePath = home ? (home[1] === "" ? (shell.variables.get("HOME") ?? "") : shell.homeOf(home[1] ?? "")) : undefined;
  const place = home && homePath !== undefined ? `${homePath}/${directory.slice(home[0].length)}` : directory;
  const names = shell.sys.readdir(place === "" ? "." : place);
  if (!names.ok) return [];
  return names.value.flatMap((name) => {
    if (!name.startsWith(beginning) || (name.startsWith(".") && !beginning.startsWith("."))) return [];
    const stat = shell.sys.stat(place + name);
    const isDirectory = stat.ok && stat.value.kind === "directory";
    if (only.onlyDirectories && !isDirectory) return [];
    if (only.onlyExecutables && !isDirectory && !isRunnable(shell, place + name)) return [];
    return [{ word: `${directory}${name}${isDirectory ? "/" : ""}`, shown: `${name}${isDirectory ? "/" : ""}`, isOpen: isDirectory }];
  });
}

/** Asks a command's own source, in a process that cannot write to the terminal. */
function* fromSource(shell: Shell, place: Place, command: string): Routine<readonly CompletionItem[]> {
  const source = shell.session.completions.get(command);
  if (!source) return [];
  const { sys } = shell;
  const words = [...place.words, ...(place.raw === "" ? [] : [place.prefix])];
  const request = { words, index: place.words.length, prefix: place.prefix };
  const nothing = sys.open("/dev/null", { read: true, write: true });
  const { read, write } = sys.pipe();
  const fds = new Map<number, number>([[1, write]]);
  if (nothing.ok) fds.set(0, nothing.value).set(2, nothing.value);
  const pid = shell.interpreter.processes.fork({ fds }, function* (child) {
    for (const [name, value] of child.variables.environment()) child.sys.env.set(name, value);
    const answer = yield* source(request, child.sys);
    yield* child.print(answer.join("\n"));
    return 0;
  });
  sys.close(write);
  if (nothing.ok) sys.close(nothing.value);
  let output = "";
  const deadline = after(sys.now, PATIENCE);
  while (pid !== undefined) {
    if (!sys.isReadable(read)) {
      if (sys.now >= deadline) break;
      yield* sys.wait({ on: sys.readable(read).on, until: deadline });
      continue;
    }
    const chunk = yield* sys.read(read);
    if (!chunk.ok || chunk.value === "") break;
    output += chunk.value;
  }
  sys.close(read);
  if (pid !== undefined) {
    sys.kill(pid, "KILL");
    yield* sys.waitpid(pid);
  }
  return output
    .split("\n")
    .filter((word) => word !== "" && word.startsWith(place.prefix))
    .map((word) => ({ word, shown: word, isOpen: /[=/:]$/.test(word) }));
}

// --- inserting --------------------------------------------------------------------------------------------------------
/** What replaces the typed word: the part that all have in common, quoted as the word was. */
function insertion(place: Place, items: readonly CompletionItem[]): string {
  const [first] = items;
  if (!first) return place.raw;
  if (place.quote !== "'" && /\$\{?\w*$/.test(place.raw)) {
    const common = commonPrefix(items.map((item) => item.word));
    return items.length === 1 ? `${common} ` : common.length > place.raw.length ? common : place.raw;
  }
  const common = commonPrefix(items.map((item) => item.word));
  if (items.length > 1 && common.length <= place.prefix.length) return place.raw;
  const quoted = quoteLike(common, place);
  if (items.length > 1) return quoted;
  if (first.isOpen) return quoted;
  return `${quoted}${place.quote} `;
}

function quoteLike(text: string, place: Place): string {
  const opening = place.raw.startsWith("'") || place.raw.startsWith('"') ? place.raw.charAt(0) : "";
  if (place.quote !== "" && opening === place.quote) return opening + (opening === '"' ? text.replace(/[\\"$`]/g, "\\$&") : text);
  // A tilde at the start must stay one.
  const tilde = /^~[\w.-]*/.exec(text)?.[0] ?? "";
  return tilde + text.slice(tilde.length).replace(/[\s'"\\|&;()<>*?[\]#$`!{}]/g, "\\$&");
}

function commonPrefix(words: readonly string[]): string {
  const [first = "", ...rest] = words;
  let length = first.length;
  for (const word of rest) {
    let i = 0;
    while (i < length && word[i] === first[i]) i++;
    length = i;
  }
  return first.slice(0, length);
}
