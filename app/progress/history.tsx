import Link from "next/link";
import { EXAM_NAMES } from "@/app/exam/exam-names";
import { type Day, type History as HistoryData, isStudied } from "@/lib/progress";
import { Chart } from "./charts/chart";
import { shortDay } from "./charts/plot";
import { dateOf, plural, timeOf } from "./numbers";
import styles from "./progress.module.css";

const MONTH = 28;
const WEEK = 7;
/** So many days on which something was done stand open; those before fold away. */
const OPEN_DAYS = 7;

type Props = { readonly history: HistoryData; readonly titleOf: ReadonlyMap<string, string> };

/** What was done on which day, and how long it took. `titleOf` names labs. */
export function History({ history: { days, daysStudied, questionMs, labMs }, titleOf }: Props) {
  if (daysStudied === 0) return <p className={styles.note}>Nothing yet.</p>;
  const month = days.slice(-MONTH);
  const studied = (list: readonly Day[]): number => list.filter(isStudied).length;
  const done = [...days].reverse().filter(isStudied);
  return (
    <>
      <p className={styles.note}>
        You studied on {studied(days.slice(-WEEK))} of the last {WEEK} days and on {studied(month)} of the last {MONTH}; on{" "}
        {plural(daysStudied, "day")} in all. Time spent: {timeOf(questionMs)} on questions, {timeOf(labMs)} in labs.
      </p>
      <h3 className={styles.part}>Answers a day</h3>
      <Chart
        label="Answers on each of the last 28 days"
        plot={{
          kind: "bars",
          unit: "answers",
          everyName: WEEK,
          values: "highest",
          bars: month.map(({ date, answers }) => ({ name: shortDay(Date.parse(date)), title: shortDay(Date.parse(date)), value: answers })),
        }}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Answers</th>
              <th scope="col">Right</th>
            </tr>
          </thead>
          <tbody>
            {[...month].reverse().map(({ date, answers, right }) => (
              <tr key={date}>
                <th scope="row">{dateOf(date)}</th>
                <td>{answers}</td>
                <td>{right}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Chart>
      <h3 className={styles.part}>Time a week</h3>
      <Time days={days} />
      <h3 className={styles.part}>Day by day</h3>
      {done.length === 0 ? (
        <p className={styles.note}>Nothing in the last twelve weeks.</p>
      ) : (
        <>
          <Days days={done.slice(0, OPEN_DAYS)} titleOf={titleOf} />
          {done.length > OPEN_DAYS && (
            <details className={styles.more}>
              <summary>{plural(done.length - OPEN_DAYS, "earlier day")}</summary>
              <Days days={done.slice(OPEN_DAYS)} titleOf={titleOf} />
            </details>
          )}
          <p className={styles.note}>
            A day ends at midnight UTC. Time in a lab counts on the day on which it was begun, and a pause counts five minutes at most.
          </p>
        </>
      )}
    </>
  );
}

function Time({ days }: { readonly days: readonly Day[] }) {
  const minutes = (ms: number): number => Math.round(ms / 60_000);
  const weeks = Array.from({ length: days.length / WEEK }, (_, at) => days.slice(at * WEEK, (at + 1) * WEEK)).map((week) => ({
    from: week[0]?.date ?? "",
    questions: minutes(week.reduce((sum, { questionMs }) => sum + questionMs, 0)),
    labs: minutes(week.reduce((sum, { labMs }) => sum + labMs, 0)),
  }));
  return (
    <Chart
      label="Minutes spent in each of the last twelve weeks, on questions and in labs"
      plot={{
        kind: "bars",
        unit: "min",
        parts: ["questions", "labs"],
        everyName: 3,
        values: "all",
        bars: weeks.map(({ from, questions, labs }) => ({
          name: shortDay(Date.parse(from)),
          title: `Week from ${shortDay(Date.parse(from))}`,
          value: questions,
          more: labs,
        })),
      }}
      note="Minutes. Full: questions; hatched: labs."
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Week from</th>
            <th scope="col">Questions</th>
            <th scope="col">Labs</th>
          </tr>
        </thead>
        <tbody>
          {[...weeks].reverse().map(({ from, questions, labs }) => (
            <tr key={from}>
              <th scope="row">{dateOf(from)}</th>
              <td>{questions} min</td>
              <td>{labs} min</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Chart>
  );
}

function Days({ days, titleOf }: { readonly days: readonly Day[]; readonly titleOf: ReadonlyMap<string, string> }) {
  return (
    <ol className={styles.days}>
      {days.map((day) => (
        <li key={day.date}>
          <time dateTime={day.date}>{dateOf(day.date)}</time>
          <ul>
            {day.answers > 0 && (
              <li>
                {plural(day.answers, "answer")}, {day.right} right
              </li>
            )}
            {day.reviews > 0 && <li>{plural(day.reviews, "repetition")}</li>}
            {day.exams.map(({ id, kind, state, right, total }) => (
              <li key={id}>
                <Link href={`/exam/${id}`}>{EXAM_NAMES[kind]}</Link>: {state === "finished" ? `${right} of ${total} right` : state}
              </li>
            ))}
            {day.labsDone.map((lab) => (
              <li key={lab}>
                Lab done: <Link href={`/labs/${lab}`}>{titleOf.get(lab) ?? lab}</Link>
              </li>
            ))}
            {day.labsBegun
              .filter((lab) => !day.labsDone.includes(lab))
              .map((lab) => (
                <li key={lab}>
                  Lab begun: <Link href={`/labs/${lab}`}>{titleOf.get(lab) ?? lab}</Link>
                </li>
              ))}
          </ul>
          <span className={styles.spent}>{timeOf(day.questionMs + day.labMs)}</span>
        </li>
      ))}
    </ol>
  );
}
