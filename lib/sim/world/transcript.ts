/** The transcript: every input of a world, with its virtual time. State is a fold over it. */

import type { Instant } from "@/lib/sim/core/time";

/**
 * One input. `at` never decreases along a transcript.
 * Keys are recorded as they reached the terminal, so that history, completion, Ctrl-C and a program's own prompts replay.
 */
export type TranscriptEntry =
  | {
      readonly at: Instant;
      readonly kind: "open";
      readonly terminal: string;
      readonly host: string;
      readonly columns: number;
      readonly rows: number;
    }
  | { readonly at: Instant; readonly kind: "input"; readonly terminal: string; readonly text: string }
  | { readonly at: Instant; readonly kind: "resize"; readonly terminal: string; readonly columns: number; readonly rows: number }
  | { readonly at: Instant; readonly kind: "close"; readonly terminal: string }
  /** A file saved in the editor. */
  | { readonly at: Instant; readonly kind: "file"; readonly host: string; readonly path: string; readonly text: string };
