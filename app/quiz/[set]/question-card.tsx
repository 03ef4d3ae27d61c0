"use client";

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { postJson, type Refusal } from "@/app/_components/post-json";
import { RightIcon, WrongIcon } from "@/app/_components/icons";
import { InlineMarkdown, Markdown } from "@/app/_components/markdown";
import { Reference } from "@/app/_components/reference";
import type { Result } from "@/lib/base/result";
import type { AnswerBody, Feedback, Question } from "@/lib/progress";
import { type Answered, useKeys } from "./practice-set";
import styles from "./practice-set.module.css";

type Props = {
  readonly question: Question;
  /** On the button after the answer. */
  readonly next: string;
  /** Keeps the answer and tells what is right. */
  readonly send?: (answer: AnswerBody) => Promise<Result<Feedback, Refusal>>;
  readonly onAnswered: (answered: Answered) => void;
  readonly onNext: () => void;
  /** Shown after the answer, before the button. */
  readonly children?: ReactNode;
};

const practise = (answer: AnswerBody): Promise<Result<Feedback, Refusal>> => postJson<Feedback>("/api/answers", answer);

type State =
  | { readonly kind: "choosing"; readonly problem?: string }
  | { readonly kind: "sending" }
  | { readonly kind: "told"; readonly feedback: Feedback };

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six"];

export function QuestionCard({ question, next, send: keep = practise, onAnswered, onNext, children }: Props) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [state, setState] = useState<State>({ kind: "choosing" });
  const shownAt = useRef(0);
  const verdict = useRef<HTMLHeadingElement>(null);
  const stem = useRef<HTMLDivElement>(null);
  const name = useId();
  const feedback = state.kind === "told" ? state.feedback : undefined;
  const isReady = chosen.length > 0 && (!question.several || chosen.length === question.choose);

  useEffect(() => {
    shownAt.current = performance.now();
    stem.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);
  useEffect(() => {
    if (feedback) verdict.current?.focus();
  }, [feedback]);

  const choose = (id: string): void => {
    if (state.kind !== "choosing") return;
    if (!question.several) setChosen([id]);
    else setChosen((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id]));
  };

  const send = async (): Promise<void> => {
    if (!isReady || state.kind !== "choosing") return;
    setState({ kind: "sending" });
    const body: AnswerBody = {
      item: question.id,
      rev: question.rev,
      options: question.options.map(({ id }) => id),
      chosen: [...chosen],
      ms: Math.round(performance.now() - shownAt.current),
      mode: "practice",
    };
    const answer = await keep(body);
    if (answer.ok) {
      setState({ kind: "told", feedback: answer.value });
      onAnswered({ question, chosen, feedback: answer.value });
    } else setState({ kind: "choosing", problem: answer.error.message });
  };

  useKeys((key) => {
    if (key === "Enter") {
      if (feedback) onNext();
      else void send();
      return true;
    }
    const option = /^[1-9]$/.test(key) ? question.options[Number(key) - 1] : undefined;
    if (option) choose(option.id);
    return option !== undefined;
  });

  return (
    <article className={styles.card}>
      <div className={styles.stem} ref={stem} tabIndex={-1}>
        <Markdown text={question.stem} />
      </div>
      {feedback && (
        <h2 ref={verdict} tabIndex={-1} className={styles.result} data-right={feedback.correct ? "" : undefined}>
          {feedback.correct ? <RightIcon size={20} /> : <WrongIcon size={20} />}
          {feedback.correct ? "Right." : question.several ? "Not this set." : "Wrong."}
        </h2>
      )}
      <fieldset className={styles.options} disabled={state.kind === "sending"}>
        <legend className={feedback ? "visually-hidden" : undefined}>
          {question.several ? `Choose ${NUMBERS[question.choose] ?? question.choose}` : "Choose one"}
        </legend>
        {question.options.map(({ id, text }, at) => {
          const told = feedback?.options.find((option) => option.id === id);
          const isChosen = chosen.includes(id);
          return (
            <div
              key={id}
              className={styles.option}
              data-chosen={isChosen ? "" : undefined}
              data-told={told ? (told.key ? "right" : "wrong") : undefined}
            >
              <label>
                <input
                  type={question.several ? "checkbox" : "radio"}
                  name={name}
                  checked={isChosen}
                  // Answered, it stays readable but does not change.
                  aria-disabled={told ? true : undefined}
                  aria-keyshortcuts={`${at + 1}`}
                  onChange={() => choose(id)}
                />
                <span className={styles.mark} aria-hidden="true">
                  {told ? told.key ? <RightIcon /> : <WrongIcon /> : at + 1}
                </span>
                <span className={styles.text}>
                  <InlineMarkdown text={text} />
                </span>
              </label>
              {told && (
                <div className={styles.why}>
                  <p>
                    <strong>{told.key ? "Right" : "Wrong"}</strong>
                    {isChosen ? ", your choice. " : told.key ? ", and not chosen. " : ". "}
                    <InlineMarkdown text={told.why} />
                  </p>
                  {told.refs?.map((reference) => (
                    <p key={reference} className={styles.ref}>
                      <Reference reference={reference} />
                    </p>
                  ))}
                </div>
              )}
            </div>
          );
        })}
      </fieldset>
      {feedback && children}
      {feedback ? (
        <div className={styles.verdict}>
          <p className={styles.sources}>
            Read on:{" "}
            {feedback.refs.map((reference, at) => (
              <span key={reference}>
                {at > 0 && ", "}
                <Reference reference={reference} />
              </span>
            ))}
          </p>
          <button type="button" className="button" onClick={onNext}>
            {next} <kbd>Enter</kbd>
          </button>
        </div>
      ) : (
        <div className={styles.verdict}>
          <button type="button" className="button" disabled={!isReady || state.kind === "sending"} onClick={() => void send()}>
            Answer <kbd>Enter</kbd>
          </button>
          {state.kind === "choosing" && state.problem && (
            <p className={styles.problem} role="alert">
              Your answer was not kept: {state.problem}
            </p>
          )}
        </div>
      )}
    </article>
  );
}
