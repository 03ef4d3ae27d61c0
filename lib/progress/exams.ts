/**
 * Exams, by the server's clock: what is asked is folded from the replies, so that a reload changes nothing, and the learner is
 * told of an item only what is asked now. Options are named by their place: their ids would say something about them.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { type ChoiceItem, isChoice, type Item } from "@/lib/content";
import {
  addReply,
  createExam,
  type Db,
  endExam,
  type ExamItemRecord,
  type ExamKind,
  type ExamRecord,
  type ExamReplyRecord,
  findExam,
  listExams,
  listReplies,
  type NewAnswer,
} from "@/lib/db";
import { Chance } from "@/lib/study/chance";
import { assembleExam, type BankItem, type Domain, DOMAINS, type ExamForm, FULL_EXAM, NETWORKING_EXAM } from "@/lib/study/exam";
import { foldOneByOne, type OneByOnePlan, type OneByOneState, planOneByOne, type Reply } from "@/lib/study/one-by-one";
import { z } from "zod";

export const EXAM_FORMS: Readonly<Record<ExamKind, ExamForm>> = {
  full: FULL_EXAM,
  networking: NETWORKING_EXAM,
  drill: { minutes: 15, items: 10, choice: 3, weights: NETWORKING_EXAM.weights },
};

export const startBodySchema = z.strictObject({ kind: z.enum(["full", "networking", "drill"]) });

const place = z.int().min(0).max(200);
const step = z.int().min(0).max(20);
export const replyBodySchema = z.union([
  z.strictObject({ place, step, accept: z.boolean() }),
  z.strictObject({ place, step: z.literal(0), chosen: z.array(z.int().min(0).max(20)).min(1).max(12) }),
]);
export type ReplyBody = z.infer<typeof replyBodySchema>;

export type Ask =
  | {
      readonly format: "choice";
      readonly place: number;
      readonly step: 0;
      readonly stem: string;
      readonly several: boolean;
      readonly choose: number;
      readonly options: readonly string[];
    }
  | { readonly format: "one-by-one"; readonly place: number; readonly step: number; readonly stem: string; readonly option: string };

/** All that a learner's browser gets of an exam that runs. */
export type ExamView = {
  readonly id: string;
  readonly kind: ExamKind;
  readonly total: number;
  readonly endsAt: number;
  /** The server's clock when this was said. */
  readonly now: number;
  /** Undefined: it is over. */
  readonly ask: Ask | undefined;
};

export type ExamError =
  | { readonly kind: "no-such-exam" }
  | { readonly kind: "exam-open"; readonly id: string }
  | { readonly kind: "bank-too-small"; readonly missing: Readonly<Partial<Record<Domain, number>>> }
  | { readonly kind: "exam-over" }
  /** Another question is asked now; this one was answered, or not yet asked. */
  | { readonly kind: "not-asked" }
  | { readonly kind: "no-such-option" };

/** An item of an exam, and where its question stands. `item` is undefined when it was revised or withdrawn since. */
export type Placed = {
  readonly place: number;
  readonly record: ExamItemRecord;
  readonly item: ChoiceItem | undefined;
  /** Option ids in the order shown. */
  readonly order: readonly string[];
  readonly replies: readonly ExamReplyRecord[];
  readonly state: OneByOneState;
};

export function bankOf(items: readonly Item[]): readonly BankItem[] {
  return items.filter(isChoice).flatMap((item) => {
    const objective = item.objectives[0] ?? "";
    const domain = DOMAINS.find((candidate) => objective.startsWith(`${candidate}.`));
    return domain ? [{ id: item.id, domain, objective, canGoOneByOne: item.one_by_one }] : [];
  });
}

/** How many items each domain lacks for an exam of a kind; undefined when there are enough. */
export function shortfallOf(items: readonly Item[], kind: ExamKind): Readonly<Partial<Record<Domain, number>>> | undefined {
  const assembly = assembleExam(bankOf(items), EXAM_FORMS[kind], "");
  return assembly.ok ? undefined : assembly.missing;
}

