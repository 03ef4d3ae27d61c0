/** `ps`, `images`, `port`, `top`, `ls`, `logs`. Follows docker/compose cmd/compose/ps.go, images.go, …, cmd/formatter. */

import type { ContainerInspect, ContainerSummary, ImageInspect, TopResponse } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "@/lib/sim/programs/docker/cli";
import { failureOf, type UpgradeBody } from "@/lib/sim/programs/docker/client";
import type { Failure } from "@/lib/sim/programs/docker/cobra/command";
import type { FlagSet } from "@/lib/sim/programs/docker/cobra/flag";
import { containerListing } from "@/lib/sim/programs/docker/commands/container/list";
import { sideBySide } from "@/lib/sim/programs/docker/concurrent";
import { formatListing, type Listing } from "@/lib/sim/programs/docker/format/listing";
import { alignColumns, shortId } from "@/lib/sim/programs/docker/format/tabwriter";
import { goAnys, type GoValue, goInt, goString, INT, jsonString, STRING, type StructType } from "@/lib/sim/programs/docker/gotemplate";
import { familiarName, parseReference, withDefaultTag } from "@/lib/sim/programs/docker/opts/reference";
import { secondsOf, timestamp } from "@/lib/sim/programs/docker/opts/timestamp";
import { humanDuration, humanSizeWithPrecision, SECOND } from "@/lib/sim/programs/docker/units";
import { containersOf, LABEL, type Listed, refuse, type Session, unknownService } from "./session";

const PS_TABLE = "table {{.Name}}\t{{.Image}}\t{{.Command}}\t{{.Service}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}";

const PUBLISHER: StructType = {
  kind: "struct",
  name: "api.PortPublisher",
  fields: [
    { name: "URL", type: STRING, json: "URL", omit: "never", isEmbedded: false },
    { name: "TargetPort", type: INT, json: "TargetPort", omit: "never", isEmbedded: false },
    { name: "PublishedPort", type: INT, json: "PublishedPort", omit: "never", isEmbedded: false },
    { name: "Protocol", type: STRING, json: "Protocol", omit: "never", isEmbedded: false },
  ],
};

type PsRow = { readonly listed: Listed; readonly exitCode: number; readonly health: string };

function psListing(cli: Cli, truncates: boolean): Listing<PsRow> {
  const base = containerListing({ truncates, nowNs: cli.nowNs });
  const of =
    (name: string) =>
    (row: PsRow): string | GoValue =>
      base.fields[name]?.(row.listed.summary) ?? "";
  const publishers = (row: PsRow): GoValue =>
    goAnys(
      [...row.listed.summary.Ports]
        .sort((a, b) => a.PrivatePort - b.PrivatePort || ((a.IP ?? "") < (b.IP ?? "") ? -1 : 1))
        .map(
          (port) =>
            ({
              kind: "struct",
              type: PUBLISHER,
              fields: [goString(port.IP ?? ""), goInt(port.PrivatePort), goInt(port.PublicPort ?? 0), goString(port.Type)],
            }) as const,
        ),
    );
  const shared = [
    "Command",
    "CreatedAt",
    "ID",
    "Image",
    "Labels",
    "LocalVolumes",
    "Mounts",
    "Networks",
    "Ports",
    "RunningFor",
    "Size",
    "State",
    "Status",
  ];
  return {
    type: "formatter.ContainerContext",
    fields: {
      ...Object.fromEntries(shared.map((name) => [name, of(name)])),
      ExitCode: (row) => goInt(row.exitCode),
      Health: (row) => row.health,
      Name: (row) => row.listed.name,
      Names: of("Names"),
      Project: (row) => row.listed.summary.Labels[LABEL.project] ?? "",
      Publishers: publishers,
      Service: (row) => row.listed.service,
    },
    lookups: { Label: (row, name) => row.listed.summary.Labels[name] ?? "" },
    headers: {
      ...base.headers,
      ID: "CONTAINER ID",
      Name: "NAME",
      Names: "NAME",
      Service: "SERVICE",
      Project: "PROJECT",
      ExitCode: "EXIT CODE",
      Health: "HEALTH",
      Publishers: "PUBLISHERS",
    },
  };
}

