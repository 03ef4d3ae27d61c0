/** What the answers of everybody on this installation say about the items themselves. */

import type { Item } from "@/lib/content";
import { isChoice } from "@/lib/content/schema";
import { type Db, type Pool, type PooledAnswer, type PooledExam, readPool } from "@/lib/db";
import {
  type DistractorFlag,
  distractorFlags,
  type Exposure,
  type Flag,
  flagsOf,
  type ItemStatistics,
  itemStatistics,
  restScores,
} from "@/lib/study/statistics";
import { domainOf } from "./exam-report";
import { placeItems } from "./exams";

export type ItemFigures = {
  readonly item: Item;
  readonly statistics: ItemStatistics;
  readonly flags: readonly Flag[];
  readonly distractors: ReadonlyMap<string, DistractorFlag>;
};

export type BankStatistics = {
  readonly learners: number;
  /** First answers to items of the bank, as they stand now. */
  readonly answers: number;
  /** In the order of the bank; items that nobody has met are among them. */
  readonly items: readonly ItemFigures[];
};

export async function readBankStatistics(db: Db, items: readonly Item[]): Promise<BankStatistics> {
  return bankStatisticsOf(items, await readPool(db));
}

export function bankStatisticsOf(items: readonly Item[], { answers, exams }: Pool): BankStatistics {
  const known = new Map(items.map((item) => [item.id, item]));
  const sittings = new Sittings(items, exams);
  const found = answers.flatMap((answer) => {
    const item = known.get(answer.item);
    return item ? [{ answer, item, place: sittings.placeOf(answer) }] : [];
  });
  const rests = restScores(
    found.map(({ answer, item, place }) => ({
      group: place ? `exam ${place.exam}` : `practice ${answer.learner} ${domainOf(item)}`,
      score: Number(answer.correct),
    })),
  );
  const exposures = new Map<string, Exposure[]>();
  for (const [at, { answer, item, place }] of found.entries()) {
    // What was answered before an item was revised measures the learner, and no longer the item.
    if (answer.rev !== item.rev) continue;
    const list = exposures.get(item.id) ?? [];
    list.push({ ...shownOf(answer, item, place), score: Number(answer.correct), rest: rests[at], chosen: answer.chosen });
    exposures.set(item.id, list);
  }
  const counted = [...exposures.values()].flat().length;
  return {
    learners: new Set(found.map(({ answer }) => answer.learner)).size,
    answers: counted,
    items: items.map((item) => {
      const statistics = itemStatistics(exposures.get(item.id) ?? [], isChoice(item) ? item.options : []);
      return { item, statistics, flags: flagsOf(statistics), distractors: distractorFlags(statistics) };
    }),
  };
}

function shownOf(answer: PooledAnswer, item: Item, place: Place | undefined): Pick<Exposure, "way" | "order" | "asked"> {
  if (!isChoice(item)) return { way: "other", order: [], asked: 0 };
  if (place?.format === "one-by-one") return { way: "one-by-one", order: place.order, asked: answer.options.length };
  return { way: "choice", order: answer.options, asked: answer.options.length };
}

type Place = { readonly exam: number; readonly format: "choice" | "one-by-one"; readonly order: readonly string[] };

/** Finds the exam that an answer was given in: a learner has one open at a time. */
class Sittings {
  readonly #items: readonly Item[];
  readonly #exams: readonly PooledExam[];
  readonly #ofLearner = new Map<number, number[]>();
  readonly #orders = new Map<number, ReadonlyMap<string, Place>>();

  constructor(items: readonly Item[], exams: readonly PooledExam[]) {
    this.#items = items;
    this.#exams = exams;
    for (const [at, { learner }] of exams.entries()) this.#ofLearner.set(learner, [...(this.#ofLearner.get(learner) ?? []), at]);
  }

  placeOf({ learner, item, mode, at }: PooledAnswer): Place | undefined {
    if (mode !== "exam") return undefined;
    for (const exam of this.#ofLearner.get(learner) ?? []) {
      const { startedAt, finishedAt } = this.#exams[exam] ?? {};
      const place = startedAt && finishedAt && startedAt <= at && at <= finishedAt ? this.#placesOf(exam).get(item) : undefined;
      if (place) return place;
    }
    return undefined;
  }

  #placesOf(at: number): ReadonlyMap<string, Place> {
    const exam = this.#exams[at];
    const known = this.#orders.get(at);
    if (known || !exam) return known ?? new Map();
    // Without replies: the order planned, also of what was decided before its last option.
    const places = new Map(
      placeItems(exam, this.#items, []).map(({ record, order }) => [record.id, { exam: at, format: record.format, order }]),
    );
    this.#orders.set(at, places);
    return places;
  }
}
