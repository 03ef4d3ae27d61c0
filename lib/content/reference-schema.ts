/** The sources that content may name (`content/references.yaml`). */

import { z } from "zod";

/** `docs:PATH`, `cli:PATH`, `moby:PATH`, `gh:OWNER/REPO#N`, `rfc:N`, …; a section (`#…`) is not part of it, except of `gh:`. */
export const referenceSchema = z.strictObject({
  at: z.string().regex(/^(docs|cli|moby|swarmkit|go-connections|kubernetes|mirantis|rfc|linux|gh):\S+$/),
  /** Its own title, or what it is. */
  title: z.string().trim().min(1).max(120),
  /** Anchors in it that content points to, as they stand in it. */
  sections: z.array(z.string().regex(/^[\w.-]+$/)).default([]),
  /** `then`: of the products and releases that the exam is about, no longer published where it was. */
  era: z.enum(["now", "then"]).default("now"),
  /** Of docker/docs: one in which the page is still there. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
});

export type Source = z.infer<typeof referenceSchema>;

/** The document and the section of a reference. */
export function splitReference(reference: string): { readonly at: string; readonly section: string | undefined } {
  const hash = reference.startsWith("gh:") && !reference.slice(3).includes(":") ? -1 : reference.indexOf("#");
  return hash < 0 ? { at: reference, section: undefined } : { at: reference.slice(0, hash), section: reference.slice(hash + 1) };
}
