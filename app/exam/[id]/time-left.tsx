"use client";

import { useEffect, useRef, useState } from "react";
import type { ExamView } from "@/lib/progress";

/** The time that is left by the server's clock. It is only shown: the server decides. */
export function TimeLeft({ view, onUp }: { readonly view: Pick<ExamView, "endsAt" | "now">; readonly onUp: () => void }) {
  const { endsAt, now } = view;
  const [left, setLeft] = useState(endsAt - now);
  const up = useRef(onUp);
  useEffect(() => {
    up.current = onUp;
  });
  useEffect(() => {
    const since = performance.now();
    let isUp = false;
    const tick = (): void => {
      const rest = endsAt - now - (performance.now() - since);
      setLeft(rest);
      if (rest > -500 || isUp) return;
      isUp = true;
      up.current();
    };
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [endsAt, now]);
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return (
    <span role="timer" aria-label="Time left">
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, "0")}
    </span>
  );
}
