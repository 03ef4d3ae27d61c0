import type { Standing } from "@/lib/progress";
import styles from "./progress.module.css";

/** The last four weeks, a square a day; fuller is more answers. The same stands in a table. */
export function Calendar({ days }: { readonly days: Standing["days"] }) {
  const studied = days.filter(({ answers }) => answers > 0);
  return (
    <>
      <div className={styles.calendar} aria-hidden="true">
        {days.map(({ date, answers }) => (
          <span key={date} data-level={answers === 0 ? 0 : answers < 10 ? 1 : answers < 30 ? 2 : 3} />
        ))}
      </div>
      <p className={styles.ends} aria-hidden="true">
        <span>four weeks ago</span>
        <span>today</span>
      </p>
      <details className={styles.more}>
        <summary>As a table</summary>
        {studied.length === 0 ? (
          <p className={styles.note}>No answers in the last four weeks.</p>
        ) : (
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">Answers</th>
              </tr>
            </thead>
            <tbody>
              {studied.map(({ date, answers }) => (
                <tr key={date}>
                  <th scope="row">{date}</th>
                  <td>{answers}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </details>
    </>
  );
}
