/**
 * Where everything stands. Two arrangements of one drawing, chosen by the room there is; the same world and width always
 * give the same drawing.
 *
 *   wide                                             narrow
 *   ┌ outside ┐ ┌ node1 ───────────────────────┐     ┌ outside ────────────┐
 *   │ gateway ├─┤eth0                          │     └──┬──────────────────┘
 *   └─────────┘ │ ├─[docker0]━━━┯━━━━━━━━━━━━━━│     ┌──┴eth0 ────────────┐
 *               │ └─[br-app ]━━━│━━━━┯━━━━┯━━━━│     │  ├─┏━[docker0]      │
 *               │             [web] [db] [api] │     │  └─┃┏[br-app]       │
 *               └──────────────────────────────┘     │    ┃┠[db]           │
 */

import type { AttachmentModel, ContainerModel, HostModel, NetworkModel, PictureModel } from "./model";

export type Point = { readonly x: number; readonly y: number };
export type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

export type Drawing = { readonly width: number; readonly height: number; readonly outside: Rect; readonly hosts: readonly HostDrawing[] };

export type HostDrawing = {
  readonly host: HostModel;
  readonly frame: Rect;
  /** The network card, on the frame's edge. */
  readonly uplink: Point;
  /** From the gateway to the card. */
  readonly cable: readonly Point[];
  /** From the card past all bridges: where the host forwards. */
  readonly spine: readonly Point[];
  readonly rails: readonly RailDrawing[];
  readonly boxes: readonly BoxDrawing[];
};

export type RailDrawing = {
  readonly network: NetworkModel;
  /** The bridge itself, with its name. */
  readonly box: Rect;
  /** From the spine to where the rail begins. */
  readonly tap: readonly [Point, Point];
  readonly line: readonly Point[];
};

export type BoxDrawing = { readonly container: ContainerModel; readonly box: Rect; readonly links: readonly LinkDrawing[] };

/** A veth pair: one end at the container, the other a port of the bridge. */
export type LinkDrawing = { readonly attachment: AttachmentModel; readonly inside: Point; readonly port: Point };

/** Below this the drawing stands upright. */
export const NARROW_BELOW = 620;

const LINE = 16;
const BOX_TOP = 42;

export function layOut(model: PictureModel, width: number): Drawing {
  return width < NARROW_BELOW ? layOutNarrow(model, width) : layOutWide(model, width);
}

function boxHeight({ attachments, ports, mode, otherLinks }: ContainerModel): number {
  const lines = attachments.length + (ports.length > 0 ? 1 : 0) + (mode !== "networks" ? 1 : 0) + (otherLinks.length > 0 ? 1 : 0);
  return BOX_TOP + Math.max(lines, 0) * LINE + (lines > 0 ? 8 : 2);
}

// ── Wide ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const OUTSIDE = { width: 102, height: 54 };
const LABEL = { width: 138, height: 40 };
const RAIL_STEP = 50;
/** Columns become narrower before the drawing becomes wider than its room. */
const COLUMN = { width: 156, narrowest: 134, gap: 10 };
const HEAD = 38;

