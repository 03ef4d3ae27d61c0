"use client";

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { postJson, type Refusal } from "@/app/_components/post-json";
import { RightIcon, WrongIcon } from "@/app/_components/icons";
import { Reference } from "@/app/_components/reference";
import { useKeys } from "@/app/_components/use-keys";
import { Words } from "@/app/_components/words";
import type { Result } from "@/lib/base/result";
import type { Question } from "@/lib/practice/items";
import type { AnswerBody, Feedback } from "@/lib/progress";
import { firstChoice, isReady, problemOf, shownIdsOf, verdictOf } from "../_formats/answering";
import { Beliefs } from "../_formats/beliefs";
import { QuestionBody } from "../_formats/question-body";
import type { Answered } from "./practice-set";
import styles from "./practice-set.module.css";

type Props = {
  readonly question: Question;
  /** On the button after the answer. */
  readonly next: string;
  /** Keeps the answer and tells what is right. */
  readonly send?: (answer: AnswerBody) => Promise<Result<Feedback, Refusal>>;
  readonly onAnswered: (answered: Answered) => void;
  readonly onNext: () => void;
  /** Tools for the question, beside its stem. */
  readonly aside?: ReactNode;
  /** Shown after the answer, before the button. */
  readonly children?: ReactNode;
};

const practise = (answer: AnswerBody): Promise<Result<Feedback, Refusal>> => postJson<Feedback>("/api/answers", answer);

type State =
  | { readonly kind: "choosing"; readonly problem?: string }
  | { readonly kind: "sending" }
  | { readonly kind: "told"; readonly feedback: Feedback };

/** A question of any format: what is asked, the way to answer it, and what is said to the answer. */
export function QuestionCard({ question, next, send: keep = practise, onAnswered, onNext, aside, children }: Props) {
  const [chosen, setChosen] = useState(() => firstChoice(question));
  const [state, setState] = useState<State>({ kind: "choosing" });
  const shownAt = useRef(0);
  const verdict = useRef<HTMLHeadingElement>(null);
  const stem = useRef<HTMLDivElement>(null);
  const problemId = useId();
  const feedback = state.kind === "told" ? state.feedback : undefined;
  const problem = state.kind === "choosing" ? state.problem : undefined;
  const canSend = state.kind === "choosing" && isReady(question, chosen);

  useEffect(() => {
    shownAt.current = performance.now();
    stem.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);
  useEffect(() => {
    if (feedback) verdict.current?.focus();
  }, [feedback]);

  const choose = (ids: readonly string[]): void => {
    if (state.kind !== "choosing") return;
    setChosen(ids);
    if (state.problem !== undefined) setState({ kind: "choosing" });
  };

  const send = async (): Promise<void> => {
    if (!canSend) return;
    const fault = problemOf(question, chosen);
    if (fault !== undefined) return setState({ kind: "choosing", problem: fault });
    setState({ kind: "sending" });
    const body: AnswerBody = {
      item: question.id,
      rev: question.rev,
      options: shownIdsOf(question),
      chosen: [...chosen],
      ms: Math.round(performance.now() - shownAt.current),
      mode: "practice",
    };
    const answer = await keep(body);
    if (answer.ok) {
      setState({ kind: "told", feedback: answer.value });
      onAnswered({ question, chosen, feedback: answer.value });
    } else setState({ kind: "choosing", problem: wordsOf(answer.error) });
  };

  const goOn = (): void => {
    if (feedback) onNext();
    else void send();
  };
  useKeys((key) => {
    if (key === "Enter") goOn();
    return key === "Enter";
  });

  return (
    <article className={styles.card} aria-busy={state.kind === "sending"}>
      <div className={styles.asking}>
        <div className={styles.stem} ref={stem} tabIndex={-1}>
          <Words text={question.stem} />
        </div>
        {aside}
      </div>
      {feedback && (
        <h2 ref={verdict} tabIndex={-1} className={styles.result} data-right={feedback.correct ? "" : undefined}>
          {feedback.correct ? <RightIcon size={20} /> : <WrongIcon size={20} />}
          {verdictOf(question, feedback.correct)}
        </h2>
      )}
      <QuestionBody
        question={question}
        chosen={chosen}
        onChoose={choose}
        onSend={goOn}
        problemId={problem === undefined ? undefined : problemId}
        feedback={feedback}
      />
      {feedback && <Beliefs misconceptions={feedback.misconceptions} />}
      {feedback && children}
      <div className={styles.verdict}>
        {feedback && <Sources refs={feedback.refs} sources={feedback.sources} />}
        <p className={styles.problem} id={problemId} role="alert">
          {problem}
        </p>
        {feedback ? (
          <button type="button" className="button" onClick={onNext}>
            {next} <kbd>Enter</kbd>
          </button>
        ) : (
          <button type="button" className="button" disabled={!canSend} onClick={() => void send()}>
            Answer <kbd>Enter</kbd>
          </button>
        )}
      </div>
    </article>
  );
}

function Sources({ refs, sources }: Pick<Feedback, "refs" | "sources">) {
  return (
    <p className={styles.sources}>
      Read on:{" "}
      {refs.map((reference, at) => (
        <span key={reference}>
          {at > 0 && ", "}
          <Reference reference={reference} source={sources.find(({ at }) => reference === at || reference.startsWith(`${at}#`))} />
        </span>
      ))}
    </p>
  );
}

function wordsOf({ code, message }: Refusal): string {
  return code === "command-refused"
    ? `Docker would not take this: ${message}. It does not count; change it and answer again.`
    : `Your answer was not kept: ${message}`;
}
