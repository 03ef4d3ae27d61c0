import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { bookmarkBodySchema, keepBookmark } from "@/lib/progress";

/** Marks an item, or takes its mark away; may be sent again. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, bookmarkBodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const kept = await keepBookmark(await database(), await allItems(), learnerId, body.value, new Date());
  return kept.ok ? answer(kept.value) : toResponse(kept.error);
}
