/** The inside of a grader's worker: one request in, one answer out. */

import { parentPort } from "node:worker_threads";
import { gradeAttempt } from "@/lib/practice";
import { runCommand } from "@/lib/practice/items";
import { EventLimitReached } from "@/lib/sim";
import type { WorkerAnswer, WorkerRequest } from "./grader";

/** A report quotes what was found; a flood of it is not worth keeping. */
const LONGEST_REPORT = 262_144;

parentPort?.on("message", (request: WorkerRequest) => parentPort?.postMessage(answerTo(request)));

function answerTo(request: WorkerRequest): WorkerAnswer {
  let report: unknown;
  try {
    report = request.kind === "attempt" ? gradeAttempt(request.attempt) : runCommand(request.item, request.command, request.item.id);
  } catch (error) {
    if (error instanceof EventLimitReached) return { kind: "limit", message: error.message };
    return { kind: "crash", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const length = JSON.stringify(report).length;
  if (length > LONGEST_REPORT) return { kind: "limit", message: `the report has ${length} characters, more than ${LONGEST_REPORT}` };
  return { kind: "report", report };
}
