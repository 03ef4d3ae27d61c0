import type { ReactNode } from "react";
import styles from "./chart.module.css";
import { LazyPlot } from "./lazy-plot";
import type { Plot } from "./plot";

type Props = {
  /** What is drawn, for who hears it. */
  readonly label: string;
  readonly plot: Plot;
  /** The same as a table. */
  readonly children: ReactNode;
  /** How to read it, where the picture alone does not say. */
  readonly note?: ReactNode;
};

/** A plot, and the same as a table that opens below it. */
export function Chart({ label, plot, children, note }: Props) {
  return (
    <figure className={styles.chart}>
      <LazyPlot label={label} plot={plot} />
      {note && <figcaption className={styles.note}>{note}</figcaption>}
      <details className={styles.data}>
        <summary>
          As a table<span className="visually-hidden">: {label}</span>
        </summary>
        {children}
      </details>
    </figure>
  );
}
