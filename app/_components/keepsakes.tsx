"use client";

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { ok, type Result } from "@/lib/base/result";
import type { BookmarkBody, Keepsakes, Note } from "@/lib/progress";
import { NoteSaver, type NoteView } from "./note-saver";
import { postJson, type Refusal } from "./post-json";

type Kept = {
  readonly isMarked: (item: string) => boolean;
  readonly mark: (item: string, marked: boolean) => Promise<Result<BookmarkBody, Refusal>>;
  readonly saverOf: (item: string) => NoteSaver;
};

const Context = createContext<Kept | undefined>(undefined);

/** Notes of every page since the last load: one that is still on its way when its page is left goes on, and the next page with it. */
const pending = new Map<string, NoteSaver>();

const NOTHING: Note = { text: "", version: "" };

/** Holds what a learner keeps at the items that a page shows. `kept` is how it was when the page was made. */
export function KeepsakesProvider({ kept, children }: { readonly kept: Keepsakes; readonly children: ReactNode }) {
  const [marks, setMarks] = useState<ReadonlySet<string>>(() => new Set(kept.bookmarks));
  const [savers] = useState(() => new Map<string, NoteSaver>());

  const mark = useCallback(async (item: string, marked: boolean) => {
    const answer = await postJson<BookmarkBody>("/api/bookmarks", { item, marked });
    if (!answer.ok) return answer;
    setMarks((before) => {
      const after = new Set(before);
      if (marked) after.add(item);
      else after.delete(item);
      return after;
    });
    return ok(answer.value);
  }, []);

  const saverOf = useCallback(
    (item: string): NoteSaver => {
      const begun = pending.get(item);
      const saver = savers.get(item) ?? (begun?.isSaved === false ? begun : new NoteSaver(item, kept.notes[item] ?? NOTHING));
      savers.set(item, saver);
      pending.set(item, saver);
      return saver;
    },
    [kept, savers],
  );

  useEffect(() => {
    const leave = (): void => {
      for (const saver of pending.values()) saver.leave();
    };
    const ask = (event: BeforeUnloadEvent): void => {
      if ([...pending.values()].some((saver) => !saver.isSaved)) event.preventDefault();
    };
    window.addEventListener("pagehide", leave);
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("beforeunload", ask);
      for (const saver of savers.values()) saver.flush();
    };
  }, [savers]);

  const value = useMemo((): Kept => ({ isMarked: (item) => marks.has(item), mark, saverOf }), [marks, mark, saverOf]);
  return <Context value={value}>{children}</Context>;
}

export function useBookmark(item: string): { readonly isMarked: boolean; readonly mark: Kept["mark"] } {
  const { isMarked, mark } = useKept();
  return { isMarked: isMarked(item), mark };
}

export function useNote(item: string): NoteView & { readonly saver: NoteSaver } {
  const { saverOf } = useKept();
  const saver = useMemo(() => saverOf(item), [saverOf, item]);
  const view = useSyncExternalStore(saver.subscribe, saver.view, saver.view);
  return { ...view, saver };
}

/** The text of any note as it stands at the moment it is asked for. */
export function useNoteTexts(): (item: string) => string {
  const { saverOf } = useKept();
  return (item) => saverOf(item).view().text;
}

function useKept(): Kept {
  const kept = useContext(Context);
  if (!kept) throw new Error("bookmarks and notes are shown inside a KeepsakesProvider");
  return kept;
}
