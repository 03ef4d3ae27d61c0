/**
 * The sets that can be practised, by the last part of their address:
 *
 *   T02             a topic
 *   mixed           everything
 *   objective-D4.2  an objective of the exam's guide
 *   level-3         a difficulty
 *   lesson-ID       the items at the end of a lesson
 *   item-ID         one item
 */

import { type Item, type Lesson, OBJECTIVES, TOPICS } from "@/lib/content";

export type PracticePool = {
  readonly title: string;
  readonly items: readonly Item[];
  /** Where a learner who has enough goes. */
  readonly back: { readonly href: string; readonly label: string };
};

export const LEVELS = ["recall", "understanding", "use", "finding faults", "analysis"] as const;

const QUIZ = { href: "/quiz", label: "All topics" } as const;

/** Undefined when there is no such set, or nothing in it. */
export function findSet(set: string, items: readonly Item[], lessons: readonly Lesson[]): PracticePool | undefined {
  const found = lookUp(set, items, lessons);
  return found && found.items.length > 0 ? found : undefined;
}

function lookUp(set: string, items: readonly Item[], lessons: readonly Lesson[]): PracticePool | undefined {
  if (set === "mixed") return { title: "All topics", items, back: QUIZ };
  const topic = TOPICS.find(({ id }) => id === set);
  if (topic) return { title: topic.title, items: items.filter((item) => item.topic === topic.id), back: QUIZ };

  const [, kind, name = ""] = /^(objective|level|lesson|item)-(.+)$/.exec(set) ?? [];
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
    default:
      return undefined;
  }
}

/** Titles of objectives hold code; a heading of a set, and a page's title, are words. */
const plain = (text: string): string => text.replaceAll("`", "");
