import Link from "next/link";
import { LazyPlot } from "@/app/progress/charts/lazy-plot";
import type { ExamResult } from "@/lib/progress";
import { dayOf, EXAM_NAMES, percent } from "./exam-names";
import styles from "./exam.module.css";

/** Exams, newest first; their scores also as a picture, once there are two to compare. */
export function ExamHistory({ results, passMark }: { readonly results: readonly ExamResult[]; readonly passMark: number }) {
  if (results.length === 0) return <p className={styles.note}>None yet.</p>;
  const marked = results.filter(({ state, total }) => state === "finished" && total > 0).reverse();
  return (
    <>
      {marked.length > 1 && (
        <figure className={styles.scores}>
          <LazyPlot
            label="Scores of your exams over time, and your pass mark; the table below has the same"
            plot={{
              kind: "scores",
              passMark,
              points: marked.map(({ kind, startedAt, right, total }) => ({
                at: startedAt.getTime(),
                score: percent(right, total),
                name: EXAM_NAMES[kind],
                exam: kind,
              })),
            }}
          />
          <figcaption className={styles.note}>Scores in percent. Square: full exam; disc: networking exam; ring: drill.</figcaption>
        </figure>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Exam</th>
            <th scope="col">Right</th>
            <th scope="col">Score</th>
            <th scope="col" className={styles.wide}>
              Result
            </th>
          </tr>
        </thead>
        <tbody>
          {results.map(({ id, kind, state, startedAt, right, total }) => {
            const isMarked = state === "finished";
            return (
              <tr key={id}>
                <th scope="row">
                  <Link href={`/exam/${id}`}>{EXAM_NAMES[kind]}</Link> <span className={styles.day}>{dayOf(startedAt)}</span>
                </th>
                <td>{isMarked ? `${right}/${total}` : "–"}</td>
                <td>{isMarked ? `${percent(right, total)} %` : "–"}</td>
                <td className={styles.wide}>
                  {isMarked ? (percent(right, total) >= passMark ? `at or above ${passMark} %` : `below ${passMark} %`) : state}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}
