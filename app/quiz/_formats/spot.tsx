"use client";

import { useId } from "react";
import { InlineMarkdown, Markdown } from "@/app/_components/markdown";
import { Drawing } from "../_drawing/drawing";
import { shortNameOf } from "../_drawing/names";
import type { FormatProps } from "./answering";
import styles from "./formats.module.css";
import { Options } from "./options";

/** What is wrong in a drawn network: a part or link of it, and a reason. */
export function Spot({ question: { drawing, options }, chosen, onChoose, told }: FormatProps<"spot">) {
  const name = useId();
  const [part = "", reason = ""] = chosen;
  const marks = new Map(told ? [[part, "taken"] as const, [told.fault, "fault"] as const] : []);
  return (
    <>
      <fieldset className={styles.block}>
        <legend className={styles.hint}>{told ? "The fault, marked" : "Where is the fault? Choose a part or a link"}</legend>
        <Drawing
          drawing={drawing}
          chosen={told || part === "" ? undefined : part}
          onChoose={(thing) => onChoose([thing, reason])}
          marks={marks}
          isDone={told !== undefined}
        />
      </fieldset>
      <details className={styles.alt}>
        <summary>The drawing in words</summary>
        <Markdown text={drawing.alt} />
      </details>
      {told ? (
        <div className={styles.told}>
          <p>
            <strong>The fault is at the {shortNameOf(drawing, told.fault)}.</strong> <InlineMarkdown text={told.why} />
          </p>
          {part !== told.fault && (
            <p className={styles.because}>
              <span className={styles.yours}>You chose the {shortNameOf(drawing, part)}.</span>{" "}
              {told.remark !== undefined && <InlineMarkdown text={told.remark} />}
            </p>
          )}
        </div>
      ) : (
        // Said as it is chosen: the drawing shows it only to those who see it.
        <p className={styles.picked} aria-hidden="true">
          {part === "" ? "Nothing chosen yet." : `Chosen: ${shortNameOf(drawing, part)}`}
        </p>
      )}
      <Options
        name={name}
        legend={told ? "The reasons" : "What is it?"}
        options={options}
        several={false}
        hasKeys={false}
        chosen={[reason]}
        onChoose={(id) => onChoose([part, id])}
        told={told?.options}
      />
    </>
  );
}
