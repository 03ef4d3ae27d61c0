/** What the page and the worker that holds the world say to each other. Plain data both ways. */

import type { LabWorld } from "@/lib/practice";
import type { DropReason, Instant, TranscriptEntry, WorldSnapshot } from "@/lib/sim";

export type ToWorld =
  /** Builds the world and replays what happened before; then its clock follows the wall's. */
  | {
      readonly kind: "boot";
      readonly world: LabWorld;
      readonly seed: string;
      readonly entries: readonly TranscriptEntry[];
      /** How far the clock had run when the page was left, if that is known. */
      readonly until?: Instant;
      readonly wantsTrace: boolean;
    }
  | { readonly kind: "open"; readonly terminal: string; readonly host: string; readonly columns: number; readonly rows: number }
  | { readonly kind: "input"; readonly terminal: string; readonly text: string }
  | { readonly kind: "resize"; readonly terminal: string; readonly columns: number; readonly rows: number }
  | { readonly kind: "close"; readonly terminal: string }
  /** Asks for `clock`. */
  | { readonly kind: "ask-clock"; readonly id: number };

export type FromWorld =
  | { readonly kind: "ready"; readonly terminals: readonly OpenTerminal[] }
  | { readonly kind: "output"; readonly terminal: string; readonly text: string }
  /** An input has been applied: it is part of the transcript now. */
  | { readonly kind: "entry"; readonly entry: TranscriptEntry }
  | { readonly kind: "snapshot"; readonly snapshot: WorldSnapshot }
  | { readonly kind: "traffic"; readonly traffic: Traffic }
  | { readonly kind: "clock"; readonly id: number; readonly at: Instant }
  /** The world met a limit: what ran was stopped, and typing goes on. */
  | { readonly kind: "limit"; readonly message: string }
  /** A bug: the world is gone. */
  | { readonly kind: "broken"; readonly message: string };

export type OpenTerminal = { readonly terminal: string; readonly host: string };

/** An interface, by the namespace's id and its name there. */
export type Place = { readonly host: string; readonly netns: string; readonly link: string };

/** A frame on its way: over a cable from one interface to the next, or inside a host from where it came in to where it leaves. */
export type Hop = { readonly from: Place; readonly to: Place | undefined; readonly label: FrameLabel };

export type FrameLabel = "arp" | "icmp" | "tcp" | "udp" | "dns" | "other";

/** Where a packet died. `link` may be unknown: then it died in the namespace itself. */
export type Loss = {
  readonly host: string;
  readonly netns: string;
  readonly link: string | undefined;
  readonly reason: DropReason;
  readonly packet: string;
};

export type Traffic = { readonly hops: readonly Hop[]; readonly losses: readonly Loss[] };
