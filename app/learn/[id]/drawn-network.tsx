import { Markdown } from "@/app/_components/markdown";
import { DrawingView } from "@/app/quiz/_drawing/drawing-view";
import styles from "@/app/quiz/_drawing/drawing.module.css";
import { drawSheet } from "@/app/quiz/_drawing/sheet";
import type { Drawing } from "@/lib/content";
import lesson from "./lesson.module.css";

/** Widths that the drawing is laid out for, in pixels. */
const WIDE = 640;
const NARROW = 328;
const NOTHING = new Map<string, never>();

/** A network drawn to be looked at. Below it stands the same in words. */
export function DrawnNetwork({ drawing }: { readonly drawing: Drawing }) {
  return (
    <figure className={lesson.figure}>
      <div className={styles.drawing}>
        <div className={styles.wide}>
          <DrawingView sheet={drawSheet(drawing, WIDE)} chosen={undefined} marks={NOTHING} />
        </div>
        <div className={styles.narrow}>
          <DrawingView sheet={drawSheet(drawing, NARROW)} chosen={undefined} marks={NOTHING} />
        </div>
      </div>
      <figcaption>
        <details>
          <summary>The picture in words</summary>
          <Markdown text={drawing.alt} />
        </details>
      </figcaption>
    </figure>
  );
}
