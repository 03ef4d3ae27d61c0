/**
 * Tab in `docker …`: subcommands, flags, and the names of containers, networks, images and volumes, asked of the daemon.
 *
 * Follows docker's bash completion in what it offers (cobra's `__complete` and cli/command/completion): containers in the state
 * that the command is for, flags once a word begins with `-`.
 */

import type { ContainerSummary, ImageSummary, NetworkInspect, VolumeListResponse } from "@/lib/sim/api";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { CompletionSource, CompletionSources } from "@/lib/sim/shell/completion";
import { Client } from "./client";
import { childrenOf, type Command, commandOf, type Completable, findChild } from "./cobra/command";
import { HELP_FLAG } from "./cobra/execute";
import type { FlagSpec } from "./cobra/flag";
import { configDirOf, parseHost } from "./config-file";
import { dockerCommand } from "./tree";

const source: CompletionSource = function* ({ words, index, prefix }, sys) {
  const place = locate(commandOf(dockerCommand(configDirOf(sys))), words.slice(1, index));
  if (place.flag) return yield* flagValues(sys, place.flag);
  if (prefix.startsWith("-") && !place.isPastFlags) return flagNames(place.command);
  const children = childrenOf(place.command).filter((child) => !child.spec.hidden);
  if (children.length > 0) return place.arguments === 0 ? children.map((child) => child.name).sort() : [];
  const rules = place.command.spec.complete ?? [];
  const rule = rules[Math.min(place.arguments, rules.length - 1)];
  return rule === undefined ? [] : yield* objects(sys, rule);
};

type Place = {
  readonly command: Command;
  /** Arguments that stand before the cursor. */
  readonly arguments: number;
  /** The flag whose value is being typed. */
  readonly flag: FlagSpec | undefined;
  /** After `--`, or after the first argument of a command whose flags end there. */
  readonly isPastFlags: boolean;
};

function locate(root: Command, words: readonly string[]): Place {
  let command = root;
  let count = 0;
  let flag: FlagSpec | undefined;
  let isPastFlags = false;
  for (const word of words) {
    if (flag) {
      flag = undefined;
      continue;
    }
    if (!isPastFlags && word === "--") isPastFlags = true;
    else if (!isPastFlags && word.startsWith("-") && word.length > 1) flag = awaitedFlag(command, word);
    else {
      const child = count === 0 ? findChild(command, word) : undefined;
      if (child) command = child;
      else count++;
      if (count > 0 && command.spec.stopsAtArguments) isPastFlags = true;
    }
  }
  return { command, arguments: count, flag, isPastFlags };
}

/** The flag that takes the next word as its value, if the word ends in one. */
function awaitedFlag(command: Command, word: string): FlagSpec | undefined {
  if (word.includes("=")) return undefined;
  const flags = command.spec.flags;
  const spec = word.startsWith("--") ? flags.find((flag) => flag.name === word.slice(2)) : flags.find((flag) => flag.short === word.at(-1));
  return spec && spec.kind !== "bool" ? spec : undefined;
}

function flagNames(command: Command): readonly string[] {
  const flags = [...command.spec.flags, HELP_FLAG].filter((flag) => flag.name === "help" || (!flag.hidden && !flag.deprecated));
  return flags.flatMap((flag) => [`--${flag.name}`, ...(flag.short && !flag.shortDeprecated ? [`-${flag.short}`] : [])]).sort();
}

const FLAG_VALUES: Readonly<Record<string, Completable>> = {
  network: "networks",
  "volumes-from": "containers",
  link: "containers",
  "config-from": "networks",
};
const FLAG_WORDS: Readonly<Record<string, readonly string[]>> = {
  restart: ["always", "no", "on-failure", "unless-stopped"],
  pull: ["always", "missing", "never"],
  driver: ["bridge", "host", "ipvlan", "macvlan", "none", "overlay"],
  signal: ["SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"],
  type: ["config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume"],
  "log-level": ["debug", "error", "fatal", "info", "warn"],
};

function* flagValues(sys: Sys, flag: FlagSpec): Routine<readonly string[]> {
  const kind = FLAG_VALUES[flag.name];
  if (kind) return yield* objects(sys, kind);
  if (flag.name === "env") return [...sys.env.keys()].sort();
  return FLAG_WORDS[flag.name] ?? [];
}

function* objects(sys: Sys, kind: Completable): Routine<readonly string[]> {
  const host = parseHost(sys.env.get("DOCKER_HOST") ?? "");
  if (!host.ok) return [];
  const client = new Client(sys, host.value);
  switch (kind) {
    case "containers":
    case "running-containers":
    case "stopped-containers": {
      const containers = yield* client.get<readonly ContainerSummary[]>("ContainerList", {
        query: { all: kind === "running-containers" ? undefined : "1" },
      });
      if (!containers.ok) return [];
      const fitting = containers.value.filter(
        (container) => kind !== "stopped-containers" || container.State === "exited" || container.State === "created",
      );
      return fitting.map((container) => container.Names[0]?.slice(1) ?? container.Id.slice(0, 12)).sort();
    }
    case "images": {
      const images = yield* client.get<readonly ImageSummary[]>("ImageList");
      return images.ok ? images.value.flatMap((image) => image.RepoTags ?? []).sort() : [];
    }
    case "networks": {
      const networks = yield* client.get<readonly NetworkInspect[]>("NetworkList");
      return networks.ok ? networks.value.map((network) => network.Name).sort() : [];
    }
    case "volumes": {
      const volumes = yield* client.get<VolumeListResponse>("VolumeList");
      return volumes.ok ? (volumes.value.Volumes ?? []).map((volume) => volume.Name).sort() : [];
    }
    case "contexts":
      return ["default"];
    case "files":
    case "nothing":
      return [];
  }
}

export const completions: CompletionSources = new Map([["docker", source]]);
