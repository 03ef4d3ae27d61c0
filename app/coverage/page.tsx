import type { Metadata } from "next";
import Link from "next/link";
import { InlineMarkdown } from "../_components/markdown";
import { allItems, allLabs, allLessons } from "../_server/content";
import { COLUMNS, type Counts, coverageOf } from "./coverage";
import styles from "./coverage.module.css";

export const metadata: Metadata = { title: "Coverage" };

/** What there is for each objective of the exam's guide. */
export default async function CoveragePage() {
  const [items, labs, lessons] = await Promise.all([allItems(), allLabs(), allLessons()]);
  const { domains, total } = coverageOf({ items, labs, lessons });
  return (
    <div className="page">
      <h1>Coverage of the exam</h1>
      <p className="lead">
        {items.length} questions, {lessons.length} lessons and {labs.length} labs, by the objectives of the exam’s guide. One thing may bear
        on several objectives; in the line of its domain it counts once.
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- on a phone it scrolls sideways */}
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Coverage by objective">
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Objective</th>
              {COLUMNS.map(({ key, title }) => (
                <th key={key} scope="col" className={styles.number}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          {domains.map((domain) => (
            <tbody key={domain.id}>
              <tr className={styles.domain}>
                <th scope="rowgroup">
                  <span className={styles.code}>{domain.id}</span> {domain.title}
                </th>
                <Numbers counts={domain.total} />
              </tr>
              {domain.rows.map((objective) => (
                <tr key={objective.id}>
                  <th scope="row">
                    <span className={styles.objective}>
                      <span className={styles.code}>{objective.id}</span>
                      {objective.single + objective.several > 0 ? (
                        <Link href={`/quiz/objective-${objective.id}`}>
                          <InlineMarkdown text={objective.title} />
                        </Link>
                      ) : (
                        <span>
                          <InlineMarkdown text={objective.title} />
                        </span>
                      )}
                    </span>
                  </th>
                  <Numbers counts={objective} />
                </tr>
              ))}
            </tbody>
          ))}
          <tfoot>
            <tr className={styles.domain}>
              <th scope="row">Everything</th>
              <Numbers counts={total} />
            </tr>
          </tfoot>
        </table>
      </div>
    </div>
  );
}

function Numbers({ counts }: { readonly counts: Counts }) {
  return COLUMNS.map(({ key }) => (
    <td key={key} className={styles.number} data-none={counts[key] === 0 ? "" : undefined}>
      {counts[key]}
    </td>
  ));
}
