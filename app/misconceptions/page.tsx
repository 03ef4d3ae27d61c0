import type { Metadata } from "next";
import Link from "next/link";
import { InlineMarkdown } from "../_components/markdown";
import { NamedReference } from "../_components/named-reference";
import { allItems, allLabs, allLessons, allMisconceptions } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { type Lab, type Misconception, TOPICS } from "@/lib/content";
import { listAnswers } from "@/lib/db";
import { beliefsOf } from "@/lib/practice/items";
import { beliefsIn, isHeld, type ShownBelief } from "@/lib/progress";
import styles from "./misconceptions.module.css";

export const metadata: Metadata = {
  title: "Misconceptions",
  description: "What people believe of Docker's networks that is not so, what is so instead, and how one sees it.",
};

/** The beliefs that wrong options stand for, by topic: what is so instead, where to read, where to practise. */
export default async function MisconceptionsPage() {
  const [misconceptions, items, labs, lessons, db, learner] = await Promise.all([
    allMisconceptions(),
    allItems(),
    allLabs(),
    allLessons(),
    database(),
    findLearner(),
  ]);
  const shown = new Map(beliefsIn(items, learner === undefined ? [] : await listAnswers(db, learner)).map((belief) => [belief.id, belief]));
  const counts = new Map<string, number>();
  for (const belief of items.flatMap(beliefsOf)) counts.set(belief, (counts.get(belief) ?? 0) + 1);
  const held = [...shown.values()].filter(isHeld).flatMap(({ id }) => misconceptions.filter((one) => one.id === id));
  return (
    <div className="page">
      <h1>Misconceptions</h1>
      <p className="lead">
        {misconceptions.length} things that people believe of Docker and that are not so. Most wrong options of our questions rest on one of
        them. Under each stands what is so, and how you can see it.
      </p>
      {held.length > 0 && (
        <nav className={styles.yours} aria-labelledby="yours">
          <h2 id="yours">Shown by your answers</h2>
          <ul>
            {held.map(({ id, belief }) => (
              <li key={id}>
                <a href={`#${id}`}>
                  <InlineMarkdown text={belief} />
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {TOPICS.map(({ id, title }) => {
        const mine = misconceptions.filter((one) => one.topic === id);
        if (mine.length === 0) return null;
        const toRead = lessons.filter((lesson) => lesson.topic === id);
        return (
          <section key={id} className={styles.topic} aria-labelledby={id}>
            <h2 id={id}>
              <span className={styles.code}>{id}</span> {title}
            </h2>
            {toRead.length > 0 && (
              <p className={styles.lessons}>
                {toRead.length === 1 ? "Lesson" : "Lessons"}:{" "}
                {toRead.map((lesson, at) => (
                  <span key={lesson.id}>
                    {at > 0 && ", "}
                    <Link href={`/learn/${lesson.id}`}>{lesson.title}</Link>
                  </span>
                ))}
              </p>
            )}
            <ul className={styles.beliefs}>
              {mine.map((one) => (
                <Belief
                  key={one.id}
                  misconception={one}
                  questions={counts.get(one.id) ?? 0}
                  labs={labs.filter((lab) => lab.misconceptions.includes(one.id))}
                  shown={shown.get(one.id)}
                />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

type Props = {
  readonly misconception: Misconception;
  /** How many questions can bring it to light. */
  readonly questions: number;
  readonly labs: readonly Lab[];
  readonly shown: ShownBelief | undefined;
};

function Belief({ misconception: { id, belief, truth, refs }, questions, labs, shown }: Props) {
  return (
    <li id={id} className={styles.belief}>
      <h3>
        <span className="visually-hidden">Believed: </span>
        <InlineMarkdown text={belief} />
      </h3>
      <div className={styles.body}>
        <p>
          <strong>What is so:</strong> <InlineMarkdown text={truth} />
        </p>
        {shown && (
          <p className={styles.shown} data-held={isHeld(shown) ? "" : undefined}>
            {toWords(shown)}
          </p>
        )}
        <p className={styles.ways}>
          {questions > 0 && (
            <Link href={`/quiz/misconception-${id}`}>
              Practise: {questions} {questions === 1 ? "question" : "questions"}
            </Link>
          )}
          {labs.map((lab) => (
            <Link key={lab.id} href={`/labs/${lab.id}`}>
              Lab: {lab.title}
            </Link>
          ))}
        </p>
        <p className={styles.refs}>
          Read:{" "}
          {refs.map((reference, at) => (
            <span key={reference}>
              {at > 0 && ", "}
              <NamedReference reference={reference} />
            </span>
          ))}
        </p>
      </div>
    </li>
  );
}

function toWords({ times, lastAt, overcome }: ShownBelief): string {
  const often = times === 1 ? "Your answers showed it once" : `Your answers showed it ${times} times`;
  const since = overcome === 0 ? "" : ` You were right ${overcome === 1 ? "once" : `${overcome} times`} since then.`;
  // The server's own calendar; a day is all that is said.
  return `${often}, last on ${lastAt.toISOString().slice(0, 10).replaceAll("-", "\u2011")}.${since}`;
}
