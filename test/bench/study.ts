/** Figures of study: drawing up an exam, choosing what to ask, keeping an answer, finding; and whether readiness keeps its word. */

import { prepare, search } from "@/app/_search/entries";
import { indexOf } from "@/app/_search/index-of";
import { commandBook } from "@/app/commands/commands";
import { type Item, loadItems, loadLabs, loadLessons, loadMisconceptions } from "@/lib/content";
import { isChoice } from "@/lib/content/schema";
import { type AnswerRecord, createLearner } from "@/lib/db";
import { chooseItems, recordAnswer } from "@/lib/progress";
import { bankOf } from "@/lib/progress/exams";
import { Chance } from "@/lib/study/chance";
import { assembleExam, type ExamForm, FULL_EXAM, NETWORKING_EXAM } from "@/lib/study/exam";
import { migratedDatabases } from "../app/database";
import { calibrate } from "./calibration";
import { timed } from "./simulator";
import { percentile, type Row } from "./table";

const SEED = "bench";

export async function benchStudy(): Promise<Row[]> {
  const items = await loadItems();
  return [
    assembly(items),
    choosing(items),
    await keeping(items),
    await finding(items),
    ...keptWord("full", FULL_EXAM),
    ...keptWord("networking", NETWORKING_EXAM),
  ];
}

const both = (times: readonly number[], digits = 2): string =>
  `${percentile(times, 50).toFixed(digits)} / ${percentile(times, 95).toFixed(digits)} ms`;

function assembly(items: readonly Item[]): Row {
  const bank = bankOf(items);
  const times = Array.from({ length: 50 }, (_, at) => timed(() => assembleExam(bank, FULL_EXAM, `${SEED}${at}`)));
  return { what: `a full exam is drawn from ${bank.length} items, p50 / p95`, value: both(times), aim: "" };
}

/** Of the whole bank, for a learner who has given two thousand answers. */
function choosing(items: readonly Item[]): Row {
  const chance = new Chance(SEED);
  const answers = Array.from({ length: 2_000 }, (_, at): AnswerRecord => {
    const item = items[chance.below(items.length)];
    return { item: item?.id ?? "", topic: item?.topic ?? "", chosen: [], correct: chance.fraction() < 0.7, ms: 20_000, at: new Date(at) };
  });
  const times = Array.from({ length: 50 }, () => timed(() => chooseItems(items, answers, 10, () => chance.fraction())));
  return { what: "the next ten of a practice set are chosen, p50 / p95", value: both(times), aim: "" };
}

/** Into a SQLite file, with its reviews, as the route handler does; each is on the disk before the next. */
async function keeping(items: readonly Item[]): Promise<Row> {
  const databases = migratedDatabases();
  try {
    const db = await databases.open();
    await createLearner(db, "bench");
    const chance = new Chance(SEED);
    const times: number[] = [];
    for (const item of chance.shuffle(items.filter(isChoice)).slice(0, 300)) {
      const options = chance.shuffle(item.options.map(({ id }) => id));
      const chosen = options.slice(0, 1);
      const started = performance.now();
      const kept = await recordAnswer(
        db,
        items,
        "bench",
        { item: item.id, rev: item.rev, options, chosen, ms: 9_000, mode: "practice" },
        { now: new Date(), run: () => Promise.reject(new Error("a choice runs nothing")) },
      );
      times.push(performance.now() - started);
      if (!kept.ok) throw new Error(`${item.id} is refused: ${kept.error.kind}`);
    }
    return {
      what: `an answer is judged and kept (${times.length} answers, SQLite file), p50 / p95`,
      value: both(times, 1),
      aim: "p95 50 ms",
    };
  } finally {
    await databases.remove();
  }
}

/** Each query as it is typed, letter by letter. */
async function finding(items: readonly Item[]): Promise<Row> {
  const [labs, lessons, misconceptions] = await Promise.all([loadLabs(), loadLessons(), loadMisconceptions()]);
  const entries = prepare(indexOf({ items, labs, lessons, misconceptions, commands: commandBook(lessons, labs) }));
  const queries = ["overlay network", "docker service create --publish", "vxlan mtu", "127.0.0.11", "who answers for a published port"];
  const typed = queries.flatMap((query) => Array.from({ length: query.length }, (_, at) => query.slice(0, at + 1)));
  const times = [...typed, ...typed].map((query) => timed(() => search(entries, query, 20)));
  return { what: `search as one types, among ${entries.length} entries, p50 / p95`, value: both(times), aim: "p95 16 ms" };
}

function keptWord(name: string, form: ExamForm): Row[] {
  const { brier, baseBrier, coverage, bias, fifths } = calibrate({
    form,
    answers: [10, 30, 100, 300],
    learners: 2_000,
    passMark: 0.65,
    seed: SEED,
  });
  const percent = (value: number): string => (100 * value).toFixed(0);
  return [
    {
      what: `readiness, ${name} exam: Brier score (of always saying the base rate)`,
      value: `${brier.toFixed(3)} (${baseBrier.toFixed(3)})`,
      aim: "less",
    },
    { what: `readiness, ${name} exam: scores inside the 80 % interval`, value: `${percent(coverage)} %`, aim: "70–90 %" },
    { what: `readiness, ${name} exam: expected score less the score`, value: `${(100 * bias).toFixed(1)} points`, aim: "0" },
    {
      what: `readiness, ${name} exam: chance said → passed, by fifths`,
      value: fifths.flatMap(({ count, said, passed }) => (count === 0 ? [] : [`${percent(said)}→${percent(passed)}`])).join("  "),
      aim: "equal",
    },
  ];
}
