/** `GET /containers/{id}/stats` (moby: api/types/container/stats.go). */

import type { Slice, Timestamp } from "./go-json";

export type CpuStats = {
  readonly cpu_usage: {
    readonly total_usage: number;
    readonly usage_in_kernelmode: number;
    readonly usage_in_usermode: number;
  };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
  readonly throttling_data: { readonly periods: number; readonly throttled_periods: number; readonly throttled_time: number };
};

export type BlkioStatEntry = { readonly major: number; readonly minor: number; readonly op: string; readonly value: number };

export type NetworkStats = {
  readonly rx_bytes: number;
  readonly rx_packets: number;
  readonly rx_errors: number;
  readonly rx_dropped: number;
  readonly tx_bytes: number;
  readonly tx_packets: number;
  readonly tx_errors: number;
  readonly tx_dropped: number;
};

export type StatsResponse = {
  readonly name?: string;
  readonly id?: string;
  readonly read: Timestamp;
  readonly preread: Timestamp;
  readonly pids_stats: { readonly current?: number; readonly limit?: number };
  readonly blkio_stats: {
    readonly io_service_bytes_recursive: Slice<BlkioStatEntry>;
    readonly io_serviced_recursive: Slice<BlkioStatEntry>;
    readonly io_queue_recursive: Slice<BlkioStatEntry>;
    readonly io_service_time_recursive: Slice<BlkioStatEntry>;
    readonly io_wait_time_recursive: Slice<BlkioStatEntry>;
    readonly io_merged_recursive: Slice<BlkioStatEntry>;
    readonly io_time_recursive: Slice<BlkioStatEntry>;
    readonly sectors_recursive: Slice<BlkioStatEntry>;
  };
  readonly num_procs: number;
  readonly storage_stats: Readonly<Record<string, never>>;
  readonly cpu_stats: CpuStats;
  readonly precpu_stats: CpuStats;
  readonly memory_stats: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>>; readonly limit?: number };
  readonly networks?: Readonly<Record<string, NetworkStats>>;
};
