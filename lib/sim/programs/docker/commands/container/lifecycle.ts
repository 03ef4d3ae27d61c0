/**
 * `docker stop`, `restart`, `kill`, `rm`, `pause`, `unpause`, `rename`, `prune` and `update`.
 *
 * Follows docker/cli cli/command/container. Stop, kill, rm, pause and unpause ask for all containers at once (the real CLI for
 * 50 at a time); the others for one after the other.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainersPruneReport, ContainerUpdateRequest, ContainerUpdateResponse } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { type ApiError, failureOf, isNotFound } from "../../client";
import { sideBySide } from "../../concurrent";
import type { Failure, Handler } from "../../cobra/command";
import type { FlagSet } from "../../cobra/flag";
import { humanSize } from "../../units";
import { type FilterValues, filtersParameter, pruneFilters } from "../filters";
import { confirm } from "../prompt";
import { parseRestartPolicy } from "./parse";

type Action = (name: string) => Routine<Result<unknown, ApiError>>;

/** What is said of one container: its name on stdout, or nothing on stderr and the error at the end. */
function* reportName(cli: Cli, name: string, done: Result<unknown, ApiError>): Routine<string | undefined> {
  if (!done.ok) return done.error.message;
  yield* cli.out(`${name}\n`);
  return undefined;
}

/** One after the other. */
function* forEach(cli: Cli, names: readonly string[], action: Action): Routine<Failure | undefined> {
  const errors: string[] = [];
  for (const name of names) {
    const error = yield* reportName(cli, name, yield* action(name));
    if (error !== undefined) errors.push(error);
  }
  return failureWith(errors);
}

/** All at once; what is said of them comes in the order of the arguments, each as soon as those before it are done. */
function* atOnce(cli: Cli, names: readonly string[], action: Action, report: typeof reportName = reportName): Routine<Failure | undefined> {
  const results = new Map<number, Result<unknown, ApiError>>();
  const errors: string[] = [];
  let reported = 0;
  const each = names.map(function* (name, index): Routine<void> {
    results.set(index, yield* action(name));
    for (let done = results.get(reported); done; done = results.get(reported)) {
      const error = yield* report(cli, names[reported++] ?? "", done);
      if (error !== undefined) errors.push(error);
    }
  });
  yield* sideBySide(cli.sys, each, {
    isOver: () => cli.client.interruption() !== undefined,
    *onSignal(signal) {
      cli.client.interrupt(signal);
    },
  });
  const interrupted = cli.client.interruption();
  return interrupted ? failureOf(interrupted) : failureWith(errors);
}

function failureWith(errors: readonly string[]): Failure | undefined {
  return errors.length > 0 ? { status: 1, message: errors.join("\n") } : undefined;
}

function stopQuery(flags: FlagSet): Readonly<Record<string, string | undefined>> {
  const isGiven = flags.changed("timeout") || flags.changed("time");
  return { t: isGiven ? String(flags.number("timeout")) : undefined, signal: flags.text("signal") || undefined };
}

function checkTimeouts(flags: FlagSet): Failure | undefined {
  if (flags.changed("time") && flags.changed("timeout"))
    return { status: 1, message: "conflicting options: cannot specify both --timeout and --time" };
  return undefined;
}

export const containerStop: Handler = function* ({ cli, flags, args }) {
  const conflict = checkTimeouts(flags);
  if (conflict) return conflict;
  return yield* atOnce(cli, args, (name) => cli.client.send("ContainerStop", { object: name, query: stopQuery(flags) }));
};

export const containerRestart: Handler = function* ({ cli, flags, args }) {
  const conflict = checkTimeouts(flags);
  if (conflict) return conflict;
  return yield* forEach(cli, args, (name) => cli.client.send("ContainerRestart", { object: name, query: stopQuery(flags) }));
};

export const containerKill: Handler = function* ({ cli, flags, args }) {
  const query = { signal: flags.text("signal") || undefined };
  return yield* atOnce(cli, args, (name) => cli.client.send("ContainerKill", { object: name, query }));
};

export const containerPause: Handler = function* ({ cli, args }) {
  return yield* atOnce(cli, args, (name) => cli.client.send("ContainerPause", { object: name }));
};

export const containerUnpause: Handler = function* ({ cli, args }) {
  return yield* atOnce(cli, args, (name) => cli.client.send("ContainerUnpause", { object: name }));
};

