"use client";

import { useEffect, useId, useRef, useState } from "react";
import { PenIcon } from "./icons";
import { useNote } from "./keepsakes";
import { Markdown } from "./markdown";
import type { NoteState } from "./note-saver";
import styles from "./item-note.module.css";

/** One's note to a question: read, or written in place and kept while it is typed. */
export function ItemNote({ item }: { readonly item: string }) {
  const { text, state, saver } = useNote(item);
  const [isEditing, setEditing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    const element = field.current;
    if (!isEditing || !element) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, [isEditing]);

  const leave = (): void => {
    saver.flush();
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus({ preventScroll: true }));
  };

  const sign = <Sign state={state} isEmpty={text === ""} />;
  if (isEditing) {
    return (
      <section className={styles.note} aria-labelledby={id}>
        <div className={styles.head}>
          <label id={id} htmlFor={`${id}-text`}>
            Your note
          </label>
          {sign}
        </div>
        <textarea
          ref={field}
          id={`${id}-text`}
          rows={Math.min(16, Math.max(4, text.split("\n").length + 1))}
          aria-describedby={`${id}-help`}
          value={text}
          onChange={(event) => saver.edit(event.target.value)}
          onBlur={() => saver.flush()}
          onKeyDown={(event) => {
            if (event.key === "Escape" && !event.nativeEvent.isComposing) leave();
          }}
        />
        <div className={styles.foot}>
          <p id={`${id}-help`}>Markdown, up to 4,000 characters. Kept while you type; empty it to take it away.</p>
          <button ref={button} type="button" className="button quiet" onClick={leave}>
            Done
          </button>
        </div>
      </section>
    );
  }
  if (text === "") {
    return (
      <p className={styles.begin}>
        <button ref={button} type="button" className={styles.link} onClick={() => setEditing(true)}>
          <PenIcon /> Write a note
        </button>
        {state.kind !== "saved" && sign}
      </p>
    );
  }
  return (
    <section className={styles.note} aria-labelledby={id}>
      <div className={styles.head}>
        <h3 id={id}>Your note</h3>
        {state.kind !== "saved" && sign}
        <button ref={button} type="button" className={styles.link} onClick={() => setEditing(true)}>
          <PenIcon /> Edit
        </button>
      </div>
      <NoteText text={text} />
    </section>
  );
}

/** What was joined from two notes stands apart. */
export function NoteText({ text }: { readonly text: string }) {
  return (
    <div className={styles.text}>
      {text.split(/^---$/m).map((part, at) => (
        <div key={at}>
          <Markdown text={part} />
        </div>
      ))}
    </div>
  );
}

const WORDS = { saved: "Saved", unsaved: "Not saved yet", saving: "Saving" } as const;

function Sign({ state, isEmpty }: { readonly state: NoteState; readonly isEmpty: boolean }) {
  return (
    <span role="status" className={styles.sign} data-state={state.kind}>
      {state.kind === "failed" ? `Not saved: ${state.message}` : state.kind === "saved" && isEmpty ? "" : WORDS[state.kind]}
    </span>
  );
}
