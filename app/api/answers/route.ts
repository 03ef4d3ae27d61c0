import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { answerBodySchema, recordAnswer } from "@/lib/progress";

/** Judges and keeps an answer, and tells why each option is right or wrong. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, answerBodySchema, 4_096);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const feedback = await recordAnswer(await database(), await allItems(), learnerId, body.value);
  return feedback.ok ? answer(feedback.value) : toResponse(feedback.error);
}
