"use client";

import { useEffect, useRef } from "react";
import { RightIcon, WrongIcon } from "@/app/_components/icons";
import { useKeys } from "@/app/_components/use-keys";
import { LastParagraph } from "@/app/_components/words";
import type { Answered } from "./practice-set";
import styles from "./practice-set.module.css";

type Props = { readonly answered: readonly Answered[]; readonly isBusy: boolean; readonly onAgain: () => void };

export function SetSummary({ answered, isBusy, onAgain }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const right = answered.filter(({ feedback }) => feedback.correct).length;

  useEffect(() => {
    heading.current?.focus();
    window.scrollTo({ top: 0 });
  }, []);
  useKeys((key) => {
    if (key === "Enter" && !isBusy) onAgain();
    return key === "Enter";
  });

  return (
    <section className={styles.summary}>
      <h2 ref={heading} tabIndex={-1}>
        {right} of {answered.length} right
      </h2>
      <ol>
        {answered.map(({ question, feedback }) => (
          <li key={question.id} data-right={feedback.correct ? "" : undefined}>
            <span className={styles.mark}>
              {feedback.correct ? <RightIcon /> : <WrongIcon />}
              <span className="visually-hidden">{feedback.correct ? "Right:" : "Wrong:"}</span>
            </span>
            <span>
              <LastParagraph text={question.stem} />
            </span>
          </li>
        ))}
      </ol>
      <button type="button" className="button" disabled={isBusy} onClick={onAgain}>
        Another set <kbd>Enter</kbd>
      </button>
    </section>
  );
}