export async function startExam(
  db: Db,
  items: readonly Item[],
  { learnerId, kind, id, seed, now }: Pick<ExamRecord, "learnerId" | "kind" | "id" | "seed"> & { readonly now: Date },
): Promise<Result<string, ExamError>> {
  const exams = await settledExams(db, items, learnerId, now);
  const open = exams.find((exam) => exam.state === "open");
  if (open) return fail({ kind: "exam-open", id: open.id });
  const before = new Set(exams[0]?.items.map((item) => item.id));
  const form = EXAM_FORMS[kind];
  const assembly = assembleExam(bankOf(items), form, seed, before);
  if (!assembly.ok) return fail({ kind: "bank-too-small", missing: assembly.missing });
  const revisions = new Map(items.map((item) => [item.id, item.rev]));
  await createExam(db, {
    id,
    learnerId,
    kind,
    seed,
    items: assembly.items.map((item) => ({ ...item, rev: revisions.get(item.id) ?? 0 })),
    startedAt: now,
    endsAt: new Date(now.getTime() + form.minutes * 60_000),
  });
  return ok(id);
}

export type ReadExam = { readonly exam: ExamRecord; readonly placed: readonly Placed[] };

/** An exam and all replies. One whose time is up, or whose last question is answered, is ended first. */
export async function readExam(
  db: Db,
  items: readonly Item[],
  learnerId: string,
  id: string,
  now: Date,
): Promise<Result<ReadExam, ExamError>> {
  const exam = await findExam(db, id, learnerId);
  if (!exam) return fail({ kind: "no-such-exam" });
  const placed = placeItems(exam, items, await listReplies(db, exam.id));
  const isOver = exam.state === "open" && (now >= exam.endsAt || !askOf(placed));
  if (!isOver) return ok({ exam, placed });
  return ok({ exam: await end(db, exam, placed, now), placed });
}

/** All exams of a learner, newest first, none of them open beyond its time. */
export async function settledExams(db: Db, items: readonly Item[], learnerId: string, now: Date): Promise<readonly ExamRecord[]> {
  const exams = await listExams(db, learnerId);
  const settled: ExamRecord[] = [];
  for (const exam of exams) {
    if (exam.state !== "open") settled.push(exam);
    else {
      const read = await readExam(db, items, learnerId, exam.id, now);
      settled.push(read.ok ? read.value.exam : exam);
    }
  }
  return settled;
}

export function viewOf({ exam, placed }: ReadExam, now: Date): ExamView {
  return {
    id: exam.id,
    kind: exam.kind,
    total: exam.items.length,
    endsAt: exam.endsAt.getTime(),
    now: now.getTime(),
    ask: exam.state === "open" ? askOf(placed) : undefined,
  };
}

/** Keeps the reply to what is asked now, and tells what is asked next. The same reply again changes nothing. */
export async function replyInExam(
  db: Db,
  items: readonly Item[],
  { learnerId, id, body, now }: { readonly learnerId: string; readonly id: string; readonly body: ReplyBody; readonly now: Date },
): Promise<Result<ExamView, ExamError>> {
  const read = await readExam(db, items, learnerId, id, now);
  if (!read.ok) return read;
  const { exam, placed } = read.value;
  const at = placed[body.place];
  const chosen = at && chosenBy(at, body);
  const isRepeated = at?.replies.some((reply) => reply.step === body.step && reply.chosen.join() === chosen?.join()) === true;
  if (isRepeated) return ok(viewOf(read.value, now));
  if (exam.state !== "open") return fail({ kind: "exam-over" });
  const ask = askOf(placed);
  if (ask?.place !== body.place || ask.step !== body.step || (ask.format === "choice") !== "chosen" in body)
    return fail({ kind: "not-asked" });
  if (!chosen) return fail({ kind: "no-such-option" });
  const added = await addReply(db, id, { place: body.place, step: body.step, chosen, at: now });
  if (!added.ok) return fail({ kind: "not-asked" });
  const next = await readExam(db, items, learnerId, id, now);
  return next.ok ? ok(viewOf(next.value, now)) : next;
}

/** Ends an exam before its time: finished, it is marked; abandoned, it is not. */
export async function closeExam(
  db: Db,
  items: readonly Item[],
  {
    learnerId,
    id,
    state,
    now,
  }: { readonly learnerId: string; readonly id: string; readonly state: "finished" | "abandoned"; readonly now: Date },
): Promise<Result<ExamRecord, ExamError>> {
  const read = await readExam(db, items, learnerId, id, now);
  if (!read.ok) return read;
  const { exam, placed } = read.value;
  if (exam.state !== "open") return fail({ kind: "exam-over" });
  return ok(await end(db, exam, placed, now, state));
}

