import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { RightIcon } from "@/app/_components/icons";
import { InlineMarkdown, Markdown } from "@/app/_components/markdown";
import { isChoice } from "@/lib/content/schema";
import type { ItemFigures } from "@/lib/progress";
import { MINIMUM_TO_ACT, MINIMUM_TO_SHOW } from "@/lib/study/statistics";
import { bankStatistics } from "../read";
import { hasEnough, isRanked } from "../sorting";
import styles from "../statistics.module.css";
import { coefficient, DISTRACTORS, FLAGS, percent } from "../words";

type Props = { readonly params: Promise<{ readonly item: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Statistics of ${(await params).item}` };
}

/** One question: its figures, and how often each of its options was taken, and by whom. */
export default async function ItemStatisticsPage({ params }: Props) {
  const { item: id } = await params;
  const figures = (await bankStatistics()).items.find(({ item }) => item.id === id);
  if (!figures) notFound();
  const { item, statistics, flags } = figures;
  return (
    <div className={`page ${styles.narrow}`}>
      <p className={styles.back}>
        <Link href="/statistics">Statistics of questions</Link>
      </p>
      <h1>{item.id}</h1>
      <div className={styles.stem}>
        <Markdown text={item.stem} />
      </div>
      <p className={styles.note}>
        {item.objectives.join(", ")} · difficulty {item.difficulty} of 5, by its author · revision {item.rev} ·{" "}
        <Link href={`/quiz/item-${item.id}`}>the question itself</Link>
      </p>
      {hasEnough(figures) ? (
        <>
          {flags.length > 0 && (
            <ul className={styles.flags}>
              {flags.map((flag) => (
                <li key={flag} data-grave={FLAGS[flag].isGrave ? "" : undefined}>
                  {FLAGS[flag].sentence}
                </li>
              ))}
            </ul>
          )}
          {statistics.count < MINIMUM_TO_ACT && (
            <p className={styles.note}>Below {MINIMUM_TO_ACT} first answers the figures may still be chance: don’t act on them yet.</p>
          )}
          <Figures figures={figures} />
          <Options figures={figures} />
          <Positions figures={figures} />
        </>
      ) : (
        <p className={styles.little}>
          There is too little to say yet: {statistics.count} first {statistics.count === 1 ? "answer" : "answers"} to this revision, and
          figures need {MINIMUM_TO_SHOW}.
        </p>
      )}
    </div>
  );
}

function Figures({ figures }: { readonly figures: ItemFigures }) {
  const { statistics } = figures;
  const { byChoice, oneByOne } = statistics;
  const ranked = isRanked(figures);
  const both = byChoice.count > 0 && oneByOne.count > 0;
  return (
    <dl className={styles.figures}>
      <div>
        <dt>First answers</dt>
        <dd>{statistics.count}</dd>
      </div>
      <div>
        <dt>Facility</dt>
        <dd>{percent(statistics.facility)}</dd>
        {both && (
          <dd className={styles.small}>
            by choosing {percent(byChoice.facility)} of {byChoice.count}, one by one {percent(oneByOne.facility)} of {oneByOne.count}
          </dd>
        )}
      </div>
      <div>
        <dt>Discrimination</dt>
        <dd>{ranked ? coefficient(statistics.discrimination) : "–"}</dd>
        {!ranked && <dd className={styles.small}>only {statistics.ranked} of the learners have answered enough else to be compared</dd>}
      </div>
      <div>
        <dt>Efficiency</dt>
        <dd>{ranked ? coefficient(statistics.efficiency) : "–"}</dd>
      </div>
      <div>
        <dt>Best 27 % less worst</dt>
        <dd>{ranked ? coefficient(statistics.upperLower) : "–"}</dd>
      </div>
    </dl>
  );
}

function Options({ figures: { item, statistics, distractors } }: { readonly figures: ItemFigures }) {
  if (!isChoice(item)) {
    return <p className={styles.note}>Its answer is not chosen from options, so there are no distractors to look at.</p>;
  }
  const textOf = new Map(item.options.map(({ id, text }) => [id, text]));
  const hasChoice = statistics.byChoice.count > 0;
  const hasOneByOne = statistics.oneByOne.count > 0;
  return (
    <section className={styles.section} aria-labelledby="options">
      <h2 id="options">Options</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Option</th>
            {hasChoice && (
              <>
                <th scope="col">Chosen</th>
                <th scope="col">Best third</th>
                <th scope="col">Worst third</th>
              </>
            )}
            {hasOneByOne && <th scope="col">Accepted when shown alone</th>}
          </tr>
        </thead>
        <tbody>
          {statistics.options.map(({ option, isKey, count, share, top, bottom, shown, accepted }) => {
            const flag = distractors.get(option);
            return (
              <tr key={option}>
                <th scope="row">
                  <span className={styles.code}>{option}</span> <InlineMarkdown text={textOf.get(option) ?? ""} />
                  {isKey && (
                    <span className={styles.key}>
                      <RightIcon /> right
                    </span>
                  )}
                  {flag && (
                    <span className={styles.flag}>
                      {DISTRACTORS[flag].word}: {DISTRACTORS[flag].sentence}
                    </span>
                  )}
                </th>
                {hasChoice && (
                  <>
                    <td>
                      {count} ({percent(share)})
                    </td>
                    <td>{percent(top)}</td>
                    <td>{percent(bottom)}</td>
                  </>
                )}
                {hasOneByOne && <td>{shown === 0 ? "–" : `${accepted} of ${shown} (${percent(accepted / shown)})`}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {hasChoice && (
        <p className={styles.note}>
          Thirds are by how well the learner did on the rest. A wrong option is good when the worst third takes it more often than the best.
        </p>
      )}
    </section>
  );
}

function Positions({ figures: { statistics } }: { readonly figures: ItemFigures }) {
  if (statistics.positions.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby="positions">
      <h2 id="positions">One by one, by the place of the right option</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">The first right option came</th>
            <th scope="col">Answers</th>
            <th scope="col">Facility</th>
          </tr>
        </thead>
        <tbody>
          {statistics.positions.map(({ position, count, facility }) => (
            <tr key={position}>
              <th scope="row">as number {position}</th>
              <td>{count}</td>
              <td>{percent(facility)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
