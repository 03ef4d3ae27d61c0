import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { keepReport, reportBodySchema } from "@/lib/progress";

/** Keeps what a learner finds wrong with an item. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, reportBodySchema, 8_192);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const kept = await keepReport(await database(), await allItems(), learnerId, body.value, new Date());
  return kept.ok ? answer({ kept: true }, 201) : toResponse(kept.error);
}
