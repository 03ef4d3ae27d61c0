import type { ReactNode } from "react";
import { RightIcon, WrongIcon } from "@/app/_components/icons";
import { InlineMarkdown } from "@/app/_components/markdown";
import { Reference } from "@/app/_components/reference";
import { Words } from "@/app/_components/words";
import type { Labelled, ToldOption } from "@/lib/practice/items";
import styles from "../[set]/practice-set.module.css";

type Props = {
  /** Shared by the radio buttons of one group. */
  readonly name: string;
  readonly legend: ReactNode;
  readonly options: readonly Labelled[];
  readonly several: boolean;
  /** Digits choose: they stand in the marks. */
  readonly hasKeys: boolean;
  readonly chosen: readonly string[];
  readonly onChoose: (id: string) => void;
  readonly told: readonly ToldOption[] | undefined;
};

/** Options to be chosen from; answered, each has its verdict and its reason. */
export function Options({ name, legend, options, several, hasKeys, chosen, onChoose, told }: Props) {
  return (
    <fieldset className={styles.options}>
      <legend className={told && hasKeys ? "visually-hidden" : undefined}>{legend}</legend>
      {options.map(({ id, text }, at) => {
        const verdict = told?.find((option) => option.id === id);
        const isChosen = chosen.includes(id);
        return (
          <div
            key={id}
            className={styles.option}
            data-chosen={isChosen ? "" : undefined}
            data-told={verdict ? (verdict.key ? "right" : "wrong") : undefined}
          >
            <label>
              <input
                type={several ? "checkbox" : "radio"}
                name={name}
                checked={isChosen}
                // Answered, it stays readable but does not change.
                aria-disabled={verdict ? true : undefined}
                aria-keyshortcuts={hasKeys ? `${at + 1}` : undefined}
                onChange={() => onChoose(id)}
              />
              <span className={styles.mark} aria-hidden="true">
                {verdict ? verdict.key ? <RightIcon /> : <WrongIcon /> : hasKeys ? at + 1 : ""}
              </span>
              <div className={styles.text}>
                <Words text={text} />
              </div>
            </label>
            {verdict && <Why verdict={verdict} isChosen={isChosen} />}
          </div>
        );
      })}
    </fieldset>
  );
}

function Why({ verdict: { key, why, refs }, isChosen }: { readonly verdict: ToldOption; readonly isChosen: boolean }) {
  return (
    <div className={styles.why}>
      <p>
        <strong>{key ? "Right" : "Wrong"}</strong>
        {isChosen ? ", your choice. " : key ? ", and not chosen. " : ". "}
        <InlineMarkdown text={why} />
      </p>
      {refs?.map((reference) => (
        <p key={reference} className={styles.ref}>
          <Reference reference={reference} />
        </p>
      ))}
    </div>
  );
}
