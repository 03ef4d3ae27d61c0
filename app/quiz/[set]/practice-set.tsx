"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useState, useTransition } from "react";
import { ItemNote } from "@/app/_components/item-note";
import { ItemTools } from "@/app/_components/item-tools";
import type { Question } from "@/lib/practice/items";
import type { Feedback } from "@/lib/progress";
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
          aside={<ItemTools item={question.id} rev={question.rev} />}
        >
          <ItemNote item={question.id} />
        </QuestionCard>
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
