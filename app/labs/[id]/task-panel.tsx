"use client";

import Link from "next/link";
import { type RefObject, useEffect, useState } from "react";
import { ArrowIcon, RightIcon } from "@/app/_components/icons";
import { Markdown } from "@/app/_components/markdown";
import { postJson } from "@/app/_components/post-json";
import { type Session, useSaveState } from "@/app/_lab/use-session";
import type { GradeReport } from "@/lib/practice";
import type { AttemptView } from "@/lib/progress";
import { Goals } from "./goals";
import { ResetButton } from "./reset-button";
import { SaveSign } from "./save-sign";
import type { NextLab } from "./workspace";
import styles from "./workspace.module.css";

type Props = {
  readonly attempt: AttemptView;
  readonly session: Session;
  readonly next: NextLab | undefined;
  readonly check: RefObject<HTMLButtonElement | null>;
  readonly onReset: () => Promise<void>;
};

type Checked = { readonly report: GradeReport /** Something was typed since. */; readonly isStale: boolean };

/** The task, its goals, and what the server finds of them. */
export function TaskPanel({ attempt, session: { client, queue }, next, check, onReset }: Props) {
  const { lab, lastCheck } = attempt;
  const saveState = useSaveState(queue);
  const [checked, setChecked] = useState<Checked | undefined>(
    lastCheck && { report: lastCheck.report, isStale: lastCheck.through !== (attempt.entries.at(-1)?.seq ?? 0) },
  );
  const [isChecking, setIsChecking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isSolved, setIsSolved] = useState(attempt.state === "solved");

  useEffect(
    () => queue.onInput(() => setChecked((before) => (before && !before.isStale ? { ...before, isStale: true } : before))),
    [queue],
  );

  const ask = async (): Promise<void> => {
    if (isChecking) return;
    setIsChecking(true);
    setProblem(undefined);
    const at = await client.now();
    const through = await queue.drain();
    const answer = await postJson<GradeReport>(`/api/attempts/${encodeURIComponent(attempt.id)}/check`, { through, at });
    setIsChecking(false);
    if (!answer.ok) return setProblem(answer.error.message);
    setChecked({ report: answer.value, isStale: false });
    if (answer.value.passed) setIsSolved(true);
  };

  return (
    <>
      <div className={styles.scroll}>
        <h1>{lab.title}</h1>
        <div className={styles.story}>
          <Markdown text={lab.story} />
        </div>
        <Goals tasks={lab.tasks} report={checked?.report} isStale={checked?.isStale ?? false} />
        {isSolved && (
          <section className={styles.debrief} aria-labelledby="debrief">
            <h2 id="debrief">
              <RightIcon size={18} /> Done
            </h2>
            <Markdown text={lab.debrief} />
            <p className={styles.next}>
              {next ? (
                <Link href={`/labs/${next.id}`}>
                  Next: {next.title} <ArrowIcon />
                </Link>
              ) : (
                <Link href="/progress">
                  See your progress <ArrowIcon />
                </Link>
              )}
            </p>
          </section>
        )}
      </div>
      <div className={styles.actions}>
        <button ref={check} type="button" className="button" aria-disabled={isChecking} onClick={() => void ask()}>
          {isChecking ? "Checking" : "Check"}
        </button>
        <ResetButton onReset={onReset} />
        <SaveSign state={saveState} />
        {problem && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
      </div>
    </>
  );
}
