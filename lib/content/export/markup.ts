/** What the three formats share: markup that is HTML and well-formed XML at once, and what stands below a question. */

import { type Item, optionsOf } from "../schema";

/** Markdown as markup. `inline`: without blocks, so that it may stand where only a line of text may. */
export type Markup = { readonly inline: boolean; readonly xhtml: string };

/** How the application shows Markdown and sources; given by the application, so that an export reads as its pages do. */
export type Presentation = {
  readonly markup: (markdown: string) => Markup;
  readonly source: (reference: string) => { readonly title: string; readonly address?: string | undefined };
};

const NAMED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** What XML 1.0 cannot hold, not even as a reference. */
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Text as content or attribute, of HTML and of XML. Characters that XML cannot hold become U+FFFD. */
export function escapeMarkup(text: string): string {
  return text.replace(NOT_IN_XML, "\u{FFFD}").replace(/[&<>"]/g, (character) => NAMED[character] ?? character);
}

/** Text between tags: markup without them. Of what `escapeMarkup` and a presentation write, not of any HTML. */
export function textOf(xhtml: string): string {
  return xhtml
    .replace(/<[^>]*>/g, " ")
    .replace(/&(lt|gt|quot|amp);/g, (whole, name: string) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name] ?? whole)
    .replace(/\s+/g, " ")
    .trim();
}

/** Where the exam and the engine of today differ. Empty when they agree. */
export function truthOf(item: Item, { markup }: Presentation): string {
  if (!item.truth) return "";
  return `<div><strong>For the exam:</strong> ${markup(item.truth.exam).xhtml}</div><div><strong>The engine today:</strong> ${markup(item.truth.engine).xhtml}</div>`;
}

/** Where it is written: the item's sources, then those of its options. */
export function sourcesOf(item: Item, { source }: Presentation): string {
  const references = [...new Set([...item.refs, ...optionsOf(item).flatMap((option) => option.refs ?? [])])];
  const lines = references.map((reference) => {
    const { title, address } = source(reference);
    return `<li>${address === undefined ? escapeMarkup(title) : `<a href="${escapeMarkup(address)}">${escapeMarkup(title)}</a>`}</li>`;
  });
  return `<ul>${lines.join("")}</ul>`;
}
