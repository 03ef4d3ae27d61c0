/**
 * The fidelity ledger: which commands there are on a host, and what is simulated of each.
 *
 * A learner sees it on the page of commands, and finds them by it. It is read off the declarations that the programs themselves use:
 * the tree of the docker CLI, that of its Compose plugin, and what is installed on a host. Help texts are docker's own.
 */

import { programOf } from "@/lib/sim/kernel";
import { programs } from "@/lib/sim/programs";
import { composeCommand } from "@/lib/sim/programs/compose/commands";
import { childrenOf, type Command, commandOf, type CommandSpec, pathOf } from "@/lib/sim/programs/docker/cobra/command";
import { dockerCommand } from "@/lib/sim/programs/docker/tree";
import { debianFiles } from "@/lib/sim/programs/install";

export type LedgerCommand = {
  /** As one would type it: `docker run` rather than `docker container run`. */
  readonly name: string;
  /** Its other names, the group's first. */
  readonly also: readonly string[];
  /** `docker container`; `docker` of what stands at the top only. */
  readonly group: string;
  readonly short: string;
  readonly simulated: CommandSpec["simulated"];
  /** Long names with their hyphens, as help lists them. */
  readonly flags: readonly string[];
  /** Those among them that are real and have no effect here but to say so. */
  readonly missingFlags: readonly string[];
};

/** Every command of `docker` and `docker compose`, groups excepted. In the order of the tree. */
export function dockerLedger(): readonly LedgerCommand[] {
  const root = commandOf(dockerCommand("/root/.docker"));
  const tops = childrenOf(root).filter(isListed);
  const compose = commandOf(composeCommand(), root);
  const groups = [...tops.filter((top) => top.spec.commands !== undefined), compose];
  const inGroups = groups.flatMap((group) => leavesOf(group).map((leaf) => toLedger(leaf, findTop(tops, leaf))));
  const told = new Set(inGroups.map(({ name }) => name));
  const alone = tops.filter((top) => top.spec.commands === undefined && !told.has(pathOf(top)));
  return [...alone.map((top) => toLedger(top, undefined)), ...inGroups];
}

/** What a daemon has only with experimental features, none here has. */
function isListed({ spec }: Command): boolean {
  return spec.hidden !== true && spec.experimental !== true;
}

function leavesOf(group: Command): readonly Command[] {
  return childrenOf(group)
    .filter(isListed)
    .flatMap((child) => (child.spec.commands ? leavesOf(child) : [child]));
}

/** The same declaration at the top: `docker ps` of `docker container ls`. */
function findTop(tops: readonly Command[], { spec }: Command): Command | undefined {
  return tops.find((top) => top.spec.flags === spec.flags && top.spec.short === spec.short);
}

function toLedger(command: Command, top: Command | undefined): LedgerCommand {
  const { spec, parent } = command;
  const own = pathOf(command);
  const group = parent ? pathOf(parent) : "docker";
  const flags = spec.flags.filter((flag) => !flag.hidden && flag.sameAs === undefined);
  return {
    name: top ? pathOf(top) : own,
    also: [...(top ? [own] : []), ...(spec.aliases ?? []).map((alias) => `${group} ${alias}`)],
    group,
    short: spec.short.trim(),
    simulated: spec.simulated,
    flags: flags.map(({ name }) => `--${name}`),
    missingFlags: flags.filter(({ simulated }) => simulated === "no").map(({ name }) => `--${name}`),
  };
}

export type HostProgram = {
  readonly name: string /** Otherwise it starts, says that it is not simulated, and fails. */;
  readonly isSimulated: boolean;
};

/** What is installed on a host, by name. */
export function hostPrograms(): readonly HostProgram[] {
  const found = debianFiles().flatMap((file): HostProgram[] => {
    const key = file.kind === "file" ? programOf(file.text) : undefined;
    return key === undefined ? [] : [{ name: file.path.slice(file.path.lastIndexOf("/") + 1), isSimulated: programs.has(key) }];
  });
  return [...new Map(found.map((program) => [program.name, program])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
