import type { Metadata } from "next";
import Link from "next/link";
import { RightIcon } from "../_components/icons";
import { InlineMarkdown } from "../_components/markdown";
import { StandingBar } from "../_components/standing-bar";
import { allItems, allLabs } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { ExamHistory } from "../exam/history";
import { Forecast } from "../review/forecast";
import { type LabStanding, readOverview, readStanding } from "@/lib/progress";
import { History } from "./history";
import { Mastery } from "./mastery";
import { MoveData } from "./move-data";
import { NextSteps } from "./next-steps";
import { Readiness } from "./readiness";
import styles from "./progress.module.css";

export const metadata: Metadata = { title: "Progress" };

export default async function ProgressPage() {
  const [items, labs, db, learner] = await Promise.all([allItems(), allLabs(), database(), findLearner()]);
  const now = new Date();
  const standing = await readStanding(db, items, labs, learner, now);
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
      <section className={styles.section} aria-labelledby="next">
        <h2 id="next">What next, and why</h2>
        <NextSteps steps={standing.next} />
      </section>
      <section className={styles.section} aria-labelledby="readiness">
        <h2 id="readiness">Readiness</h2>
        <Readiness rows={standing.readiness} passMark={standing.settings.passMark} />
      </section>
      <section className={styles.section} aria-labelledby="mastery">
        <h2 id="mastery">Mastery</h2>
        <Mastery {...standing} />
      </section>
      <section className={styles.section} aria-labelledby="history">
        <h2 id="history">What you did</h2>
        <History history={standing.history} titleOf={new Map(labs.map(({ id, title }) => [id, title.replaceAll("`", "")]))} />
      </section>
      <section className={styles.section} aria-labelledby="exams">
        <h2 id="exams">Exams</h2>
        <ExamHistory results={standing.exams} passMark={standing.settings.passMark} />
      </section>
      <section className={styles.section} aria-labelledby="due">
        <h2 id="due">Reviews due</h2>
        <p className={styles.note}>{standing.due === 0 ? "Nothing is due now." : <Link href="/review">{standing.due} due now</Link>}</p>
        <Forecast counts={standing.forecast} from={now.getTime()} />
      </section>
      <section className={styles.section} aria-labelledby="by-topic">
        <h2 id="by-topic">Questions by topic</h2>
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
                  <Link href={`/labs/${lab.id}`}>
                    <InlineMarkdown text={lab.title} />
                  </Link>
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
      <section className={styles.section} aria-labelledby="move">
        <h2 id="move">Take it with you</h2>
        <MoveData />
      </section>
      <p className={styles.foot}>
        What everybody&rsquo;s answers here say about the questions themselves stands under <Link href="/statistics">statistics</Link>.
      </p>
    </div>
  );
}

function toWords({ state, solvedAt }: LabStanding): string {
  if (state === "new") return "not begun";
  if (state === "begun") return "begun";
  // The server's own calendar; a day is all that is said.
  return solvedAt ? `done on ${solvedAt.toISOString().slice(0, 10).replaceAll("-", "\u2011")}` : "done";
}
