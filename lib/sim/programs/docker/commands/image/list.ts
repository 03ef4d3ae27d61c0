/** `docker images` and `docker history`. Follows docker/cli cli/command/image/list.go, history.go and formatter/image.go. */

import type { ImageHistoryItem, ImageSummary } from "@/lib/sim/api";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import { failureOf } from "../../client";
import type { Failure, Handler, Invocation } from "../../cobra/command";
import { formatListing, type Listing } from "../../format/listing";
import { ellipsis, shortId } from "../../format/tabwriter";
import { quote } from "../../gotemplate";
import { familiarName, parseReference } from "../../opts/reference";
import { rfc3339, unixText } from "../../opts/timestamp";
import { humanDuration, humanSize, humanSizeWithPrecision, SECOND } from "../../units";
import { filtersParameter } from "../filters";

/** One row: an image under one of its names. */
export type ImageRow = { readonly image: ImageSummary; readonly repository: string; readonly tag: string; readonly digest: string };

export function imageListing(options: { readonly truncates: boolean; readonly nowNs: number }): Listing<ImageRow> {
  return {
    type: "formatter.imageContext",
    fields: {
      Containers: ({ image }) => (image.Containers === -1 ? "N/A" : String(image.Containers)),
      CreatedAt: ({ image }) => unixText(image.Created),
      CreatedSince: ({ image }) => `${humanDuration(options.nowNs - image.Created * SECOND)} ago`,
      Digest: ({ digest }) => digest,
      ID: ({ image }) => (options.truncates ? shortId(image.Id) : image.Id),
      Repository: ({ repository }) => repository,
      SharedSize: ({ image }) => (image.SharedSize === -1 ? "N/A" : humanSize(image.SharedSize)),
      Size: ({ image }) => humanSizeWithPrecision(image.Size, 3),
      Tag: ({ tag }) => tag,
      UniqueSize: ({ image }) => (image.Size === -1 || image.SharedSize === -1 ? "N/A" : humanSize(image.Size - image.SharedSize)),
      VirtualSize: ({ image }) => humanSize(image.Size),
    },
    headers: {
      ID: "IMAGE ID",
      Repository: "REPOSITORY",
      Tag: "TAG",
      Digest: "DIGEST",
      CreatedSince: "CREATED",
      CreatedAt: "CREATED AT",
      Size: "SIZE",
      Containers: "CONTAINERS",
      VirtualSize: "SIZE",
      SharedSize: "SHARED SIZE",
      UniqueSize: "UNIQUE SIZE",
    },
  };
}

export function isDangling(image: ImageSummary): boolean {
  const tags = image.RepoTags ?? [];
  const digests = image.RepoDigests ?? [];
  if (tags.length === 0 && digests.length === 0) return true;
  return tags.length === 1 && tags[0] === "<none>:<none>" && digests.length === 1 && digests[0] === "<none>@<none>";
}

const RAW_HEAD = "repository: {{ .Repository }}\ntag: {{.Tag}}\n";
const RAW_TAIL = "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n";

export function imageFormat(format: string, isQuiet: boolean, withDigest: boolean): string {
  if (format === "table") {
    if (isQuiet) return "{{.ID}}";
    return `table {{.Repository}}\t{{.Tag}}\t${withDigest ? "{{.Digest}}\t" : ""}{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}`;
  }
  if (format === "raw") return isQuiet ? "image_id: {{.ID}}" : RAW_HEAD + (withDigest ? "digest: {{.Digest}}\n" : "") + RAW_TAIL;
  return format.startsWith("table") && withDigest && !format.includes("{{.Digest}}") ? `${format}\t{{.Digest}}` : format;
}

/** The rows of one image: one for each tag, and for digests that no tag of their repository has. */
function rowsOf(image: ImageSummary, showsDigests: boolean, needsDigest: boolean): readonly ImageRow[] {
  if (isDangling(image)) return [{ image, repository: "<none>", tag: "<none>", digest: "<none>" }];
  const tags = grouped(image.RepoTags ?? [], "tag");
  const digests = grouped(image.RepoDigests ?? [], "digest");
  const rows: ImageRow[] = [];
  for (const [repository, names] of tags) {
    const own = needsDigest ? (digests.get(repository) ?? []) : [];
    digests.delete(repository);
    for (const tag of names) {
      if (own.length === 0) rows.push({ image, repository, tag, digest: "<none>" });
      for (const digest of own) rows.push({ image, repository, tag, digest });
    }
  }
  for (const [repository, own] of digests) {
    if (!showsDigests) rows.push({ image, repository, tag: "<none>", digest: "" });
    else for (const digest of own) rows.push({ image, repository, tag: "<none>", digest });
  }
  return rows;
}

