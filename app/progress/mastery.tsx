import type { Standing } from "@/lib/progress";
import { Chart } from "./charts/chart";
import { shortDay } from "./charts/plot";
import { MasteryTable } from "./mastery-table";
import { percentOf, rangeOf } from "./numbers";
import { Panels } from "./panels";
import styles from "./progress.module.css";

type Props = Pick<Standing, "domains" | "topics" | "objectives" | "courses">;

/** What would probably be answered rightly, by domain, topic and objective, and how that went. */
export function Mastery({ domains, topics, objectives, courses }: Props) {
  const rowsOf = (domain: string) => objectives.filter(({ id }) => id.startsWith(`${domain}.`));
  const courseOf = (domain: string) => courses.find(({ id }) => id === domain);
  const first = [...domains].sort((a, b) => b.seen - a.seen)[0]?.id ?? "D4";
  return (
    <>
      <p className={styles.note}>
        The share of such questions that you would probably answer rightly. The line is the range in which that share lies four times in
        five: it gets shorter the more you answer. Without answers it is that of guessing; older answers and repetitions count for less.
      </p>
      <MasteryTable caption="Domain" rows={domains} />
      <MasteryTable caption="Topic" rows={topics} setOf={(id) => id} />
      <h3 className={styles.part}>One domain closer</h3>
      <Panels
        label="Domain"
        first={first}
        panels={domains.map(({ id, title }) => ({ id, title, content: <Domain title={title} rows={rowsOf(id)} course={courseOf(id)} /> }))}
      />
    </>
  );
}

type DomainProps = {
  readonly title: string;
  readonly rows: Standing["objectives"];
  readonly course: Standing["courses"][number] | undefined;
};

function Domain({ title, rows, course }: DomainProps) {
  return (
    <>
      <Objectives title={title} rows={rows} />
      {course && (
        <>
          <h4 className={styles.part}>{title} over time</h4>
          <Course course={course} />
        </>
      )}
    </>
  );
}

function Objectives({ title, rows }: { readonly title: string; readonly rows: Standing["objectives"] }) {
  return (
    <Chart
      label={`Mastery of each objective of ${title.toLowerCase()}, with its range`}
      plot={{
        kind: "estimates",
        rows: rows.map(({ id, title: name, seen, mastery }) => ({
          id,
          title: name.replaceAll("`", ""),
          mean: percentOf(mastery.mean),
          low: percentOf(mastery.low),
          high: percentOf(mastery.high),
          isOpen: seen === 0,
        })),
      }}
    >
      <MasteryTable caption="Objective" rows={rows} setOf={(id) => `objective-${id}`} />
    </Chart>
  );
}

function Course({ course: { title, points } }: { readonly course: Standing["courses"][number] }) {
  return (
    <Chart
      label={`Mastery of ${title.toLowerCase()} over the last weeks, with its range`}
      plot={{
        kind: "course",
        points: points.map(({ at, mean, low, high }) => ({ at, mean: percentOf(mean), low: percentOf(low), high: percentOf(high) })),
      }}
      note="The line is the estimate, the grey band its range. It falls slowly while you don't answer, because old answers say less about today."
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Share</th>
            <th scope="col">Range</th>
          </tr>
        </thead>
        <tbody>
          {[...points].reverse().map((point) => (
            <tr key={point.at}>
              <th scope="row">{shortDay(point.at)}</th>
              <td>{percentOf(point.mean)} %</td>
              <td>{rangeOf(point)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Chart>
  );
}
