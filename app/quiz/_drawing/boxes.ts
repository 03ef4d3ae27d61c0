/**
 * Where the parts of a drawing stand: boxes in rows, one inside another, from the top down as the links lead. The same drawing and
 * width always give the same boxes. Lengths are pixels; all edges lie on the grid on which the wires run.
 */

import type { ShownDrawing } from "@/lib/practice/items";
import { type Edge, rowsOf } from "./rows";
import { MONO, SMALL, STRONG, widthOf, wrap } from "./text";

export type Part = ShownDrawing["parts"][number];
export type Point = { readonly x: number; readonly y: number };
export type Rect = Point & { readonly width: number; readonly height: number };

export type PartBox = {
  readonly part: Part;
  readonly box: Rect;
  /** Where its words stand. */
  readonly head: Rect;
  readonly label: readonly string[];
  readonly lines: readonly string[];
  /** What kind of thing it is, behind the label, unless the label says so. */
  readonly kind: string;
  /** Ids of what it lies in, the innermost first. */
  readonly within: readonly string[];
  readonly isLeaf: boolean;
};

export const GRID = 8;
/** Lines of a box: the height of its label's, of the others. */
export const LABEL_LINE = 18;
export const TEXT_LINE = 16;
export const INSET = 12;
const PADDING = 2 * GRID;
const LEAST = { width: 11 * GRID, height: 6 * GRID };
/** Narrower than this two things that hold others do not stand side by side. */
const NARROWEST = 19 * GRID;

/** A part with all that lies in it, not yet put anywhere. */
type Block = { readonly width: number; readonly height: number; readonly put: (x: number, y: number) => readonly PartBox[] };
/** `isSplit`: its parts belong beside those of the next or the last row, and there was no room. */
type FittedRow = {
  readonly parts: readonly Part[];
  readonly blocks: readonly { readonly block: Block; readonly x: number }[];
  readonly width: number;
  readonly height: number;
  readonly isSplit: boolean;
};

/** `edges`: what is joined, with the words on it. `margin`: room for wires around everything. */
export function placeParts(
  parts: readonly Part[],
  edges: readonly Edge[],
  room: number,
  margin: number,
): { readonly boxes: readonly PartBox[]; readonly width: number; readonly height: number } {
  const layer = new Layer(parts, edges);
  const all = layer.arrange(undefined, [], floor(room - 2 * margin));
  return { boxes: all.put(margin, margin), width: all.width + 2 * margin, height: all.height + 2 * margin };
}

class Layer {
  readonly #parts: readonly Part[];
  readonly #edges: readonly Edge[];

  constructor(parts: readonly Part[], edges: readonly Edge[]) {
    this.#parts = parts;
    this.#edges = edges;
  }

  /** What lies directly in `owner` (undefined: in nothing), in rows. */
  arrange(owner: string | undefined, within: readonly string[], room: number): Block {
    const members = this.#parts.filter((part) => part.in === owner);
    const edges = this.#edgesAmong(members);
    const rows = rowsOf(members, edges).flatMap((row) => this.#fit(row, edges, within, room));
    const width = Math.max(0, ...rows.map((row) => row.width));
    const stretched = rows.map((row) => this.#stretch(row, within, width));
    const gaps = stretched.slice(1).map((_, at) => gapBetween(rows.slice(0, at + 1), rows.slice(at + 1), edges));
    const height = stretched.reduce((sum, row, at) => sum + row.height + (gaps[at] ?? 0), 0);
    return {
      width,
      height,
      put: (x, y) => {
        let top = y;
        return stretched.flatMap((row, at) => {
          const left = x + floor((width - row.width) / 2);
          const boxes = row.blocks.flatMap(({ block, x: inRow }) => block.put(left + inRow, top));
          top += row.height + (gaps[at] ?? 0);
          return boxes;
        });
      },
    };
  }

  /** Links between members, or between what lies in them. */
  #edgesAmong(members: readonly Part[]): readonly Edge[] {
    const ids = new Set(members.map(({ id }) => id));
    return this.#edges.flatMap(({ a, b, label }) => {
      const [from, to] = [this.#memberOf(a, ids), this.#memberOf(b, ids)];
      return from !== undefined && to !== undefined && from !== to ? [{ a: from, b: to, label }] : [];
    });
  }

