import { Chart } from "../progress/charts/chart";
import { shortDay } from "../progress/charts/plot";
import styles from "./forecast.module.css";

type Props = { readonly counts: readonly number[] /** When the first day begins. */; readonly from: number };

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** How many cards fall due in each of the next days, and the same as a file for a calendar. */
export function Forecast({ counts, from }: Props) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return <p className={styles.note}>Nothing falls due in the next {counts.length} days.</p>;
  const days = counts.map((count, at) => {
    const start = from + at * 86_400_000;
    const weekday = WEEKDAYS[new Date(start).getUTCDay()] ?? "";
    return { count, start, name: at === 0 ? "Now" : weekday, title: at === 0 ? "Within a day from now" : `${weekday} ${shortDay(start)}` };
  });
  return (
    <>
      <Chart
        label={`Cards that fall due in each of the next ${counts.length} days`}
        plot={{
          kind: "bars",
          unit: "due",
          everyName: 1,
          values: "all",
          bars: days.map(({ count, name, title }) => ({ name, title, value: count })),
        }}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Within a day from</th>
              <th scope="col">Due</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ count, start, title }) => (
              <tr key={start}>
                <th scope="row">{title}</th>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Chart>
      <p className={styles.note}>
        <a href="/api/calendar" download>
          Due reviews for your calendar
        </a>{" "}
        (.ics): one event a day with the number due. A newer file replaces an older one.
      </p>
    </>
  );
}
