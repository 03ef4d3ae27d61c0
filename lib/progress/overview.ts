/** What a learner has done so far, by topic and by lab. */

import { type Item, type Lab, TOPICS, type TopicId } from "@/lib/content";
import { type AnswerRecord, type AttemptRecord, type Db, listAnswers, listAttempts } from "@/lib/db";

/**
 * Where a learner stands in one topic. Items are counted by their last answer, so that a repaired mistake counts as known;
 * `right + wrong + unseen` is the number of items in the bank.
 */
export type TopicStanding = {
  readonly topic: TopicId;
  readonly title: string;
  readonly right: number;
  readonly wrong: number;
  readonly unseen: number;
  readonly answers: number;
};

export type LabState = "new" | "begun" | "done";
export type LabStanding = {
  readonly id: string;
  readonly title: string;
  readonly state: LabState;
  readonly solvedAt: Date | null;
  readonly attempts: number;
};

export type Overview = {
  readonly answers: number;
  readonly right: number;
  readonly lastAt: Date | null;
  readonly topics: readonly TopicStanding[];
  readonly labs: readonly LabStanding[];
};

/** Of nobody (a first visit) everything is unseen. */
export async function readOverview(db: Db, items: readonly Item[], labs: readonly Lab[], learnerId: string | undefined): Promise<Overview> {
  const [answers, attempts] =
    learnerId === undefined ? [[], []] : await Promise.all([listAnswers(db, learnerId), listAttempts(db, learnerId)]);
  return summarise(items, labs, answers, attempts);
}

export function summarise(
  items: readonly Item[],
  labs: readonly Lab[],
  answers: readonly AnswerRecord[],
  attempts: readonly AttemptRecord[],
): Overview {
  const latest = new Map(answers.map((answer) => [answer.item, answer.correct]));
  return {
    answers: answers.length,
    right: answers.filter((answer) => answer.correct).length,
    lastAt: answers.at(-1)?.at ?? null,
    topics: TOPICS.map(({ id, title }) => {
      const mine = items.filter((item) => item.topic === id);
      const right = mine.filter((item) => latest.get(item.id) === true).length;
      const wrong = mine.filter((item) => latest.get(item.id) === false).length;
      return {
        topic: id,
        title,
        right,
        wrong,
        unseen: mine.length - right - wrong,
        answers: answers.filter((answer) => answer.topic === id).length,
      };
    }),
    labs: labs.map((lab) => {
      const mine = attempts.filter((attempt) => attempt.lab === lab.id);
      const solved = mine.filter((attempt) => attempt.state === "solved");
      return {
        id: lab.id,
        title: lab.title,
        state: solved.length > 0 ? "done" : mine.length > 0 ? "begun" : "new",
        solvedAt: solved.at(-1)?.solvedAt ?? null,
        attempts: mine.length,
      };
    }),
  };
}
