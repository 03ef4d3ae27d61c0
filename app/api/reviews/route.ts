import { allItems, allMisconceptions, allSources } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { inWords, recordReview, reviewBodySchema } from "@/lib/progress";
import { services } from "@/server/services";

/** Judges and keeps an answer given in review, grades its card, and tells when that is due by each grade. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, reviewBodySchema, 4_096);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const reviewed = await recordReview(await database(), await allItems(), learnerId, body.value, { now: new Date(), run: services().run });
  if (!reviewed.ok) return toResponse(reviewed.error);
  return answer(
    {
      ...reviewed.value,
      feedback: inWords(reviewed.value.feedback, { misconceptions: await allMisconceptions(), sources: await allSources() }),
    },
    201,
  );
}
