import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { recordReview, reviewBodySchema } from "@/lib/progress";

/** Judges and keeps an answer given in review, grades its card, and tells when that is due by each grade. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, reviewBodySchema, 4_096);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const reviewed = await recordReview(await database(), await allItems(), learnerId, body.value, new Date());
  return reviewed.ok ? answer(reviewed.value, 201) : toResponse(reviewed.error);
}
