import type { Standing } from "@/lib/progress";
import { Chart } from "./charts/chart";
import { percentOf, rangeOf } from "./numbers";
import styles from "./progress.module.css";

type Props = { readonly rows: Standing["readiness"]; readonly passMark: number };

/** Which score to expect, how sure that is, and the chance to reach the pass mark. */
export function Readiness({ rows, passMark }: Props) {
  return (
    <>
      <p className={styles.note}>
        The score to expect if the exam were now, on questions that are new to you. Of ten people with answers like yours, about eight would
        score within the range.
      </p>
      <Chart
        label="Expected score of each exam, with its range and your pass mark"
        plot={{
          kind: "estimates",
          rows: rows.map(({ title, readiness: { expected, low, high } }) => ({
            id: title,
            title,
            mean: percentOf(expected),
            low: percentOf(low),
            high: percentOf(high),
          })),
          mark: { at: passMark, text: `pass mark ${passMark} %` },
        }}
        note={<Words rows={rows} passMark={passMark} />}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Exam</th>
              <th scope="col">Score</th>
              <th scope="col">Range</th>
              <th scope="col">Chance to pass</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ title, readiness }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td>{percentOf(readiness.expected)} %</td>
                <td>{rangeOf(readiness)}</td>
                <td>{percentOf(readiness.chance)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Chart>
    </>
  );
}

function Words({ rows, passMark }: Props) {
  const tentative = rows.filter(({ readiness }) => readiness.isTentative).map(({ title }) => title.toLowerCase());
  return (
    <>
      {rows.map(({ title, readiness }) => `${title}: ${percentOf(readiness.chance)} % chance to reach ${passMark} %. `)}
      {tentative.length > 0 &&
        `Tentative for the ${tentative.join(" and the ")}: in at least one domain you have given too few answers, so this is mostly a guess. `}
      Answers in one domain say a little about the others. A question that you answer again counts for less, since you may remember it. The
      real pass mark is not published; yours is a setting of the exam page.
    </>
  );
}