export function* ps(session: Session, flags: FlagSet, args: readonly string[]): Routine<Failure | undefined> {
  const unknown = session.hasFiles ? unknownService(session, args) : undefined;
  if (unknown) return unknown;
  const statuses = [...flags.list("status")];
  if (flags.text("filter") !== "") {
    const [key, value = ""] = flags.text("filter").split("=");
    if (key !== "status") return refuse(`unknown filter ${key ?? ""}`);
    statuses.push(value);
  }
  const all = flags.bool("all") || statuses.length > 0;
  const containers = yield* containersOf(session, { all, oneOff: all });
  if (!containers.ok) return containers.error;
  const shown = containers.value.filter(
    (one) =>
      (args.length === 0 || args.includes(one.service)) &&
      (statuses.length === 0 || statuses.includes(one.summary.State)) &&
      (flags.bool("orphans") || !flags.changed("orphans") || session.project.services.has(one.service)),
  );
  const { cli } = session;
  if (flags.bool("quiet")) {
    yield* cli.out(shown.map((one) => `${one.id}\n`).join(""));
    return undefined;
  }
  if (flags.bool("services")) {
    yield* cli.out([...new Set(shown.map((one) => one.service))].map((name) => `${name}\n`).join(""));
    return undefined;
  }
  const rows: PsRow[] = [];
  for (const listed of shown) {
    const inspected = yield* cli.client.get<ContainerInspect>("ContainerInspect", { object: listed.id });
    rows.push({
      listed,
      exitCode: inspected.ok ? inspected.value.State.ExitCode : 0,
      health: inspected.ok ? (inspected.value.State.Health?.Status ?? "") : "",
    });
  }
  const format = flags.text("format") === "table" || flags.text("format") === "" ? PS_TABLE : flags.text("format");
  const text = formatListing(psListing(cli, !flags.bool("no-trunc")), format, rows);
  if (!text.ok) return refuse(text.error);
  yield* cli.out(text.value);
  return undefined;
}

const PRETTY = { minWidth: 20, padding: 3 };

function table(rows: readonly (readonly string[])[], settings = PRETTY): string {
  return alignColumns(rows.map((row) => `${row.join("\t")}\n`).join(""), settings);
}

export function* images(session: Session, flags: FlagSet, args: readonly string[]): Routine<Failure | undefined> {
  const { cli } = session;
  const containers = yield* containersOf(session);
  if (!containers.ok) return containers.error;
  const rows: string[][] = [];
  const ids: string[] = [];
  for (const one of containers.value) {
    if (args.length > 0 && !args.includes(one.service)) continue;
    const image = yield* cli.client.get<ImageInspect>("ImageInspect", { object: one.summary.ImageID });
    if (!image.ok) return failureOf(image.error);
    const reference = parseReference(one.summary.Image);
    const full = reference.ok ? withDefaultTag(reference.value) : undefined;
    const age = humanDuration(cli.nowNs - (secondsOf(image.value.Created ?? "") ?? 0) * SECOND);
    ids.push(image.value.Id);
    rows.push([
      one.name,
      full ? familiarName(full.name) : "<none>",
      full?.tag ?? "<none>",
      `${image.value.Os}/${image.value.Architecture}`,
      shortId(image.value.Id),
      humanSizeWithPrecision(image.value.Size, 3),
      `${age} ago`,
    ]);
  }
  if (flags.bool("quiet")) yield* cli.out([...new Set(ids)].map((id) => `${id.replace("sha256:", "")}\n`).join(""));
  else yield* cli.out(table([["CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED"], ...rows]));
  return undefined;
}

