/** What came of an exam: the score by domain and objective, and each item option by option. */

import { DOMAIN_TITLES, type Item, type Lab, OBJECTIVES } from "@/lib/content";
import { type Db, type ExamKind, type ExamRecord, listReplies } from "@/lib/db";
import { placeItems, type Placed, type ReadExam, settledExams } from "./exams";

export type Share = { readonly id: string; readonly title: string; readonly right: number; readonly total: number };

export type ReportOption = {
  readonly text: string;
  readonly key: boolean;
  readonly why: string;
  readonly refs: readonly string[];
  /** What the learner said; `not-shown` when the item ended before, or the time was up. */
  readonly said: "yes" | "no" | "not-shown";
  /** False for the extra option after the decision. */
  readonly counts: boolean;
};

export type ReportItem = {
  readonly place: number;
  readonly format: "choice" | "one-by-one";
  readonly result: "right" | "wrong" | "unanswered" | "withdrawn";
  readonly stem: string;
  readonly objective: string;
  readonly options: readonly ReportOption[];
  readonly refs: readonly string[];
  /** Labs that show it. */
  readonly labs: readonly { readonly id: string; readonly title: string }[];
};

export type ExamReport = Share & {
  readonly kind: ExamKind;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly domains: readonly Share[];
  readonly objectives: readonly Share[];
  readonly items: readonly ReportItem[];
};

export type ExamResult = {
  readonly id: string;
  readonly kind: ExamKind;
  readonly state: ExamRecord["state"];
  readonly startedAt: Date;
  readonly right: number;
  readonly total: number;
  /** Replied to so far. */
  readonly answered: number;
};

export function reportOf({ exam, placed }: ReadExam, labs: readonly Lab[]): ExamReport {
  const counted = placed.filter(({ item }) => item !== undefined);
  return {
    ...shareOf(exam.id, "", counted),
    kind: exam.kind,
    startedAt: exam.startedAt,
    finishedAt: exam.finishedAt ?? exam.endsAt,
    domains: groupBy(counted, (item) => domainOf(item)).map(([id, group]) => shareOf(id, DOMAIN_TITLES[id] ?? id, group)),
    objectives: groupBy(counted, (item) => item.objectives[0] ?? "").map(([id, group]) => shareOf(id, OBJECTIVES[id] ?? id, group)),
    items: placed.map((one) => toReportItem(one, labs)),
  };
}

/** A learner's exams, newest first. */
export async function listResults(
  db: Db,
  items: readonly Item[],
  learnerId: string | undefined,
  now: Date,
): Promise<readonly ExamResult[]> {
  if (learnerId === undefined) return [];
  const exams = await settledExams(db, items, learnerId, now);
  return Promise.all(
    exams.map(async (exam) => {
      const placed = placeItems(exam, items, await listReplies(db, exam.id)).filter(({ item }) => item !== undefined);
      const { right, total } = shareOf(exam.id, "", placed);
      const answered = placed.filter(({ state }) => state.kind === "ended").length;
      return { id: exam.id, kind: exam.kind, state: exam.state, startedAt: exam.startedAt, right, total, answered };
    }),
  );
}

export function domainOf(item: Item): string {
  return item.objectives[0]?.split(".")[0] ?? "";
}

const isRight = ({ state }: Placed): boolean => state.kind === "ended" && state.correct;

function shareOf(id: string, title: string, placed: readonly Placed[]): Share {
  return { id, title, right: placed.filter(isRight).length, total: placed.length };
}

function groupBy(placed: readonly Placed[], groupOf: (item: Item) => string): readonly (readonly [string, readonly Placed[]])[] {
  const groups = new Map<string, Placed[]>();
  for (const one of placed) {
    if (!one.item) continue;
    const id = groupOf(one.item);
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return [...groups].sort(([a], [b]) => compareObjectives(a, b));
}

/** D4.2 stands before D4.10. */
export function compareObjectives(a: string, b: string): number {
  const [domainA = "", numberA = "0"] = a.split(".");
  const [domainB = "", numberB = "0"] = b.split(".");
  return domainA < domainB ? -1 : domainA > domainB ? 1 : Number(numberA) - Number(numberB);
}

function toReportItem(placed: Placed, labs: readonly Lab[]): ReportItem {
  const { place, record, item, order, replies, state } = placed;
  if (!item) return { place, format: record.format, result: "withdrawn", stem: "", objective: "", options: [], refs: [], labs: [] };
  const beliefs = new Set(item.options.flatMap(({ misconception }) => misconception ?? []));
  return {
    place,
    format: record.format,
    result: state.kind === "asking" ? "unanswered" : state.correct ? "right" : "wrong",
    stem: item.stem,
    objective: item.objectives[0] ?? "",
    options: order.flatMap((id, step) => {
      const option = item.options.find((candidate) => candidate.id === id);
      if (!option) return [];
      const reply = record.format === "choice" ? replies[0] : replies[step];
      return {
        text: option.text,
        key: option.key,
        why: option.why,
        refs: option.refs ?? [],
        said: reply === undefined ? "not-shown" : reply.chosen.includes(id) ? "yes" : "no",
        counts: state.kind === "asking" || step < state.counted,
      };
    }),
    refs: item.refs,
    labs: labs.flatMap(({ id, title, misconceptions }) => (misconceptions.some((belief) => beliefs.has(belief)) ? [{ id, title }] : [])),
  };
}
