import type { Metadata } from "next";
import Link from "next/link";
import type { ItemFigures } from "@/lib/progress";
import { MINIMUM_TO_ACT, MINIMUM_TO_SHOW } from "@/lib/study/statistics";
import { bankStatistics } from "./read";
import { addressOf, arrange, type Column, hasEnough, isRanked, pressed, type View, viewOf } from "./sorting";
import styles from "./statistics.module.css";
import { coefficient, percent, remarksOn, stemOf } from "./words";

export const metadata: Metadata = { title: "Statistics of questions" };

const HEADS: readonly { readonly column: Column; readonly text: string; readonly isWide?: boolean }[] = [
  { column: "item", text: "Question" },
  { column: "answers", text: "First answers" },
  { column: "facility", text: "Facility" },
  { column: "discrimination", text: "Discrimination" },
  { column: "efficiency", text: "Efficiency", isWide: true },
  { column: "groups", text: "Best less worst", isWide: true },
  { column: "flags", text: "Says", isWide: true },
];

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

/** How the questions themselves do, from everybody's first answers. */
export default async function StatisticsPage({ searchParams }: Props) {
  const view = viewOf(await searchParams);
  const { learners, answers, items } = await bankStatistics();
  const enough = items.filter(hasEnough).length;
  const rows = arrange(items, view);
  return (
    <div className="page">
      <h1>Statistics of questions</h1>
      <p className="lead">
        How the questions themselves do, from the first answers of everybody who uses this installation: {answers}{" "}
        {answers === 1 ? "answer" : "answers"} by {learners} {learners === 1 ? "learner" : "learners"}. Only numbers are shown, and nothing
        leaves this server.
      </p>
      {enough === 0 ? <TooLittle items={items} /> : <p className={styles.note}>{enoughWords(enough, items.length)}</p>}
      <Meanings />
      <nav aria-label="Which questions" className={styles.shows}>
        {(
          [
            ["enough", "With enough answers"],
            ["flagged", "That need a look"],
            ["all", "All"],
          ] as const
        ).map(([show, text]) => (
          <Link
            key={show}
            href={addressOf({ ...view, show })}
            aria-current={view.show === show ? "true" : undefined}
            replace
            scroll={false}
          >
            {text}
          </Link>
        ))}
      </nav>
      {rows.length === 0 ? <p className={styles.note}>No question is among these.</p> : <Table rows={rows} view={view} />}
    </div>
  );
}

function TooLittle({ items }: { readonly items: readonly ItemFigures[] }) {
  const most = Math.max(0, ...items.map(({ statistics }) => statistics.count));
  return (
    <p className={styles.little}>
      There is too little to say yet. A question needs {MINIMUM_TO_SHOW} first answers before its figures mean anything, and the one that
      was met most has {most}.
    </p>
  );
}

function enoughWords(enough: number, all: number): string {
  return `${enough} of ${all} questions have the ${MINIMUM_TO_SHOW} first answers that figures need. From ${MINIMUM_TO_ACT} on it is also said what to do.`;
}

function Meanings() {
  return (
    <details className={styles.meanings}>
      <summary>What the figures mean</summary>
      <dl>
        <dt>First answers</dt>
        <dd>Only the first answer of each learner counts. Later ones say how well it was remembered.</dd>
        <dt>Facility</dt>
        <dd>The share who were right. Between 35 and 90 % is best.</dd>
        <dt>Discrimination</dt>
        <dd>
          Whether those who are right here are also right elsewhere: in the same exam, or in the same domain in practice. 0.30 and more is
          good; below 0 something is wrong with the question.
        </dd>
        <dt>Efficiency</dt>
        <dd>Discrimination as a share of the most that a question of this facility can have.</dd>
        <dt>Best less worst</dt>
        <dd>The share of the best 27 % who were right, less that of the worst 27 %.</dd>
      </dl>
      <p>Facility, discrimination and efficiency are reckoned as Moodle does.</p>
    </details>
  );
}

function Table({ rows, view }: { readonly rows: readonly ItemFigures[]; readonly view: View }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {HEADS.map(({ column, text, isWide }) => (
            <th
              key={column}
              scope="col"
              className={isWide ? styles.wide : undefined}
              aria-sort={view.sort === column ? (view.isDown ? "descending" : "ascending") : undefined}
            >
              <Link href={addressOf(pressed(view, column))} replace scroll={false} prefetch={false}>
                {text}
                <span aria-hidden="true" className={styles.arrow}>
                  {view.sort === column ? (view.isDown ? "↓" : "↑") : ""}
                </span>
              </Link>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <Row key={one.item.id} figures={one} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ figures }: { readonly figures: ItemFigures }) {
  const { item, statistics } = figures;
  const ranked = isRanked(figures);
  return (
    <tr>
      <th scope="row">
        <Link className={styles.code} href={`/statistics/${item.id}`} prefetch={false}>
          {item.id}
        </Link>{" "}
        <span className={styles.question}>{stemOf(figures)}</span>
        <span className={`${styles.says} ${styles.below}`}>
          <Remarks figures={figures} />
        </span>
      </th>
      <td>{statistics.count}</td>
      <td>{hasEnough(figures) ? percent(statistics.facility) : "–"}</td>
      <td>{ranked ? coefficient(statistics.discrimination) : "–"}</td>
      <td className={styles.wide}>{ranked ? coefficient(statistics.efficiency) : "–"}</td>
      <td className={styles.wide}>{ranked ? coefficient(statistics.upperLower) : "–"}</td>
      <td className={`${styles.says} ${styles.wide}`}>
        <Remarks figures={figures} />
      </td>
    </tr>
  );
}

function Remarks({ figures }: { readonly figures: ItemFigures }) {
  return remarksOn(figures).map(({ text, isGrave }) => (
    <span key={text} data-grave={isGrave ? "" : undefined}>
      {text}
    </span>
  ));
}
