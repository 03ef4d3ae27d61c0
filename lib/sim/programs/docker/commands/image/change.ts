/** `docker pull`, `rmi`, `tag`, `image inspect` and `image prune`. Follows docker/cli cli/command/image. */

import { ok, type Result } from "@/lib/base/result";
import type { ImageDeleteItem, ImagesPruneReport } from "@/lib/sim/api";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { type ApiError, failureOf, isNotFound } from "../../client";
import type { Handler } from "../../cobra/command";
import { type Finder, inspect } from "../../format/inspector";
import { quote } from "../../gotemplate";
import { parseAnyReference, parseReference, withDefaultTag } from "../../opts/reference";
import { TYPES } from "../../schema";
import { humanSize } from "../../units";
import { pull } from "../container/create";
import type { Pruned } from "../container/lifecycle";
import { type FilterValues, filtersParameter, pruneFilters } from "../filters";
import { confirm } from "../prompt";

export const imagePull: Handler = function* ({ cli, flags, args }) {
  if (!flags.bool("disable-content-trust")) return { status: 1, message: notSimulated("content trust") };
  const reference = parseReference(args[0] ?? "");
  if (!reference.ok) return { status: 1, message: reference.error };
  const isNameOnly = reference.value.tag === undefined && reference.value.digest === undefined;
  const isAll = flags.bool("all-tags");
  const isQuiet = flags.bool("quiet");
  if (isAll && !isNameOnly) return { status: 1, message: "tag can't be used with --all-tags/-a" };
  const full = isAll ? reference.value : withDefaultTag(reference.value);
  if (!isAll && isNameOnly && !isQuiet) yield* cli.out("Using default tag: latest\n");
  const pulled = yield* pull(cli, full, {
    platform: flags.text("platform") || (cli.env("DOCKER_DEFAULT_PLATFORM") ?? ""),
    isAll,
    write: (text) => cli.out(isQuiet ? "" : text),
    terminal: isQuiet ? undefined : cli.terminal("stdout"),
  });
  if (!pulled.ok) return pulled.error;
  const tag = full.tag === undefined ? "" : `:${full.tag}`;
  const digest = full.digest === undefined ? "" : `@${full.digest}`;
  yield* cli.out(`${full.name}${tag}${digest}\n`);
  return undefined;
};

export const imageRm: Handler = function* ({ cli, flags, args }) {
  const query = { force: flags.bool("force") ? "1" : undefined, noprune: flags.bool("no-prune") ? "1" : undefined };
  const errors: string[] = [];
  let isFatal = false;
  for (const name of args) {
    const removed = yield* cli.client.get<readonly ImageDeleteItem[]>("ImageDelete", { object: name, query });
    if (!removed.ok) {
      if (!isNotFound(removed.error)) isFatal = true;
      errors.push(removed.error.message);
      continue;
    }
    for (const item of removed.value) yield* cli.out(item.Deleted ? `Deleted: ${item.Deleted}\n` : `Untagged: ${item.Untagged ?? ""}\n`);
  }
  if (errors.length === 0) return undefined;
  if (!flags.bool("force") || isFatal) return { status: 1, message: errors.join("\n") };
  yield* cli.err(`${errors.join("\n")}\n`);
  return undefined;
};

export const imageTag: Handler = function* ({ cli, args }) {
  const [source = "", target = ""] = args;
  const from = parseAnyReference(source);
  if (!from.ok) return { status: 1, message: `Error parsing reference: ${quote(source)} is not a valid repository/tag: ${from.error}` };
  const to = parseReference(target);
  if (!to.ok) return { status: 1, message: `Error parsing reference: ${quote(target)} is not a valid repository/tag: ${to.error}` };
  if (to.value.digest !== undefined) return { status: 1, message: "refusing to create a tag with a digest reference" };
  const full = withDefaultTag(to.value);
  const tagged = yield* cli.client.send("ImageTag", { object: source, query: { repo: full.name, tag: full.tag } });
  return tagged.ok ? undefined : failureOf(tagged.error);
};

export const imageInspect: Handler = function* ({ cli, flags, args }) {
  const find: Finder = function* (name) {
    const answer = yield* cli.client.json("ImageInspect", { object: name });
    return answer.ok ? ok({ kind: "raw", text: answer.value.text, type: TYPES.get("image.InspectResponse") }) : answer;
  };
  return yield* inspect(cli, args, flags.text("format"), find);
};

export function* pruneImages(cli: Cli, given: FilterValues, isAll: boolean): Routine<Result<Pruned, ApiError>> {
  const filters = new Map(given);
  filters.set("dangling", new Set([...(filters.get("dangling") ?? []), String(!isAll)]));
  const report = yield* cli.client.get<ImagesPruneReport>("ImagePrune", {
    query: { filters: filtersParameter(pruneFilters(cli, filters)) },
  });
  if (!report.ok) return report;
  const deleted = report.value.ImagesDeleted ?? [];
  if (deleted.length === 0) return ok({ text: "", bytes: 0 });
  const lines = deleted.map((item) => (item.Untagged ? `untagged: ${item.Untagged}\n` : `deleted: ${item.Deleted ?? ""}\n`));
  return ok({ text: `Deleted Images:\n${lines.join("")}`, bytes: report.value.SpaceReclaimed });
}

export const imagePrune: Handler = function* ({ cli, flags }) {
  const isAll = flags.bool("all");
  if (!flags.bool("force")) {
    const what = isAll ? "images without at least one container associated to them" : "dangling images";
    const answer = yield* confirm(cli, `WARNING! This will remove all ${what}.\nAre you sure you want to continue?`);
    if (answer !== "yes") return undefined;
  }
  const pruned = yield* pruneImages(cli, flags.filter("filter"), isAll);
  if (!pruned.ok) return failureOf(pruned.error);
  if (pruned.value.text !== "") yield* cli.out(`${pruned.value.text}\n`);
  yield* cli.out(`Total reclaimed space: ${humanSize(pruned.value.bytes)}\n`);
  return undefined;
};
