import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ArrowIcon, RightIcon } from "@/app/_components/icons";
import { InlineMarkdown } from "@/app/_components/markdown";
import { textOf } from "@/app/_components/markdown-parse";
import { NamedReference } from "@/app/_components/named-reference";
import { allLabs, allLessons } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { findLearner } from "@/app/_server/session";
import { TOPICS } from "@/lib/content";
import { listAnswers } from "@/lib/db";
import { standingOf } from "../standing";
import { Contents } from "./contents";
import { LessonText } from "./lesson-text";
import { outlineOf } from "./outline";
import styles from "./lesson.module.css";

type Props = { readonly params: Promise<{ readonly id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params;
  const lesson = (await allLessons()).find((candidate) => candidate.id === id);
  return lesson ? { title: lesson.title, description: lesson.about } : { title: "Lesson" };
}

export default async function LessonPage({ params }: Props) {
  const { id } = await params;
  const [lessons, labs, db, learner] = await Promise.all([allLessons(), allLabs(), database(), findLearner()]);
  const index = lessons.findIndex((candidate) => candidate.id === id);
  const lesson = lessons[index];
  if (!lesson) notFound();
  const [before, after] = [lessons[index - 1], lessons[index + 1]];
  const lab = labs.find((candidate) => candidate.id === lesson.lab);
  const standing = standingOf(lesson, learner === undefined ? [] : await listAnswers(db, learner));
  const parts = outlineOf(lesson);
  const sections = parts.flatMap((part) =>
    part.kind === "heading" && part.level <= 2 ? [{ id: part.section.id, title: textOf(part.section.children) }] : [],
  );
  const foundations = lessons.filter((candidate) => lesson.prerequisites.includes(candidate.id));
  return (
    <div className={`page ${styles.layout}`}>
      <article className={styles.lesson}>
        <header>
          <p className={styles.kicker}>
            <Link href="/learn">Lessons</Link>
            <span>{TOPICS.find((topic) => topic.id === lesson.topic)?.title}</span>
            <span>{lesson.minutes} min</span>
          </p>
          <h1>{lesson.title}</h1>
          <p className="lead">{lesson.about}</p>
          {foundations.length > 0 && (
            <p className={styles.foundations}>
              Builds on{" "}
              {foundations.map((foundation, at) => (
                <span key={foundation.id}>
                  {at > 0 && ", "}
                  <Link href={`/learn/${foundation.id}`}>{foundation.title}</Link>
                </span>
              ))}
            </p>
          )}
        </header>
        <LessonText parts={parts} />
        <section className={styles.practice} aria-labelledby="practice">
          <h2 id="practice">Try what you read</h2>
          <div className={styles.ways}>
            <div>
              <p>
                {standing.answered === 0 ? (
                  "Three questions on this lesson, with a reason for every option."
                ) : (
                  <>
                    {standing.right === standing.of && <RightIcon />} {standing.right} of the {standing.of} questions right so far.
                  </>
                )}
              </p>
              <Link className="button" href={`/quiz/lesson-${lesson.id}`}>
                {standing.answered === 0 ? "Answer three questions" : "Answer them again"} <ArrowIcon />
              </Link>
            </div>
            {lab && (
              <div>
                <p>
                  <InlineMarkdown text={lab.goal} />
                </p>
                <Link className="button quiet" href={`/labs/${lab.id}`}>
                  Lab: {lab.title} <span className={styles.minutes}>{lab.minutes} min</span>
                </Link>
              </div>
            )}
          </div>
        </section>
        <section className={styles.sources} aria-labelledby="sources">
          <h2 id="sources">Written after</h2>
          <ul>
            {lesson.references.map((reference) => (
              <li key={reference}>
                <NamedReference reference={reference} />
              </li>
            ))}
          </ul>
        </section>
        <nav className={styles.neighbours} aria-label="Lessons before and after">
          {before && (
            <Link href={`/learn/${before.id}`} rel="prev">
              <span>Before</span> {before.title}
            </Link>
          )}
          {after && (
            <Link href={`/learn/${after.id}`} rel="next" className={styles.after}>
              <span>Next</span> {after.title}
            </Link>
          )}
        </nav>
      </article>
      {sections.length > 1 && <Contents sections={sections} />}
    </div>
  );
}
