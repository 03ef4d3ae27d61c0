import { randomBytes } from "node:crypto";
import { z } from "zod";
import { allLabs } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { startAttempt } from "@/lib/progress";

const bodySchema = z.strictObject({ lab: z.string().min(1).max(100) });

/** Begins an attempt at a lab. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, bodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const started = await startAttempt(await database(), await allLabs(), {
    learnerId,
    lab: body.value.lab,
    id: randomBytes(12).toString("base64url"),
    seed: randomBytes(8).toString("hex"),
  });
  return started.ok ? answer(started.value, 201) : toResponse(started.error);
}
