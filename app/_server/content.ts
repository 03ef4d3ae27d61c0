/** The content, read once; in development at each request, so that a changed file shows at once. */

import "server-only";
import { cache } from "react";
import {
  type Item,
  type Lab,
  type Lesson,
  loadItems,
  loadLabs,
  loadLessons,
  loadMisconceptions,
  loadSources,
  type Misconception,
  type Source,
} from "@/lib/content";

let items: Promise<readonly Item[]> | undefined;
let labs: Promise<readonly Lab[]> | undefined;
let lessons: Promise<readonly Lesson[]> | undefined;
let misconceptions: Promise<readonly Misconception[]> | undefined;
let sources: Promise<ReadonlyMap<string, Source>> | undefined;

export function allItems(): Promise<readonly Item[]> {
  if (process.env.NODE_ENV !== "production") return loadItems();
  return (items ??= loadItems());
}

export function allLabs(): Promise<readonly Lab[]> {
  if (process.env.NODE_ENV !== "production") return orderedLabs();
  return (labs ??= orderedLabs());
}

export function allLessons(): Promise<readonly Lesson[]> {
  if (process.env.NODE_ENV !== "production") return orderedLessons();
  return (lessons ??= orderedLessons());
}

export function allMisconceptions(): Promise<readonly Misconception[]> {
  if (process.env.NODE_ENV !== "production") return loadMisconceptions();
  return (misconceptions ??= loadMisconceptions());
}

/** By the place that references give. Read once for each request in development: a page has many references. */
export const allSources = cache((): Promise<ReadonlyMap<string, Source>> => {
  if (process.env.NODE_ENV !== "production") return sourcesByPlace();
  return (sources ??= sourcesByPlace());
});

async function sourcesByPlace(): Promise<ReadonlyMap<string, Source>> {
  return new Map((await loadSources()).map((source) => [source.at, source]));
}

/** By topic; within one, what others build on comes first. */
async function orderedLessons(): Promise<readonly Lesson[]> {
  const all = await loadLessons();
  const known = new Map(all.map((lesson) => [lesson.id, lesson]));
  const depthOf = (lesson: Lesson, above: readonly string[] = []): number =>
    1 +
    Math.max(
      0,
      ...lesson.prerequisites.map((id) => {
        const before = above.includes(id) ? undefined : known.get(id);
        return before ? depthOf(before, [...above, lesson.id]) : 0;
      }),
    );
  const depths = new Map(all.map((lesson) => [lesson.id, depthOf(lesson)]));
  return [...all].sort((a, b) => (a.topic === b.topic ? (depths.get(a.id) ?? 0) - (depths.get(b.id) ?? 0) : a.topic < b.topic ? -1 : 1));
}

/** The easier first; equals by topic. */
async function orderedLabs(): Promise<readonly Lab[]> {
  return [...(await loadLabs())].sort((a, b) => a.difficulty - b.difficulty || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0));
}
