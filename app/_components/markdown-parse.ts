/**
 * The Markdown of lessons, questions and labs as a tree: paragraphs, lists, headings, tables, fenced code; code, emphasis and links
 * inside. Anything else is text. No HTML passes: what looks like a tag is shown as it was written.
 */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly children: readonly Inline[] };

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  /** `info`: what stands after the fence (`console later`). */
  | { readonly kind: "code"; readonly text: string; readonly info: string }
  | { readonly kind: "table"; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] };

export type Cell = readonly Inline[];

export function parseMarkdown(source: string): readonly Block[] {
  return parseBlocks(source.replaceAll("\r\n", "\n").split("\n"));
}

const FENCE = /^\s*(```+|~~~+)\s*(.*?)\s*$/;
const HEADING = /^(#{1,6})\s+(.*)$/;
/** The line below a table's head. */
const RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$/;

function parseBlocks(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i] ?? "";
    if (line.trim() === "") {
      i++;
      continue;
    }
    const [, fence, info = ""] = FENCE.exec(line) ?? [];
    if (fence) {
      const end = lines.findIndex((candidate, at) => at > i && candidate.trim().startsWith(fence));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: unindent(lines.slice(i + 1, last)).join("\n"), info });
      i = last + 1;
      continue;
    }
    const [, marks, heading] = HEADING.exec(line) ?? [];
    if (marks !== undefined && heading !== undefined) {
      blocks.push({ kind: "heading", level: marks.length, children: parseInline(heading) });
      i++;
      continue;
    }
    if (isTable(lines, i)) {
      const start = i + 2;
      i = start;
      while (isRow(lines[i] ?? "")) i++;
      blocks.push({ kind: "table", head: parseRow(line), rows: lines.slice(start, i).map(parseRow) });
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
    while (end < lines.length && isContinuation(lines[end] ?? "") && !isTable(lines, end)) end++;
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

const isRow = (line: string): boolean => line.trimStart().startsWith("|");
const isTable = (lines: readonly string[], at: number): boolean => isRow(lines[at] ?? "") && RULE.test(lines[at + 1] ?? "");

/** The cells of `| a | b |`. A bar inside code or after a backslash belongs to its cell. */
function parseRow(line: string): readonly Cell[] {
  const cells = line
    .trim()
    .replace(/^\|/, "")
    .match(/(?:\\.|`[^`]*`|[^|\\])*(?:\||$)/g);
  return (cells ?? [])
    .filter((cell, at, all) => at < all.length - 1 || cell.trim() !== "")
    .map((cell) => parseInline(cell.replace(/\|$/, "").replaceAll("\\|", "|").trim()));
}

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

/** The words alone. */
export function textOf(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ("text" in inline ? inline.text : textOf(inline.children))).join("");
}

/** The words of each paragraph, heading and code block. */
export function paragraphsOf(markdown: string): string[] {
  return parseMarkdown(markdown).flatMap((block) => {
    if (block.kind === "paragraph" || block.kind === "heading") return [textOf(block.children)];
    return block.kind === "code" ? [block.text] : [];
  });
}