function layOutWide(model: PictureModel, width: number): Drawing {
  const hosts: HostDrawing[] = [];
  const frameX = OUTSIDE.width + 32;
  let y = 1;
  let widest = width;
  for (const host of model.hosts) {
    const labelX = frameX + 36;
    const firstColumn = labelX + LABEL.width + 18;
    const top = y + HEAD;
    const room = width - 1 - 8 - firstColumn;
    const columnWidth = Math.min(
      COLUMN.width,
      Math.max(COLUMN.narrowest, Math.floor(room / Math.max(host.containers.length, 1)) - COLUMN.gap),
    );
    const right = Math.max(width - 1, firstColumn + host.containers.length * (columnWidth + COLUMN.gap) + 8);
    widest = Math.max(widest, right + 1);
    const rails = host.networks.map((network, index): RailDrawing => {
      const centre = top + index * RAIL_STEP + LABEL.height / 2;
      return {
        network,
        box: { x: labelX, y: centre - LABEL.height / 2, width: LABEL.width, height: LABEL.height },
        tap: [
          { x: frameX + 20, y: centre },
          { x: labelX + LABEL.width, y: centre },
        ],
        line: [
          { x: labelX + LABEL.width, y: centre },
          { x: right - 20, y: centre },
        ],
      };
    });
    const boxesTop = top + Math.max(host.networks.length, 1) * RAIL_STEP + 10;
    const boxes = host.containers.map((container, index): BoxDrawing => {
      const box = { x: firstColumn + index * (columnWidth + COLUMN.gap), y: boxesTop, width: columnWidth, height: boxHeight(container) };
      const links = container.attachments.map((attachment, at): LinkDrawing => {
        const x = Math.round(box.x + (box.width * (at + 1)) / (container.attachments.length + 1));
        const rail = rails.find(({ network }) => network.id === attachment.network);
        return { attachment, inside: { x, y: box.y }, port: { x, y: rail?.tap[1].y ?? box.y } };
      });
      return { container, box, links };
    });
    const bottom = Math.max(boxesTop, ...boxes.map(({ box }) => box.y + box.height)) + 14;
    const frame = { x: frameX, y, width: right - frameX, height: bottom - y };
    const uplink = { x: frameX, y: top + LABEL.height / 2 };
    const last = rails.at(-1);
    hosts.push({
      host,
      frame,
      uplink,
      cable: [{ x: OUTSIDE.width, y: uplink.y }, uplink],
      spine: last
        ? [uplink, { x: frameX + 20, y: uplink.y }, { x: frameX + 20, y: last.tap[0].y }]
        : [uplink, { x: frameX + 20, y: uplink.y }],
      rails,
      boxes,
    });
    y = bottom + 18;
  }
  const first = hosts[0]?.uplink.y ?? 66;
  return {
    width: widest,
    height: y - 17,
    outside: { x: 1, y: first - OUTSIDE.height / 2, width: OUTSIDE.width - 1, height: OUTSIDE.height },
    hosts,
  };
}

// ── Narrow ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const RAIL_GAP = 16;

function layOutNarrow(model: PictureModel, width: number): Drawing {
  const outside = { x: 1, y: 1, width: width - 2, height: 40 };
  const hosts: HostDrawing[] = [];
  let y = outside.height + 27;
  for (const host of model.hosts) {
    const spineX = 22;
    const firstRail = spineX + 22;
    const railX = (index: number): number => firstRail + index * RAIL_GAP;
    const contentX = firstRail + Math.max(host.networks.length - 1, 0) * RAIL_GAP + 20;
    const contentWidth = width - contentX - 13;
    const uplink = { x: spineX, y };
    let rowY = y + 46;
    const labels = host.networks.map((network, index) => {
      const box = { x: contentX, y: rowY, width: contentWidth, height: 42 };
      rowY += 50;
      return { network, box, x: railX(index), centre: box.y + 21 };
    });
    rowY += 8;
    const boxes = host.containers.map((container): BoxDrawing => {
      const box = { x: contentX, y: rowY, width: contentWidth, height: boxHeight(container) };
      rowY += box.height + 12;
      const links = container.attachments.map((attachment, at): LinkDrawing => {
        const lineY = box.y + BOX_TOP + at * LINE + 4;
        const rail = labels.find(({ network }) => network.id === attachment.network);
        return { attachment, inside: { x: box.x, y: lineY }, port: { x: rail?.x ?? box.x, y: lineY } };
      });
      return { container, box, links };
    });
    const rails = labels.map(({ network, box, x, centre }): RailDrawing => {
      const ports = boxes.flatMap(({ links }) =>
        links.filter(({ attachment }) => attachment.network === network.id).map(({ port }) => port.y),
      );
      return {
        network,
        box,
        tap: [
          { x: spineX, y: centre },
          { x, y: centre },
        ],
        line: [
          { x: contentX, y: centre },
          { x, y: centre },
          { x, y: Math.max(centre, ...ports) },
        ],
      };
    });
    const bottom = rowY + 4;
    const last = rails.at(-1);
    hosts.push({
      host,
      frame: { x: 1, y, width: width - 2, height: bottom - y },
      uplink,
      cable: [{ x: spineX, y: outside.y + outside.height }, uplink],
      spine: last ? [uplink, { x: spineX, y: last.tap[0].y }] : [uplink],
      rails,
      boxes,
    });
    y = bottom + 27;
  }
  return { width, height: y - 26, outside, hosts };
}
