import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { allItems, allLessons } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { findLearner } from "@/app/_server/session";
import { listAnswers } from "@/lib/db";
import { chooseItems, shuffle, toQuestion } from "@/lib/progress";
import { PracticeSet } from "./practice-set";
import { findSet } from "./sets";

type Props = { readonly params: Promise<{ readonly set: string }> };

const LENGTH = 10;

const readSet = async (params: Props["params"]) => findSet((await params).set, ...(await Promise.all([allItems(), allLessons()])));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await readSet(params))?.title ?? "Quiz" };
}

/** A set of up to ten questions, drawn anew at each visit. */
export default async function SetPage({ params }: Props) {
  const set = await readSet(params);
  if (!set) notFound();
  const [db, learner] = await Promise.all([database(), findLearner()]);
  const answers = learner === undefined ? [] : await listAnswers(db, learner);
  const chosen = chooseItems(set.items, answers, LENGTH, Math.random);
  return (
    <PracticeSet
      // Another draw is another set: nothing of the last one stays.
      key={chosen.map((item) => item.id).join()}
      title={set.title}
      back={set.back}
      questions={chosen.map((item) => toQuestion(item, (options) => shuffle(options, Math.random)))}
    />
  );
}