  #memberOf(id: string, ids: ReadonlySet<string>): string | undefined {
    const owner = this.#parts.find((part) => part.id === id)?.in;
    return ids.has(id) ? id : owner === undefined ? undefined : this.#memberOf(owner, ids);
  }

  /** A row side by side; where that has no room, with narrower boxes; where not even so, in several rows. */
  #fit(parts: readonly Part[], edges: readonly Edge[], within: readonly string[], room: number): readonly FittedRow[] {
    const gaps = parts.slice(1).map((part, at) => gapBeside(parts[at]?.id ?? "", part.id, edges));
    const sumOfGaps = gaps.reduce((sum, gap) => sum + gap, 0);
    const widths = [room, floor((room - sumOfGaps) / parts.length)];
    for (const width of widths) {
      if (width < NARROWEST && parts.length > 1) continue;
      const blocks = parts.map((part) => this.#block(part, within, width));
      const row = inRow(parts, blocks, gaps);
      if (row.width <= room) return [row];
    }
    const first = parts.slice(0, Math.ceil(parts.length / 2));
    const last = parts.slice(first.length);
    return [first, last].flatMap((half) => this.#fit(half, edges, within, room)).map((row) => ({ ...row, isSplit: true }));
  }

  /** A network is a bar below (or above) all that stands in the other rows; boxes that found no room side by side are as wide. */
  #stretch(row: FittedRow, within: readonly string[], width: number): FittedRow {
    const [only] = row.parts;
    if (row.parts.length !== 1 || !only || row.width === width || !(row.isSplit || only.kind === "network")) return row;
    return { ...inRow(row.parts, [this.#block(only, within, width, width)], []), isSplit: row.isSplit };
  }

  #block(part: Part, within: readonly string[], room: number, least: number = LEAST.width): Block {
    const isLeaf = !this.#parts.some((other) => other.in === part.id);
    const inside = isLeaf ? undefined : this.arrange(part.id, [part.id, ...within], room - 2 * PADDING);
    const kind = part.label.toLowerCase().includes(part.kind) ? "" : part.kind;
    const textRoom = room - 2 * INSET;
    const label = wrap(part.label, textRoom, STRONG);
    const kindWidth = kind === "" ? 0 : widthOf(kind, SMALL) + 8;
    const lastLabel = widthOf(label.at(-1) ?? "", STRONG);
    const hasOwnLine = lastLabel + kindWidth > textRoom;
    const lines = part.lines.flatMap((line) => wrap(line, textRoom, MONO));
    const textWidth = Math.max(
      ...label.map((line) => widthOf(line, STRONG)),
      hasOwnLine ? kindWidth : lastLabel + kindWidth,
      ...lines.map((line) => widthOf(line, MONO)),
    );
    const labels = hasOwnLine ? [...label, ""] : label;
    const headHeight = ceil(9 + labels.length * LABEL_LINE + lines.length * TEXT_LINE + 5);
    const width = ceil(Math.max(least, textWidth + 2 * INSET, (inside?.width ?? 0) + 2 * PADDING));
    const height = inside ? headHeight + GRID + inside.height + PADDING : Math.max(LEAST.height, headHeight);
    return {
      width,
      height,
      put: (x, y) => {
        const head = { x, y, width: isLeaf ? width : ceil(textWidth + 2 * INSET), height: headHeight };
        const own: PartBox = { part, box: { x, y, width, height }, head, label: labels, lines, kind, within, isLeaf };
        const left = x + floor((width - (inside?.width ?? 0)) / 2);
        return [own, ...(inside?.put(left, y + headHeight + GRID) ?? [])];
      },
    };
  }
}

function inRow(parts: readonly Part[], blocks: readonly Block[], gaps: readonly number[]): FittedRow {
  let x = 0;
  const placed = blocks.map((block, at) => {
    const left = x;
    x += block.width + (gaps[at] ?? 0);
    return { block, x: left };
  });
  return { parts, blocks: placed, width: x, height: Math.max(...blocks.map(({ height }) => height)), isSplit: false };
}

const isBetween = ({ a, b }: Edge, left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  (left.has(a) && right.has(b)) || (left.has(b) && right.has(a));

/** Room for the wires between two neighbours, and for the words on them. */
function gapBeside(left: string, right: string, edges: readonly Edge[]): number {
  const joining = edges.filter((edge) => isBetween(edge, new Set([left]), new Set([right])));
  const words = Math.max(0, ...joining.map(({ label }) => widthOf(label, MONO)));
  if (joining.length === 0) return 3 * GRID;
  return words === 0 ? 5 * GRID : ceil(words + 4 * GRID);
}

function gapBetween(above: readonly FittedRow[], below: readonly FittedRow[], edges: readonly Edge[]): number {
  const idsOf = (rows: readonly FittedRow[]): ReadonlySet<string> => new Set(rows.flatMap(({ parts }) => parts.map(({ id }) => id)));
  const crossing = edges.filter((edge) => isBetween(edge, idsOf(above), idsOf(below)));
  if (crossing.length === 0) return 2 * GRID;
  return (crossing.some(({ label }) => label !== "") ? 6 : 4) * GRID;
}

const floor = (length: number): number => Math.floor(length / GRID) * GRID;
const ceil = (length: number): number => Math.ceil(length / GRID) * GRID;