export function placeItems(
  exam: Pick<ExamRecord, "items" | "seed">,
  items: readonly Item[],
  replies: readonly ExamReplyRecord[],
): readonly Placed[] {
  return exam.items.map((record, at) => {
    const item = items.filter(isChoice).find((candidate) => candidate.id === record.id && candidate.rev === record.rev);
    const mine = replies.filter((reply) => reply.place === at);
    if (!item) return { place: at, record, item, order: [], replies: mine, state: { kind: "ended", correct: false, counted: 0 } };
    const plan = planOf(exam.seed, record, item, at);
    return { place: at, record, item, order: plan.order, replies: mine, state: stateOf(record, item, plan, mine) };
  });
}

function planOf(seed: string, record: ExamItemRecord, item: ChoiceItem, at: number): OneByOnePlan {
  if (record.format === "one-by-one") return planOneByOne(item.options, `${seed}/${at}`);
  return { order: new Chance(`${seed}/${at}`).shuffle(item.options.map(({ id }) => id)), showsExtra: false };
}

function stateOf(record: ExamItemRecord, item: ChoiceItem, plan: OneByOnePlan, replies: readonly ExamReplyRecord[]): OneByOneState {
  if (record.format === "one-by-one") {
    return foldOneByOne(
      item.options,
      plan,
      replies.map(({ chosen }): Reply => (chosen.length > 0 ? "yes" : "no")),
    );
  }
  const [reply] = replies;
  if (!reply) return { kind: "asking", option: "", shown: 1 };
  const correct = item.options.every(({ id, key }) => key === reply.chosen.includes(id));
  return { kind: "ended", correct, counted: plan.order.length };
}

function askOf(placed: readonly Placed[]): Ask | undefined {
  const current = placed.find(({ state }) => state.kind === "asking");
  if (!current?.item || current.state.kind !== "asking") return undefined;
  const { item, place: at, order } = current;
  const textOf = (id: string): string => item.options.find((option) => option.id === id)?.text ?? "";
  if (current.record.format === "one-by-one") {
    return { format: "one-by-one", place: at, step: current.replies.length, stem: item.stem, option: textOf(current.state.option) };
  }
  return {
    format: "choice",
    place: at,
    step: 0,
    stem: item.stem,
    several: item.format === "mr",
    choose: item.options.filter((option) => option.key).length,
    options: order.map(textOf),
  };
}

/** The option ids that a reply accepts; undefined when it names what was not shown. */
function chosenBy({ order, record }: Placed, body: ReplyBody): readonly string[] | undefined {
  if ("chosen" in body) {
    const ids = body.chosen.flatMap((index) => order[index] ?? []);
    return record.format === "choice" && ids.length === body.chosen.length && new Set(ids).size === ids.length ? ids.sort() : undefined;
  }
  const option = order[body.step];
  if (record.format !== "one-by-one" || option === undefined) return undefined;
  return body.accept ? [option] : [];
}

async function end(
  db: Db,
  exam: ExamRecord,
  placed: readonly Placed[],
  now: Date,
  state: "finished" | "abandoned" = "finished",
): Promise<ExamRecord> {
  const at = now < exam.endsAt ? now : exam.endsAt;
  const answers = state === "finished" ? answersOf(exam, placed) : [];
  await endExam(db, exam.id, { state, at, answers });
  // Another request may have ended it first: its word counts.
  return (await findExam(db, exam.id, exam.learnerId)) ?? exam;
}

/** Items that were decided, as answers. What was left open when the time was up says nothing. */
function answersOf(exam: ExamRecord, placed: readonly Placed[]): NewAnswer[] {
  let since = exam.startedAt.getTime();
  return placed.flatMap(({ record, item, order, replies, state }) => {
    const last = replies.at(-1);
    if (!item || !last || state.kind !== "ended") return [];
    const ms = Math.max(0, last.at.getTime() - since);
    since = last.at.getTime();
    const counted = order.slice(0, state.counted);
    return [
      {
        learnerId: exam.learnerId,
        item: record.id,
        rev: record.rev,
        topic: item.topic,
        options: counted,
        chosen: replies.slice(0, state.counted).flatMap(({ chosen }) => chosen),
        correct: state.correct,
        ms,
        mode: "exam" as const,
        at: last.at,
      },
    ];
  });
}
