/** A drawn network, laid out: boxes, wires, the words on them, and each network's colour. */

import { coloursFor } from "@/app/_lab/picture/model";
import type { ShownDrawing } from "@/lib/practice/items";
import { type Part, type PartBox, placeParts, type Point, type Rect } from "./boxes";
import type { Edge } from "./rows";
import { MONO, widthOf } from "./text";
import { layWires } from "./wires";

export type Link = ShownDrawing["links"][number];

/** `colour`: of its network; undefined: it belongs to none. */
export type DrawnPart = PartBox & { readonly colour: number | undefined };
export type DrawnLink = {
  readonly link: Link;
  readonly points: readonly Point[];
  readonly colour: number | undefined;
  readonly words: Rect | undefined;
};
/** What is on a network is joined to it, whether the drawing has a link for that or not. */
export type Cable = { readonly id: string; readonly points: readonly Point[]; readonly colour: number | undefined };

export type Sheet = {
  readonly width: number;
  readonly height: number;
  /** What holds others comes before them. */
  readonly parts: readonly DrawnPart[];
  readonly links: readonly DrawnLink[];
  readonly cables: readonly Cable[];
};

/** Room around everything, for wires and the words on them: the first that is enough. */
const MARGINS = [24, 32, 48, 64] as const;
/** What a wider margin has to save, in square pixels of words. */
const MARGIN_COST = 100;
const WORDS_HEIGHT = 16;

export function drawSheet(drawing: ShownDrawing, room: number): Sheet {
  const { parts, links } = drawing;
  const implied = impliedBy(drawing);
  const edges = [
    ...links.map(({ between: [a, b], label }) => ({ a, b, label })),
    ...implied.map(({ part, network }) => ({ a: part.id, b: network.id, label: "" })),
  ];
  const { boxes, wires, words, width, height } = arrange(parts, edges, room);
  const colours = coloursFor([...parts, ...links].flatMap((thing) => networkNameOf(thing) ?? []));
  const colourOf = (thing: Part | Link): number | undefined => colours.get(networkNameOf(thing) ?? "");
  return {
    width,
    height,
    parts: boxes.map((one) => ({ ...one, colour: colourOf(one.part) })),
    links: links.map((link, at) => ({ link, points: wires[at] ?? [], colour: colourOf(link), words: words[at]?.place })),
    cables: implied.map(({ part, network }, at) => ({
      id: `${part.id} ${network.id}`,
      points: wires[links.length + at] ?? [],
      colour: colourOf(network),
    })),
  };
}

type Arranged = {
  readonly boxes: readonly PartBox[];
  readonly wires: readonly (readonly Point[])[];
  readonly words: readonly (PlacedWords | undefined)[];
  readonly width: number;
  readonly height: number;
};

/** With the margin that hides the fewest words. */
function arrange(parts: readonly Part[], edges: readonly Edge[], room: number): Arranged {
  let best: (Arranged & { readonly cost: number }) | undefined;
  for (const [at, margin] of MARGINS.entries()) {
    const { boxes, width, height } = placeParts(parts, edges, room, margin);
    const wires = layWires(
      boxes,
      edges.map(({ a, b }) => ({ from: a, to: b })),
      { width, height },
    );
    const words = placeWords(edges, boxes, wires, { width, height });
    const hidden = words.reduce((sum, one) => sum + (one?.hidden ?? 0), 0);
    const cost = hidden + at * MARGIN_COST;
    if (!best || cost < best.cost) best = { boxes, wires, words, width, height, cost };
    if (hidden === 0) break;
  }
  return best ?? { boxes: [], wires: [], words: [], width: 0, height: 0 };
}

function networkNameOf(thing: Part | Link): string | undefined {
  return thing.network ?? ("kind" in thing && thing.kind === "network" ? thing.label : undefined);
}

