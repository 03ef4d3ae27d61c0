/**
 * What a command line of `docker` says, taken apart by the CLI's own parser and brought into one form: the order of flags, their
 * long and short names, `=` or a blank, defaults that were written out and the two notations of ports and networks make no difference.
 *
 * Nothing is run. For whoever compares or checks commands that are shown or typed outside of a terminal.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { checkArguments } from "./cobra/arguments";
import { type Command, commandOf, childrenOf, pathOf } from "./cobra/command";
import { flagsOf, traverse } from "./cobra/execute";
import { type FlagContext, FlagSet } from "./cobra/flag";
import { parseFlags } from "./cobra/parse-flags";
import { parseMount } from "./opts/mount";
import { parseNetwork } from "./opts/network";
import { parsePublish } from "./opts/ports";
import { dockerCommand } from "./tree";

export type DockerForm = {
  /** `docker container run`, also of `docker run`. */
  readonly command: string;
  /** Flags whose value is not the default, by long name. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly args: readonly string[];
};

/** The form of `docker WORDS…`. The error is the CLI's own. */
export function formOf(words: readonly string[]): Result<DockerForm, string> {
  const root = commandOf(dockerCommand("/root/.docker"));
  const found = traverse(root, words, NOWHERE);
  if (!found.ok) return fail(found.error.message);
  const { command } = found.value;
  if (command.spec.commands) {
    const [unknown] = found.value.words;
    return fail(unknown === undefined ? `${pathOf(command)} needs a command` : `unknown command: ${pathOf(command)} ${unknown}`);
  }
  const flags = new FlagSet(flagsOf(command));
  const parsed = parseFlags(flags, found.value.words, { stopsAtArguments: command.spec.stopsAtArguments ?? false }, NOWHERE);
  if (!parsed.ok) return parsed;
  const wrong = checkArguments(command, parsed.value.args);
  if (wrong !== undefined && !flags.bool("help")) return fail(wrong);
  return ok({ command: fullPathOf(command, root), flags: changedFlags(command, flags), args: parsed.value.args });
}

export function isSameForm(a: DockerForm, b: DockerForm): boolean {
  return textOf(a) === textOf(b);
}

function textOf({ command, flags, args }: DockerForm): string {
  return JSON.stringify([command, [...flags].sort(([a], [b]) => (a < b ? -1 : 1)), args]);
}

/** Files that a flag names exist nowhere: what they hold is not looked at. */
const NOWHERE: FlagContext = { env: () => undefined, readFile: () => ok(""), absolute: (path) => path };

/** `docker run` and `docker container run` are one declaration: the longer path stands for both. */
function fullPathOf(command: Command, root: Command): string {
  if (command.parent?.parent !== undefined) return pathOf(command);
  for (const group of childrenOf(root)) {
    const twin = childrenOf(group).find(
      ({ spec, name }) => spec.run === command.spec.run && (spec.flags === command.spec.flags || name === command.name),
    );
    if (twin) return pathOf(twin);
  }
  return pathOf(command);
}

function changedFlags(command: Command, flags: FlagSet): ReadonlyMap<string, readonly string[]> {
  const untouched = new FlagSet(flagsOf(command));
  const changed = new Map<string, readonly string[]>();
  for (const { name, sameAs } of flags.given) {
    const own = sameAs ?? name;
    const value = flags.canonical(own);
    if (value.join("\n") !== untouched.canonical(own).join("\n"))
      changed.set(own, value.flatMap((text) => notations(command, own, text)).sort());
  }
  return changed;
}

/** One notation for what has two. */
function notations(command: Command, flag: string, text: string): readonly string[] {
  if (flag === "network" || flag === "network-add") return [inOneOrder(parseNetwork(text), text)];
  if (flag === "mount") return [inOneOrder(parseMount(text, NOWHERE), text)];
  if (flag !== "publish" && flag !== "publish-add") return [text];
  const isService = pathOf(command).startsWith("docker service");
  const fields = new Map(text.split(",").map((field) => [field.split("=")[0] ?? "", field.split("=").slice(1).join("=")]));
  const mode = isService && text.includes("=") ? (fields.get("mode") ?? "ingress") : "ingress";
  const plain =
    isService && text.includes("=")
      ? `${fields.get("published") ?? ""}:${fields.get("target") ?? ""}/${fields.get("protocol") ?? "tcp"}`
      : text;
  const parsed = parsePublish([plain.replace(/^:/, "")]);
  if (!parsed.ok) return [text];
  return [...parsed.value.bindings].flatMap(([port, bindings]) =>
    bindings.map(({ HostIp, HostPort }) => `${HostIp === "0.0.0.0" ? "" : HostIp}:${HostPort}:${port}${isService ? ` ${mode}` : ""}`),
  );
}

/** What was read of a value, whatever the order of its fields; the text itself where it could not be read. */
function inOneOrder(parsed: Result<object, string>, text: string): string {
  return parsed.ok ? JSON.stringify(Object.entries(parsed.value).sort(([a], [b]) => (a < b ? -1 : 1))) : text;
}
