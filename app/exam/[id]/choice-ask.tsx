"use client";

import { useId, useState } from "react";
import { InlineMarkdown } from "@/app/_components/markdown";
import { useKeys } from "@/app/_components/use-keys";
import practice from "@/app/quiz/[set]/practice-set.module.css";
import type { Ask, ReplyBody } from "@/lib/progress";

type Props = {
  readonly ask: Extract<Ask, { readonly format: "choice" }>;
  readonly isBusy: boolean;
  readonly onReply: (body: ReplyBody) => void;
};

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six"];

/** A question that is answered by choosing. Options are known by their place alone. */
export function ChoiceAsk({ ask, isBusy, onReply }: Props) {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const name = useId();
  const isReady = chosen.length === ask.choose && !isBusy;

  const choose = (at: number): void => {
    if (!ask.several) setChosen([at]);
    else setChosen((before) => (before.includes(at) ? before.filter((other) => other !== at) : [...before, at]));
  };
  const send = (): void => {
    if (isReady) onReply({ place: ask.place, step: 0, chosen: [...chosen] });
  };

  useKeys((key) => {
    if (key === "Enter") {
      send();
      return true;
    }
    const at = /^[1-9]$/.test(key) ? Number(key) - 1 : ask.options.length;
    if (at < ask.options.length) choose(at);
    return at < ask.options.length;
  });

  return (
    <>
      <fieldset className={practice.options}>
        <legend>{ask.several ? `Choose ${NUMBERS[ask.choose] ?? ask.choose}` : "Choose one"}</legend>
        {ask.options.map((text, at) => (
          <div key={at} className={practice.option} data-chosen={chosen.includes(at) ? "" : undefined}>
            <label>
              <input
                type={ask.several ? "checkbox" : "radio"}
                name={name}
                checked={chosen.includes(at)}
                aria-keyshortcuts={`${at + 1}`}
                onChange={() => choose(at)}
              />
              <span className={practice.mark} aria-hidden="true">
                {at + 1}
              </span>
              <span>
                <InlineMarkdown text={text} />
              </span>
            </label>
          </div>
        ))}
      </fieldset>
      <div className={practice.verdict}>
        <button type="button" className="button" disabled={!isReady} onClick={send}>
          Answer <kbd>Enter</kbd>
        </button>
      </div>
    </>
  );
}