function grouped(references: readonly string[], part: "tag" | "digest"): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const text of references) {
    const reference = parseReference(text);
    const value = reference.ok ? reference.value[part] : undefined;
    if (!reference.ok || value === undefined) continue;
    const name = familiarName(reference.value.name);
    groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return groups;
}

/** The names of the commands below `docker image`, which some look for as `docker images ls`. */
const SUBCOMMANDS = new Set(["build", "history", "import", "inspect", "list", "load", "ls", "prune", "pull", "push", "rm", "save", "tag"]);

function* list({ cli, flags, args }: Invocation, calledAs: "images" | "ls"): Routine<Failure | undefined> {
  if (flags.bool("tree")) return { status: 1, message: notSimulated("--tree of docker images") };
  const [name] = args;
  const filters = new Map(flags.filter("filter"));
  if (name !== undefined && name !== "") filters.set("reference", new Set([...(filters.get("reference") ?? []), name]));
  const images = yield* cli.client.get<readonly ImageSummary[]>("ImageList", {
    query: { all: flags.bool("all") ? "1" : undefined, filters: filtersParameter(filters) },
  });
  if (!images.ok) return failureOf(images.error);
  const isQuiet = flags.bool("quiet");
  const showsDigests = flags.bool("digests");
  const format = imageFormat(flags.text("format") || (isQuiet ? "" : cli.config.imagesFormat) || "table", isQuiet, showsDigests);
  const rows = images.value.flatMap((image) => rowsOf(image, showsDigests, showsDigests || format.includes("{{.Digest}}")));
  const text = formatListing(imageListing({ truncates: !flags.bool("no-trunc"), nowNs: cli.nowNs }), format, rows);
  if (!text.ok) return { status: 1, message: text.error };
  yield* cli.out(text.value);
  if (calledAs === "images" && name !== undefined && images.value.length === 0 && SUBCOMMANDS.has(name)) {
    yield* cli.err(`\nNo images found matching ${quote(name)}: did you mean "docker image ${name}"?\n`);
  }
  return undefined;
}

export const imageLs: Handler = (invocation) => list(invocation, "ls");
/** `docker images`. */
export const images: Handler = (invocation) => list(invocation, "images");

const YEAR_2000 = 946_684_800;

function historyListing(options: {
  readonly truncates: boolean;
  readonly isHuman: boolean;
  readonly nowNs: number;
}): Listing<ImageHistoryItem> {
  return {
    type: "image.historyContext",
    fields: {
      Comment: (item) => item.Comment,
      CreatedAt: (item) => rfc3339(item.Created),
      CreatedBy: (item) => {
        const text = item.CreatedBy.replaceAll("\t", " ");
        return options.truncates ? ellipsis(text, 45) : text;
      },
      CreatedSince: (item) => {
        if (!options.isHuman) return rfc3339(item.Created);
        return item.Created <= YEAR_2000 ? "N/A" : `${humanDuration(options.nowNs - item.Created * SECOND)} ago`;
      },
      ID: (item) => (options.truncates ? shortId(item.Id) : item.Id),
      Size: (item) => (options.isHuman ? humanSizeWithPrecision(item.Size, 3) : String(item.Size)),
    },
    headers: { ID: "IMAGE", CreatedSince: "CREATED", CreatedAt: "CREATED AT", CreatedBy: "CREATED BY", Size: "SIZE", Comment: "COMMENT" },
  };
}

export const imageHistory: Handler = function* ({ cli, flags, args }) {
  const history = yield* cli.client.get<readonly ImageHistoryItem[]>("ImageHistory", { object: args[0] ?? "" });
  if (!history.ok) return failureOf(history.error);
  const isHuman = flags.bool("human");
  const given = flags.text("format") || "table";
  const created = isHuman ? "{{.CreatedSince}}" : "{{.CreatedAt}}";
  const table = flags.bool("quiet") ? "{{.ID}}" : `table {{.ID}}\t${created}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}`;
  const text = formatListing(
    historyListing({ truncates: !flags.bool("no-trunc"), isHuman, nowNs: cli.nowNs }),
    given === "table" ? table : given,
    history.value,
  );
  if (!text.ok) return { status: 1, message: text.error };
  yield* cli.out(text.value);
  return undefined;
};
