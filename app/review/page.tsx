import type { Metadata } from "next";
import Link from "next/link";
import { KeepsakesProvider } from "../_components/keepsakes";
import { NumberSetting } from "../_components/number-setting";
import { allItems, allLabs, allMisconceptions } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import { keptAt, readDesk, readKeepsakes, type ReviewDesk, shuffle } from "@/lib/progress";
import { Forecast } from "./forecast";
import { ReviewSession } from "./review-session";
import { dueIn } from "./due-words";
import styles from "./review.module.css";

export const metadata: Metadata = { title: "Review" };

/** What is due now, one question at a time, the most forgotten first. */
export default async function ReviewPage() {
  const [items, labs, misconceptions, db, learner] = await Promise.all([
    allItems(),
    allLabs(),
    allMisconceptions(),
    database(),
    findLearner(),
  ]);
  const now = Date.now();
  const desk = await readDesk(db, items, labs, learner, { now, order: (options) => shuffle(options, Math.random), misconceptions });
  const kept = keptAt(
    await readKeepsakes(db, learner),
    desk.tasks.map(({ question }) => question),
  );
  return (
    <div className={`page ${styles.narrow}`}>
      {desk.tasks.length > 0 ? (
        // Another look at the desk is another session.
        <KeepsakesProvider key={now} kept={kept}>
          <ReviewSession tasks={desk.tasks} />
        </KeepsakesProvider>
      ) : (
        <>
          <h1>Review</h1>
          <p className="lead">{wordsFor(desk, now)}</p>
          {desk.cards === 0 && (
            <p className={styles.start}>
              <Link className="button" href="/quiz">
                Practise
              </Link>
            </p>
          )}
        </>
      )}
      {desk.labs.length > 0 && (
        <section className={styles.section} aria-labelledby="labs-due">
          <h2 id="labs-due">Labs to do again</h2>
          <ul className={styles.labs}>
            {desk.labs.map(({ id, title }) => (
              <li key={id}>
                <Link href={`/labs/${id}`}>{title}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {desk.cards > 0 && (
        <section className={styles.section} aria-labelledby="forecast">
          <h2 id="forecast">The next 14 days</h2>
          <Forecast counts={desk.forecast} from={now} />
        </section>
      )}
      <section className={styles.section} aria-labelledby="today">
        <h2 id="today">Today</h2>
        <p className={styles.today}>
          {desk.doneToday} of at most {desk.perDay} repetitions done; {Math.max(0, desk.perDay - desk.doneToday)} may follow.
          {desk.due > desk.tasks.length && desk.tasks.length > 0 ? ` ${desk.due} are due in all.` : ""} A day ends at midnight UTC.
        </p>
        <NumberSetting name="reviewsPerDay" label="Repetitions a day, at most" value={desk.perDay} min={1} max={500} />
      </section>
    </div>
  );
}

function wordsFor({ cards, due, perDay, nextAt }: ReviewDesk, now: number): string {
  if (cards === 0) {
    return "Nothing comes back yet. A question that you answer in practice returns when you are about to forget it, and so does each misconception that a wrong option stood for.";
  }
  if (due > 0) return `Today's ${perDay} are done. ${due} more ${due === 1 ? "is" : "are"} due and will wait until tomorrow.`;
  return `Nothing is due. The next of your ${cards} ${cards === 1 ? "card" : "cards"} comes back ${nextAt === undefined ? "later" : dueIn(nextAt - now)}.`;
}
