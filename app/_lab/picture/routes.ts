/** Where on a drawing an interface is, and along which lines a frame gets from one to the next. */

import type { Hop, Place } from "../protocol";
import type { Drawing, HostDrawing, Point } from "./layout";

/** An interface on the drawing: its own point, and the points from there to its host's spine. */
type Spot = { readonly at: Point; readonly rail: string | undefined; readonly toSpine: readonly Point[]; readonly peer: Point | undefined };

/** The line that a hop takes; undefined when the drawing does not show one of its ends. */
export function routeOf(drawing: Drawing, { from, to }: Hop): readonly Point[] | undefined {
  const start = spotOf(drawing, from);
  if (!start) return undefined;
  if (to === undefined) return start.peer ? [start.at, start.peer] : undefined;
  const end = spotOf(drawing, to);
  if (!end) return undefined;
  if (start.rail !== undefined && start.rail === end.rail) return [start.at, end.at];
  return [...start.toSpine, ...[...end.toSpine].reverse()];
}

/** Where something happened, as well as the drawing can say. */
export function pointOf(
  drawing: Drawing,
  place: { readonly host: string; readonly netns: string; readonly link: string | undefined },
): Point | undefined {
  const spot = place.link === undefined ? undefined : spotOf(drawing, { ...place, link: place.link });
  if (spot) return spot.at;
  const host = drawing.hosts.find((candidate) => candidate.host.name === place.host);
  const box = host?.boxes.find(({ container }) => container.netns === place.netns && container.mode !== "host")?.box;
  return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : host?.spine.at(1);
}

function spotOf(drawing: Drawing, place: Place): Spot | undefined {
  const host = drawing.hosts.find((candidate) => candidate.host.name === place.host);
  if (!host) return outsideOf(drawing);
  return place.netns === host.host.netns ? spotOnHost(host, place.link) : spotInContainer(host, place);
}

/** The router: what leaves it goes to the first host's card. */
function outsideOf(drawing: Drawing): Spot | undefined {
  const [first] = drawing.hosts;
  const at = first?.cable[0];
  return at && { at, rail: undefined, toSpine: [at], peer: first.uplink };
}

function spotOnHost(host: HostDrawing, link: string): Spot | undefined {
  if (link === host.host.uplink?.link) {
    const corner = host.spine[1];
    return { at: host.uplink, rail: undefined, toSpine: corner ? [host.uplink, corner] : [host.uplink], peer: host.cable[0] };
  }
  for (const rail of host.rails) {
    const [onSpine, start] = rail.tap;
    if (rail.network.bridge === link) return { at: start, rail: rail.network.id, toSpine: [start, onSpine], peer: undefined };
    for (const { links } of host.boxes) {
      const veth = links.find(({ attachment }) => attachment.hostLink === link && attachment.network === rail.network.id);
      if (veth) return { at: veth.port, rail: rail.network.id, toSpine: [veth.port, start, onSpine], peer: veth.inside };
    }
  }
  return undefined;
}

function spotInContainer(host: HostDrawing, { netns, link }: Place): Spot | undefined {
  const links = host.boxes.find(({ container }) => container.netns === netns)?.links;
  const veth = links?.find(({ attachment }) => attachment.link === link);
  return veth && { at: veth.inside, rail: undefined, toSpine: [veth.inside], peer: veth.port };
}
