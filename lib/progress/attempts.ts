/** A learner at a lab, as the server sees it: the transcript is kept, and its replay alone decides. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Lab } from "@/lib/content";
import {
  addCheckResult,
  addReviews,
  appendEntries,
  type AppendError,
  type AttemptRecord,
  createAttempt,
  type Db,
  findAttempt,
  latestAttempt,
  latestCheck,
  listAttempts,
  listEntries,
} from "@/lib/db";
import { type GradeReport, type GradeRequest, nextSeed, type PreparedLab, prepareLab } from "@/lib/practice";
import { after, type Instant, seconds } from "@/lib/sim";
import { type EntriesBody, fromPayload, type NumberedEntry, toPayload, TRANSCRIPT_LIMITS } from "./transcript";

/** Simulated events that a replay may use; a long lab uses some hundred thousand. */
const EVENT_LIMIT = 5_000_000;
/** How far the clock runs on after the last entry when the check does not say, and how far it may. */
const USUAL_WAIT = seconds(10);
const LONGEST_WAIT = seconds(600);

/** What the browser needs to show an attempt again as it was left. */
export type AttemptView = {
  readonly id: string;
  readonly lab: PreparedLab;
  readonly seed: string;
  readonly state: AttemptRecord["state"];
  readonly entries: readonly NumberedEntry[];
  /** What the server last found, and after which entry. */
  readonly lastCheck?: { readonly through: number; readonly report: GradeReport };
};

export type AttemptError =
  | { readonly kind: "no-such-lab" }
  /** Also when it is another learner's. */
  | { readonly kind: "no-such-attempt" }
  /** The lab was revised since the attempt began; its transcript may mean something else now. */
  | { readonly kind: "lab-revised" }
  /** The check speaks of entries that were never stored. */
  | { readonly kind: "not-stored"; readonly through: number };

/** Why a replay came to no report. */
export type GradeFailure =
  | { readonly kind: "busy" }
  | { readonly kind: "too-long"; readonly seconds: number }
  | { readonly kind: "limit"; readonly message: string }
  | { readonly kind: "crash"; readonly message: string };

export type Grader = (request: GradeRequest) => Promise<Result<GradeReport, GradeFailure>>;

/** `seed`: drawn by chance; the attempt's own follows from it and from the learner's earlier attempts. */
export async function startAttempt(
  db: Db,
  labs: readonly Lab[],
  { learnerId, lab: labId, id, seed }: { readonly learnerId: string; readonly lab: string; readonly id: string; readonly seed: string },
): Promise<Result<AttemptView, AttemptError>> {
  const lab = labs.find((candidate) => candidate.id === labId);
  if (!lab) return fail({ kind: "no-such-lab" });
  const earlier = (await listAttempts(db, learnerId)).filter((one) => one.lab === lab.id && one.rev === lab.rev);
  const own = nextSeed(
    lab,
    seed,
    earlier.map((one) => ({ seed: one.seed, variant: one.variant, isSolved: one.state === "solved" })),
  );
  const prepared = prepareLab(lab, own);
  const attempt = await createAttempt(db, { id, learnerId, lab: lab.id, rev: lab.rev, seed: own, variant: prepared.variant });
  return ok({ id, lab: prepared, seed: own, state: attempt.state, entries: [] });
}

export async function readAttempt(db: Db, labs: readonly Lab[], learnerId: string, id: string): Promise<Result<AttemptView, AttemptError>> {
  const attempt = await findAttempt(db, id, learnerId);
  return attempt ? viewOf(db, labs, attempt) : fail({ kind: "no-such-attempt" });
}

/** The attempt to go on with at a lab, when there is one of its present revision. */
export async function currentAttempt(db: Db, labs: readonly Lab[], learnerId: string, labId: string): Promise<AttemptView | undefined> {
  const attempt = await latestAttempt(db, learnerId, labId);
  if (!attempt) return undefined;
  const view = await viewOf(db, labs, attempt);
  return view.ok ? view.value : undefined;
}

/** Stores entries; answers the number of the last one that is stored. */
export async function recordEntries(
  db: Db,
  learnerId: string,
  id: string,
  { entries }: EntriesBody,
): Promise<Result<number, AttemptError | AppendError>> {
  if (!(await findAttempt(db, id, learnerId))) return fail({ kind: "no-such-attempt" });
  const stored = entries.map(({ seq, ...entry }) => ({ seq, payload: toPayload(entry) }));
  return appendEntries(db, id, stored, { at: (payload) => fromPayload(payload).at, limit: TRANSCRIPT_LIMITS.entries });
}

/** Replays the stored transcript, and keeps and answers what the grader found. */
export async function checkAttempt(
  db: Db,
  labs: readonly Lab[],
  grade: Grader,
  request: {
    readonly learnerId: string;
    readonly id: string;
    readonly through: number;
    readonly at?: Instant | undefined;
    readonly now: Date;
  },
): Promise<Result<GradeReport, AttemptError | GradeFailure>> {
  const { learnerId, id, through, now } = request;
  const attempt = await findAttempt(db, id, learnerId);
  if (!attempt) return fail({ kind: "no-such-attempt" });
  const lab = labs.find((candidate) => candidate.id === attempt.lab);
  if (!lab) return fail({ kind: "no-such-lab" });
  if (lab.rev !== attempt.rev) return fail({ kind: "lab-revised" });

  const entries = (await listEntries(db, id, through)).map(({ payload }) => fromPayload(payload));
  if (entries.length !== through) return fail({ kind: "not-stored", through: entries.length });
  const last = entries.at(-1)?.at ?? (0 as Instant);
  const until = Math.min(Math.max(request.at ?? after(last, USUAL_WAIT), last), after(last, LONGEST_WAIT)) as Instant;

  const report = await grade({ lab, seed: attempt.seed, entries, until, eventLimit: EVENT_LIMIT });
  if (report.ok) {
    const result = { attemptId: id, through, report: JSON.stringify(report.value), passed: report.value.passed };
    const { isFirstSuccess } = await addCheckResult(db, result, now);
    // What a lab taught comes back like an item does.
    if (isFirstSuccess) await addReviews(db, [{ learnerId, kind: "lab", card: lab.id, grade: "good", at: now }]);
  }
  return report;
}

async function viewOf(db: Db, labs: readonly Lab[], attempt: AttemptRecord): Promise<Result<AttemptView, AttemptError>> {
  const lab = labs.find((candidate) => candidate.id === attempt.lab);
  if (!lab) return fail({ kind: "no-such-lab" });
  if (lab.rev !== attempt.rev) return fail({ kind: "lab-revised" });
  const [entries, check] = await Promise.all([listEntries(db, attempt.id), latestCheck(db, attempt.id)]);
  return ok({
    id: attempt.id,
    lab: prepareLab(lab, attempt.seed),
    seed: attempt.seed,
    state: attempt.state,
    entries: entries.map(({ seq, payload }) => ({ seq, ...fromPayload(payload) })),
    ...(check ? { lastCheck: { through: check.through, report: JSON.parse(check.report) as GradeReport } } : {}),
  });
}