export const containerRm: Handler = function* ({ cli, flags, args }) {
  const on = (name: string): string | undefined => (flags.bool(name) ? "1" : undefined);
  const query = { v: on("volumes"), link: on("link"), force: on("force") };
  const isForced = flags.bool("force");
  const remove: Action = function* (name) {
    const object = name.replace(/^\/+|\/+$/g, "");
    if (object === "") return fail({ kind: "response", status: 400, message: "container name cannot be empty" });
    return yield* cli.client.send("ContainerDelete", { object, query });
  };
  return yield* atOnce(cli, args, remove, function* (_, name, removed) {
    if (removed.ok || !isForced || !isNotFound(removed.error)) return yield* reportName(cli, name, removed);
    yield* cli.err(`${removed.error.message}\n`);
    return undefined;
  });
};

export const containerRename: Handler = function* ({ cli, args }) {
  const [from = "", to = ""] = args.map((name) => name.trim());
  if (from === "" || to === "") return { status: 1, message: "Error: Neither old nor new names may be empty" };
  const renamed = yield* cli.client.send("ContainerRename", { object: from, query: { name: to } });
  if (renamed.ok) return undefined;
  yield* cli.err(`${renamed.error.message}\n`);
  return { status: 1, message: `Error: failed to rename container named ${from}` };
};

/** What a prune did, for its own command and for `docker system prune`. */
export type Pruned = { readonly text: string; readonly bytes: number };

export function* pruneContainers(cli: Cli, filters: FilterValues): Routine<Result<Pruned, ApiError>> {
  const report = yield* cli.client.get<ContainersPruneReport>("ContainerPrune", {
    query: { filters: filtersParameter(pruneFilters(cli, filters)) },
  });
  if (!report.ok) return report;
  const deleted = report.value.ContainersDeleted ?? [];
  if (deleted.length === 0) return ok({ text: "", bytes: 0 });
  return ok({ text: `Deleted Containers:\n${deleted.map((id) => `${id}\n`).join("")}`, bytes: report.value.SpaceReclaimed });
}

export const containerPrune: Handler = function* ({ cli, flags }) {
  if (!flags.bool("force")) {
    const answer = yield* confirm(cli, "WARNING! This will remove all stopped containers.\nAre you sure you want to continue?");
    if (answer !== "yes") return undefined;
  }
  const pruned = yield* pruneContainers(cli, flags.filter("filter"));
  if (!pruned.ok) return failureOf(pruned.error);
  if (pruned.value.text !== "") yield* cli.out(`${pruned.value.text}\n`);
  yield* cli.out(`Total reclaimed space: ${humanSize(pruned.value.bytes)}\n`);
  return undefined;
};

export const containerUpdate: Handler = function* ({ cli, flags, args }) {
  if (flags.given.length === 0) return { status: 1, message: "you must provide one or more flags when using this command" };
  const policy = flags.text("restart") === "" ? ok({ Name: "", MaximumRetryCount: 0 }) : parseRestartPolicy(flags.text("restart"));
  if (!policy.ok) return { status: 1, message: policy.error };
  const body: ContainerUpdateRequest = {
    BlkioWeight: flags.number("blkio-weight"),
    CpusetCpus: flags.text("cpuset-cpus"),
    CpusetMems: flags.text("cpuset-mems"),
    CpuShares: flags.number("cpu-shares"),
    Memory: flags.number("memory"),
    MemoryReservation: flags.number("memory-reservation"),
    MemorySwap: flags.number("memory-swap"),
    CpuPeriod: flags.number("cpu-period"),
    CpuQuota: flags.number("cpu-quota"),
    CpuRealtimePeriod: flags.number("cpu-rt-period"),
    CpuRealtimeRuntime: flags.number("cpu-rt-runtime"),
    NanoCpus: flags.number("cpus"),
    ...(flags.number("pids-limit") === 0 ? {} : { PidsLimit: flags.number("pids-limit") }),
    RestartPolicy: policy.value,
  };
  const errors: string[] = [];
  const warnings: string[] = [];
  for (const name of args) {
    const updated = yield* cli.client.get<ContainerUpdateResponse>("ContainerUpdate", { object: name, body });
    if (updated.ok) {
      yield* cli.out(`${name}\n`);
      warnings.push(...(updated.value.Warnings ?? []));
    } else errors.push(updated.error.message);
  }
  if (warnings.length > 0) yield* cli.out(`${warnings.join("\n")}\n`);
  return errors.length > 0 ? { status: 1, message: errors.join("\n") } : undefined;
};
