import { randomBytes } from "node:crypto";
import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { startBodySchema, startExam } from "@/lib/progress";

/** Starts an exam: its time runs from now. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, startBodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const started = await startExam(await database(), await allItems(), {
    learnerId,
    kind: body.value.kind,
    id: randomBytes(12).toString("base64url"),
    seed: randomBytes(8).toString("hex"),
    now: new Date(),
  });
  return started.ok ? answer({ id: started.value }, 201) : toResponse(started.error);
}
