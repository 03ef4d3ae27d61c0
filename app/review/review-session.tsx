"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { ItemNote } from "@/app/_components/item-note";
import { ItemTools } from "@/app/_components/item-tools";
import { InlineMarkdown } from "@/app/_components/markdown";
import { postJson } from "@/app/_components/post-json";
import { useKeys } from "@/app/_components/use-keys";
import { QuestionCard } from "@/app/quiz/[set]/question-card";
import practice from "@/app/quiz/[set]/practice-set.module.css";
import { ok } from "@/lib/base/result";
import type { AnswerBody, Feedback, ReviewBody, Reviewed as ReviewedBare, ReviewTask } from "@/lib/progress";
import { dueIn } from "./due-words";
import styles from "./review.module.css";

type Props = { readonly tasks: readonly ReviewTask[] };

/** As the server tells it: its beliefs in words. */
type Reviewed = Omit<ReviewedBare, "feedback"> & { readonly feedback: Feedback };

/** A review of this session: the last one may be graded anew or taken back. */
type Done = { readonly index: number; readonly reviewed: Reviewed };

const GRADES = ["again", "hard", "good", "easy"] as const;
type Grade = (typeof GRADES)[number];
const NAMES: Readonly<Record<Grade, string>> = { again: "Again", hard: "Hard", good: "Good", easy: "Easy" };

/** Goes through what is due. Each answer is graded by itself; the learner may say otherwise, or take it back. */
export function ReviewSession({ tasks }: Props) {
  const [index, setIndex] = useState(0);
  const [done, setDone] = useState<readonly Done[]>([]);
  const [round, setRound] = useState(0);
  const [problem, setProblem] = useState<string>();
  const [isLooking, look] = useTransition();
  const router = useRouter();
  const task = tasks[index];
  const last = done.at(-1);
  const current = last?.index === index ? last.reviewed : undefined;

  const send = async (task: ReviewTask, { item, rev, options, chosen, ms }: AnswerBody) => {
    const body: ReviewBody = { item, rev, options, chosen, ms, card: task.card };
    const reviewed = await postJson<Reviewed>("/api/reviews", body);
    if (!reviewed.ok) return reviewed;
    setDone((before) => [...before, { index, reviewed: reviewed.value }]);
    setProblem(undefined);
    return ok(reviewed.value.feedback);
  };

  const regrade = async (grade: Grade): Promise<void> => {
    if (!task || !current || grade === current.grade) return;
    const changed = await postJson<unknown>(`/api/reviews/${current.answer}/grade`, { card: task.card, grade });
    if (changed.ok)
      setDone((before) => before.map((one) => (one.reviewed === current ? { ...one, reviewed: { ...current, grade } } : one)));
    setProblem(changed.ok ? undefined : `The grade was not changed: ${changed.error.message}`);
  };

  const undo = async (): Promise<void> => {
    if (!last) return;
    const undone = await postJson<unknown>(`/api/reviews/${last.reviewed.answer}/undo`, {});
    if (undone.ok) {
      setDone((before) => before.slice(0, -1));
      setIndex(last.index);
      setRound((before) => before + 1);
    }
    setProblem(undone.ok ? undefined : `It was not taken back: ${undone.error.message}`);
  };

  useKeys((key) => {
    if (key === "u" && last) {
      void undo();
      return true;
    }
    const grade = current && /^[1-4]$/.test(key) ? GRADES[Number(key) - 1] : undefined;
    if (grade) void regrade(grade);
    return grade !== undefined;
  });

  return (
    <div className={styles.session}>
      <header className={practice.head}>
        <h1>Review</h1>
        <p className={practice.count}>{task ? `${index + 1} of ${tasks.length}` : `${tasks.length} reviewed`}</p>
        <ol className={practice.ticks} aria-hidden="true">
          {tasks.map(({ question }, at) => (
            <li key={question.id} data-state={stateOf(done.find((one) => one.index === at))} data-current={at === index ? "" : undefined} />
          ))}
        </ol>
      </header>
      {task ? (
        <QuestionCard
          key={`${index}/${round}`}
          question={task.question}
          send={(answer) => send(task, answer)}
          next={index === tasks.length - 1 ? "See the result" : "Next"}
          onAnswered={() => {}}
          onNext={() => setIndex((before) => before + 1)}
          aside={<ItemTools item={task.question.id} rev={task.question.rev} />}
        >
          <ItemNote item={task.question.id} />
          {current && (
            <fieldset className={styles.grades}>
              <legend>
                {task.belief ? (
                  <>
                    The belief that this tests comes back:{" "}
                    <Link href={`/misconceptions#${task.belief.id}`}>
                      <InlineMarkdown text={task.belief.belief} />
                    </Link>
                  </>
                ) : (
                  "Comes back"
                )}
              </legend>
              {GRADES.map((grade, at) => (
                <button
                  key={grade}
                  type="button"
                  aria-pressed={grade === current.grade}
                  aria-keyshortcuts={`${at + 1}`}
                  onClick={() => void regrade(grade)}
                >
                  <span>
                    {NAMES[grade]} <kbd>{at + 1}</kbd>
                  </span>
                  <span className={styles.due}>{dueIn(current.dues[grade] - current.at)}</span>
                </button>
              ))}
            </fieldset>
          )}
        </QuestionCard>
      ) : (
        <Result done={done} isBusy={isLooking} onGoOn={() => look(() => router.refresh())} />
      )}
      <p className={styles.undo}>
        {last && (
          <button type="button" onClick={() => void undo()}>
            Take the last review back <kbd>u</kbd>
          </button>
        )}
        {problem && (
          <span role="alert" className={styles.problem}>
            {problem}
          </span>
        )}
      </p>
    </div>
  );
}

function Result({ done, isBusy, onGoOn }: { readonly done: readonly Done[]; readonly isBusy: boolean; readonly onGoOn: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    window.scrollTo({ top: 0 });
  }, []);
  useKeys((key) => {
    if (key === "Enter" && !isBusy) onGoOn();
    return key === "Enter";
  });
  const right = done.filter(({ reviewed }) => reviewed.feedback.correct).length;
  return (
    <section className={practice.summary}>
      <h2 ref={heading} tabIndex={-1}>
        {right} of {done.length} remembered
      </h2>
      <p className={styles.tally}>
        {GRADES.map((grade) => `${NAMES[grade].toLowerCase()} ${done.filter(({ reviewed }) => reviewed.grade === grade).length}`).join(
          " · ",
        )}
      </p>
      <button type="button" className="button" disabled={isBusy} onClick={onGoOn}>
        See what is left <kbd>Enter</kbd>
      </button>
    </section>
  );
}

function stateOf(done: Done | undefined): "open" | "right" | "wrong" {
  if (!done) return "open";
  return done.reviewed.feedback.correct ? "right" : "wrong";
}
