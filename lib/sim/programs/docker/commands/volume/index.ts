/** The handlers of `docker volume`. Follows docker/cli cli/command/volume. */

import { ok } from "@/lib/base/result";
import type { Volume, VolumeCreateRequest, VolumeListResponse, VolumesPruneReport } from "@/lib/sim/api";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { type Finder, inspect } from "../../format/inspector";
import { formatListing, type Listing } from "../../format/listing";
import { compareNatural } from "../../format/natural";
import { keyValues } from "../../opts/validators";
import { TYPES } from "../../schema";
import { humanSize } from "../../units";
import { filtersParameter, pruneFilters } from "../filters";
import { confirm } from "../prompt";

export const volumeCreate: Handler = function* ({ cli, flags, args }) {
  const cluster = flags.given.find((flag) => flag.swarm === "manager");
  if (cluster) return { status: 1, message: notSimulated(`--${cluster.name} of docker volume create`) };
  if (args.length > 0 && flags.text("name") !== "")
    return { status: 1, message: "conflicting options: cannot specify a volume-name through both --name and as a positional arg" };
  const body: VolumeCreateRequest = {
    Driver: flags.text("driver"),
    DriverOpts: Object.fromEntries(flags.map("opt")),
    Labels: keyValues(flags.list("label")),
    Name: args[0] ?? flags.text("name"),
  };
  const created = yield* cli.client.get<Volume>("VolumeCreate", { body });
  if (!created.ok) return failureOf(created.error);
  yield* cli.out(`${created.value.Name}\n`);
  return undefined;
};

/** What `docker volume ls` and `docker system df` show of a volume. */
export const VOLUMES: Listing<Volume> = {
  type: "formatter.volumeContext",
  fields: {
    Availability: () => "N/A",
    Driver: (volume) => volume.Driver,
    Group: () => "N/A",
    Labels: (volume) =>
      Object.entries(volume.Labels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    Links: (volume) => (volume.UsageData ? String(volume.UsageData.RefCount) : "N/A"),
    Mountpoint: (volume) => volume.Mountpoint,
    Name: (volume) => volume.Name,
    Scope: (volume) => volume.Scope,
    Size: (volume) => (volume.UsageData ? humanSize(volume.UsageData.Size) : "N/A"),
    Status: () => "N/A",
  },
  lookups: { Label: (volume, name) => volume.Labels?.[name] ?? "" },
  headers: {
    ID: "ID",
    Name: "VOLUME NAME",
    Group: "GROUP",
    Driver: "DRIVER",
    Scope: "SCOPE",
    Availability: "AVAILABILITY",
    Mountpoint: "MOUNTPOINT",
    Labels: "LABELS",
    Links: "LINKS",
    Size: "SIZE",
    Status: "STATUS",
  },
};

function formatOf(format: string, isQuiet: boolean): string {
  if (format === "table") return isQuiet ? "{{.Name}}" : "table {{.Driver}}\t{{.Name}}";
  if (format === "raw") return isQuiet ? "name: {{.Name}}" : "name: {{.Name}}\\ndriver: {{.Driver}}\\n";
  return format;
}

export const volumeLs: Handler = function* ({ cli, flags }) {
  if (flags.bool("cluster")) return { status: 1, message: notSimulated("--cluster of docker volume ls") };
  const listed = yield* cli.client.get<VolumeListResponse>("VolumeList", { query: { filters: filtersParameter(flags.filter("filter")) } });
  if (!listed.ok) return failureOf(listed.error);
  const isQuiet = flags.bool("quiet");
  const format = flags.text("format") || (isQuiet ? "" : cli.config.volumesFormat) || "table";
  const sorted = [...(listed.value.Volumes ?? [])].sort((a, b) => compareNatural(a.Name, b.Name));
  const text = formatListing(VOLUMES, formatOf(format, isQuiet), sorted);
  if (!text.ok) return { status: 1, message: text.error };
  yield* cli.out(text.value);
  return undefined;
};

export const volumeInspect: Handler = function* ({ cli, flags, args }) {
  const find: Finder = function* (name) {
    const answer = yield* cli.client.json("VolumeInspect", { object: name });
    return answer.ok ? ok({ kind: "raw", text: answer.value.text, type: TYPES.get("volume.Volume") }) : answer;
  };
  return yield* inspect(cli, args, flags.text("format"), find);
};

export const volumeRm: Handler = function* ({ cli, flags, args }) {
  const errors: string[] = [];
  for (const name of args) {
    const removed = yield* cli.client.send("VolumeDelete", { object: name, query: { force: flags.bool("force") ? "1" : undefined } });
    if (removed.ok) yield* cli.out(`${name}\n`);
    else errors.push(removed.error.message);
  }
  return errors.length > 0 ? { status: 1, message: errors.join("\n") } : undefined;
};

export const volumePrune: Handler = function* ({ cli, flags }) {
  const filters = new Map(pruneFilters(cli, flags.filter("filter")));
  let scope = "anonymous local";
  if (flags.bool("all")) {
    if (filters.has("all")) return { status: 1, message: "conflicting options: cannot specify both --all and --filter all=1" };
    filters.set("all", new Set(["true"]));
    scope = "all local";
  }
  if (!flags.bool("force")) {
    const answer = yield* confirm(
      cli,
      `WARNING! This will remove ${scope} volumes not used by at least one container.\nAre you sure you want to continue?`,
    );
    if (answer !== "yes") return undefined;
  }
  const report = yield* cli.client.get<VolumesPruneReport>("VolumePrune", { query: { filters: filtersParameter(filters) } });
  if (!report.ok) return failureOf(report.error);
  const deleted = report.value.VolumesDeleted ?? [];
  if (deleted.length > 0) yield* cli.out(`Deleted Volumes:\n${deleted.map((name) => `${name}\n`).join("")}\n`);
  yield* cli.out(`Total reclaimed space: ${humanSize(deleted.length > 0 ? report.value.SpaceReclaimed : 0)}\n`);
  return undefined;
};
