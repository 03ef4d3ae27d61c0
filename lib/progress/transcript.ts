/** The transcript as it crosses the network: what an entry may be like, its limits, and its one spelling. */

import { z } from "zod";
import type { Instant, TranscriptEntry } from "@/lib/sim";

/** What one attempt may hold. Each key is an entry, so an evening is some thousands; many times that is a mistake or an attack. */
export const TRANSCRIPT_LIMITS = { entries: 50_000, batch: 500, text: 16_384, file: 65_536, path: 4_096 } as const;

// A virtual year in microseconds: far inside the integers that JSON carries exactly.
const LATEST = 365 * 24 * 3600 * 1_000_000;

const at = z
  .int()
  .min(0)
  .max(LATEST)
  .transform((value) => value as Instant);
const terminal = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "a terminal is named with up to 32 of a-z, 0-9 and -");
const host = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a host is named with up to 63 of a-z, 0-9 and -");
const columns = z.int().min(1).max(500);
const rows = z.int().min(1).max(300);

const open = z.strictObject({ at, kind: z.literal("open"), terminal, host, columns, rows });
const input = z.strictObject({ at, kind: z.literal("input"), terminal, text: z.string().min(1).max(TRANSCRIPT_LIMITS.text) });
const resize = z.strictObject({ at, kind: z.literal("resize"), terminal, columns, rows });
const close = z.strictObject({ at, kind: z.literal("close"), terminal });
const file = z.strictObject({
  at,
  kind: z.literal("file"),
  host,
  path: z.string().startsWith("/").max(TRANSCRIPT_LIMITS.path),
  text: z.string().max(TRANSCRIPT_LIMITS.file),
});
export const entrySchema = z.discriminatedUnion("kind", [open, input, resize, close, file]) satisfies z.ZodType<TranscriptEntry>;

const numbered = { seq: z.int().min(1).max(TRANSCRIPT_LIMITS.entries) };
const numberedSchema = z.discriminatedUnion("kind", [
  open.extend(numbered),
  input.extend(numbered),
  resize.extend(numbered),
  close.extend(numbered),
  file.extend(numbered),
]);

/** An entry with its place in the transcript; the first is 1. */
export type NumberedEntry = TranscriptEntry & { readonly seq: number };

export const entriesBodySchema = z.strictObject({
  entries: z.array(numberedSchema).min(1).max(TRANSCRIPT_LIMITS.batch),
});

export type EntriesBody = z.infer<typeof entriesBodySchema>;

/** `at`: how far the learner's clock had run. */
export const checkBodySchema = z.strictObject({ through: z.int().min(0).max(TRANSCRIPT_LIMITS.entries), at: at.optional() });

/** Equal entries have equal texts: keys in the order of the alphabet. */
export function toPayload(entry: TranscriptEntry): string {
  return JSON.stringify(entry, Object.keys(entry).sort());
}

export function fromPayload(payload: string): TranscriptEntry {
  return entrySchema.parse(JSON.parse(payload));
}