export function* port(session: Session, flags: FlagSet, args: readonly string[]): Routine<Failure | undefined> {
  const [service = "", wanted = ""] = args;
  const found = yield* oneContainer(session, service, flags.number("index"));
  if ("status" in found) return found;
  const protocol = flags.text("protocol");
  const number = /^\d+$/.test(wanted) ? Number(wanted) : undefined;
  if (number === undefined) return refuse(`strconv.ParseUint: parsing ${JSON.stringify(wanted)}: invalid syntax`);
  const match = found.summary.Ports.find((one) => one.PrivatePort === number && one.Type === protocol && one.PublicPort !== undefined);
  if (!match) {
    const all = found.summary.Ports.map((one) => `${one.PublicPort ?? 0}/${one.Type}`).join(", ");
    return refuse(`no port ${number}/${protocol} for container ${found.name}: ${all}`);
  }
  yield* session.cli.out(`${(match.IP ?? "").includes(":") ? `[${match.IP}]` : (match.IP ?? "")}:${match.PublicPort}\n`);
  return undefined;
}

/** The running container of a service, the first or that with the number. */
export function* oneContainer(session: Session, service: string, index: number): Routine<Listed | Failure> {
  const containers = yield* containersOf(session, { all: false });
  if (!containers.ok) return containers.error;
  const own = containers.value.filter((one) => one.service === service).sort((a, b) => a.number - b.number);
  const found = index > 0 ? own.find((one) => one.number === index) : own[0];
  if (found) return found;
  return refuse(
    index > 0
      ? `service ${JSON.stringify(service)} is not running container #${index}`
      : `service ${JSON.stringify(service)} is not running`,
  );
}

export function* top(session: Session, args: readonly string[]): Routine<Failure | undefined> {
  const containers = yield* containersOf(session, { all: false });
  if (!containers.ok) return containers.error;
  const rows: string[][] = [];
  let titles: readonly string[] = [];
  for (const one of containers.value) {
    if (args.length > 0 && !args.includes(one.service)) continue;
    const answer = yield* session.cli.client.get<TopResponse>("ContainerTop", { object: one.id });
    if (!answer.ok) return failureOf(answer.error);
    titles = answer.value.Titles ?? [];
    for (const process of answer.value.Processes ?? []) rows.push([one.service, String(one.number), ...process]);
  }
  if (rows.length > 0) yield* session.cli.out(table([["SERVICE", "#", ...titles], ...rows], { minWidth: 4, padding: 2 }));
  return undefined;
}

/** `ls` is about all projects. */
export function* listProjects(cli: Cli, flags: FlagSet): Routine<Failure | undefined> {
  const list = yield* cli.client.get<readonly ContainerSummary[]>("ContainerList", {
    query: { all: "1", filters: JSON.stringify({ label: { [LABEL.project]: true } }) },
  });
  if (!list.ok) return failureOf(list.error);
  const projects = new Map<string, ContainerSummary[]>();
  for (const one of list.value) {
    const name = one.Labels[LABEL.project] ?? "";
    projects.set(name, [...(projects.get(name) ?? []), one]);
  }
  const names = flags.filter("filter").get("name");
  const rows = [...projects]
    .filter(
      ([name, all]) =>
        (flags.bool("all") || all.some((one) => one.State === "running")) && (!names || [...names].some((wanted) => name.includes(wanted))),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, all]) => {
      const counts = new Map<string, number>();
      for (const one of all) counts.set(one.State, (counts.get(one.State) ?? 0) + 1);
      const status = [...counts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([state, count]) => `${state}(${count})`)
        .join(", ");
      return { name, status, files: [...new Set(all.map((one) => one.Labels[LABEL.files] ?? ""))].join(",") };
    });
  if (flags.bool("quiet")) yield* cli.out(rows.map((row) => `${row.name}\n`).join(""));
  else if (flags.text("format") === "json")
    yield* cli.out(
      `[${rows.map((row) => `{"Name":${jsonString(row.name)},"Status":${jsonString(row.status)},"ConfigFiles":${jsonString(row.files)}}`).join(",")}]\n`,
    );
  else yield* cli.out(table([["NAME", "STATUS", "CONFIG FILES"], ...rows.map((row) => [row.name, row.status, row.files])]));
  return undefined;
}

export type LogOptions = {
  readonly follow: boolean;
  readonly tail: string;
  readonly timestamps: boolean;
  readonly prefix: boolean;
  readonly since?: string;
  readonly until?: string;
};

