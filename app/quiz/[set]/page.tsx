import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { KeepsakesProvider } from "@/app/_components/keepsakes";
import { allItems, allLessons, allMisconceptions } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { findLearner } from "@/app/_server/session";
import { listAnswers } from "@/lib/db";
import { toQuestion } from "@/lib/practice/items";
import { chooseItems, keptAt, readKeepsakes, shuffle } from "@/lib/progress";
import { NothingHere } from "./nothing-here";
import { PracticeSet } from "./practice-set";
import { findSet, type Own } from "./sets";

type Props = { readonly params: Promise<{ readonly set: string }> };

const LENGTH = 10;

async function readSet(params: Props["params"], own: Own = {}) {
  const [{ set }, items, lessons, misconceptions] = await Promise.all([params, allItems(), allLessons(), allMisconceptions()]);
  return findSet(set, items, lessons, { misconceptions, ...own });
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readSet(params))?.title ?? "Quiz" };
}

/** A set of up to ten questions, drawn anew at each visit. */
export default async function SetPage({ params }: Props) {
  const [db, learner] = await Promise.all([database(), findLearner()]);
  const [answers, kept] = await Promise.all([learner === undefined ? [] : listAnswers(db, learner), readKeepsakes(db, learner)]);
  const set = await readSet(params, { answers, bookmarks: kept.bookmarks });
  if (!set) notFound();
  if (set.items.length === 0) return <NothingHere title={set.title} text={set.nothing ?? ""} back={set.back} />;
  const chosen = chooseItems(set.items, answers, LENGTH, Math.random);
  return (
    // Another draw is another set: nothing of the last one stays.
    <KeepsakesProvider key={chosen.map((item) => item.id).join()} kept={keptAt(kept, chosen)}>
      <PracticeSet
        title={set.title}
        back={set.back}
        questions={chosen.map((item) => toQuestion(item, (options) => shuffle(options, Math.random)))}
      />
    </KeepsakesProvider>
  );
}
