/**
 * What two copies of one learner's notes come to. Pure, and a union: it makes no difference which copy is read into which, nor how
 * often.
 *
 * A copy whose version is among the other's earlier ones is older, and the other holds. Where both went on from the same text, or began
 * apart, both are kept in one: the older part, a rule line, the later part.
 */

import { type NoteCopy, versionOf, withVersion } from "./notes";

/** Between two texts that were joined: a rule in Markdown, on a line of its own. */
export const RULE = "\n\n---\n\n";

/** Those that are to be written over what is there. */
export function uniteNotes(mine: readonly NoteCopy[], moved: readonly NoteCopy[]): readonly NoteCopy[] {
  const kept = new Map(mine.map((note) => [note.item, note]));
  const changed = new Map<string, NoteCopy>();
  for (const note of moved) {
    const there = kept.get(note.item);
    const united = there ? unite(there, note) : note;
    if (there && isSame(there, united)) continue;
    kept.set(note.item, united);
    changed.set(note.item, united);
  }
  return [...changed.values()];
}

function unite(mine: NoteCopy, moved: NoteCopy): NoteCopy {
  const [older, later] = inOrder(mine, moved);
  const text = textOf(mine, moved, older, later);
  const lost = [mine, moved].filter((copy) => copy.text !== text).map((copy) => versionOf(copy.text));
  return {
    item: mine.item,
    text,
    at: later.text === text || older.text !== text ? later.at : older.at,
    // What only the moved copy knows goes to the front: when the list is full it falls out again, and nothing has changed.
    earlier: withVersion(
      [...moved.earlier.filter((version) => !mine.earlier.includes(version) && !lost.includes(version)), ...mine.earlier],
      ...lost,
    ),
  };
}

function textOf(mine: NoteCopy, moved: NoteCopy, older: NoteCopy, later: NoteCopy): string {
  const mineIsOlder = moved.earlier.includes(versionOf(mine.text));
  const movedIsOlder = mine.earlier.includes(versionOf(moved.text));
  if (mine.text === moved.text || (mineIsOlder && movedIsOlder)) return later.text;
  if (mineIsOlder) return moved.text;
  if (movedIsOlder) return mine.text;
  const parts = [...older.text.split(RULE), ...later.text.split(RULE)].filter((part) => part.trim() !== "");
  return [...new Set(parts)].join(RULE);
}

/** By time; at the same moment by their texts, so that both sides come to the same order. */
function inOrder(a: NoteCopy, b: NoteCopy): readonly [NoteCopy, NoteCopy] {
  const isAFirst = a.at.getTime() === b.at.getTime() ? a.text < b.text : a.at < b.at;
  return isAFirst ? [a, b] : [b, a];
}

function isSame(a: NoteCopy, b: NoteCopy): boolean {
  return a.text === b.text && a.at.getTime() === b.at.getTime() && a.earlier.join() === b.earlier.join();
}
