import { InlineMarkdown } from "@/app/_components/markdown";
import type { Answer, Labelled } from "@/lib/practice/items";
import styles from "./formats.module.css";

type Props = {
  readonly steps: readonly Labelled[];
  readonly chosen: readonly string[];
  readonly told: Extract<Answer, { readonly format: "order" }>;
};

/** What came of an order: the pairs that stood the wrong way round, an order that is right, and why each step stands there. */
export function OrderTold({ steps, chosen, told }: Props) {
  const isRight = told.broken.length === 0;
  // Of several orders that are right, the learner's own.
  const order = isRight ? chosen : told.order;
  const textOf = (id: string): string => steps.find((step) => step.id === id)?.text ?? id;
  return (
    <section className={styles.block}>
      {!isRight && (
        <>
          <h3 className={styles.hint}>{told.broken.length === 1 ? "One pair stood" : "These stood"} the wrong way round</h3>
          <ul className={styles.broken}>
            {told.broken.map(([first, then]) => (
              <li key={`${first} ${then}`}>
                <span>
                  <InlineMarkdown text={textOf(first)} />
                </span>
                <span>
                  <em>comes before</em> <InlineMarkdown text={textOf(then)} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3 className={styles.hint}>{isRight ? "Your order, and why" : "An order that is right, and why"}</h3>
      <ol className={styles.steps} data-told="">
        {order.map((id, at) => {
          const place = chosen.indexOf(id);
          return (
            <li key={id}>
              <span className={styles.grip} aria-hidden="true">
                {at + 1}
              </span>
              <div>
                <p>
                  <InlineMarkdown text={textOf(id)} />
                </p>
                <p className={styles.because}>
                  {place !== at && <span className={styles.yours}>You had it at {place + 1}. </span>}
                  <InlineMarkdown text={told.steps.find((step) => step.id === id)?.why ?? ""} />
                </p>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
