"use client";

import { useEffect, useState } from "react";
import styles from "./copy-button.module.css";

const LABELS = { idle: "Copy", done: "Copied", failed: "Not copied" } as const;

/** Puts `text` on the clipboard and says whether that worked: without a secure connection browsers refuse. */
export function CopyButton({ text }: { readonly text: string }) {
  const [state, setState] = useState<keyof typeof LABELS>("idle");

  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2_000);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("done");
    } catch {
      setState("failed");
    }
  };

  return (
    <button type="button" className={styles.copy} data-state={state} aria-label={`Copy ${text}`} onClick={() => void copy()}>
      <span aria-live="polite">{LABELS[state]}</span>
    </button>
  );
}
