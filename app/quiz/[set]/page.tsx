import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { findLearner } from "@/app/_server/session";
import { TOPICS } from "@/lib/content";
import { listAnswers } from "@/lib/db";
import { chooseItems, shuffle, toQuestion } from "@/lib/progress";
import { PracticeSet } from "./practice-set";

type Props = { readonly params: Promise<{ readonly set: string }> };

const MIXED = { id: "mixed", title: "All topics" };
const LENGTH = 10;

const findSet = (id: string) => [MIXED, ...TOPICS].find((candidate) => candidate.id === id);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: findSet((await params).set)?.title ?? "Quiz" };
}

/** A set of up to ten questions, drawn anew at each visit. */
export default async function SetPage({ params }: Props) {
  const set = findSet((await params).set);
  if (!set) notFound();
  const [items, db, learner] = await Promise.all([allItems(), database(), findLearner()]);
  const answers = learner === undefined ? [] : await listAnswers(db, learner);
  const pool = set === MIXED ? items : items.filter((item) => item.topic === set.id);
  const chosen = chooseItems(pool, answers, LENGTH, Math.random);
  if (chosen.length === 0) notFound();
  return (
    <PracticeSet
      // Another draw is another set: nothing of the last one stays.
      key={chosen.map((item) => item.id).join()}
      title={set.title}
      questions={chosen.map((item) => toQuestion(item, (options) => shuffle(options, Math.random)))}
    />
  );
}
