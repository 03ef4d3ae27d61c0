/**
 * `docker stats`. Follows docker/cli cli/command/container/stats.go, stats_helpers.go and formatter_stats.go.
 *
 * It differs in that without names it asks which containers run at each redrawing, where the real one listens for events.
 */

import type { ContainerSummary, StatsResponse } from "@/lib/sim/api";
import { millis } from "@/lib/sim/core/time";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { type ApiError, failureOf } from "../../client";
import type { Failure, Handler } from "../../cobra/command";
import { formatListing, type Listing } from "../../format/listing";
import { shortId } from "../../format/tabwriter";
import { bytesSize, humanSizeWithPrecision } from "../../units";
import { eachLine } from "../json-stream";

type Entry = { readonly container: string; readonly stats: StatsResponse | undefined };

function cpuPercent(stats: StatsResponse): number {
  const cpu = stats.cpu_stats.cpu_usage.total_usage - stats.precpu_stats.cpu_usage.total_usage;
  const system = (stats.cpu_stats.system_cpu_usage ?? 0) - (stats.precpu_stats.system_cpu_usage ?? 0);
  return system > 0 && cpu > 0 ? (cpu / system) * (stats.cpu_stats.online_cpus ?? 0) * 100 : 0;
}

/** Without the page cache that could be given back. */
function memoryOf(stats: StatsResponse): number {
  const usage = stats.memory_stats.usage ?? 0;
  const inactive = stats.memory_stats.stats?.["total_inactive_file"] ?? stats.memory_stats.stats?.["inactive_file"] ?? 0;
  return inactive < usage ? usage - inactive : usage;
}

function blockIo(stats: StatsResponse, letter: "r" | "w"): number {
  return (stats.blkio_stats.io_service_bytes_recursive ?? [])
    .filter((entry) => entry.op.toLowerCase().startsWith(letter))
    .reduce((sum, entry) => sum + entry.value, 0);
}

function netIo(stats: StatsResponse, direction: "rx_bytes" | "tx_bytes"): number {
  return Object.values(stats.networks ?? {}).reduce((sum, network) => sum + network[direction], 0);
}

const percent = (value: number): string => `${value.toFixed(2)}%`;
const size = (value: number): string => humanSizeWithPrecision(value, 3);

function listing(truncates: boolean): Listing<Entry> {
  const of =
    (read: (stats: StatsResponse) => string, missing = "--") =>
    (entry: Entry) =>
      entry.stats ? read(entry.stats) : missing;
  return {
    type: "container.statsContext",
    fields: {
      BlockIO: of((stats) => `${size(blockIo(stats, "r"))} / ${size(blockIo(stats, "w"))}`),
      CPUPerc: of((stats) => percent(cpuPercent(stats))),
      Container: (entry) => entry.container,
      ID: (entry) => (truncates ? shortId(entry.stats?.id ?? "") : (entry.stats?.id ?? "")),
      MemPerc: of((stats) => percent(stats.memory_stats.limit ? (memoryOf(stats) / stats.memory_stats.limit) * 100 : 0)),
      MemUsage: of((stats) => `${bytesSize(memoryOf(stats))} / ${bytesSize(stats.memory_stats.limit ?? 0)}`, "-- / --"),
      Name: (entry) => ((entry.stats?.name ?? "").length > 1 ? (entry.stats?.name ?? "").slice(1) : "--"),
      NetIO: of((stats) => `${size(netIo(stats, "rx_bytes"))} / ${size(netIo(stats, "tx_bytes"))}`),
      PIDs: of((stats) => String(stats.pids_stats.current ?? 0)),
    },
    headers: {
      Container: "CONTAINER",
      Name: "NAME",
      ID: "CONTAINER ID",
      CPUPerc: "CPU %",
      MemUsage: "MEM USAGE / LIMIT",
      MemPerc: "MEM %",
      NetIO: "NET I/O",
      BlockIO: "BLOCK I/O",
      PIDs: "PIDS",
    },
  };
}

const TABLE = "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";

export const containerStats: Handler = function* ({ cli, flags, args }) {
  const given = flags.text("format") || cli.config.statsFormat || "table";
  const format = given === "table" ? TABLE : given;
  const isOnce = flags.bool("no-stream");
  const columns = listing(!flags.bool("no-trunc"));
  for (;;) {
    const names = args.length > 0 ? args : yield* containersToShow(cli, flags.bool("all"));
    if (!isNames(names)) return failureOf(names);
    const entries: Entry[] = [];
    const errors: string[] = [];
    for (const name of names) {
      const stats = yield* readOnce(cli, name);
      if ("error" in stats) errors.push(stats.error.message);
      else entries.push({ container: name, stats: stats.value });
    }
    if (args.length > 0 && errors.length > 0) return { status: 1, message: errors.join("\n") };
    yield* cli.sys.sleep(millis(500));
    const shown = yield* show(cli, formatListing(columns, format, entries), isOnce);
    if (shown) return shown;
    const interrupted = cli.client.interruption();
    if (interrupted) return failureOf(interrupted);
    if (isOnce) return undefined;
  }
};

function isNames(value: readonly string[] | ApiError): value is readonly string[] {
  return Array.isArray(value);
}

function* containersToShow(cli: Cli, isAll: boolean): Routine<readonly string[] | ApiError> {
  const containers = yield* cli.client.get<readonly ContainerSummary[]>("ContainerList", { query: { all: isAll ? "1" : undefined } });
  return containers.ok ? containers.value.map((container) => container.Id) : containers.error;
}

/** One reading: the daemon compares two cycles of its own for the processor's share. */
function* readOnce(cli: Cli, name: string): Routine<{ readonly value: StatsResponse | undefined } | { readonly error: ApiError }> {
  const response = yield* cli.client.call("ContainerStats", { object: name, query: { stream: "0" } });
  if (!response.ok) return { error: response.error };
  let value: StatsResponse | undefined;
  yield* eachLine<StatsResponse>(cli.client, response.value.body, function* (stats) {
    value = stats;
    return false;
  });
  return { value };
}

function* show(cli: Cli, text: ReturnType<typeof formatListing>, isOnce: boolean): Routine<Failure | undefined> {
  if (!text.ok) return { status: 1, message: text.error };
  if (isOnce) {
    yield* cli.out(text.value);
    return undefined;
  }
  // From the top left, each line cleared to its end, and what was below.
  const lines = `\u001b[H${text.value}`.split("\n").map((line) => `${line} \u001b[K\n`);
  yield* cli.out(`\u001b[H${text.value}${lines.join("")}\u001b[J`);
  return undefined;
}
