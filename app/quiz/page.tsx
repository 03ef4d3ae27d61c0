import type { Metadata } from "next";
import Link from "next/link";
import { ArrowIcon } from "../_components/icons";
import { StandingBar } from "../_components/standing-bar";
import { allItems, allLabs } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { TOPICS } from "@/lib/content";
import { readOverview } from "@/lib/progress";
import styles from "./quiz.module.css";

export const metadata: Metadata = { title: "Quiz" };

/** The topics, each with where the learner stands in it. */
export default async function QuizPage() {
  const [items, labs, db, learner] = await Promise.all([allItems(), allLabs(), database(), findLearner()]);
  const { topics } = await readOverview(db, items, labs, learner);
  const standings = new Map(topics.map((standing) => [standing.topic, standing]));
  return (
    <div className="page">
      <h1>Practise by topic</h1>
      <p className="lead">
        {items.length} questions. After each answer you read why every option is right or wrong, and where that is written. What you missed
        and what you have not seen come first.
      </p>
      <p className={styles.mixed}>
        <Link className="button" href="/quiz/mixed">
          Ten from all topics <ArrowIcon />
        </Link>
        <span className={styles.keys}>
          Keyboard: <kbd>1</kbd> to <kbd>9</kbd> choose, <kbd>Enter</kbd> answers and goes on.
        </span>
      </p>
      <ol className={styles.topics}>
        {TOPICS.map(({ id, title, about }) => {
          const { right = 0, wrong = 0, unseen = 0 } = standings.get(id) ?? {};
          const count = right + wrong + unseen;
          return (
            <li key={id} className={styles.topic}>
              <span className={styles.code}>{id}</span>
              <div>
                <h2>{count > 0 ? <Link href={`/quiz/${id}`}>{title}</Link> : title}</h2>
                <p>{about}</p>
              </div>
              <div className={styles.standing}>
                <StandingBar right={right} wrong={wrong} unseen={unseen} />
                <span>
                  {count === 0
                    ? "no questions yet"
                    : right + wrong === 0
                      ? `${count} question${count === 1 ? "" : "s"}`
                      : `${right} of ${count} right${wrong > 0 ? `, ${wrong} wrong` : ""}`}
                </span>
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
