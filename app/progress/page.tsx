import type { Metadata } from "next";
import Link from "next/link";
import { RightIcon } from "../_components/icons";
import { StandingBar } from "../_components/standing-bar";
import { allItems, allLabs } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { type LabStanding, readOverview } from "@/lib/progress";
import styles from "./progress.module.css";

export const metadata: Metadata = { title: "Progress" };

export default async function ProgressPage() {
  const [items, labs, db, learner] = await Promise.all([allItems(), allLabs(), database(), findLearner()]);
  const overview = await readOverview(db, items, labs, learner);
  const done = overview.labs.filter((lab) => lab.state === "done").length;
  const known = overview.topics.reduce((sum, topic) => sum + topic.right, 0);
  return (
    <div className="page">
      <h1>Progress</h1>
      {overview.answers === 0 && overview.labs.every((lab) => lab.state === "new") ? (
        <p className="lead">
          Nothing is written down yet. <Link href="/quiz">Answer a few questions</Link> or <Link href="/labs">begin a lab</Link>: what you
          do is kept for this browser, without an account.
        </p>
      ) : (
        <p className="lead">
          You have given {overview.answers} {overview.answers === 1 ? "answer" : "answers"}, {overview.right} of them right. Of{" "}
          {items.length} questions you last answered {known} correctly, and {done} of {labs.length} labs {done === 1 ? "is" : "are"} done.
        </p>
      )}
      <section className={styles.section} aria-labelledby="by-topic">
        <h2 id="by-topic">By topic</h2>
        <p className={styles.note}>Each question counts by your last answer to it. Full bar: right; hatched: wrong; empty: not seen.</p>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Topic</th>
              <th scope="col" className={styles.bar}>
                <span className="visually-hidden">Share</span>
              </th>
              <th scope="col">Right</th>
              <th scope="col">Wrong</th>
              <th scope="col">Unseen</th>
              <th scope="col" className={styles.answers}>
                Answers
              </th>
            </tr>
          </thead>
          <tbody>
            {overview.topics.map(({ topic, title, right, wrong, unseen, answers }) => (
              <tr key={topic}>
                <th scope="row">
                  <span className={styles.code}>{topic}</span>
                  {right + wrong + unseen > 0 ? <Link href={`/quiz/${topic}`}>{title}</Link> : title}
                  <span className={styles.below}>
                    <StandingBar right={right} wrong={wrong} unseen={unseen} />
                  </span>
                </th>
                <td className={styles.bar}>
                  <StandingBar right={right} wrong={wrong} unseen={unseen} />
                </td>
                <td>{right}</td>
                <td>{wrong}</td>
                <td>{unseen}</td>
                <td className={styles.answers}>{answers}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className={styles.section} aria-labelledby="labs">
        <h2 id="labs">Labs</h2>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Lab</th>
              <th scope="col">State</th>
              <th scope="col">Attempts</th>
            </tr>
          </thead>
          <tbody>
            {overview.labs.map((lab) => (
              <tr key={lab.id}>
                <th scope="row">
                  <Link href={`/labs/${lab.id}`}>{lab.title}</Link>
                </th>
                <td data-state={lab.state} className={styles.state}>
                  {lab.state === "done" && <RightIcon />}
                  {toWords(lab)}
                </td>
                <td>{lab.attempts}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function toWords({ state, solvedAt }: LabStanding): string {
  if (state === "new") return "not begun";
  if (state === "begun") return "begun";
  // The server's own calendar; a day is all that is said.
  return solvedAt ? `done on ${solvedAt.toISOString().slice(0, 10).replaceAll("-", "\u2011")}` : "done";
}