/** A container and the network that it names, where no link joins them: the one beside it, else the only one of that name. */
function impliedBy({ parts, links }: ShownDrawing): readonly { readonly part: Part; readonly network: Part }[] {
  return parts.flatMap((part) => {
    if (part.kind === "network" || part.network === undefined) return [];
    const named = parts.filter((other) => other.kind === "network" && networkNameOf(other) === part.network && other.id !== part.in);
    const network = named.find((other) => other.in === part.in) ?? (named.length === 1 ? named[0] : undefined);
    const isJoined = network && links.some(({ between }) => between.includes(part.id) && between.includes(network.id));
    return network && !isJoined && part.in !== network.id ? [{ part, network }] : [];
  });
}

/** Where words stand, and how much they hide there. */
type PlacedWords = { readonly place: Rect; readonly hidden: number };

/** Words stand on their wire or beside it, where they hide the least. */
function placeWords(
  edges: readonly Edge[],
  boxes: readonly PartBox[],
  wires: readonly (readonly Point[])[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly (PlacedWords | undefined)[] {
  const placed: Rect[] = [];
  return edges.map(({ label }, at) => {
    const points = wires[at] ?? [];
    if (label === "" || points.length < 2) return undefined;
    const size = { width: widthOf(label, MONO) + 4, height: WORDS_HEIGHT };
    const frames = boxes.filter(({ isLeaf }) => !isLeaf).map(({ box }) => cornersOf(box));
    const others = [...wires.filter((way) => way !== points), ...frames].flatMap(segmentsOf);
    const hiddenAt = (place: Rect): number => {
      const inside = overlap(place, { x: 0, y: 0, width, height });
      const covered = boxes.reduce((sum, one) => sum + overlap(place, one.isLeaf ? one.box : one.head), 0);
      const words = placed.reduce((sum, other) => sum + overlap(place, other), 0);
      const crossed = others.reduce((sum, segment) => sum + overlap(place, around(segment, 3)), 0);
      return 50 * (size.width * size.height - inside) + 10 * covered + 20 * words + 5 * crossed;
    };
    const places = segmentsOf(points).flatMap((segment) => placesOn(segment, size));
    const best = places
      .map((place) => ({ place, hidden: hiddenAt(place) }))
      .reduce((least, one) => (one.hidden < least.hidden ? one : least));
    placed.push(best.place);
    return best;
  });
}

type Size = { readonly width: number; readonly height: number };

/** On a piece of wire, first in its middle; then to its left and right, where it runs upright. */
function placesOn([a, b]: Segment, size: Size): readonly Rect[] {
  const on = [0.5, 0.3, 0.7, 0.15, 0.85].map((part) => centred({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part }, size));
  const aside = size.width / 2 + 4;
  const beside = a.x === b.x ? [-aside, aside].flatMap((by) => on.map((place) => ({ ...place, x: place.x + by }))) : [];
  return [...on, ...beside];
}

export type Segment = readonly [Point, Point];

/** The longest first. */
export function segmentsOf(points: readonly Point[]): readonly Segment[] {
  const lengthOf = ([a, b]: Segment): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  return points
    .slice(1)
    .map((point, at): Segment => [points[at] ?? point, point])
    .sort((a, b) => lengthOf(b) - lengthOf(a));
}

/** The rectangle that a straight piece of wire fills, and so much more to each side. */
export function around([a, b]: Segment, by: number): Rect {
  return {
    x: Math.min(a.x, b.x) - by,
    y: Math.min(a.y, b.y) - by,
    width: Math.abs(a.x - b.x) + 2 * by,
    height: Math.abs(a.y - b.y) + 2 * by,
  };
}

/** Once around. */
const cornersOf = ({ x, y, width, height }: Rect): readonly Point[] => [
  { x, y },
  { x: x + width, y },
  { x: x + width, y: y + height },
  { x, y: y + height },
  { x, y },
];

const centred = ({ x, y }: Point, { width, height }: Size): Rect => ({
  x: x - width / 2,
  y: y - height / 2,
  width,
  height,
});

/** Square pixels that two rectangles share. */
export function overlap(a: Rect, b: Rect): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}
