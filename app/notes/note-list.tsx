"use client";

import Link from "next/link";
import { useId, useState } from "react";
import { ItemNote } from "../_components/item-note";
import { useNoteTexts } from "../_components/keepsakes";
import styles from "./notes.module.css";

/** Without `question` it is no longer asked. */
export type NotedItem = { readonly id: string; readonly question?: string; readonly topic: string };

/** All notes, with a field that leaves those which hold every word typed into it: in the note, its question or its topic. */
export function NoteList({ items }: { readonly items: readonly NotedItem[] }) {
  const [query, setQuery] = useState("");
  const textOf = useNoteTexts();
  const id = useId();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = items.filter((item) => {
    const text = [textOf(item.id), item.question, item.topic].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <>
      <div className={styles.search}>
        <label htmlFor={id}>Search your notes</label>
        <input id={id} type="search" autoComplete="off" value={query} onChange={(event) => setQuery(event.target.value)} />
        <p role="status">
          {words.length === 0 ? `${items.length} ${items.length === 1 ? "note" : "notes"}` : `${found.length} of ${items.length}`}
        </p>
      </div>
      <ul className={styles.list}>
        {found.map(({ id: item, question, topic }) => (
          <li key={item}>
            <h2>{question === undefined ? "A question that is no longer asked" : <Link href={`/quiz/item-${item}`}>{question}</Link>}</h2>
            {topic && <p className={styles.topic}>{topic}</p>}
            <ItemNote item={item} />
          </li>
        ))}
      </ul>
    </>
  );
}
