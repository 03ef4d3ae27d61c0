"use client";

import { useEffect, useRef, useState } from "react";

const LEAVING = 240;

/** The items, and for a moment those that have just gone, so that they can be seen to leave. */
export function usePresence<T extends { readonly key: string }>(
  items: readonly T[],
): readonly { readonly item: T; readonly isLeaving: boolean }[] {
  const [leaving, setLeaving] = useState<readonly T[]>([]);
  const before = useRef<readonly T[]>([]);

  useEffect(() => {
    const keys = new Set(items.map(({ key }) => key));
    const gone = before.current.filter(({ key }) => !keys.has(key));
    before.current = items;
    if (gone.length === 0) return;
    setLeaving((others) => [...others, ...gone]);
    const goneKeys = new Set(gone.map(({ key }) => key));
    setTimeout(() => setLeaving((others) => others.filter(({ key }) => !goneKeys.has(key))), LEAVING);
  }, [items]);

  const present = new Set(items.map(({ key }) => key));
  return [
    ...leaving.filter(({ key }) => !present.has(key)).map((item) => ({ item, isLeaving: true })),
    ...items.map((item) => ({ item, isLeaving: false })),
  ];
}
