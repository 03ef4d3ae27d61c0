"use client";

import { useId } from "react";
import { InlineMarkdown } from "@/app/_components/markdown";
import type { FormatProps } from "./answering";
import styles from "./formats.module.css";

/** A number to be worked out. Enter sends it. */
export function Numeric({ question: { unit }, chosen, onChoose, onSend, problemId, told }: FormatProps<"number">) {
  const id = useId();
  const unitId = `${id}-unit`;
  const typed = chosen[0] ?? "";
  return (
    <section className={styles.block}>
      {told ? (
        <h3 className={styles.hint}>Your number</h3>
      ) : (
        <label className={styles.hint} htmlFor={id}>
          Your number
        </label>
      )}
      <p className={styles.number}>
        {told ? (
          <span className={styles.given}>{typed.trim()}</span>
        ) : (
          <input
            id={id}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            enterKeyHint="send"
            maxLength={40}
            value={typed}
            aria-invalid={problemId === undefined ? undefined : true}
            aria-describedby={[unit && unitId, problemId].filter(Boolean).join(" ") || undefined}
            onChange={(event) => onChoose([event.target.value])}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.repeat || event.nativeEvent.isComposing) return;
              event.preventDefault();
              onSend();
            }}
          />
        )}
        {unit !== "" && <span id={unitId}>{unit}</span>}
      </p>
      {told && (
        <div className={styles.told}>
          {told.remark !== undefined && (
            <p className={styles.remark}>
              <InlineMarkdown text={told.remark} />
            </p>
          )}
          <p className={styles.answer}>
            The answer: <strong>{told.answer}</strong> {told.unit}
          </p>
          <p className={styles.because}>
            <InlineMarkdown text={told.why} />
          </p>
        </div>
      )}
    </section>
  );
}
