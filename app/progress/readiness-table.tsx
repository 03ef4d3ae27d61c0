import type { Standing } from "@/lib/progress";
import { MasteryBar } from "./mastery-bar";
import styles from "./progress.module.css";

type Props = { readonly rows: Standing["readiness"]; readonly passMark: number };

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Which score to expect, how sure that is, and the chance to reach the pass mark. */
export function ReadinessTable({ rows, passMark }: Props) {
  const tentative = rows.filter(({ readiness }) => readiness.isTentative);
  return (
    <>
      <p className={styles.note}>
        The score to expect if the exam were now, with its range four times in five. The red line is your pass mark of {passMark} %; the
        real one is not published.
      </p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Exam</th>
            <th scope="col" className={styles.bar}>
              <span className="visually-hidden">Estimate</span>
            </th>
            <th scope="col">Score</th>
            <th scope="col">Range</th>
            <th scope="col">Chance</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, readiness }) => (
            <tr key={title}>
              <th scope="row">
                {title}
                {readiness.isTentative && <span className={styles.tentative}>tentative</span>}
                <span className={styles.below}>
                  <MasteryBar mean={readiness.expected} low={readiness.low} high={readiness.high} mark={passMark / 100} />
                </span>
              </th>
              <td className={styles.bar}>
                <MasteryBar mean={readiness.expected} low={readiness.low} high={readiness.high} mark={passMark / 100} />
              </td>
              <td>{percent(readiness.expected)}</td>
              <td className={styles.range}>
                {Math.round(100 * readiness.low)}–{percent(readiness.high)}
              </td>
              <td>{percent(readiness.chance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {tentative.length > 0 && (
        <p className={styles.note}>
          Tentative: in at least one domain there are fewer than five answers&rsquo; worth of evidence, so the estimate is mostly a guess.
        </p>
      )}
    </>
  );
}
