/** `docker ps`. Follows docker/cli cli/command/container/list.go and cli/command/formatter/container.go. */

import type { ContainerSummary, Port } from "@/lib/sim/api";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { DOCKER_FUNCTIONS, execute, FUNCTION_NAMES, goPointer, type GoValue, parseTemplate, quote } from "../../gotemplate";
import { formatListing, type Listing, viewOf } from "../../format/listing";
import { ellipsis, shortId } from "../../format/tabwriter";
import { familiarString, parseReference } from "../../opts/reference";
import { unixText } from "../../opts/timestamp";
import { humanDuration, humanSizeWithPrecision, SECOND } from "../../units";
import { filtersParameter } from "../filters";

const NO_PLATFORM: GoValue = {
  kind: "pointer",
  type: { kind: "pointer", elem: { kind: "struct", name: "formatter.Platform", fields: [] } },
  to: undefined,
};

/** What a list shows of a container. `noteSize` is told when the template asks for its size. */
export function containerListing(options: {
  readonly truncates: boolean;
  readonly nowNs: number;
  readonly noteSize?: () => void;
}): Listing<ContainerSummary> {
  const { truncates } = options;
  return {
    type: "formatter.ContainerContext",
    fields: {
      Command: (container) => quote(truncates ? ellipsis(container.Command, 20) : container.Command),
      CreatedAt: (container) => unixText(container.Created),
      ID: (container) => (truncates ? shortId(container.Id) : container.Id),
      Image: (container) => imageText(container, truncates),
      Labels: (container) =>
        Object.entries(container.Labels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .sort()
          .join(","),
      LocalVolumes: (container) => String((container.Mounts ?? []).filter((mount) => mount.Driver === "local").length),
      Mounts: (container) =>
        (container.Mounts ?? [])
          .map((mount) => (mount.Name ? mount.Name : mount.Source))
          .map((name) => (truncates ? ellipsis(name, 15) : name))
          .join(","),
      Names: (container) => namesText(container, truncates),
      Networks: (container) => Object.keys(container.NetworkSettings?.Networks ?? {}).join(","),
      Platform: () => NO_PLATFORM,
      Ports: (container) => portsText(container.Ports ?? []),
      RunningFor: (container) => `${humanDuration(options.nowNs - container.Created * SECOND)} ago`,
      Size: (container) => {
        options.noteSize?.();
        const size = humanSizeWithPrecision(container.SizeRw ?? 0, 3);
        const whole = container.SizeRootFs ?? 0;
        return whole > 0 ? `${size} (virtual ${humanSizeWithPrecision(whole, 3)})` : size;
      },
      State: (container) => container.State,
      Status: (container) => container.Status,
    },
    lookups: { Label: (container, name) => container.Labels?.[name] ?? "" },
    headers: {
      ID: "CONTAINER ID",
      Names: "NAMES",
      Image: "IMAGE",
      Command: "COMMAND",
      CreatedAt: "CREATED AT",
      RunningFor: "CREATED",
      Ports: "PORTS",
      State: "STATE",
      Status: "STATUS",
      Size: "SIZE",
      Labels: "LABELS",
      Mounts: "MOUNTS",
      LocalVolumes: "LOCAL VOLUMES",
      Networks: "NETWORKS",
      Platform: "PLATFORM",
    },
  };
}

function imageText(container: ContainerSummary, truncates: boolean): string {
  if (container.Image === "") return "<no image>";
  if (!truncates) return container.Image;
  const short = shortId(container.ImageID);
  if (short === shortId(container.Image)) return short;
  const reference = parseReference(container.Image);
  return reference.ok ? familiarString({ ...reference.value, digest: undefined }) : container.Image;
}

/** Without the names that `--link` gave it, of which the list shows none. */
function namesText(container: ContainerSummary, truncates: boolean): string {
  const names = container.Names.map((name) => name.slice(1));
  const own = names.find((name) => !name.includes("/"));
  return truncates && own !== undefined ? own : names.join(",");
}

function joinHostPort(host: string, port: string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 443/tcp`; ports in a row are written as a range. */
export function portsText(ports: readonly Port[]): string {
  const sorted = [...ports].sort(comparePorts);
  const groups = new Map<string, { first: number; last: number }>();
  const finished: string[] = [];
  const mapped: string[] = [];
  for (const port of sorted) {
    const current = port.PrivatePort;
    let key = port.Type;
    if (port.IP) {
      if (port.PublicPort !== current) {
        mapped.push(`${joinHostPort(port.IP, String(port.PublicPort ?? 0))}->${current}/${port.Type}`);
        continue;
      }
      key = `${port.IP}/${port.Type}`;
    }
    const group = groups.get(key);
    if (group && current === group.last + 1) group.last = current;
    else {
      if (group) finished.push(groupText(key, group));
      // A key keeps its place once it has been seen.
      groups.set(key, { first: current, last: current });
    }
  }
  return [...finished, ...[...groups].map(([key, group]) => groupText(key, group)), ...mapped].join(", ");
}

function groupText(key: string, group: { readonly first: number; readonly last: number }): string {
  const slash = key.lastIndexOf("/");
  const range = group.first === group.last ? String(group.first) : `${group.first}-${group.last}`;
  return slash < 0 ? `${range}/${key}` : `${joinHostPort(key.slice(0, slash), range)}->${range}${key.slice(slash)}`;
}

function comparePorts(a: Port, b: Port): number {
  if (a.PrivatePort !== b.PrivatePort) return a.PrivatePort - b.PrivatePort;
  const [left, right] = [a.IP ?? "", b.IP ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  if (a.PublicPort !== b.PublicPort) return (a.PublicPort ?? 0) - (b.PublicPort ?? 0);
  return a.Type < b.Type ? -1 : a.Type > b.Type ? 1 : 0;
}

const RAW = `container_id: {{.ID}}
image: {{.Image}}
command: {{.Command}}
created_at: {{.CreatedAt}}
state: {{- pad .State 1 0}}
status: {{- pad .Status 1 0}}
names: {{.Names}}
labels: {{- pad .Labels 1 0}}
ports: {{- pad .Ports 1 0}}
`;

/** The format that is meant by a `--format`, `-q` and `-s`. */
export function containerFormat(format: string, isQuiet: boolean, withSize: boolean): string {
  if (format === "table" || format === "") {
    if (isQuiet) return "{{.ID}}";
    const table = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    return withSize ? `${table}\t{{.Size}}` : table;
  }
  if (format === "raw") return isQuiet ? "container_id: {{.ID}}" : withSize ? `${RAW}size: {{.Size}}\\n` : RAW;
  return isQuiet ? "{{.ID}}" : format;
}

const EMPTY: ContainerSummary = {
  Id: "",
  Names: [],
  Image: "",
  ImageID: "",
  Command: "",
  Created: 0,
  Ports: [],
  Labels: {},
  State: "created",
  Status: "",
  HostConfig: {},
  NetworkSettings: { Networks: null },
  Mounts: [],
};

export const containerLs: Handler = function* ({ cli, flags }) {
  const isQuiet = flags.bool("quiet");
  let format = flags.text("format");
  if (format === "") format = cli.config.psFormat;
  else if (isQuiet) yield* cli.err("WARNING: Ignoring custom format, because both --format and --quiet are set.\n");

  let withSize = flags.bool("size");
  if (format !== "") {
    // The template is tried on an empty container before the daemon is asked.
    let usesSize = false;
    const template = parseTemplate("", format, FUNCTION_NAMES);
    if (!template.ok) return { status: 1, message: `failed to parse template: ${template.error}` };
    const listing = containerListing({
      truncates: false,
      nowNs: cli.nowNs,
      noteSize: () => {
        usesSize = true;
      },
    });
    const tried = execute(template.value, goPointer(viewOf(listing, { ...EMPTY, State: "created" })), { functions: DOCKER_FUNCTIONS });
    if (!tried.ok) return { status: 1, message: `failed to execute template: ${tried.error.message}` };
    if (!isQuiet && !withSize && !flags.changed("size")) withSize = usesSize;
  }

  const last = flags.number("last");
  const limit = flags.bool("latest") && last === -1 ? 1 : last;
  const query = {
    all: flags.bool("all") ? "1" : undefined,
    limit: limit > 0 ? String(limit) : undefined,
    size: withSize ? "1" : undefined,
    filters: filtersParameter(flags.filter("filter")),
  };
  const containers = yield* cli.client.get<readonly ContainerSummary[]>("ContainerList", { query });
  if (!containers.ok) return failureOf(containers.error);
  const listing = containerListing({ truncates: !flags.bool("no-trunc"), nowNs: cli.nowNs });
  const text = formatListing(listing, containerFormat(format, isQuiet, withSize), containers.value);
  if (!text.ok) return { status: 1, message: text.error };
  yield* cli.out(text.value);
  return undefined;
};
