/**
 * What two copies of one learner's progress come to. Pure, and a union: it makes no difference which copy is read into which, nor
 * how often.
 *
 * Answers and reviews are sets. A lab's transcript only grows, so of two copies of an attempt one may go on where the other ends:
 * that one is kept. Where they went different ways after some entry, both are. An exam has one course, so the copy that is further
 * is kept whole.
 */

import type { Grade } from "@/lib/study/schedule";
import type { MovedAttempt, MovedExam } from "./moving";
import type { ReviewRecord } from "./reviews";

type Kept<T> = T & { readonly id: string };

/** What is to be written: new ones, and those that are there already as they are to become. */
export type Union<T> = { readonly added: readonly T[]; readonly changed: readonly Kept<T>[] };

/** Things begin once: two copies of one agree in this, whoever's database they stand in. */
const beginningOf = ({ seed, startedAt }: { readonly seed: string; readonly startedAt: Date }): string => `${seed} ${startedAt.getTime()}`;

export function uniteAttempts(mine: readonly Kept<MovedAttempt>[], moved: readonly MovedAttempt[]): Union<MovedAttempt> {
  const keyOf = (attempt: MovedAttempt): string => `${attempt.lab} ${attempt.rev} ${attempt.variant} ${beginningOf(attempt)}`;
  const copies = groupBy([...mine, ...moved], keyOf);
  const kept = groupBy(mine, keyOf);
  const added: MovedAttempt[] = [];
  const changed: Kept<MovedAttempt>[] = [];
  for (const [key, group] of copies) {
    const free = new Set(kept.get(key));
    for (const end of furthest(group)) {
      const before = [...free]
        .filter((one) => isBeginning(one.entries, end.entries))
        .sort((a, b) => b.entries.length - a.entries.length)[0];
      if (before) free.delete(before);
      if (!before) added.push(end);
      else if (before.entries.length < end.entries.length || before.state !== end.state || !isSameTime(before.solvedAt, end.solvedAt))
        changed.push({ ...end, id: before.id });
    }
  }
  return { added, changed };
}

/** Of copies of one attempt those that none goes on from. Solved in one, it is solved in all: it isn't kept after which entry it was. */
function furthest(copies: readonly MovedAttempt[]): readonly MovedAttempt[] {
  const ends = new Map<string, MovedAttempt>();
  for (const copy of copies) {
    const goesOn = copies.some((other) => other.entries.length > copy.entries.length && isBeginning(copy.entries, other.entries));
    if (!goesOn) ends.set(JSON.stringify(copy.entries), copy);
  }
  const times = copies.flatMap(({ state, solvedAt }) => (state === "solved" && solvedAt ? [solvedAt.getTime()] : []));
  if (times.length === 0) return [...ends.values()];
  return [...ends.values()].map((end) => ({ ...end, state: "solved", solvedAt: new Date(Math.min(...times)) }));
}

export function uniteExams(mine: readonly Kept<MovedExam>[], moved: readonly MovedExam[]): Union<MovedExam> {
  const kept = new Map(mine.map((exam) => [beginningOf(exam), exam]));
  const added: MovedExam[] = [];
  const changed: Kept<MovedExam>[] = [];
  for (const [key, copies] of groupBy(moved, beginningOf)) {
    const [best] = [...copies].sort(compareProgress);
    const there = kept.get(key);
    if (!best) continue;
    if (!there) added.push(best);
    else if (compareProgress(best, there) < 0) changed.push({ ...best, id: there.id });
  }
  return { added, changed };
}

const FINALITY = { finished: 0, abandoned: 1, open: 2 } as const satisfies Record<MovedExam["state"], number>;

/** The further one first: ended before open, then the one with more replies. Between equals anything decides, if it always does. */
function compareProgress(a: MovedExam, b: MovedExam): number {
  // Field by field: a reply out of a file and the same out of the database may name them in another order.
  const course = ({ finishedAt, replies }: MovedExam): string =>
    JSON.stringify([finishedAt, replies.map(({ place, step, chosen, at }) => [place, step, chosen, at])]);
  const [courseA, courseB] = [course(a), course(b)];
  return (
    FINALITY[a.state] - FINALITY[b.state] || b.replies.length - a.replies.length || Number(courseA > courseB) - Number(courseA < courseB)
  );
}

/** Sooner is safer: of two grades given to one review the lower. */
const GRADES: readonly Grade[] = ["again", "hard", "good", "easy"];

export function uniteReviews(
  mine: readonly ReviewRecord[],
  moved: readonly ReviewRecord[],
): { readonly added: readonly ReviewRecord[]; readonly changed: readonly ReviewRecord[] } {
  const keyOf = ({ kind, card, at }: ReviewRecord): string => `${kind} ${card} ${at.getTime()}`;
  const kept = new Map(mine.map((review) => [keyOf(review), review]));
  const added: ReviewRecord[] = [];
  const changed: ReviewRecord[] = [];
  for (const [key, copies] of groupBy(moved, keyOf)) {
    const [lowest] = [...copies].sort((a, b) => GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade));
    const there = kept.get(key);
    if (!lowest) continue;
    if (!there) added.push(lowest);
    else if (GRADES.indexOf(lowest.grade) < GRADES.indexOf(there.grade)) changed.push(lowest);
  }
  return { added, changed };
}

/** What of `list` is in neither `known` nor earlier in itself. */
export function fresh<T>(list: readonly T[], known: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const seen = new Set(known.map(keyOf));
  return list.filter((one) => {
    const key = keyOf(one);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function groupBy<T>(list: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

function isBeginning(beginning: readonly string[], whole: readonly string[]): boolean {
  return beginning.length <= whole.length && beginning.every((entry, at) => entry === whole[at]);
}

function isSameTime(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
