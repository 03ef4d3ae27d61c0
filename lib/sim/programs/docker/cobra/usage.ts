/**
 * Help texts: `docker --help`, `docker network --help`, `docker run --help`.
 *
 * Follows the usage template of docker/cli (cli/cobra.go) and pflag's FlagUsagesWrapped, which wraps to the width of the
 * terminal on stdin, or to 80 columns.
 */

import { quote } from "../gotemplate/strconv";
import { childrenOf, type Command, pathOf, useLineOf } from "./command";
import { type FlagSpec, valueWord } from "./flag";

/** A command that a plugin adds (`compose*`). */
export type PluginStub = { readonly name: string; readonly short: string; readonly error?: string };

export type UsageContext = {
  /** Columns of the terminal on stdin, 80 without one. */
  readonly columns: number;
  readonly isVisible: (command: Command) => boolean;
  readonly isFlagVisible: (flag: FlagSpec) => boolean;
  /** Of the root command. */
  readonly plugins: readonly PluginStub[];
  /** Whether the last line is written bold, as on a terminal. */
  readonly isTerminal: boolean;
};

const NAME_WIDTH = 11;
const ADDITIONAL = "For more help on how to use Docker, head to https://docs.docker.com/go/guides/";

/** Text of several lines, as a paragraph of its own. */
function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n\n${title}:\n${lines.join("\n")}`;
}

export function usageText(command: Command, context: UsageContext): string {
  const { spec } = command;
  const children = childrenOf(command)
    .filter(context.isVisible)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const flags = spec.flags.filter(context.isFlagVisible);
  const isRoot = command.parent === undefined;
  // Runnable groups count flags that they inherit; docker's have only the hidden --help.
  const options = flags.length > 0 ? " [OPTIONS]" : "";

  let text = spec.commands ? `Usage:  ${pathOf(command)}${options} COMMAND` : `Usage:  ${useLineOf(command)}`;
  text += `\n\n${(spec.long ?? spec.short).trim()}`;
  if (isExperimental(command)) {
    text += `\n\nEXPERIMENTAL:\n  ${pathOf(command)} is an experimental feature.
  Experimental features provide early access to product functionality. These
  features may change between releases without warning, or can be removed from a
  future release. Learn more about experimental features in our documentation:
  https://docs.docker.com/go/experimental/`;
  }
  const aliases = aliasHelp(command);
  if (aliases !== undefined) text += `\n\nAliases:\n  ${aliases}`;
  if (spec.example !== undefined) text += `\n\nExamples:\n${spec.example}`;
  if (!isRoot && flags.length > 0) text += `\n\nOptions:\n${flagUsages(flags, context.columns - 1)}`;

  const line = (name: string, short: string): string => `  ${name.padEnd(NAME_WIDTH + 1)}${short}`;
  if (isRoot) {
    const common = children.filter((child) => child.spec.common !== undefined).sort((a, b) => (a.spec.common ?? 0) - (b.spec.common ?? 0));
    text += section(
      "Common Commands",
      common.map((child) => line(child.name, child.spec.short)),
    );
  }
  const isGroup = (child: Command): boolean => child.spec.commands !== undefined;
  const isCommon = (child: Command): boolean => isRoot && child.spec.common !== undefined;
  const groups = children
    .filter((child) => isGroup(child) && child.spec.swarm === undefined)
    .map((child) => ({ name: child.name, text: line(child.name, child.spec.short) }));
  const stubs = isRoot ? context.plugins.filter((plugin) => plugin.error === undefined) : [];
  for (const plugin of stubs) groups.push({ name: plugin.name, text: line(`${plugin.name}*`, plugin.short) });
  groups.sort((a, b) => (a.name < b.name ? -1 : 1));
  text += section(
    "Management Commands",
    groups.map((group) => group.text),
  );
  text += section(
    "Swarm Commands",
    children.filter((child) => isGroup(child) && child.spec.swarm !== undefined).map((child) => line(child.name, child.spec.short)),
  );
  text += section(
    "Commands",
    children.filter((child) => !isGroup(child) && !isCommon(child)).map((child) => line(child.name, child.spec.short)),
  );
  const broken = isRoot ? context.plugins.filter((plugin) => plugin.error !== undefined) : [];
  text += section(
    "Invalid Plugins",
    broken.map((plugin) => line(plugin.name, plugin.error ?? "")),
  );
  if (isRoot) text += `\n\nGlobal Options:\n${flagUsages(flags, context.columns - 1)}`;
  if (spec.commands) text += `\n\nRun '${pathOf(command)} COMMAND --help' for more information on a command.`;
  if (isRoot) text += `\n\n${context.isTerminal ? `\u001b[1m${ADDITIONAL}\u001b[0m` : ADDITIONAL}`;
  return `${text}\n`;
}

function isExperimental(command: Command): boolean {
  return command.spec.isExperimental === true || (command.parent !== undefined && isExperimental(command.parent));
}

function aliasHelp(command: Command): string | undefined {
  if (command.spec.aliasHelp !== undefined) return command.spec.aliasHelp;
  const aliases = command.spec.aliases ?? [];
  if (aliases.length === 0) return undefined;
  const parent = command.parent ? `${pathOf(command.parent)} ` : "";
  return [pathOf(command), ...aliases.map((alias) => parent + alias)].join(", ");
}

/** The list of flags, wrapped to `columns`. */
export function flagUsages(flags: readonly FlagSpec[], columns: number): string {
  const sorted = [...flags].sort((a, b) => (a.name < b.name ? -1 : 1));
  const heads = sorted.map((flag) => {
    const name = flag.short && !flag.shortDeprecated ? `  -${flag.short}, --${flag.name}` : `      --${flag.name}`;
    const word = valueWord(flag);
    return word === "" ? name : `${name} ${word}`;
  });
  const width = Math.max(...heads.map((head) => head.length + 1));
  const lines = sorted.map((flag, i) => {
    const head = heads[i] ?? "";
    return `${head} ${" ".repeat(width - head.length)} ${wrap(width + 2, columns, flag.usage + note(flag))}`;
  });
  return lines.join("\n").trimEnd();
}

/** `(default …)`, where the initial value is not the zero value. */
function note(flag: FlagSpec): string {
  if (flag.note !== undefined) return ` ${flag.note}`;
  if (flag.kind === "map") return " (default map[])";
  const initial = flag.initial;
  if (initial === undefined || initial === "" || initial === "0" || initial === "false") return "";
  return flag.kind === "string" && flag.word === undefined ? ` (default ${quote(initial)})` : ` (default ${initial})`;
}

const SLOP = 5;

/** pflag's wrapping: the first line is indented by the caller, and a last word may stick out a little. */
function wrap(indent: number, columns: number, text: string): string {
  let at = indent;
  let width = columns - at;
  let wrapped = "";
  if (width < 24) {
    at = 16;
    width = columns - at;
    wrapped = `\n${" ".repeat(at)}`;
  }
  if (width < 24) return text.replaceAll("\n", wrapped);
  const margin = `\n${" ".repeat(at)}`;
  width -= SLOP;
  let [line, rest] = wrapLine(width, text);
  wrapped += line.replaceAll("\n", margin);
  while (rest !== "") {
    [line, rest] = wrapLine(width, rest);
    wrapped += margin + line.replaceAll("\n", margin);
  }
  return wrapped;
}

function wrapLine(width: number, text: string): readonly [string, string] {
  if (width + SLOP > text.length) return [text, ""];
  const head = text.slice(0, width);
  const space = Math.max(head.lastIndexOf(" "), head.lastIndexOf("\t"), head.lastIndexOf("\n"));
  if (space <= 0) return [text, ""];
  const newline = head.lastIndexOf("\n");
  const end = newline > 0 && newline < space ? newline : space;
  return [text.slice(0, end), text.slice(end + 1)];
}
