"use client";

import { useCallback, useEffect, useRef, useState } from "react";
// Not by the index: it would bring the grader, and with it the simulator, into the page.
import { reasonWords } from "@/lib/practice/reason-words";
import type { Hop, Loss, Traffic } from "../protocol";
import type { WorldClient } from "../world-client";
import type { Drawing, Point } from "./layout";
import { pointOf, routeOf } from "./routes";

/** A dot's pace, in pixels a millisecond, and its shortest way's time. */
const PACE = 0.55;
const SHORTEST = 110;
/** A dot that would have to wait longer is left out: the picture is behind. */
const LONGEST_WAIT = 1_600;
const LOSS_STAYS = 7_000;
const MOST_LOSSES = 3;

export type ShownLoss = { readonly id: number; readonly point: Point | undefined; readonly text: string };

/**
 * Moves a dot for each hop through `layer`, one hop of a frame after the other, and keeps the last losses for a while.
 * The dots are the browser's own animations: React knows nothing of them.
 */
export function usePackets(client: WorldClient, drawing: Drawing, layer: { readonly current: SVGGElement | null }): readonly ShownLoss[] {
  const [losses, setLosses] = useState<readonly ShownLoss[]>([]);
  const latest = useRef(drawing);
  const nextLoss = useRef(1);
  /** When the last dot that goes to a place arrives there. */
  const arrivals = useRef(new Map<string, number>());

  useEffect(() => {
    latest.current = drawing;
  }, [drawing]);

  const show = useCallback(
    ({ hops, losses: lost }: Traffic) => {
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
      if (!isStill && layer.current) for (const hop of hops) move(layer.current, latest.current, hop, arrivals.current);
      if (lost.length === 0) return;
      const shown = lost.map((loss) => ({ id: nextLoss.current++, ...describe(latest.current, loss) }));
      setLosses((before) => [...before, ...shown].slice(-MOST_LOSSES));
      const ids = new Set(shown.map(({ id }) => id));
      setTimeout(() => setLosses((before) => before.filter(({ id }) => !ids.has(id))), LOSS_STAYS);
    },
    [layer],
  );

  useEffect(() => client.listenForTraffic(show), [client, show]);

  return losses;
}

function move(layer: SVGGElement, drawing: Drawing, hop: Hop, arrivals: Map<string, number>): void {
  const route = routeOf(drawing, hop);
  const [first] = route ?? [];
  const last = route?.at(-1);
  if (!route || !first || !last) return;
  const length = lengthOf(route);
  if (length < 1) return;
  const now = performance.now();
  const begins = Math.max(now, arrivals.get(keyOf(first)) ?? 0);
  if (begins - now > LONGEST_WAIT) return;
  const duration = Math.max(length / PACE, SHORTEST);
  arrivals.set(keyOf(last), begins + duration);
  if (arrivals.size > 400) for (const [key, at] of arrivals) if (at < now) arrivals.delete(key);

  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  dot.setAttribute("r", "4");
  dot.dataset["packet"] = hop.label;
  dot.style.opacity = "0";
  layer.append(dot);
  let travelled = 0;
  const frames = route.map((point, index) => {
    const before = route[index - 1];
    if (before) travelled += distance(before, point);
    return { transform: `translate(${point.x}px, ${point.y}px)`, opacity: 1, offset: travelled / length };
  });
  const animation = dot.animate(frames, { duration, delay: begins - now, easing: "linear" });
  animation.onfinish = () => dot.remove();
  animation.oncancel = () => dot.remove();
}

function describe(drawing: Drawing, loss: Loss): Omit<ShownLoss, "id"> {
  const host = drawing.hosts.find(({ host: { name } }) => name === loss.host);
  const container = loss.netns === host?.host.netns ? undefined : host?.boxes.find((box) => box.container.netns === loss.netns)?.container;
  const where = [container?.name ?? (host ? host.host.name : "the gateway"), loss.link].filter(Boolean).join(", ");
  return { point: pointOf(drawing, loss), text: `${loss.packet} died at ${where}: ${reasonWords(loss.reason)}.` };
}

const keyOf = ({ x, y }: Point): string => `${Math.round(x)} ${Math.round(y)}`;

const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);

function lengthOf(route: readonly Point[]): number {
  return route.reduce((sum, point, index) => sum + distance(route[index - 1] ?? point, point), 0);
}
