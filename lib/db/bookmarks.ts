/** Items that a learner marked to find them again. */

import type { Db } from "./client";

export type BookmarkRecord = { readonly item: string; readonly at: Date };

/** Of one item whether it is marked, and since when it is or isn't. */
export type BookmarkCopy = BookmarkRecord & { readonly marked: boolean };

/** What is marked now, the newest first. */
export async function listBookmarks(db: Db, learnerId: string): Promise<readonly BookmarkRecord[]> {
  return db.bookmark.findMany({
    where: { learnerId, marked: true },
    orderBy: [{ at: "desc" }, { item: "asc" }],
    select: { item: true, at: true },
  });
}

/** Also what is no longer marked. */
export async function readBookmarks(db: Db, learnerId: string): Promise<readonly BookmarkCopy[]> {
  return db.bookmark.findMany({ where: { learnerId }, orderBy: { item: "asc" }, select: { item: true, marked: true, at: true } });
}

export async function writeBookmark(db: Db, learnerId: string, { item, ...rest }: BookmarkCopy): Promise<void> {
  await db.bookmark.upsert({ where: { learnerId_item: { learnerId, item } }, create: { learnerId, item, ...rest }, update: rest });
}

/** Of two copies the later one holds. Answers those that are to be written over what is there. */
export function uniteBookmarks(mine: readonly BookmarkCopy[], moved: readonly BookmarkCopy[]): readonly BookmarkCopy[] {
  const kept = new Map(mine.map((one) => [one.item, one]));
  const changed = new Map<string, BookmarkCopy>();
  for (const one of moved) {
    const there = kept.get(one.item);
    if (there && !isLater(one, there)) continue;
    kept.set(one.item, one);
    changed.set(one.item, one);
  }
  return [...changed.values()];
}

/** At the same moment, marked counts as later. */
function isLater(a: BookmarkCopy, b: BookmarkCopy): boolean {
  return a.at.getTime() === b.at.getTime() ? a.marked && !b.marked : a.at > b.at;
}
