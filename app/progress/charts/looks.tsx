"use client";

import type { ReactNode } from "react";
import styles from "./chart.module.css";

/** Hairlines and small type, as everywhere. */
export const TICK = { fill: "var(--ink-2)", fontSize: 12 } as const;
export const AXIS = { stroke: "var(--line)" } as const;
export const MARK = { stroke: "var(--hull)", strokeWidth: 1.5, strokeDasharray: "5 3" } as const;
/** Charts move only when the reader does. */
export const STILL = { isAnimationActive: false } as const;
/** With a blank that does not break. */
export const PERCENT_SIGN = "\u00a0%";
export const PERCENTS = [0, 25, 50, 75, 100];

/** What stands at the pointer, or where the arrow keys are. */
export function Tip({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles.tip}>
      <strong>{title}</strong>
      <span>{children}</span>
    </div>
  );
}
