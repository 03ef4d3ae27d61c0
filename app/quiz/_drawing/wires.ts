/**
 * The ways of the links: along a grid, around the boxes and their words, apart from each other, with few bends. Each is the
 * cheapest way (Dijkstra's) after those before it were laid.
 */

import { GRID, type PartBox, type Point, type Rect } from "./boxes";

export type Joint = { readonly from: string; readonly to: string };

/** What is to be avoided, and how much: in steps of the grid. */
const COST = { bend: 5, beside: 2, frame: 5, inside: 4, words: 80, crossing: 3, along: 25, port: 8, offCentre: 0.3, rim: 2 };

const WAYS = [
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
  { x: 0, y: -1 },
] as const;

/** For each joint the corners of its way, from the edge of one box to the edge of the other; empty where there is none. */
export function layWires(
  boxes: readonly PartBox[],
  joints: readonly Joint[],
  size: { readonly width: number; readonly height: number },
): readonly (readonly Point[])[] {
  const board = new Board(boxes, size);
  return joints.map((joint) => board.lay(joint));
}

class Board {
  readonly #boxes: ReadonlyMap<string, PartBox>;
  readonly #columns: number;
  readonly #rows: number;
  /** Grid points, and steps between two of them, that a wire runs through. */
  readonly #usedPoints = new Set<number>();
  readonly #usedSteps = new Set<string>();
  readonly #ports = new Map<number, number>();

  constructor(boxes: readonly PartBox[], { width, height }: { readonly width: number; readonly height: number }) {
    this.#boxes = new Map(boxes.map((one) => [one.part.id, one]));
    this.#columns = Math.floor(width / GRID) + 1;
    this.#rows = Math.floor(height / GRID) + 1;
  }

