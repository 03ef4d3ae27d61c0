/** Reachability asked of the world itself: a real frame is sent, and what became of it is told. */

import type { KernelEvent } from "@/lib/sim/kernel";

export type ProbeSource =
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "container"; readonly host: string; readonly name: string }
  /** Another machine on the LAN (the router). */
  | { readonly kind: "outside" };

export type ProbeRequest = {
  readonly from: ProbeSource;
  /** A name (resolved as the source would) or an address. */
  readonly to: string;
  readonly what:
    | { readonly kind: "ping" }
    | { readonly kind: "tcp"; readonly port: number }
    | { readonly kind: "http"; readonly port: number; readonly path?: string }
    | { readonly kind: "resolve" };
};

export type ProbeOutcome =
  | {
      readonly kind: "ok";
      readonly address: string /** Of `http`. */;
      readonly status?: number;
      readonly body?: string /** Of `resolve`. */;
      readonly addresses?: readonly string[];
    }
  | { readonly kind: "no-such-name"; readonly name: string }
  | { readonly kind: "refused"; readonly address: string }
  | { readonly kind: "unreachable"; readonly address: string; readonly why: "net" | "host" | "prohibited" }
  | { readonly kind: "timeout"; readonly address: string }
  /** The source is not there or does not run. */
  | { readonly kind: "no-source"; readonly why: string };

export type ProbeReport = {
  readonly outcome: ProbeOutcome;
  /** What the kernels told of the frames while the probe ran, in order. */
  readonly events: readonly KernelEvent[];
  /** The first drop of a frame of this probe: where it died and why. */
  readonly death?: Extract<KernelEvent, { kind: "drop" }>;
};
