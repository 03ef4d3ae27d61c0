/** A drawn network: hosts with what is in them, and what joins them. Of a question about a fault, and of lessons. */

import { z } from "zod";
import { markdown, name } from "./field-schema";

/** What a drawing shows. A part lies inside another (`in`), a link joins two. `network` gives it that network's colour. */
export const drawingSchema = z.strictObject({
  /** The picture in words, for who does not see it. It tells everything that the picture tells and not what is wrong. */
  alt: markdown,
  parts: z
    .array(
      z.strictObject({
        id: name,
        kind: z.enum(["host", "container", "network", "router", "client", "firewall", "service"]),
        label: z.string().min(1).max(40),
        /** Facts below the label: addresses, settings. */
        lines: z.array(z.string().min(1).max(48)).max(5).default([]),
        in: name.optional(),
        network: z.string().optional(),
        /** Said when it is taken for the fault and is not. */
        why: markdown.optional(),
      }),
    )
    .min(3)
    .max(14),
  links: z
    .array(
      z.strictObject({
        id: name,
        between: z.tuple([name, name]),
        label: z.string().max(32).default(""),
        network: z.string().optional(),
        why: markdown.optional(),
      }),
    )
    .default([]),
});

export type Drawing = z.infer<typeof drawingSchema>;

/** What in a drawing names nothing, or names something twice; each with its path. */
export function drawingFaults({ parts, links }: Drawing): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const ids = parts.map(({ id }) => id);
  const all = [...ids, ...links.map(({ id }) => id)];
  return [
    ...all.flatMap((id, at) =>
      all.indexOf(id) === at
        ? []
        : [{ path: at < ids.length ? ["parts", at] : ["links", at - ids.length], message: `${id} is there twice` }],
    ),
    ...parts.flatMap(({ id, in: outer }, at) =>
      outer === undefined || (ids.includes(outer) && outer !== id)
        ? []
        : [{ path: ["parts", at, "in"], message: `there is no part ${outer} for it to lie in` }],
    ),
    ...links.flatMap(({ between }, at) =>
      between.filter((id) => !ids.includes(id)).map((id) => ({ path: ["links", at, "between"], message: `there is no part ${id}` })),
    ),
  ];
}
