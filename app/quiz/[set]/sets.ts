/**
 * The sets that can be practised, by the last part of their address:
 *
 *   T02             a topic
 *   mixed           everything
 *   objective-D4.2  an objective of the exam's guide
 *   level-3         a difficulty
 *   format-cmd      a kind of question
 *   lesson-ID       the items at the end of a lesson
 *   item-ID         one item
 *   misconception-M07  the items that can bring a misconception to light
 *   mistakes        what one answered wrongly the last time
 *   bookmarks       what one marked
 */

import { type Item, type ItemFormat, type Lesson, type Misconception, OBJECTIVES, TOPICS } from "@/lib/content";
import type { AnswerRecord } from "@/lib/db";
import { beliefsOf } from "@/lib/practice/items";
import { mistakesIn } from "@/lib/progress";

export type PracticePool = {
  readonly title: string;
  readonly items: readonly Item[];
  /** Where a learner who has enough goes. */
  readonly back: { readonly href: string; readonly label: string };
  /** Of a set of one's own, which may be empty: what is said then. */
  readonly nothing?: string;
};

/** What sets are made of besides items and lessons. Of nobody, and where only a title is wanted, there is nothing. */
export type Own = {
  readonly misconceptions?: readonly Misconception[];
  readonly answers?: readonly Pick<AnswerRecord, "item" | "correct">[];
  /** Ids of items. */
  readonly bookmarks?: readonly string[];
};

export const LEVELS = ["recall", "understanding", "use", "finding faults", "analysis"] as const;

/** Kinds of questions, by what one does. The two of choosing are one kind, and the most: the topics' sets are full of them. */
export const FORMATS: readonly { readonly format: ItemFormat; readonly title: string }[] = [
  { format: "out", title: "Predict the output" },
  { format: "cmd", title: "Build the command" },
  { format: "spot", title: "Find the fault in a drawing" },
  { format: "ord", title: "Put in order" },
  { format: "mat", title: "Match" },
  { format: "num", title: "Work out a number" },
];

const QUIZ = { href: "/quiz", label: "All topics" } as const;

/** Undefined when there is no such set, or nothing in it. A set of one's own is there, however empty. */
export function findSet(set: string, items: readonly Item[], lessons: readonly Lesson[], own: Own = {}): PracticePool | undefined {
  const found = lookUp(set, items, lessons, own);
  return found && (found.items.length > 0 || found.nothing !== undefined) ? found : undefined;
}

function lookUp(
  set: string,
  items: readonly Item[],
  lessons: readonly Lesson[],
  { misconceptions = [], answers = [], bookmarks = [] }: Own,
): PracticePool | undefined {
  if (set === "mixed") return { title: "All topics", items, back: QUIZ };
  if (set === "mistakes") {
    const nothing = "There is nothing here: you answered every question rightly the last time that you met it.";
    return { title: "My mistakes", items: mistakesIn(items, answers), back: QUIZ, nothing };
  }
  if (set === "bookmarks") {
    const nothing = "You have no bookmarks. Press B at a question to mark it.";
    return { title: "Bookmarks", items: items.filter(({ id }) => bookmarks.includes(id)), back: QUIZ, nothing };
  }
  const topic = TOPICS.find(({ id }) => id === set);
  if (topic) return { title: topic.title, items: items.filter((item) => item.topic === topic.id), back: QUIZ };

  const [, kind, name = ""] = /^(objective|level|format|lesson|item|misconception)-(.+)$/.exec(set) ?? [];
  switch (kind) {
    case "objective": {
      const title = Object.hasOwn(OBJECTIVES, name) ? OBJECTIVES[name] : undefined;
      return title === undefined
        ? undefined
        : { title: plain(title), items: items.filter((item) => item.objectives.includes(name)), back: QUIZ };
    }
    case "level": {
      const words = LEVELS[Number(name) - 1];
      return words && { title: `Level ${name}: ${words}`, items: items.filter((item) => item.difficulty === Number(name)), back: QUIZ };
    }
    case "format": {
      const kind = FORMATS.find(({ format }) => format === name);
      return kind && { title: kind.title, items: items.filter(({ format }) => format === kind.format), back: QUIZ };
    }
    case "lesson": {
      const lesson = lessons.find(({ id }) => id === name);
      return (
        lesson && {
          title: lesson.title,
          items: items.filter(({ id }) => lesson.items.includes(id)),
          back: { href: `/learn/${lesson.id}`, label: "Back to the lesson" },
        }
      );
    }
    case "item": {
      const item = items.find(({ id }) => id === name);
      const about = item && TOPICS.find(({ id }) => id === item.topic);
      return item && { title: about?.title ?? "One question", items: [item], back: QUIZ };
    }
    case "misconception": {
      const found = misconceptions.find(({ id }) => id === name);
      return (
        found && {
          title: plain(found.belief),
          items: items.filter((item) => beliefsOf(item).includes(name)),
          back: { href: `/misconceptions#${name}`, label: "All misconceptions" },
        }
      );
    }
    default:
      return undefined;
  }
}

/** Titles of objectives and beliefs hold code; a heading of a set, and a page's title, are words. */
const plain = (text: string): string => text.replaceAll("`", "");
