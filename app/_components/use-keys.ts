"use client";

import { useEffect, useRef } from "react";

/** Keys for the whole page, except where something is typed or a control takes Enter itself. `onKey` says whether it took the key. */
export function useKeys(onKey: (key: string) => boolean): void {
  const latest = useRef(onKey);
  useEffect(() => {
    latest.current = onKey;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      if (event.key === "Enter" && target?.closest("a, button, pre, summary")) return;
      if (target?.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
