/** The parts and links of a drawing in words. */

import type { ShownDrawing } from "@/lib/practice/items";

/** All that the drawing says of a part or link. `mark`: what it has proved to be. */
export function nameOf(drawing: ShownDrawing, thing: string, mark?: "fault" | "taken"): string {
  const part = drawing.parts.find(({ id }) => id === thing);
  const owner = part?.in === undefined ? undefined : shortNameOf(drawing, part.in);
  const words = part
    ? [shortNameOf(drawing, thing), ...part.lines, ...(owner === undefined ? [] : [`in ${owner}`])]
    : [shortNameOf(drawing, thing)];
  return [...words, ...(mark === "fault" ? ["the fault is here"] : mark === "taken" ? ["your choice"] : [])].join(", ");
}

/** `container web`; `link LAN between laptop and node1`. */
export function shortNameOf({ parts, links }: ShownDrawing, thing: string): string {
  const part = parts.find(({ id }) => id === thing);
  if (part) return part.label.toLowerCase().includes(part.kind) ? part.label : `${part.kind} ${part.label}`;
  const link = links.find(({ id }) => id === thing);
  const ends = link?.between.map((end) => parts.find(({ id }) => id === end)?.label ?? end) ?? [];
  return `link ${link?.label ? `${link.label} ` : ""}between ${ends.join(" and ")}`;
}
