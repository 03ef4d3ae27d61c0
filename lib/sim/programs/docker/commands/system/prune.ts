/** `docker system prune` and `docker builder prune`. Follows docker/cli cli/command/system/prune.go and builder/prune.go. */

import { ok, type Result } from "@/lib/base/result";
import type { BuildCachePruneReport, NetworksPruneReport, VolumesPruneReport } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { type ApiError, failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { compareNatural } from "../../format/natural";
import { humanSize } from "../../units";
import { type Pruned, pruneContainers } from "../container/lifecycle";
import { type FilterValues, filtersParameter, pruneFilters } from "../filters";
import { pruneImages } from "../image/change";
import { confirm } from "../prompt";

export const systemPrune: Handler = function* ({ cli, flags }) {
  const filters = flags.filter("filter");
  const withVolumes = flags.bool("volumes");
  const isAll = flags.bool("all");
  if (withVolumes && filters.has("until")) return { status: 1, message: 'ERROR: The "until" filter is not supported with "--volumes"' };
  if (!flags.bool("force") && (yield* confirm(cli, warning(cli, { withVolumes, isAll, filters }))) !== "yes") return undefined;

  const steps: (() => Routine<Result<Pruned, ApiError>>)[] = [() => pruneContainers(cli, filters), () => pruneNetworks(cli, filters)];
  if (withVolumes) steps.push(() => pruneVolumes(cli, filters));
  steps.push(
    () => pruneImages(cli, filters, isAll),
    () => pruneBuildCache(cli, filters, { isAll, keep: 0 }),
  );
  let bytes = 0;
  for (const step of steps) {
    const pruned = yield* step();
    if (!pruned.ok) return failureOf(pruned.error);
    bytes += pruned.value.bytes;
    if (pruned.value.text !== "") yield* cli.out(`${pruned.value.text}\n`);
  }
  yield* cli.out(`Total reclaimed space: ${humanSize(bytes)}\n`);
  return undefined;
};

function* pruneNetworks(cli: Cli, filters: FilterValues): Routine<Result<Pruned, ApiError>> {
  const report = yield* cli.client.get<NetworksPruneReport>("NetworkPrune", {
    query: { filters: filtersParameter(pruneFilters(cli, filters)) },
  });
  if (!report.ok) return report;
  const deleted = report.value.NetworksDeleted ?? [];
  return ok({ text: deleted.length > 0 ? `Deleted Networks:\n${deleted.map((name) => `${name}\n`).join("")}` : "", bytes: 0 });
}

function* pruneVolumes(cli: Cli, filters: FilterValues): Routine<Result<Pruned, ApiError>> {
  const report = yield* cli.client.get<VolumesPruneReport>("VolumePrune", {
    query: { filters: filtersParameter(pruneFilters(cli, filters)) },
  });
  if (!report.ok) return report;
  const deleted = report.value.VolumesDeleted ?? [];
  if (deleted.length === 0) return ok({ text: "", bytes: 0 });
  return ok({ text: `Deleted Volumes:\n${deleted.map((name) => `${name}\n`).join("")}`, bytes: report.value.SpaceReclaimed });
}

function warning(cli: Cli, options: { readonly withVolumes: boolean; readonly isAll: boolean; readonly filters: FilterValues }): string {
  const items = [
    "all stopped containers",
    "all networks not used by at least one container",
    ...(options.withVolumes ? ["all anonymous volumes not used by at least one container"] : []),
    options.isAll ? "all images without at least one container associated to them" : "all dangling images",
    options.isAll ? "all build cache" : "unused build cache",
  ];
  const merged = pruneFilters(cli, options.filters);
  const shown = ["label", "label!", "until"]
    .flatMap((name) => [...(merged.get(name) ?? [])].map((value) => `${name}=${value}`))
    .sort(compareNatural);
  const filtered =
    shown.length > 0 ? `\n  Items to be pruned will be filtered with:${shown.map((filter) => `\n  - ${filter}`).join("")}\n` : "";
  return `WARNING! This will remove:${items.map((item) => `\n  - ${item}`).join("")}\n${filtered}\nAre you sure you want to continue?`;
}

export const builderPrune: Handler = function* ({ cli, flags }) {
  const isAll = flags.bool("all");
  const what = isAll ? "all build cache" : "all dangling build cache";
  if (!flags.bool("force") && (yield* confirm(cli, `WARNING! This will remove ${what}. Are you sure you want to continue?`)) !== "yes")
    return undefined;
  const pruned = yield* pruneBuildCache(cli, flags.filter("filter"), { isAll, keep: flags.number("keep-storage") });
  if (!pruned.ok) return failureOf(pruned.error);
  if (pruned.value.text !== "") yield* cli.out(`${pruned.value.text}\n`);
  yield* cli.out(`Total reclaimed space: ${humanSize(pruned.value.bytes)}\n`);
  return undefined;
};

function* pruneBuildCache(
  cli: Cli,
  filters: FilterValues,
  { isAll, keep }: { readonly isAll: boolean; readonly keep: number },
): Routine<Result<Pruned, ApiError>> {
  const kept = keep === 0 ? undefined : String(keep);
  const query = {
    all: isAll ? "1" : undefined,
    "keep-storage": kept,
    "reserved-space": kept,
    filters: filtersParameter(pruneFilters(cli, filters)),
  };
  const report = yield* cli.client.get<BuildCachePruneReport>("BuildPrune", { query });
  if (!report.ok) return report;
  const deleted = report.value.CachesDeleted ?? [];
  return ok({
    text: deleted.length > 0 ? `Deleted build cache objects:\n${deleted.map((id) => `${id}\n`).join("")}` : "",
    bytes: report.value.SpaceReclaimed,
  });
}
