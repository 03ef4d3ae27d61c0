"use client";

import { useState } from "react";
import { RightIcon, WaitIcon, WrongIcon } from "@/app/_components/icons";
import { InlineMarkdown, Markdown } from "@/app/_components/markdown";
import type { GoalReport, GradeReport, PreparedTask } from "@/lib/practice";
import styles from "./workspace.module.css";

type Props = { readonly tasks: readonly PreparedTask[]; readonly report: GradeReport | undefined; readonly isStale: boolean };

const STATUS: Record<GoalReport["status"], string> = { pass: "holds", fail: "does not hold", blocked: "cannot be told yet" };

/** The goals; after a check each with what the server found. */
export function Goals({ tasks, report, isStale }: Props) {
  const found = new Map(report?.goals.map((goal) => [goal.id, goal]));
  // What had to stay as it was is mentioned when it did not.
  const kept = report?.goals.filter((goal) => goal.status !== "pass" && !tasks.some((task) => task.id === goal.id)) ?? [];
  const passing = tasks.filter((task) => found.get(task.id)?.status === "pass").length;
  return (
    <section className={styles.goals} aria-labelledby="goals" data-stale={isStale ? "" : undefined}>
      <h2 id="goals">Goals</h2>
      <p className={styles.verdict} role="status">
        {report && (report.passed ? "All goals hold." : `${passing} of ${tasks.length + kept.length} hold.`)}
        {report && isStale && " You have typed since then."}
      </p>
      <ol>
        {tasks.map((task) => (
          <Goal key={task.id} text={task.text} goal={found.get(task.id)} hints={task.hints} />
        ))}
        {kept.map((goal) => (
          <Goal key={goal.id} text={goal.text} goal={goal} hints={[]} />
        ))}
      </ol>
      {report?.diagnosis && !report.passed && (
        <div className={styles.diagnosis}>
          <Markdown text={report.diagnosis.say} />
        </div>
      )}
    </section>
  );
}

function Goal({ text, goal, hints }: { readonly text: string; readonly goal: GoalReport | undefined; readonly hints: readonly string[] }) {
  const status = goal?.status ?? "open";
  return (
    <li className={styles.goal} data-status={status}>
      <span className={styles.sign}>
        {status === "pass" ? <RightIcon /> : status === "fail" ? <WrongIcon /> : status === "blocked" ? <WaitIcon /> : null}
      </span>
      <div>
        <p>
          <InlineMarkdown text={text} />
          {goal && <span className="visually-hidden">: {STATUS[goal.status]}</span>}
        </p>
        {goal && goal.status !== "pass" && <Evidence goal={goal} />}
        {status !== "pass" && hints.length > 0 && <Hints hints={hints} />}
      </div>
    </li>
  );
}

function Evidence({ goal: { status, evidence, death } }: { readonly goal: GoalReport }) {
  return (
    <>
      {status === "blocked" && <p className={styles.note}>It cannot be told before another goal holds.</p>}
      {evidence && (
        <dl className={styles.evidence}>
          <div>
            <dt>Object</dt>
            <dd>{evidence.object}</dd>
          </div>
          <div>
            <dt>Expected</dt>
            <dd>{evidence.expected}</dd>
          </div>
          <div>
            <dt>Found</dt>
            <dd>{evidence.found}</dd>
          </div>
        </dl>
      )}
      {death && (
        <p className={styles.death}>
          The frame died at <strong>{death.where}</strong>: {death.why}.
        </p>
      )}
    </>
  );
}

/** One hint after another, from a look to a worked example. */
function Hints({ hints }: { readonly hints: readonly string[] }) {
  const [shown, setShown] = useState(0);
  return (
    <div className={styles.hints}>
      <ol aria-live="polite">
        {hints.slice(0, shown).map((hint) => (
          <li key={hint}>
            <Markdown text={hint} />
          </li>
        ))}
      </ol>
      {shown < hints.length && (
        <button type="button" onClick={() => setShown(shown + 1)}>
          {shown === 0 ? "Hint" : "Another hint"} <span className="visually-hidden">{`${shown + 1} of ${hints.length}`}</span>
        </button>
      )}
    </div>
  );
}
