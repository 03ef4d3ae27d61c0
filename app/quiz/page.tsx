import type { Metadata } from "next";
import Link from "next/link";
import { ArrowIcon } from "../_components/icons";
import { InlineMarkdown } from "../_components/markdown";
import { StandingBar } from "../_components/standing-bar";
import { allItems, allLabs, allMisconceptions } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { DOMAIN_TITLES, OBJECTIVES, TOPICS } from "@/lib/content";
import { listAnswers } from "@/lib/db";
import { beliefsIn, isHeld, mistakesIn, readKeepsakes, readOverview } from "@/lib/progress";
import { FORMATS, LEVELS } from "./[set]/sets";
import { OwnSets } from "./own-sets";
import styles from "./quiz.module.css";

export const metadata: Metadata = { title: "Quiz" };

/** The topics, each with where the learner stands in it. */
export default async function QuizPage() {
  const [items, labs, misconceptions, db, learner] = await Promise.all([
    allItems(),
    allLabs(),
    allMisconceptions(),
    database(),
    findLearner(),
  ]);
  const [answers, kept] = await Promise.all([learner === undefined ? [] : listAnswers(db, learner), readKeepsakes(db, learner)]);
  const { topics } = await readOverview(db, items, labs, learner);
  const standings = new Map(topics.map((standing) => [standing.topic, standing]));
  const domains = Object.entries(DOMAIN_TITLES).flatMap(([id, title]) => {
    const objectives = Object.entries(OBJECTIVES).flatMap(([objective, words]) => {
      const count = objective.startsWith(`${id}.`) ? items.filter((item) => item.objectives.includes(objective)).length : 0;
      return count > 0 ? [{ id: objective, title: words, count }] : [];
    });
    return objectives.length > 0 ? [{ id, title, objectives }] : [];
  });
  return (
    <div className="page">
      <h1>Practise by topic</h1>
      <p className="lead">
        {items.length} questions. After each answer you read why it is right or wrong, and where that is written. What you missed and what
        you have not seen come first.
      </p>
      <p className={styles.mixed}>
        <Link className="button" href="/quiz/mixed">
          Ten from all topics <ArrowIcon />
        </Link>
        <span className={styles.keys}>
          Keyboard: <kbd>1</kbd> to <kbd>9</kbd> choose, <kbd>Enter</kbd> answers and goes on, <kbd>B</kbd> bookmarks.
        </span>
      </p>
      <OwnSets
        mistakes={mistakesIn(items, answers).length}
        bookmarks={items.filter(({ id }) => kept.bookmarks.includes(id)).length}
        notes={Object.keys(kept.notes).length}
        beliefs={beliefsIn(items, answers).filter(isHeld)}
        misconceptions={misconceptions}
      />
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
      <section className={styles.more} aria-labelledby="more">
        <h2 id="more">More ways to practise</h2>
        <div className={styles.way}>
          <h3>By kind of question</h3>
          <ul className={styles.levels}>
            {FORMATS.map(({ format, title }) => {
              const count = items.filter((item) => item.format === format).length;
              return (
                count > 0 && (
                  <li key={format}>
                    <Link href={`/quiz/format-${format}`}>{title}</Link> <span>{count}</span>
                  </li>
                )
              );
            })}
          </ul>
        </div>
        <div className={styles.way}>
          <h3>By difficulty</h3>
          <ul className={styles.levels}>
            {LEVELS.map((words, at) => {
              const count = items.filter((item) => item.difficulty === at + 1).length;
              return (
                count > 0 && (
                  <li key={words}>
                    <Link href={`/quiz/level-${at + 1}`}>
                      {at + 1} {words}
                    </Link>{" "}
                    <span>{count}</span>
                  </li>
                )
              );
            })}
          </ul>
        </div>
        <div className={styles.way}>
          <h3>By objective</h3>
          <div>
            {domains.map(({ id, title, objectives }) => (
              <details key={id} className={styles.domain}>
                <summary>
                  {title} <span>{objectives.length} objectives</span>
                </summary>
                <ul>
                  {objectives.map(({ id: objective, title: words, count }) => (
                    <li key={objective}>
                      <span className={styles.code}>{objective}</span>
                      <Link href={`/quiz/objective-${objective}`}>
                        <InlineMarkdown text={words} />
                      </Link>
                      <span>{count}</span>
                    </li>
                  ))}
                </ul>
              </details>
            ))}
          </div>
        </div>
      </section>
      <section className={styles.take} aria-labelledby="take">
        <h2 id="take">Take the questions with you</h2>
        <p>
          All {items.length}, with their reasons and sources, for{" "}
          <a href="/api/bank/anki" download>
            Anki
          </a>
          ,{" "}
          <a href="/api/bank/gift" download>
            Moodle (GIFT)
          </a>{" "}
          and{" "}
          <a href="/api/bank/qti" download>
            other test platforms (QTI 3.0)
          </a>
          . Nothing of yours is in these files.
        </p>
      </section>
    </div>
  );
}
