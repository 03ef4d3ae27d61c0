import { allItems, allMisconceptions, allSources } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { answerBodySchema, inWords, recordAnswer } from "@/lib/progress";
import { services } from "@/server/services";

/** Judges and keeps an answer, and tells why it is right or wrong. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, answerBodySchema, 4_096);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const told = await recordAnswer(await database(), await allItems(), learnerId, body.value, { now: new Date(), run: services().run });
  return told.ok
    ? answer(inWords(told.value, { misconceptions: await allMisconceptions(), sources: await allSources() }))
    : toResponse(told.error);
}
