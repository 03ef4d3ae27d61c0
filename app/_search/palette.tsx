"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { SearchIcon } from "../_components/icons";
import { type Entry, type EntryKind, search } from "./entries";
import { useEntries } from "./use-entries";
import styles from "./search.module.css";

const SHOWN = 24;
const KINDS: Record<EntryKind, string> = {
  page: "Page",
  lesson: "Lesson",
  lab: "Lab",
  command: "Command",
  belief: "Misconception",
  question: "Question",
};

/** A dialog with a field and what fits it. The focus stays in the field; the arrows move the choice. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const index = useEntries();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const router = useRouter();
  const id = useId();
  const found = useMemo(() => (index.kind === "there" ? search(index.entries, query, SHOWN) : []), [index, query]);
  const optionId = (position: number): string => `${id}-${position}`;

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at, found]);

  const open = (entry: Entry): void => {
    onClose();
    router.push(entry.href);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const entry = found[at];
      if (entry) open(entry);
    }
  };

  /** On the dialog itself, not on what it holds: that is its backdrop. */
  const onBackdrop = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose();
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Esc closes it as well
    <dialog ref={dialog} className={styles.palette} aria-label="Search" onCancel={onClose} onClick={onBackdrop}>
      <div className={styles.panel}>
        <div className={styles.field}>
          <SearchIcon size={18} />
          <input
            type="text"
            role="combobox"
            aria-label="Search lessons, labs, commands and questions"
            aria-expanded={found.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={found.length > 0 ? optionId(at) : undefined}
            placeholder="Lessons, labs, commands, questions"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            enterKeyHint="go"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          <button type="button" className={styles.close} onClick={onClose}>
            <kbd aria-hidden="true">Esc</kbd>
            <span>Close</span>
          </button>
        </div>
        <div ref={list} id={`${id}-list`} className={styles.list} role="listbox" aria-label="Found">
          {found.map((entry, position) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field takes the keys
            <div
              key={entry.href}
              id={optionId(position)}
              className={styles.option}
              role="option"
              aria-selected={position === at}
              tabIndex={-1}
              // The focus stays in the field.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setAt(position)}
              onClick={() => open(entry)}
            >
              <span className={styles.title}>{entry.title}</span>
              <span className={styles.kind}>{KINDS[entry.kind]}</span>
              <span className={styles.about}>{entry.about}</span>
            </div>
          ))}
        </div>
        <p className={styles.note} role="status">
          {index.kind === "loading"
            ? "Fetching what can be found"
            : index.kind === "failed"
              ? "What can be found was not fetched. Close this and open it again."
              : found.length === 0
                ? `Nothing holds all of “${query.trim()}”.`
                : ""}
        </p>
      </div>
    </dialog>
  );
}
