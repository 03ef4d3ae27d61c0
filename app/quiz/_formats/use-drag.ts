"use client";

import { type PointerEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";

/** Where a step was taken, below its upper edge, and where the pointer is now, in pixels of the window. */
type Drag = { readonly id: string; readonly grip: number; readonly y: number };

export type DragHandlers = {
  readonly dragged: string | undefined;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
};

/**
 * Dragging within a list whose children carry `data-step`: the step follows the pointer, and takes another's place once it has
 * passed that one's middle. A finger drags by what carries `data-grip` only, so that the page can be scrolled over the list.
 */
export function useDrag(
  list: RefObject<HTMLElement | null>,
  ids: readonly string[],
  put: (id: string, place: number) => void,
): DragHandlers {
  const [drag, setDrag] = useState<Drag>();

  // After each change of place the step has another home: the way from there to the pointer is measured anew.
  const shifted = useRef<HTMLElement>(undefined);
  useLayoutEffect(() => {
    if (shifted.current) shifted.current.style.removeProperty("transform");
    shifted.current = undefined;
    const row = drag && rowOf(list.current, drag.id);
    if (!row) return;
    row.style.setProperty("transform", `translateY(${drag.y - drag.grip - row.getBoundingClientRect().top}px)`);
    shifted.current = row;
  });

  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const target = event.target instanceof Element ? event.target : undefined;
    const row = target?.closest<HTMLElement>("[data-step]");
    if (!row || event.button !== 0 || target?.closest("button")) return;
    if (event.pointerType !== "mouse" && !target?.closest("[data-grip]")) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ id: row.dataset.step ?? "", grip: event.clientY - row.getBoundingClientRect().top, y: event.clientY });
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const row = drag && rowOf(list.current, drag.id);
    if (!row) return;
    setDrag({ ...drag, y: event.clientY });
    const middle = event.clientY - drag.grip + row.offsetHeight / 2;
    const above = ids.filter((id) => id !== drag.id && middleOf(rowOf(list.current, id)) < middle).length;
    put(drag.id, above);
  };

  const end = (): void => setDrag(undefined);
  return { dragged: drag?.id, onPointerDown, onPointerMove, onPointerUp: end, onPointerCancel: end };
}

const rowOf = (list: HTMLElement | null, id: string): HTMLElement | null => list?.querySelector(`[data-step="${id}"]`) ?? null;

function middleOf(row: HTMLElement | null): number {
  const box = row?.getBoundingClientRect();
  return box ? box.top + box.height / 2 : 0;
}
