/**
 * `docker stats`: what a container's interfaces have carried. Its processor, memory and disk are not measured: the fields are
 * those of a machine without cgroup controllers (see system/sysinfo.ts), which is what the recordings show.
 * Modelled on moby's daemon/stats.go.
 */

import { ok } from "@/lib/base/result";
import { type CpuStats, type NetworkStats, type StatsResponse, ZERO_TIME } from "@/lib/sim/api";
import { Channel } from "@/lib/sim/core/channel";
import type { ServiceResponse } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Engine } from "../engine";
import { type Outcome, refuse } from "../error";
import { printJson } from "../go/json-print";
import { sortedByKey } from "../go/shape";
import { type EpochMicros, rfc3339Nano } from "../go/time";
import type { ApiRequest } from "../http/request";
import { json, lines } from "../http/response";
import { MACHINE } from "../system/sysinfo";
import type { Container } from "./container";
import { ownerOf } from "./runtime";

const IDLE: CpuStats = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
};

const MEMORY_FIELDS = [
  "active_anon",
  "active_file",
  "anon",
  "anon_thp",
  "file",
  "file_dirty",
  "file_mapped",
  "file_writeback",
  "inactive_anon",
  "inactive_file",
  "kernel_stack",
  "pgactivate",
  "pgdeactivate",
  "pgfault",
  "pglazyfree",
  "pglazyfreed",
  "pgmajfault",
  "pgrefill",
  "pgscan",
  "pgsteal",
  "shmem",
  "slab",
  "slab_reclaimable",
  "slab_unreclaimable",
  "sock",
  "thp_collapse_alloc",
  "thp_fault_alloc",
  "unevictable",
  "workingset_activate",
  "workingset_nodereclaim",
  "workingset_refault",
];

export function stats(engine: Engine, request: ApiRequest): Outcome<ServiceResponse> {
  const found = engine.containers.get(request.object);
  if (!found.ok) return found;
  const container = found.value;
  const isStream = request.flag("stream", true);
  const isOneShot = request.flag("one-shot");
  if (isStream && isOneShot) return refuse("invalid", "cannot have stream=true and one-shot=true");
  const isIdle = !container.state.running || container.state.restarting;
  if (!isStream && isIdle) return ok(json(200, empty(container)));
  if (isOneShot) return ok(json(200, measure(engine, container)));

  const channel = new Channel<string>();
  const task = engine.spawn(sample(engine, container, channel, isStream));
  return ok(
    lines(
      () => channel.read(),
      () => {
        task.cancel();
        channel.end();
      },
    ),
  );
}

/** Once a second. Without a stream, the second sample only: the first has nothing to compare with. */
function* sample(engine: Engine, container: Container, channel: Channel<string>, isStream: boolean): Routine<void> {
  let before: StatsResponse | undefined;
  for (;;) {
    const { Name: name, ID: id } = { Name: container.name, ID: container.id };
    const now = container.state.running && !container.state.restarting ? measure(engine, container) : empty(container);
    const sampled: StatsResponse = { name, id, ...now, preread: before?.read ?? ZERO_TIME, precpu_stats: before?.cpu_stats ?? IDLE };
    if (isStream || before) channel.push(printJson(sampled, { html: true }));
    if ((!isStream && before) || container.state.removed) break;
    before = sampled;
    yield* engine.work(1_000);
  }
  channel.end();
}

function empty(container: Container): StatsResponse {
  return {
    name: container.name,
    id: container.id,
    read: ZERO_TIME,
    preread: ZERO_TIME,
    ...NOTHING,
    cpu_stats: IDLE,
    precpu_stats: IDLE,
    memory_stats: {},
  };
}

const NOTHING = {
  pids_stats: {},
  blkio_stats: {
    io_service_bytes_recursive: null,
    io_serviced_recursive: null,
    io_queue_recursive: null,
    io_service_time_recursive: null,
    io_wait_time_recursive: null,
    io_merged_recursive: null,
    io_time_recursive: null,
    sectors_recursive: null,
  },
  num_procs: 0,
  storage_stats: {},
} as const;

function measure(engine: Engine, container: Container): StatsResponse {
  const networks = networkStats(engine, container);
  return {
    read: rfc3339Nano(engine.now),
    preread: ZERO_TIME,
    ...NOTHING,
    cpu_stats: {
      cpu_usage: IDLE.cpu_usage,
      system_cpu_usage: systemTime(engine.now),
      online_cpus: MACHINE.cpus,
      throttling_data: IDLE.throttling_data,
    },
    precpu_stats: IDLE,
    memory_stats: { stats: Object.fromEntries(MEMORY_FIELDS.map((field) => [field, 0])) },
    ...(networks ? { networks } : {}),
  };
}

/** All processors' time since boot in nanoseconds. */
function systemTime(now: EpochMicros): number {
  return Math.round(now % 1e12) * 1_000 * MACHINE.cpus;
}

/** By interface, of the container's own stack or the one it shares; nothing in host mode. */
function networkStats(engine: Engine, container: Container): Readonly<Record<string, NetworkStats>> | undefined {
  const { NetworkMode: mode } = container.hostConfig;
  const owner = ownerOf(engine, mode) ?? container;
  if (mode === "host" || !owner.sandbox) return undefined;
  const interfaces = owner.sandbox.netns.links.links().filter(({ name }) => name !== "lo");
  const entries = interfaces.map(({ name, stats: counted }): [string, NetworkStats] => [
    name,
    {
      rx_bytes: counted.rxBytes,
      rx_packets: counted.rxPackets,
      rx_errors: 0,
      rx_dropped: counted.rxDropped,
      tx_bytes: counted.txBytes,
      tx_packets: counted.txPackets,
      tx_errors: 0,
      tx_dropped: counted.txDropped,
    },
  ]);
  return entries.length > 0 ? sortedByKey(Object.fromEntries(entries)) : undefined;
}
