import Link from "next/link";
import { InlineMarkdown } from "../_components/markdown";
import type { Misconception } from "@/lib/content";
import { OVERCOME, type ShownBelief } from "@/lib/progress";
import styles from "./own-sets.module.css";

type Props = {
  readonly mistakes: number;
  readonly bookmarks: number;
  readonly notes: number;
  /** Those still held, the most often shown first. */
  readonly beliefs: readonly ShownBelief[];
  readonly misconceptions: readonly Misconception[];
};

/** So many beliefs are listed; the page of misconceptions has all. */
const SHOWN = 5;

/** What a learner's own answers and marks make up. Nothing is shown of what is empty. */
export function OwnSets({ mistakes, bookmarks, notes, beliefs, misconceptions }: Props) {
  const known = new Map(misconceptions.map((one) => [one.id, one]));
  const named = beliefs.flatMap((shown) => {
    const misconception = known.get(shown.id);
    return misconception ? [{ ...shown, belief: misconception.belief }] : [];
  });
  if (mistakes + bookmarks + notes + named.length === 0) return null;
  return (
    <section className={styles.own} aria-labelledby="own">
      <h2 id="own">Yours</h2>
      <ul className={styles.sets}>
        {mistakes > 0 && (
          <li>
            <Link href="/quiz/mistakes">My mistakes ({mistakes})</Link>
          </li>
        )}
        {bookmarks > 0 && (
          <li>
            <Link href="/quiz/bookmarks">Bookmarks ({bookmarks})</Link>
          </li>
        )}
        {notes > 0 && (
          <li>
            <Link href="/notes">Notes ({notes})</Link>
          </li>
        )}
      </ul>
      {named.length > 0 && (
        <>
          <h3>Beliefs that your answers showed</h3>
          <ul className={styles.beliefs}>
            {named.slice(0, SHOWN).map(({ id, belief, times }) => (
              <li key={id}>
                <Link href={`/quiz/misconception-${id}`}>
                  <InlineMarkdown text={belief} />
                </Link>
                <span>{times === 1 ? "once" : `${times} times`}</span>
              </li>
            ))}
          </ul>
          <p className={styles.more}>
            None of them is true. A belief leaves this list after {OVERCOME} right answers to questions that test it.{" "}
            <Link href="/misconceptions">
              {named.length > SHOWN ? `All ${named.length}, and what is so instead` : "What is so instead"}
            </Link>
          </p>
        </>
      )}
    </section>
  );
}
