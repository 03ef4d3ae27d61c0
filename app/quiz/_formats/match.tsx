"use client";

import { useId } from "react";
import { RightIcon, WrongIcon } from "@/app/_components/icons";
import { InlineMarkdown } from "@/app/_components/markdown";
import { parseInline, textOf } from "@/app/_components/markdown-parse";
import type { FormatProps } from "./answering";
import { DownIcon } from "./icons";
import styles from "./formats.module.css";

/** Pairs: each of the left side gets one of the right. One of the right may go with several of the left, or with none. */
export function Match({ question: { left, right }, chosen, onChoose, told }: FormatProps<"match">) {
  const name = useId();
  const given = new Map(chosen.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
  const rightText = (id: string | undefined): string => right.find((one) => one.id === id)?.text ?? "";

  const pair = (id: string, partner: string): void => {
    const next = new Map(given).set(id, partner);
    // In the order shown, and without those that were taken back.
    onChoose(left.flatMap((one) => (next.get(one.id) ? [`${one.id}=${next.get(one.id)}`] : [])));
  };

  if (told) {
    const count = told.pairs.filter((one) => given.get(one.left) === one.right).length;
    return (
      <section className={styles.block}>
        <h3 className={styles.hint}>
          {count} of {left.length} right
        </h3>
        <ul className={styles.pairs} data-told="">
          {left.map(({ id, text }) => {
            const truth = told.pairs.find((one) => one.left === id);
            const isRight = given.get(id) === truth?.right;
            return (
              <li key={id} data-right={isRight ? "" : undefined}>
                <span className={styles.sign}>
                  {isRight ? <RightIcon /> : <WrongIcon />}
                  <span className="visually-hidden">{isRight ? "Right:" : "Wrong:"}</span>
                </span>
                <div className={styles.pair}>
                  <p>
                    <InlineMarkdown text={text} />
                  </p>
                  <div>
                    <p>
                      <InlineMarkdown text={rightText(truth?.right)} />
                    </p>
                    {!isRight && (
                      <p className={styles.because}>
                        <span className={styles.yours}>Your choice:</span> <InlineMarkdown text={rightText(given.get(id))} />
                      </p>
                    )}
                    <p className={styles.because}>
                      <InlineMarkdown text={truth?.why ?? ""} />
                    </p>
                  </div>
                </div>
              </li>
            );
          })}
        </ul>
      </section>
    );
  }

  return (
    <fieldset className={styles.block}>
      <legend className={styles.hint}>Choose for each what goes with it</legend>
      <ul className={styles.pairs}>
        {left.map(({ id, text }) => (
          <li key={id} className={styles.pair}>
            <label htmlFor={`${name}${id}`}>
              <InlineMarkdown text={text} />
            </label>
            {/* The closed list would cut a long text off: what is chosen is shown over it, and wraps. */}
            <div className={styles.pick} data-open={given.has(id) ? undefined : ""}>
              <span aria-hidden="true">{given.has(id) ? <InlineMarkdown text={rightText(given.get(id))} /> : "Choose…"}</span>
              <DownIcon />
              <select id={`${name}${id}`} value={given.get(id) ?? ""} onChange={(event) => pair(id, event.target.value)}>
                <option value="">Choose…</option>
                {right.map((one) => (
                  <option key={one.id} value={one.id}>
                    {textOf(parseInline(one.text))}
                  </option>
                ))}
              </select>
            </div>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
