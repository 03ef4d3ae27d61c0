"use client";

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { InlineMarkdown } from "@/app/_components/markdown";
import { parseInline, textOf } from "@/app/_components/markdown-parse";
import type { Labelled } from "@/lib/practice/items";
import type { FormatProps } from "./answering";
import { DownIcon, UpIcon } from "./icons";
import { moved } from "./moved";
import styles from "./formats.module.css";
import { OrderTold } from "./order-told";
import { useDrag } from "./use-drag";

type Way = -1 | 1;

/** Steps to be put in order: by their buttons, with Alt and an arrow, or by dragging. */
export function Order({ question: { steps }, chosen, onChoose, told }: FormatProps<"order">) {
  const list = useRef<HTMLOListElement>(null);
  /** The button to be focused once its step stands at its new place: a node that is moved loses the focus. */
  const refocus = useRef<{ readonly id: string; readonly way: Way }>(undefined);
  const [said, setSaid] = useState("");
  const inOrder = chosen.flatMap((id) => steps.filter((step) => step.id === id));
  const hint = useId();

  const put = (id: string, place: number): void => {
    const next = moved(chosen, id, place);
    if (next === chosen) return;
    onChoose(next);
    const step = steps.find((candidate) => candidate.id === id);
    setSaid(`Place ${place + 1} of ${steps.length}: ${step ? wordsOf(step) : ""}`);
  };
  const { dragged, ...drag } = useDrag(list, chosen, put);

  useEffect(() => {
    const focused = refocus.current;
    if (focused) buttonOf(list.current, focused.id, focused.way)?.focus();
    refocus.current = undefined;
  }, [chosen]);

  if (told) return <OrderTold steps={steps} chosen={chosen} told={told} />;

  const step = (id: string, way: Way, keep: Way): void => {
    const place = chosen.indexOf(id) + way;
    if (place < 0 || place >= chosen.length) return;
    refocus.current = { id, way: keep };
    put(id, place);
  };
  const onKeyDown = (event: KeyboardEvent, id: string): void => {
    const way: Way | undefined = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : undefined;
    if (way === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const own: Way = event.target instanceof HTMLElement && event.target.dataset.way === "-1" ? -1 : 1;
    if (event.altKey) step(id, way, own);
    else buttonOf(list.current, chosen[chosen.indexOf(id) + way] ?? id, own)?.focus();
  };

  return (
    <section className={styles.block} aria-labelledby={hint}>
      <p className={styles.hint} id={hint}>
        Put them in order<span className={styles.fine}>: drag, use the arrows, or hold Alt and press ↑ or ↓</span>
      </p>
      <ol className={styles.steps} ref={list} {...drag}>
        {inOrder.map((one, at) => (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the two buttons in it
          <li
            key={one.id}
            data-step={one.id}
            data-dragged={dragged === one.id ? "" : undefined}
            onKeyDown={(event) => onKeyDown(event, one.id)}
          >
            <span className={styles.grip} data-grip="" aria-hidden="true">
              {at + 1}
            </span>
            <span className={styles.stepText}>
              <InlineMarkdown text={one.text} />
            </span>
            <span className={styles.moves}>
              {([-1, 1] as const).map((way) => (
                <button
                  key={way}
                  type="button"
                  data-way={way}
                  aria-label={`${way < 0 ? "Up" : "Down"}: ${wordsOf(one)}`}
                  aria-keyshortcuts={way < 0 ? "Alt+ArrowUp" : "Alt+ArrowDown"}
                  // Not `disabled`: it would lose the focus when its step arrives at the end.
                  aria-disabled={at + way < 0 || at + way >= inOrder.length}
                  onClick={() => step(one.id, way, way)}
                >
                  {way < 0 ? <UpIcon /> : <DownIcon />}
                </button>
              ))}
            </span>
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {said}
      </p>
    </section>
  );
}

const wordsOf = ({ text }: Labelled): string => textOf(parseInline(text));

function buttonOf(list: HTMLElement | null, id: string, way: Way): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-step="${id}"] [data-way="${way}"]`) ?? null;
}