/** Containers as prefixes name them: without the project, unless it has a name of its own. */
export function logName(session: Session, container: Listed): string {
  const prefix = `${session.project.name}-`;
  return container.name.startsWith(prefix) ? container.name.slice(prefix.length) : container.name;
}

export function* logs(session: Session, flags: FlagSet, args: readonly string[]): Routine<Failure | undefined> {
  const unknown = session.hasFiles ? unknownService(session, args) : undefined;
  if (unknown) return unknown;
  const containers = yield* containersOf(session);
  if (!containers.ok) return containers.error;
  const index = flags.number("index");
  const shown = containers.value.filter(
    (one) =>
      (args.length > 0 ? args.includes(one.service) : !session.hasFiles || session.project.services.has(one.service)) &&
      (index === 0 || one.number === index),
  );
  const times: { since?: string; until?: string } = {};
  for (const name of ["since", "until"] as const) {
    if (flags.text(name) === "") continue;
    const time = timestamp(flags.text(name), session.cli.nowNs);
    if (!time.ok) return refuse(`invalid value for "${name}": ${time.error}`);
    times[name] = time.value;
  }
  return yield* printLogs(session, shown, {
    follow: flags.bool("follow"),
    tail: flags.text("tail"),
    timestamps: flags.bool("timestamps"),
    prefix: !flags.bool("no-log-prefix"),
    ...times,
  });
}

function* printLogs(session: Session, containers: readonly Listed[], options: LogOptions): Routine<Failure | undefined> {
  const { cli } = session;
  const width = Math.max(0, ...containers.map((one) => logName(session, one).length));
  const open: { readonly body: UpgradeBody; readonly writer: PrefixWriter }[] = [];
  for (const one of containers) {
    const query = {
      stdout: "1",
      stderr: "1",
      follow: options.follow ? "1" : undefined,
      tail: options.tail,
      timestamps: options.timestamps ? "1" : undefined,
      since: options.since,
      until: options.until,
    };
    const response = yield* cli.client.call("ContainerLogs", { object: one.id, query });
    if (!response.ok) return failureOf(response.error);
    if (response.value.body.kind === "upgrade")
      open.push({
        body: response.value.body,
        writer: new PrefixWriter(cli, options.prefix ? `${logName(session, one).padEnd(width)}  | ` : ""),
      });
  }
  let interrupted = false;
  yield* sideBySide(
    cli.sys,
    open.map(({ body, writer }) => copyLines(body, writer, true)),
    {
      isOver: () => interrupted,
      *onSignal(signal) {
        if (signal === "INT" || signal === "TERM") interrupted = true;
      },
    },
  );
  for (const { body } of open) body.cancel();
  return interrupted ? { status: 130, message: "" } : undefined;
}

export function* copyLines(body: UpgradeBody, writer: PrefixWriter, toStdout: boolean): Routine<void> {
  for (;;) {
    const chunk = yield* body.read();
    if (chunk === undefined) break;
    yield* writer.write(chunk.text, toStdout ? "stdout" : chunk.stream);
  }
  yield* writer.end();
}

/** Whole lines, each behind the container's name. */
export class PrefixWriter {
  readonly #cli: Cli;
  readonly #prefix: string;
  readonly #rest = { stdout: "", stderr: "" };

  constructor(cli: Cli, prefix: string) {
    this.#cli = cli;
    this.#prefix = prefix;
  }

  *write(text: string, stream: "stdout" | "stderr"): Routine<void> {
    const lines = (this.#rest[stream] + text).split("\n");
    this.#rest[stream] = lines.pop() ?? "";
    for (const line of lines) yield* this.#line(line.replace(/\r$/, ""), stream);
  }

  *end(): Routine<void> {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#rest[stream] !== "") yield* this.#line(this.#rest[stream], stream);
      this.#rest[stream] = "";
    }
  }

  *#line(line: string, stream: "stdout" | "stderr"): Routine<void> {
    yield* stream === "stdout" ? this.#cli.out(`${this.#prefix}${line}\n`) : this.#cli.err(`${this.#prefix}${line}\n`);
  }
}
