"use client";

import { useId } from "react";
import { InlineMarkdown } from "@/app/_components/markdown";
import type { FormatProps } from "./answering";
import styles from "./formats.module.css";

/** A command to be written at a host's prompt. Enter sends it. */
export function Command({ question: { host }, chosen, onChoose, onSend, problemId, told }: FormatProps<"command">) {
  const id = useId();
  const typed = chosen[0] ?? "";
  return (
    <section className={styles.block}>
      {told ? (
        <h3 className={styles.hint}>Your command</h3>
      ) : (
        <label className={styles.hint} htmlFor={id}>
          Write one docker command
        </label>
      )}
      <div className={styles.terminal}>
        <div className={styles.line}>
          <span aria-hidden="true">{host}$&nbsp;</span>
          {told ? (
            <span>{typed}</span>
          ) : (
            <textarea
              id={id}
              rows={1}
              maxLength={600}
              value={typed}
              autoCapitalize="none"
              autoComplete="off"
              autoCorrect="off"
              spellCheck={false}
              enterKeyHint="send"
              aria-invalid={problemId === undefined ? undefined : true}
              aria-describedby={problemId}
              // A pasted command may come with line breaks.
              onChange={(event) => onChoose([event.target.value.replace(/\s*\\?\n\s*/g, " ")])}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
                event.preventDefault();
                if (!event.repeat) onSend();
              }}
            />
          )}
        </div>
        {told?.printed !== undefined && (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways
          <pre className={styles.printed} tabIndex={0} aria-label="What it printed">
            <samp>{told.printed.trimEnd()}</samp>
          </pre>
        )}
      </div>
      {told && (
        <div className={styles.told}>
          {told.remark !== undefined && (
            <p className={styles.remark}>
              <InlineMarkdown text={told.remark} />
            </p>
          )}
          <h3 className={styles.hint}>{told.commands.length > 1 ? "Right, any of these" : "Right"}</h3>
          <ul className={styles.commands}>
            {told.commands.map((command) => (
              <li key={command}>
                <code>{command}</code>
              </li>
            ))}
          </ul>
          <p className={styles.because}>
            <InlineMarkdown text={told.why} />
          </p>
        </div>
      )}
    </section>
  );
}
