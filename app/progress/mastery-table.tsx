import Link from "next/link";
import { InlineMarkdown } from "../_components/markdown";
import type { MasteryRow } from "@/lib/progress";
import { MasteryBar } from "./mastery-bar";
import styles from "./progress.module.css";

type Props = {
  readonly caption: string;
  readonly rows: readonly MasteryRow[] /** The practice set of one, when there is. */;
  readonly setOf?: (id: string) => string;
};

export function MasteryTable({ caption, rows, setOf }: Props) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{caption}</th>
          <th scope="col" className={styles.bar}>
            <span className="visually-hidden">Estimate</span>
          </th>
          <th scope="col">Share</th>
          <th scope="col">Range</th>
          <th scope="col" className={styles.answers}>
            Seen
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, title, items, seen, mastery }) => (
          <tr key={id} data-new={seen === 0 ? "" : undefined}>
            <th scope="row">
              <span className={styles.code}>{id}</span>
              {setOf ? (
                <Link href={`/quiz/${setOf(id)}`}>
                  <InlineMarkdown text={title} />
                </Link>
              ) : (
                title
              )}
              <span className={styles.below}>
                <MasteryBar {...mastery} />
              </span>
            </th>
            <td className={styles.bar}>
              <MasteryBar {...mastery} />
            </td>
            <td>{seen === 0 ? "–" : `${Math.round(100 * mastery.mean)} %`}</td>
            <td className={styles.range}>
              {Math.round(100 * mastery.low)}–{Math.round(100 * mastery.high)} %
            </td>
            <td className={styles.answers}>
              {seen}/{items}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
