import styles from "./forecast.module.css";

type Props = { readonly counts: readonly number[] /** When the first day begins. */; readonly from: number };

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** How many cards fall due in each of the next days: bars, and the same as a table. */
export function Forecast({ counts, from }: Props) {
  const most = Math.max(...counts, 1);
  const days = counts.map((count, at) => {
    const day = new Date(from + at * 86_400_000);
    return { count, date: day.toISOString().slice(0, 10), name: at === 0 ? "Now" : (WEEKDAYS[day.getUTCDay()] ?? "") };
  });
  return (
    <figure className={styles.figure}>
      <div className={styles.bars} aria-hidden="true">
        {days.map(({ count, date, name }, at) => (
          <div key={date} className={styles.day} data-now={at === 0 ? "" : undefined}>
            <span className={styles.count}>{count || ""}</span>
            <span className={styles.bar} style={{ height: `${Math.round((72 * count) / most)}px` }} />
            <span className={styles.name}>{name}</span>
          </div>
        ))}
      </div>
      <details>
        <summary>As a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Within a day from</th>
              <th scope="col">Due</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ count, date, name }) => (
              <tr key={date}>
                <th scope="row">
                  {name} {date}
                </th>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
