/** The world as the application holds it. */

import type { Instant } from "@/lib/sim/core/time";
import type { KernelEvent } from "@/lib/sim/kernel";
import type { ProbeReport, ProbeRequest } from "./probe";
import type { WorldSnapshot } from "./snapshot";
import type { Topology } from "./topology";
import type { TranscriptEntry } from "./transcript";

export type WorldOptions = {
  readonly topology: Topology;
  readonly seed: string;
  /** Run as root on their hosts before the first input, one after the other, each to its end. They must succeed. */
  readonly setup?: readonly { readonly host: string; readonly command: string }[];
  /** Simulated events that may run between two inputs before the world stops with `EventLimitReached`. */
  readonly eventLimit?: number;
};

export type CommandResult = { readonly stdout: string; readonly stderr: string; readonly status: number };

export interface WorldContract {
  readonly now: Instant;
  /** Runs everything that is due up to `until`. Live, called with the instant that the wall clock stands for. */
  advanceTo(until: Instant): void;
  /** When something will happen by itself next; undefined when the world is at rest. */
  readonly nextAt: Instant | undefined;
  /** Advances to `entry.at`, then gives it to the world and runs what is due at that instant. */
  apply(entry: TranscriptEntry): void;
  /** Output of a terminal since the last call, for the screen: text with escape sequences and `\r\n`. */
  takeOutput(terminal: string): string;
  /** Called whenever a terminal has output to take. */
  onOutput: (terminal: string) => void;
  /** Called after containers, networks, links or addresses changed (at most once an instant). */
  onChange: () => void;
  /** Called for each kernel event; leave unset when not needed. */
  onTrace: ((event: KernelEvent) => void) | undefined;
  snapshot(): WorldSnapshot;
  /** Sends frames: changes ARP tables, conntrack and time. Grade on a replayed world, never on the learner's. */
  probe(request: ProbeRequest): ProbeReport;
  /** Runs `sh -c COMMAND` as root to its end, jumping over idle time; at the longest `limitSeconds` of virtual time (then status 124). */
  run(host: string, command: string, options?: { readonly limitSeconds?: number }): CommandResult;
}
export type { KernelEvent, ProbeReport, ProbeRequest, Topology, TranscriptEntry, WorldSnapshot };
