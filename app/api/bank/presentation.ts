/** Markdown and sources as the pages show them, for questions that leave the house: markup in place of components. */

import { type Block, type Cell, type Inline, parseMarkdown } from "@/app/_components/markdown-parse";
import { addressOf, titleOf } from "@/app/_components/reference";
import { unreachable } from "@/lib/base/invariant";
import { escapeMarkup, type Markup, type Presentation } from "@/lib/content/export";

export const PRESENTATION: Presentation = {
  markup: (markdown) => markupOf(parseMarkdown(markdown)),
  source: (reference) => ({ title: titleOf(reference), address: addressOf(reference) }),
};

function markupOf(blocks: readonly Block[]): Markup {
  const [first] = blocks;
  if (blocks.length === 1 && first?.kind === "paragraph") return { inline: true, xhtml: inlines(first.children) };
  return { inline: false, xhtml: blocks.map(block).join("") };
}

function block(one: Block): string {
  switch (one.kind) {
    case "paragraph":
      return `<p>${inlines(one.children)}</p>`;
    case "heading":
      return `<h${one.level}>${inlines(one.children)}</h${one.level}>`;
    case "code":
      return `<pre><code>${escapeMarkup(one.text)}</code></pre>`;
    case "table": {
      const row = (tag: string, cells: readonly Cell[]): string =>
        `<tr>${cells.map((cell) => `<${tag}>${inlines(cell)}</${tag}>`).join("")}</tr>`;
      return `<table><thead>${row("th", one.head)}</thead><tbody>${one.rows.map((cells) => row("td", cells)).join("")}</tbody></table>`;
    }
    case "list": {
      const tag = one.ordered ? "ol" : "ul";
      return `<${tag}>${one.items.map((blocks) => `<li>${markupOf(blocks).xhtml}</li>`).join("")}</${tag}>`;
    }
    default:
      return unreachable(one);
  }
}

const inlines = (all: readonly Inline[]): string => all.map(inline).join("");

function inline(one: Inline): string {
  switch (one.kind) {
    case "text":
      return escapeMarkup(one.text);
    case "code":
      return `<code>${escapeMarkup(one.text)}</code>`;
    case "strong":
      return `<strong>${inlines(one.children)}</strong>`;
    case "emphasis":
      return `<em>${inlines(one.children)}</em>`;
    case "link":
      // A page of this house is not there where the question goes.
      return /^https?:/i.test(one.href) ? `<a href="${escapeMarkup(one.href)}">${inlines(one.children)}</a>` : inlines(one.children);
    default:
      return unreachable(one);
  }
}
