import type { Metadata } from "next";
import Link from "next/link";
import { KeepsakesProvider } from "../_components/keepsakes";
import { paragraphsOf } from "../_components/markdown-parse";
import { allItems } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { TOPICS } from "@/lib/content";
import { readKeepsakes } from "@/lib/progress";
import { type NotedItem, NoteList } from "./note-list";
import styles from "./notes.module.css";

export const metadata: Metadata = { title: "Notes" };

/** What a learner wrote to questions, the newest first. */
export default async function NotesPage() {
  const [items, db, learner] = await Promise.all([allItems(), database(), findLearner()]);
  const kept = await readKeepsakes(db, learner);
  const known = new Map(items.map((item) => [item.id, item]));
  const noted = Object.keys(kept.notes).map((id): NotedItem => {
    const item = known.get(id);
    const topic = TOPICS.find((one) => one.id === item?.topic)?.title;
    // Of a stem the last paragraph asks.
    return item ? { id, question: paragraphsOf(item.stem).at(-1) ?? id, topic: topic ?? "" } : { id, topic: "" };
  });
  return (
    <div className={`page ${styles.narrow}`}>
      <h1>Notes</h1>
      {noted.length === 0 ? (
        <p className="lead">
          You have written nothing yet. After each answer in the <Link href="/quiz">quiz</Link> you can write a note to the question; it is
          shown there again the next time, and here.
        </p>
      ) : (
        <KeepsakesProvider kept={kept}>
          <NoteList items={noted} />
        </KeepsakesProvider>
      )}
    </div>
  );
}
