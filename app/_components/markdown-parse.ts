/**
 * The Markdown of questions and labs as a tree: paragraphs, lists, headings, fenced code; code, emphasis and links inside.
 * Anything else is text. No HTML passes: what looks like a tag is shown as it was written.
 */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] };

export function parseMarkdown(source: string): readonly Block[] {
  return parseBlocks(source.replaceAll("\r\n", "\n").split("\n"));
}

const FENCE = /^\s*(```+|~~~+)/;
const HEADING = /^#{1,6}\s+(.*)$/;
const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/;

function parseBlocks(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? "";
    if (line.trim() === "") {
      i++;
      continue;
    }
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      const end = lines.findIndex((candidate, at) => at > i && candidate.trim().startsWith(fence));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: unindent(lines.slice(i + 1, last)).join("\n") });
      i = last + 1;
      continue;
    }
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) {
      blocks.push({ kind: "heading", children: parseInline(heading) });
      i++;
      continue;
    }
    const item = ITEM.exec(line);
    if (item) {
      const [list, next] = parseList(lines, i, item[2] !== undefined);
      blocks.push(list);
      i = next;
      continue;
    }
    let end = i + 1;
    while (end < lines.length && isContinuation(lines[end] ?? "")) end++;
    blocks.push({
      kind: "paragraph",
      children: parseInline(
        lines
          .slice(i, end)
          .map((part) => part.trim())
          .join(" "),
      ),
    });
    i = end;
  }
  return blocks;
}

const isContinuation = (line: string): boolean => line.trim() !== "" && !FENCE.test(line) && !HEADING.test(line) && !ITEM.test(line);

/** The list that begins at line `start`, and the line after it. What is indented below an item belongs to it. */
function parseList(lines: readonly string[], start: number, ordered: boolean): [Block, number] {
  const indent = ITEM.exec(lines[start] ?? "")?.[1]?.length ?? 0;
  const items: string[][] = [];
  let i = start;
  for (; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const item = ITEM.exec(line);
    if (item && (item[1]?.length ?? 0) === indent && (item[2] !== undefined) === ordered) items.push([item[3] ?? ""]);
    else if (line.trim() === "") {
      const next = lines[i + 1] ?? "";
      if (next.trim() === "" || (indentOf(next) <= indent && !ITEM.test(next))) break;
      items.at(-1)?.push("");
    } else if (indentOf(line) > indent || isContinuation(line)) items.at(-1)?.push(line);
    else break;
  }
  return [{ kind: "list", ordered, items: items.map(([first = "", ...more]) => parseBlocks([first, ...unindent(more)])) }, i];
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

function unindent(lines: readonly string[]): string[] {
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map(indentOf));
  return Number.isFinite(indent) ? lines.map((line) => line.slice(indent)) : [...lines];
}

const INLINE =
  /\\([\\`*_[\]<>])|(`+)(.+?)\2(?!`)|\*\*(.+?)\*\*|\*(?!\s)(.+?)\*|(?<![\p{L}\p{N}])_(?!\s)(.+?)_(?![\p{L}\p{N}])|\[([^\]]+)\]\(([^)\s]+)\)/u;

export function parseInline(source: string): readonly Inline[] {
  const inlines: Inline[] = [];
  const push = (inline: Inline): void => {
    const last = inlines.at(-1);
    if (inline.kind === "text" && last?.kind === "text") inlines[inlines.length - 1] = { kind: "text", text: last.text + inline.text };
    else if (inline.kind !== "text" || inline.text !== "") inlines.push(inline);
  };
  let rest = source;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const [whole, escaped, , code, strong, star, underscore, label, href] = found;
    push({ kind: "text", text: rest.slice(0, found.index) });
    if (escaped !== undefined) push({ kind: "text", text: escaped });
    else if (code !== undefined) push({ kind: "code", text: code.replace(/^ (.*\S.*) $/, "$1") });
    else if (strong !== undefined) push({ kind: "strong", children: parseInline(strong) });
    else if (label !== undefined && href !== undefined) {
      push(isSafe(href) ? { kind: "link", href, children: parseInline(label) } : { kind: "text", text: whole });
    } else push({ kind: "emphasis", children: parseInline(star ?? underscore ?? "") });
    rest = rest.slice(found.index + whole.length);
  }
  push({ kind: "text", text: rest });
  return inlines;
}

/** Pages of ours and the web; no `javascript:`, no `data:`. */
const isSafe = (href: string): boolean => /^(https?:\/\/|\/(?!\/)|#)/i.test(href);
