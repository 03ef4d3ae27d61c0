/**
 * `docker system df`. Follows docker/cli cli/command/system/df.go and formatter/disk_usage.go.
 *
 * It differs in that the build cache is always empty, as building is not simulated.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerSummary, DiskUsage, ImageSummary, Volume } from "@/lib/sim/api";
import type { Cli } from "../../cli";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { formatListing, type Listing, viewOf } from "../../format/listing";
import {
  DOCKER_FUNCTIONS,
  execute,
  FUNCTION_NAMES,
  goPointer,
  type GoValue,
  parseTemplate,
  pointerTo,
  sliceOf,
  type StructType,
  typeOf,
} from "../../gotemplate";
import { familiarName, parseReference } from "../../opts/reference";
import { humanSize } from "../../units";
import { containerFormat, containerListing } from "../container/list";
import { imageFormat, imageListing, type ImageRow, isDangling } from "../image/list";
import { VOLUMES } from "../volume";

type Row = {
  readonly type: string;
  readonly goType: string;
  readonly total: number;
  readonly active: number;
  readonly size: number;
  readonly reclaimable: number;
  readonly showsShare: boolean;
};

function listing(row: Row): Listing<Row> {
  return {
    type: row.goType,
    fields: {
      Active: ({ active }) => String(active),
      Reclaimable: ({ reclaimable, size, showsShare }) =>
        humanSize(reclaimable) + (showsShare && size > 0 ? ` (${Math.trunc((reclaimable * 100) / size)}%)` : ""),
      Size: ({ size }) => humanSize(size),
      TotalCount: ({ total }) => String(total),
      Type: ({ type }) => type,
    },
    headers: { Type: "TYPE", TotalCount: "TOTAL", Active: "ACTIVE", Size: "SIZE", Reclaimable: "RECLAIMABLE" },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function isActive(container: ContainerSummary): boolean {
  return ["running", "paused", "restarting"].includes(container.State);
}

function rowsOf(usage: DiskUsage): readonly Row[] {
  const images = usage.Images ?? [];
  const containers = usage.Containers ?? [];
  const volumes = (usage.Volumes ?? []).map((volume) => volume.UsageData ?? { RefCount: 0, Size: 0 });
  const used = sum(
    images
      .filter((image) => image.Containers !== 0 && image.Size !== -1 && image.SharedSize !== -1)
      .map((image) => image.Size - image.SharedSize),
  );
  const written = (some: readonly ContainerSummary[]): number => sum(some.map((container) => container.SizeRw ?? 0));
  const stored = volumes.filter((volume) => volume.Size !== -1);
  return [
    {
      type: "Images",
      goType: "formatter.diskUsageImagesContext",
      total: images.length,
      active: images.filter((image) => image.Containers > 0).length,
      size: usage.LayersSize,
      reclaimable: usage.LayersSize - used,
      showsShare: true,
    },
    {
      type: "Containers",
      goType: "formatter.diskUsageContainersContext",
      total: containers.length,
      active: containers.filter(isActive).length,
      size: written(containers),
      reclaimable: written(containers.filter((container) => !isActive(container))),
      showsShare: true,
    },
    {
      type: "Local Volumes",
      goType: "formatter.diskUsageVolumesContext",
      total: volumes.length,
      active: volumes.filter((volume) => volume.RefCount > 0).length,
      size: sum(stored.map((volume) => volume.Size)),
      reclaimable: sum(stored.filter((volume) => volume.RefCount === 0).map((volume) => volume.Size)),
      showsShare: true,
    },
    { type: "Build Cache", goType: "formatter.diskUsageBuilderContext", total: 0, active: 0, size: 0, reclaimable: 0, showsShare: false },
  ];
}

export const systemDf: Handler = function* ({ cli, flags }) {
  const usage = yield* cli.client.get<DiskUsage>("SystemDataUsage");
  if (!usage.ok) return failureOf(usage.error);
  const given = flags.text("format") || "table";
  const text = flags.bool("verbose") ? verbose(cli, usage.value, given) : brief(rowsOf(usage.value), given);
  if (!text.ok) return { status: 1, message: text.error };
  yield* cli.out(text.value);
  return undefined;
};

function brief(rows: readonly Row[], given: string): Result<string, string> {
  const raw = "type: {{.Type}}\ntotal: {{.TotalCount}}\nactive: {{.Active}}\nsize: {{.Size}}\nreclaimable: {{.Reclaimable}}\n";
  const format =
    given === "table" ? "table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}" : given === "raw" ? raw : given;
  if (format.startsWith("table")) {
    const [first] = rows;
    return first ? formatListing(listing(first), format, rows) : ok("");
  }
  let text = "";
  for (const row of rows) {
    const line = formatListing(listing(row), format, [row]);
    if (!line.ok) return line;
    text += line.value;
  }
  return ok(text);
}

function imageRow(image: ImageSummary): ImageRow {
  const first = isDangling(image) ? undefined : parseReference(image.RepoTags?.[0] ?? "");
  const named =
    first?.ok && first.value.tag !== undefined
      ? { repository: familiarName(first.value.name), tag: first.value.tag }
      : { repository: "<none>", tag: "<none>" };
  return { image, ...named, digest: "" };
}

function verbose(cli: Cli, usage: DiskUsage, given: string): Result<string, string> {
  const truncates = given.startsWith("table");
  const images = (usage.Images ?? []).map(imageRow);
  const containers = (usage.Containers ?? []).map((container) => ({ ...container, SizeRootFs: 0 }));
  const volumes = usage.Volumes ?? [];
  const imageColumns = imageListing({ truncates, nowNs: cli.nowNs });
  const containerColumns = containerListing({ truncates, nowNs: cli.nowNs });
  if (given !== "table") {
    const template = parseTemplate("", normalised(given), FUNCTION_NAMES);
    if (!template.ok) return fail(`template parsing error: ${template.error}`);
    const data = goPointer(
      diskUsage([
        ["Images", "formatter.imageContext", images.map((row) => viewOf(imageColumns, row))],
        ["Containers", "formatter.ContainerContext", containers.map((container) => viewOf(containerColumns, container))],
        ["Volumes", "formatter.volumeContext", volumes.map((volume) => viewOf<Volume>(VOLUMES, volume))],
        ["BuildCache", "formatter.buildCacheContext", []],
      ]),
    );
    const filled = execute(template.value, data, { functions: DOCKER_FUNCTIONS });
    return filled.ok ? filled : fail(filled.error.message);
  }
  const sections = [
    formatListing(
      imageColumns,
      "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}",
      images,
    ),
    formatListing(
      containerColumns,
      "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}",
      containers,
    ),
    formatListing(VOLUMES, "table {{.Name}}\t{{.Links}}\t{{.Size}}", volumes),
    formatListing(
      BUILD_CACHE,
      "table {{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}",
      [],
    ),
  ];
  const titles = ["Images space usage:", "Containers space usage:", "Local Volumes space usage:", "Build cache usage: 0B"];
  const parts: string[] = [];
  for (const [i, section] of sections.entries()) {
    if (!section.ok) return section;
    parts.push(`${titles[i] ?? ""}\n\n${section.value}`);
  }
  return ok(parts.join("\n"));
}

const BUILD_CACHE: Listing<never> = {
  type: "formatter.buildCacheContext",
  fields: {},
  headers: {
    ID: "CACHE ID",
    Parent: "PARENT",
    CacheType: "CACHE TYPE",
    Size: "SIZE",
    CreatedSince: "CREATED",
    LastUsedSince: "LAST USED",
    UsageCount: "USAGE",
    InUse: "IN USE",
    Shared: "SHARED",
    Description: "DESCRIPTION",
  },
};

function normalised(given: string): string {
  if (given === "json") return "{{json .}}";
  if (given !== "raw") return given.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
  const raw = `{{range .Images}}type: Image\n${imageFormat("raw", false, true)}\n{{end -}}\n{{range .Containers}}type: Container\n${containerFormat("raw", false, true)}\n{{end -}}\n{{range .Volumes}}type: Volume\nname: {{.Name}}\\ndriver: {{.Driver}}\\n\n{{end -}}\n{{range .BuildCache}}type: Build Cache\n{{end -}}`;
  return raw.replaceAll("\\n", "\n");
}

function diskUsage(parts: readonly (readonly [string, string, readonly GoValue[]])[]): GoValue {
  const fields = parts.map(([name, goType, items]) => {
    const elem = pointerTo({ kind: "struct", name: goType, fields: [] });
    const value: GoValue = { kind: "slice", type: sliceOf({ kind: "slice", elem }), items: items.map(goPointer) };
    return { name, value };
  });
  const type: StructType = {
    kind: "struct",
    name: "formatter.diskUsageContext",
    fields: fields.map(({ name, value }) => ({ name, type: typeOf(value), isEmbedded: false, json: name, omit: "never" })),
  };
  return { kind: "struct", type, fields: fields.map(({ value }) => value) };
}