  lay({ from, to }: Joint): readonly Point[] {
    const [start, goal] = [this.#boxes.get(from), this.#boxes.get(to)];
    if (!start || !goal || start === goal) return [];
    const way = this.#search(start, goal);
    for (let i = 1; i < way.length; i++) this.#usedSteps.add(stepKey(way[i - 1] ?? 0, way[i] ?? 0));
    for (const point of way) this.#usedPoints.add(point);
    for (const end of [way[0], way.at(-1)]) if (end !== undefined) this.#ports.set(end, (this.#ports.get(end) ?? 0) + 1);
    return cornersOf(way.map((point) => this.#at(point)));
  }

  #at(point: number): Point {
    return { x: (point % this.#columns) * GRID, y: Math.floor(point / this.#columns) * GRID };
  }

  #search(start: PartBox, goal: PartBox): readonly number[] {
    const ground = this.#groundFor(start, goal);
    const goals = new Map(this.#portsOf(goal));
    const best = new Map<number, number>();
    const before = new Map<number, number>();
    const queue = new Queue();
    for (const [point, cost] of this.#portsOf(start)) {
      for (let way = 0; way < 4; way++) {
        best.set(point * 4 + way, cost);
        queue.add(point * 4 + way, cost);
      }
    }
    for (let next = queue.take(); next; next = queue.take()) {
      const { state, cost } = next;
      if (cost > (best.get(state) ?? Infinity)) continue;
      const point = state >> 2;
      if (goals.has(point) && before.has(state)) return trail(state, before);
      for (let way = 0; way < 4; way++) {
        const to = this.#neighbour(point, way);
        const port = to === undefined ? undefined : goals.get(to);
        const step = to === undefined ? Infinity : port === undefined ? (ground[to] ?? Infinity) : 1 + port;
        if (to === undefined || !Number.isFinite(step)) continue;
        const bend = (state & 3) === way || !before.has(state) ? 0 : COST.bend;
        const along = this.#usedSteps.has(stepKey(point, to)) ? COST.along : 0;
        const crossing = this.#usedPoints.has(to) ? COST.crossing : 0;
        const total = cost + step + bend + along + crossing;
        const reached = to * 4 + way;
        if (total >= (best.get(reached) ?? Infinity)) continue;
        best.set(reached, total);
        before.set(reached, state);
        queue.add(reached, total);
      }
    }
    return [];
  }

  #neighbour(point: number, way: number): number | undefined {
    const { x, y } = WAYS[way] ?? WAYS[0];
    const column = (point % this.#columns) + x;
    const row = Math.floor(point / this.#columns) + y;
    const isOff = column < 0 || row < 0 || column >= this.#columns || row >= this.#rows;
    return isOff ? undefined : row * this.#columns + column;
  }

  /** Points of a box's edge where a wire may begin, and what that costs; not at its corners. */
  #portsOf({ box }: PartBox): readonly (readonly [number, number])[] {
    const [left, top] = [box.x / GRID, box.y / GRID];
    const [across, down] = [box.width / GRID, box.height / GRID];
    const port = (column: number, row: number, off: number): readonly [number, number] => {
      const point = row * this.#columns + column;
      const taken = [point - 1, point, point + 1, point - this.#columns, point + this.#columns];
      const crowd = taken.reduce((sum, at) => sum + (this.#ports.get(at) ?? 0), 0);
      return [point, COST.offCentre * off + COST.port * crowd];
    };
    const ports: (readonly [number, number])[] = [];
    for (let i = 1; i < across; i++) {
      const off = Math.abs(i - across / 2);
      ports.push(port(left + i, top, off), port(left + i, top + down, off));
    }
    for (let i = 1; i < down; i++) {
      const off = Math.abs(i - down / 2);
      ports.push(port(left, top + i, off), port(left + across, top + i, off));
    }
    return ports;
  }

  /** What each point costs to be entered, for a wire between these two; infinite inside of a box that holds nothing. */
  #groundFor(start: PartBox, goal: PartBox): Float64Array {
    const ground = new Float64Array(this.#columns * this.#rows).fill(1);
    const around = new Set([...start.within, ...goal.within]);
    const rim = { x: 0, y: 0, width: (this.#columns - 1) * GRID, height: (this.#rows - 1) * GRID };
    this.#raiseFrame(ground, rim, COST.rim);
    for (const one of this.#boxes.values()) {
      if (one.isLeaf) {
        this.#raise(ground, grown(one.box, GRID), COST.beside);
        this.#raise(ground, one.box, Infinity);
      } else {
        this.#raiseFrame(ground, one.box, COST.frame);
        if (!around.has(one.part.id)) this.#raise(ground, one.box, COST.inside);
        this.#raise(ground, one.head, COST.words);
      }
    }
    return ground;
  }

  #raise(ground: Float64Array, { x, y, width, height }: Rect, cost: number): void {
    for (let row = Math.max(0, y / GRID); row <= Math.min(this.#rows - 1, (y + height) / GRID); row++) {
      for (let column = Math.max(0, x / GRID); column <= Math.min(this.#columns - 1, (x + width) / GRID); column++) {
        const at = row * this.#columns + column;
        ground[at] = (ground[at] ?? 0) + cost;
      }
    }
  }

  #raiseFrame(ground: Float64Array, { x, y, width, height }: Rect, cost: number): void {
    this.#raise(ground, { x, y, width, height: 0 }, cost);
    this.#raise(ground, { x, y: y + height, width, height: 0 }, cost);
    this.#raise(ground, { x, y, width: 0, height }, cost);
    this.#raise(ground, { x: x + width, y, width: 0, height }, cost);
  }
}

const grown = ({ x, y, width, height }: Rect, by: number): Rect => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

const stepKey = (a: number, b: number): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

function trail(state: number, before: ReadonlyMap<number, number>): readonly number[] {
  const points: number[] = [];
  for (let at: number | undefined = state; at !== undefined; at = before.get(at)) points.unshift(at >> 2);
  return points;
}

function cornersOf(points: readonly Point[]): readonly Point[] {
  return points.filter((point, at) => {
    const [last, next] = [points[at - 1], points[at + 1]];
    if (!last || !next) return true;
    return !((last.x === point.x && point.x === next.x) || (last.y === point.y && point.y === next.y));
  });
}

/** A binary heap; of equal costs the one that was added first comes first, so that ways do not depend on chance. */
class Queue {
  readonly #heap: { readonly state: number; readonly cost: number; readonly turn: number }[] = [];
  #turn = 0;

  add(state: number, cost: number): void {
    const heap = this.#heap;
    heap.push({ state, cost, turn: this.#turn++ });
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) break;
      this.#swap(at, above);
      at = above;
    }
  }

  take(): { readonly state: number; readonly cost: number } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && this.#isBefore(left, least)) least = left;
      if (right < heap.length && this.#isBefore(right, least)) least = right;
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return false;
    return one.cost < other.cost || (one.cost === other.cost && one.turn < other.turn);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return;
    this.#heap[a] = other;
    this.#heap[b] = one;
  }
}
