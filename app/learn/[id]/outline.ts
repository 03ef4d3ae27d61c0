/** A lesson's Markdown with what its page needs besides: an anchor for each heading, the steps of each console block. */

import { type Block, type Inline, parseMarkdown, textOf } from "@/app/_components/markdown-parse";
import type { Drawing, Lesson } from "@/lib/content";

export type ConsoleBlock = Lesson["blocks"][number];

export type Section = { readonly id: string; readonly children: readonly Inline[] };

export type Part =
  | { readonly kind: "heading"; readonly level: number; readonly section: Section }
  | { readonly kind: "console"; readonly console: ConsoleBlock }
  | { readonly kind: "drawing"; readonly drawing: Drawing }
  | { readonly kind: "prose"; readonly block: Block };

export function outlineOf({ body, blocks, drawings }: Pick<Lesson, "body" | "blocks" | "drawings">): readonly Part[] {
  const taken = new Set<string>();
  const consoles = blocks.values();
  const drawn = drawings.values();
  return parseMarkdown(body).map((block): Part => {
    if (block.kind === "heading") {
      const section = { id: anchorOf(textOf(block.children), taken), children: block.children };
      return { kind: "heading", level: block.level, section };
    }
    if (block.kind === "code" && block.info === "drawing") {
      const drawing = drawn.next().value;
      return drawing ? { kind: "drawing", drawing } : { kind: "prose", block };
    }
    // The content's own reader has found the same fences, in the same order.
    const found = block.kind === "code" && /^console\b/.test(block.info) ? consoles.next().value : undefined;
    return found ? { kind: "console", console: found } : { kind: "prose", block };
  });
}

/** `What the engine made` → `what-the-engine-made`; a second one gets a number. */
function anchorOf(title: string, taken: Set<string>): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["section"];
  const base = words.join("-");
  let id = base;
  for (let number = 2; taken.has(id); number++) id = `${base}-${number}`;
  taken.add(id);
  return id;
}
