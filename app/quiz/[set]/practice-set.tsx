"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState, useTransition } from "react";
import type { Feedback, Question } from "@/lib/progress";
import { QuestionCard } from "./question-card";
import { SetSummary } from "./set-summary";
import styles from "./practice-set.module.css";

export type Answered = { readonly question: Question; readonly chosen: readonly string[]; readonly feedback: Feedback };

type Props = {
  readonly title: string;
  readonly questions: readonly Question[];
  /** The way out, below the set. */
  readonly back: { readonly href: string; readonly label: string };
};

/** Goes through a set: one question after another, then what came of it. The server judges each answer. */
export function PracticeSet({ title, questions, back }: Props) {
  const [answered, setAnswered] = useState<readonly Answered[]>([]);
  const [index, setIndex] = useState(0);
  const [isRedrawing, redraw] = useTransition();
  const router = useRouter();
  const question = questions[index];

  const note = useCallback((next: Answered) => setAnswered((before) => [...before, next]), []);
  const goOn = useCallback(() => setIndex((before) => before + 1), []);

  return (
    <div className={`page ${styles.narrow}`}>
      <header className={styles.head}>
        <h1>{title}</h1>
        <p className={styles.count}>
          {question ? `Question ${index + 1} of ${questions.length}` : `${questions.length} question${questions.length === 1 ? "" : "s"}`}
        </p>
        <ol className={styles.ticks} aria-hidden="true">
          {questions.map(({ id }, at) => (
            <li key={id} data-state={stateOf(answered[at]?.feedback)} data-current={at === index ? "" : undefined} />
          ))}
        </ol>
      </header>
      {question ? (
        <QuestionCard
          key={question.id}
          question={question}
          next={index === questions.length - 1 ? "See the result" : "Next question"}
          onAnswered={note}
          onNext={goOn}
        />
      ) : (
        <SetSummary answered={answered} isBusy={isRedrawing} onAgain={() => redraw(() => router.refresh())} />
      )}
      <p className={styles.leave}>
        <Link href={back.href}>{back.label}</Link>
      </p>
    </div>
  );
}

function stateOf(feedback: Feedback | undefined): "open" | "right" | "wrong" {
  if (!feedback) return "open";
  return feedback.correct ? "right" : "wrong";
}

/** Keys for the whole page, except where something is typed or a control takes Enter itself. */
export function useKeys(onKey: (key: string) => boolean): void {
  const latest = useRef(onKey);
  useEffect(() => {
    latest.current = onKey;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const target = event.target instanceof HTMLElement ? event.target : undefined;
      if (event.key === "Enter" && target?.closest("a, button, pre")) return;
      if (target?.closest("textarea, select, input:not([type=radio], [type=checkbox])")) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
