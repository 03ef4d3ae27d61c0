/**
 * Replays attempts in worker threads, so that a long replay blocks nobody and a broken one takes nothing with it.
 *
 * A worker that exceeds its time or memory is ended and replaced; the learner is told which limit it was.
 */

import { Worker } from "node:worker_threads";
import { fail, ok, type Result } from "@/lib/base/result";
import type { ItemOf } from "@/lib/content";
import type { GradeRequest, GradeReport } from "@/lib/practice";
import type { CommandEffect } from "@/lib/practice/items";
import type { GradeFailure } from "@/lib/progress";

/** A replay of an attempt at a lab, or a command that was typed as an answer. */
export type WorkerRequest =
  | { readonly kind: "attempt"; readonly attempt: GradeRequest }
  | { readonly kind: "command"; readonly item: ItemOf<"cmd">; readonly command: string };

/** What a worker answers to one request: of an attempt a `GradeReport`, of a command its `CommandEffect`. */
export type WorkerAnswer =
  | { readonly kind: "report"; readonly report: unknown }
  | { readonly kind: "limit"; readonly message: string }
  | { readonly kind: "crash"; readonly message: string };

export type GraderLimits = {
  readonly workers: number;
  /** Of one replay. */
  readonly milliseconds: number;
  readonly megabytes: number;
  /** Requests that may wait. */
  readonly waiting: number;
};

const LIMITS: GraderLimits = { workers: 2, milliseconds: 15_000, megabytes: 256, waiting: 32 };

type Job = { readonly request: WorkerRequest; readonly answer: (result: Result<unknown, GradeFailure>) => void };

export class GraderPool {
  readonly #script: URL;
  readonly #limits: GraderLimits;
  readonly #idle: Worker[] = [];
  readonly #busy = new Set<Worker>();
  readonly #queue: Job[] = [];

  /** `script` is the bundled worker: `.build/grader-worker.mjs`. */
  constructor(script: URL, limits: Partial<GraderLimits> = {}) {
    this.#script = script;
    this.#limits = { ...LIMITS, ...limits };
  }

  async grade(attempt: GradeRequest): Promise<Result<GradeReport, GradeFailure>> {
    return (await this.#ask({ kind: "attempt", attempt })) as Result<GradeReport, GradeFailure>;
  }

  async run(item: ItemOf<"cmd">, command: string): Promise<Result<CommandEffect, GradeFailure>> {
    return (await this.#ask({ kind: "command", item, command })) as Result<CommandEffect, GradeFailure>;
  }

  #ask(request: WorkerRequest): Promise<Result<unknown, GradeFailure>> {
    return new Promise((answer) => {
      if (this.#queue.length >= this.#limits.waiting) return answer(fail({ kind: "busy" }));
      this.#queue.push({ request, answer });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#idle, ...this.#busy].map((worker) => worker.terminate()));
  }

  #next(): void {
    if (this.#queue.length === 0 || this.#busy.size >= this.#limits.workers) return;
    const job = this.#queue.shift();
    if (job) this.#run(this.#idle.pop() ?? this.#start(), job);
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes } });
    // An idle worker does not keep the process alive, and its death is no event: the next request starts another.
    worker.unref();
    worker.on("error", () => {});
    worker.on("exit", () => {
      const index = this.#idle.indexOf(worker);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    return worker;
  }

  #run(worker: Worker, job: Job): void {
    this.#busy.add(worker);
    const finish = (result: Result<unknown, GradeFailure>, isReusable: boolean): void => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      this.#busy.delete(worker);
      if (isReusable) this.#idle.push(worker);
      else void worker.terminate();
      job.answer(result);
      this.#next();
    };
    const onMessage = (answer: WorkerAnswer): void => finish(answer.kind === "report" ? ok(answer.report) : fail(answer), true);
    const onError = (error: unknown): void => finish(fail(failureOf(error, this.#limits)), false);
    const onExit = (code: number): void => finish(fail({ kind: "crash", message: `the replay ended with status ${code}` }), false);
    const timer = setTimeout(
      () => finish(fail({ kind: "too-long", seconds: this.#limits.milliseconds / 1000 }), false),
      this.#limits.milliseconds,
    );
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job.request);
  }
}

function failureOf(error: unknown, limits: GraderLimits): GradeFailure {
  if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return { kind: "limit", message: `the replay used more than ${limits.megabytes} MB of memory` };
  }
  return { kind: "crash", message: error instanceof Error ? error.message : String(error) };
}
