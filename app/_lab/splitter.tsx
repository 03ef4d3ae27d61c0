"use client";

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import styles from "./splitter.module.css";

type Props = {
  readonly label: string;
  /** Where the browser keeps the choice. */
  readonly storageKey: string;
  readonly initial: number;
};

const LEAST = 20;
const MOST = 75;
const STEP = 4;

/** Divides its parent's height, by pointer or arrow keys: the parent's `--split` is what stands above. */
export function Splitter({ label, storageKey, initial }: Props) {
  const [percent, setPercent] = useState(initial);
  const line = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const kept = Number(localStorage.getItem(storageKey) ?? "");
    if (kept >= LEAST && kept <= MOST) setPercent(kept);
  }, [storageKey]);
  useEffect(() => line.current?.parentElement?.style.setProperty("--split", `${percent}%`), [percent]);

  const change = (next: number): void => {
    const within = Math.round(Math.min(Math.max(next, LEAST), MOST));
    setPercent(within);
    localStorage.setItem(storageKey, String(within));
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const parent = event.currentTarget.parentElement?.getBoundingClientRect();
    if (parent) change(((event.clientY - parent.top) / parent.height) * 100);
  };
  const press = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowUp" ? -STEP : event.key === "ArrowDown" ? STEP : 0;
    if (by === 0) return;
    event.preventDefault();
    change(percent + by);
  };

  return (
    <div
      ref={line}
      className={styles.splitter}
      role="separator"
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuenow={percent}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}
