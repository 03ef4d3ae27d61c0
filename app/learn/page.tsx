import type { Metadata } from "next";
import Link from "next/link";
import { RightIcon } from "../_components/icons";
import { allLessons } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { TOPICS } from "@/lib/content";
import { listAnswers } from "@/lib/db";
import { standingOf } from "./standing";
import styles from "./learn.module.css";

export const metadata: Metadata = { title: "Learn" };

/** The lessons by topic, each with how its three questions went. */
export default async function LearnPage() {
  const [lessons, db, learner] = await Promise.all([allLessons(), database(), findLearner()]);
  const answers = learner === undefined ? [] : await listAnswers(db, learner);
  const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0);
  return (
    <div className="page">
      <h1>Lessons</h1>
      <p className="lead">
        {lessons.length} lessons, {spell(minutes)} of reading. What you see typed was run on the simulated host, unless it says otherwise,
        and its output is what came back. Each ends with three questions. Beside them stand{" "}
        <Link href="/misconceptions">what people believe that is not so</Link> and <Link href="/commands">all commands</Link>.
      </p>
      <ol className={styles.topics}>
        {TOPICS.map(({ id, title }) => {
          const mine = lessons.filter((lesson) => lesson.topic === id);
          if (mine.length === 0) return null;
          return (
            <li key={id} className={styles.topic}>
              <h2>
                <span className={styles.code}>{id}</span> {title}
              </h2>
              <ol>
                {mine.map((lesson) => {
                  const { right, answered, of } = standingOf(lesson, answers);
                  return (
                    <li key={lesson.id} className={styles.lesson}>
                      <div>
                        <h3>
                          <Link href={`/learn/${lesson.id}`}>{lesson.title}</Link>
                        </h3>
                        <p>{lesson.about}</p>
                      </div>
                      <p className={styles.facts}>
                        <span>{lesson.minutes} min</span>
                        {answered > 0 && (
                          <span data-done={right === of ? "" : undefined}>
                            {right === of && <RightIcon />}
                            {right} of {of} right
                          </span>
                        )}
                      </p>
                    </li>
                  );
                })}
              </ol>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function spell(minutes: number): string {
  const hours = Math.round(minutes / 30) / 2;
  if (hours < 1) return `${minutes} minutes`;
  return hours === 1 ? "one hour" : `${hours} hours`;
}
