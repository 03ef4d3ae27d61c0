/**
 * A lab as its file holds it, and as an attempt gets it. It proves itself: solutions must solve it, wrong turns must fail with
 * their own diagnosis.
 *
 * The file is a pattern: `params` and `choose` are drawn from the attempt's seed, and `${name}` stands for a drawn value wherever
 * it is written (draw-lab.ts). What is drawn must be a `DrawnLab`.
 */

import { z } from "zod";
import { checkSchema } from "./check-schema";
import { difficulty, idSchema, markdown, misconception, objectives, topic } from "./field-schema";

const facts = {
  id: idSchema,
  rev: z.int().min(1),
  title: z.string().trim().min(1),
  kind: z.enum(["build", "fix", "predict", "explore"]),
  topic,
  objectives,
  misconceptions: z.array(misconception).default([]),
  difficulty,
  minutes: z.int().min(1),
  prerequisites: z.array(idSchema).default([]),
  /** One sentence for the list. */
  goal: markdown,
  /** What is left out on purpose, for whoever changes the lab. */
  out_of_scope: z.string().optional(),
  references: z.array(z.string()).min(1),
};

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const param = z.union([
  z.strictObject({ pick: z.array(scalar).min(2) }),
  /** Both ends included. */
  z.strictObject({ int: z.tuple([z.int(), z.int()]) }),
  /** A prefix that meets neither the LAN, nor the pools of the engine, nor what was drawn before it. */
  z.strictObject({ free_subnet: z.strictObject({ size: z.int().min(8).max(30), within: z.string() }) }),
  /** An address of a prefix by its number: 1 is the first, -1 the last that a host may have. */
  z.strictObject({ address: z.strictObject({ in: z.string(), number: z.int() }) }),
  /** The part with this number (from 0) of a prefix that is cut into smaller ones. */
  z.strictObject({ part: z.strictObject({ of: z.string(), size: z.int().min(8).max(31), number: z.int().min(0) }) }),
  /** Made from what was drawn before. */
  scalar,
]);
const params = z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), param).default({});

export type Param = z.infer<typeof param>;
export type Scalar = z.infer<typeof scalar>;

/** Drawn structure: what a branch holds is added to what the lab holds. */
const branch = z.looseObject({ id: idSchema, params }).transform(({ id, params: own, ...body }) => ({ id, params: own, body }));

const line = z.strictObject({
  on: z.string().default("node1"),
  run: z.string().min(1),
  /** It may end with another status than 0. */
  may_fail: z.boolean().default(false),
});
const task = z.strictObject({ id: idSchema, text: markdown, checks: z.array(checkSchema).min(1) });
/** Something that must stay as it was: a lazy way would break it. */
const keep = z.strictObject({ id: idSchema, text: markdown, check: checkSchema });
/** The first one that holds is told. */
const diagnosis = z.strictObject({ id: idSchema, when: checkSchema, misconception: misconception.optional(), say: markdown });
const solution = z.strictObject({ id: idSchema, run: z.array(line).min(1) });
const wrong = z.strictObject({
  id: idSchema,
  /** Begins with the lines of this solution, in which pieces of text are replaced; a line that becomes empty is left out. */
  from: idSchema.optional(),
  replace: z.record(z.string(), z.string()).default({}),
  run: z.array(line).default([]),
  fails: z.array(idSchema).min(1),
  diagnosis: idSchema.optional(),
});

const machine = z.strictObject({
  /** Of eth0; absent: .11 for the first host, .12 for the second, … */
  address: z.string().optional(),
  /** There before the daemon starts. */
  files: z.array(z.strictObject({ path: z.string().startsWith("/"), text: z.string(), mode: z.int().optional() })).default([]),
});

/** What is drawn from a lab, besides its facts. */
export const drawnBodySchema = z.strictObject({
  world: z.strictObject({ hosts: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), machine) }).default({ hosts: { node1: { files: [] } } }),
  story: markdown,
  /** The host whose terminal is shown first. */
  host: z.string().default("node1"),
  setup: z.array(z.strictObject({ on: z.string().default("node1"), run: z.array(z.string().min(1)) })),
  /** What must hold after the set-up: that the fault really shows. */
  starts_with: z.array(checkSchema).default([]),
  tasks: z.array(task).min(1),
  keep: z.array(keep).default([]),
  diagnose: z.array(diagnosis).default([]),
  /** By task: from a look to a worked example of another case. */
  hints: z.record(z.string(), z.array(markdown)),
  solutions: z.array(solution).min(1),
  wrong: z.array(wrong).default([]),
  /** Shown after success. */
  debrief: markdown,
});

/** The file: facts, what is drawn, and the body, still with its `${names}`. */
export const labSchema = z
  .looseObject({ ...facts, params, choose: z.array(branch).min(2).optional() })
  .transform(({ params: own, choose, ...rest }) => {
    const names = Object.keys(facts);
    const body = Object.fromEntries(Object.entries(rest).filter(([key]) => !names.includes(key)));
    return { ...(rest as LabFacts), params: own, choose: choose ?? [], body };
  });

export type LabFacts = z.infer<z.ZodObject<typeof facts>>;
export type Lab = LabFacts & {
  readonly params: z.infer<typeof params>;
  /** Empty: the lab has one form. */
  readonly choose: readonly Branch[];
  readonly body: Body;
};
export type Branch = z.infer<typeof branch>;
export type Body = Readonly<Record<string, unknown>>;

export type DrawnLab = LabFacts &
  z.infer<typeof drawnBodySchema> & {
    /** The branch that was drawn; empty when there is only one form. */
    readonly variant: string;
  };
export type LabTask = z.infer<typeof task>;
export type LabLine = z.infer<typeof line>;
export type WrongTurn = z.infer<typeof wrong>;
