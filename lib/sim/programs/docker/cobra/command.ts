/**
 * Commands as data: their names, arguments, flags and help, and what runs them.
 *
 * Follows the cobra commands of docker/cli 28.5. The tree under ../tree is the whole of `docker`: help, parsing, completion
 * and the fidelity ledger are made from it.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../cli";
import type { FlagSet, FlagSpec } from "./flag";

/** Why a command ends with a status other than 0. An empty message prints nothing. */
export type Failure = { readonly status: number; readonly message: string };

export type Invocation = {
  readonly cli: Cli;
  readonly flags: FlagSet;
  readonly args: readonly string[];
};

export type Handler = (invocation: Invocation) => Routine<Failure | undefined>;

/** How many arguments a command takes (cli/required.go). */
export type ArgumentRule =
  | { readonly kind: "none" }
  | { readonly kind: "any" }
  | { readonly kind: "exactly"; readonly count: number }
  | { readonly kind: "at-least"; readonly count: number }
  | { readonly kind: "at-most"; readonly count: number }
  | { readonly kind: "between"; readonly least: number; readonly most: number };

export const NO_ARGS: ArgumentRule = { kind: "none" };
export const ANY_ARGS: ArgumentRule = { kind: "any" };
export const exactly = (count: number): ArgumentRule => ({ kind: "exactly", count });
export const atLeast = (count: number): ArgumentRule => ({ kind: "at-least", count });
export const atMost = (count: number): ArgumentRule => ({ kind: "at-most", count });
export const between = (least: number, most: number): ArgumentRule => ({ kind: "between", least, most });

/** What the word under the cursor can be completed with. */
export type Completable =
  | "containers"
  | "running-containers"
  | "stopped-containers"
  | "images"
  | "networks"
  | "volumes"
  | "contexts"
  | "files"
  | "nothing";

export type CommandSpec = {
  /** Name and arguments as in the usage line: `create [OPTIONS] NETWORK`. */
  readonly use: string;
  readonly short: string;
  readonly long?: string;
  readonly example?: string;
  /** Other names below the same parent. */
  readonly aliases?: readonly string[];
  /** What help lists as aliases, where that is not the path and `aliases`. */
  readonly aliasHelp?: string;
  readonly args: ArgumentRule;
  readonly flags: readonly FlagSpec[];
  /** Flags end at the first argument (`docker run`). */
  readonly stopsAtArguments?: boolean;
  readonly commands?: readonly CommandSpec[];
  /** Its place among the common commands of `docker --help`. */
  readonly common?: number;
  /** A swarm command; hidden on nodes that are no managers, or in no swarm. */
  readonly swarm?: "any" | "manager" | "active";
  /** Only of a daemon with experimental features. */
  readonly experimental?: boolean;
  /** Experimental in the CLI itself; help says so of it and of what is below it. */
  readonly isExperimental?: boolean;
  readonly hidden?: boolean;
  /** Completion of the first, second, … argument; the last rule holds for all that follow. */
  readonly complete?: readonly Completable[];
  /** The part of the fidelity ledger: `yes`, `no` or what is missing. */
  readonly simulated: "yes" | "no" | { readonly partly: string };
  readonly run: Handler;
};

/** A command in its place in the tree. */
export type Command = {
  readonly spec: CommandSpec;
  readonly name: string;
  readonly parent: Command | undefined;
};

export function nameOf(spec: CommandSpec): string {
  return spec.use.split(" ")[0] ?? "";
}

export function commandOf(spec: CommandSpec, parent?: Command): Command {
  return { spec, name: nameOf(spec), parent };
}

/** `docker network create`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name}` : command.name;
}

/** `docker network create [OPTIONS] NETWORK`. */
export function useLineOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.spec.use}` : command.spec.use;
}

export function childrenOf(command: Command): readonly Command[] {
  return (command.spec.commands ?? []).map((spec) => commandOf(spec, command));
}

export function findChild(command: Command, name: string): Command | undefined {
  return childrenOf(command).find((child) => child.name === name || child.spec.aliases?.includes(name));
}

/** A handler for the groups (`docker network`), which only show their help. */
export const SHOWS_HELP: Handler = function* () {
  throw new InvariantViolation("a group of commands is not run; its help is shown");
};
