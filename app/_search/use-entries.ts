"use client";

import { useEffect, useState } from "react";
import { type Entry, type Prepared, prepare } from "./entries";

export type Index =
  | { readonly kind: "loading" }
  | { readonly kind: "there"; readonly entries: readonly Prepared[] }
  | { readonly kind: "failed" };

let kept: readonly Prepared[] | undefined;

/** The index, fetched when it is first needed and kept until the page is left. */
export function useEntries(): Index {
  const [index, setIndex] = useState<Index>(kept ? { kind: "there", entries: kept } : { kind: "loading" });

  useEffect(() => {
    if (kept) return;
    const controller = new AbortController();
    const load = async (): Promise<void> => {
      const response = await fetch("/api/search", { signal: controller.signal });
      if (!response.ok) throw new Error(`the index was answered with ${response.status}`);
      const body = (await response.json()) as { readonly entries: readonly Entry[] };
      kept = prepare(body.entries);
      setIndex({ kind: "there", entries: kept });
    };
    load().catch(() => {
      if (!controller.signal.aborted) setIndex({ kind: "failed" });
    });
    return () => controller.abort();
  }, []);

  return index;
}
