"use client";

import { useId, useMemo } from "react";
import type { ShownDrawing } from "@/lib/practice/items";
import styles from "./drawing.module.css";
import { DrawingView, type Mark } from "./drawing-view";
import { nameOf } from "./names";
import { drawSheet } from "./sheet";

type Props = {
  readonly drawing: ShownDrawing;
  readonly chosen: string | undefined;
  readonly onChoose: (thing: string) => void;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly isDone: boolean;
};

/** Widths that the drawing is laid out for, in pixels; it is shown a little smaller or larger. */
const ROOM = { wide: 704, narrow: 328 };

/** A drawn network whose parts and links are radio buttons. */
export function Drawing(props: Props) {
  return (
    <div className={styles.drawing}>
      <div className={styles.wide}>
        <Arrangement {...props} room={ROOM.wide} />
      </div>
      <div className={styles.narrow}>
        <Arrangement {...props} room={ROOM.narrow} />
      </div>
    </div>
  );
}

function Arrangement({ drawing, chosen, onChoose, marks, isDone, room }: Props & { readonly room: number }) {
  const group = useId();
  const sheet = useMemo(() => drawSheet(drawing, room), [drawing, room]);
  return (
    <DrawingView
      sheet={sheet}
      chosen={chosen}
      marks={marks}
      control={(thing) => {
        const id = `${group}${thing}`;
        return {
          id,
          field: (
            <input
              type="radio"
              id={id}
              name={group}
              aria-label={nameOf(drawing, thing, marks.get(thing))}
              aria-disabled={isDone ? true : undefined}
              checked={chosen === thing}
              onChange={() => onChoose(thing)}
            />
          ),
        };
      }}
    />
  );
}
