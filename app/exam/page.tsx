import type { Metadata } from "next";
import Link from "next/link";
import { NumberSetting } from "../_components/number-setting";
import { allItems } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { DOMAIN_TITLES } from "@/lib/content";
import { type ExamKind, readSettings } from "@/lib/db";
import { EXAM_FORMS, listResults, shortfallOf } from "@/lib/progress";
import { EXAM_NAMES } from "./exam-names";
import { ExamHistory } from "./history";
import { AbandonButton, StartButton } from "./start-button";
import styles from "./exam.module.css";

export const metadata: Metadata = { title: "Exam" };

const KINDS: readonly { readonly kind: ExamKind; readonly about: string }[] = [
  { kind: "networking", about: "The networking domain alone, at the pace of the exam." },
  { kind: "drill", about: "Short, on networking: for a break." },
  { kind: "full", about: "The whole exam, all six domains by their weight." },
];

/** Which exams there are, the one that is open, and those that were. */
export default async function ExamPage() {
  const [items, db, learner] = await Promise.all([allItems(), database(), findLearner()]);
  const [results, settings] = await Promise.all([listResults(db, items, learner, new Date()), readSettings(db, learner)]);
  const open = results.find(({ state }) => state === "open");
  return (
    <div className="page">
      <h1>Exam</h1>
      <p className="lead">
        As in the exam, there is no way back and nothing is told before the end. Some questions let you choose; most show one option at a
        time, and you say yes or no to each. A question may end early, or show an option that does not count. The time is the
        server&rsquo;s: it runs on while the page is closed.
      </p>
      {open && (
        <div className={styles.open}>
          <p>
            <strong>{EXAM_NAMES[open.kind]} is open:</strong> {open.answered} of {open.total} questions answered.
          </p>
          <div className={styles.actions}>
            <AbandonButton id={open.id} />
            <Link className="button" href={`/exam/${open.id}`}>
              Go on
            </Link>
          </div>
        </div>
      )}
      <ul className={styles.kinds}>
        {KINDS.map(({ kind, about }) => {
          const form = EXAM_FORMS[kind];
          const missing = shortfallOf(items, kind);
          return (
            <li key={kind}>
              <div>
                <h2>{EXAM_NAMES[kind]}</h2>
                <p>{about}</p>
                <p className={styles.facts}>
                  {form.items} questions, {form.minutes} minutes; {form.choice} by choosing, {form.items - form.choice} one option at a time
                </p>
                {missing && (
                  <p className={styles.missing}>
                    Not yet: the bank lacks{" "}
                    {Object.entries(missing)
                      .map(([domain, count]) => `${count} on ${DOMAIN_TITLES[domain]?.toLowerCase() ?? domain}`)
                      .join(", ")}
                    . The networking exam can be taken in full.
                  </p>
                )}
              </div>
              <StartButton kind={kind} isDisabled={missing !== undefined || open !== undefined} isFirst={kind === "networking"} />
            </li>
          );
        })}
      </ul>
      <section className={styles.section} aria-labelledby="history">
        <h2 id="history">Exams taken</h2>
        <ExamHistory results={results} passMark={settings.passMark} />
        <p className={styles.note}>
          The real pass mark is not published. Yours decides what is called passed here, and how readiness is reckoned.
        </p>
        <NumberSetting name="passMark" label="Pass mark" value={settings.passMark} min={1} max={100} unit="%" />
      </section>
    </div>
  );
}
