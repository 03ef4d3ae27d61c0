import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { ensureLearner } from "@/app/_server/session";
import { keepNote, noteBodySchema } from "@/lib/progress";

/** Keeps the text of a note; may be sent again. Answered when it is on the disk. */
export async function POST(request: Request): Promise<Response> {
  // 4,000 characters take up to three bytes each, or six where JSON escapes them.
  const body = await readBody(request, noteBodySchema, 32_768);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  const kept = await keepNote(await database(), await allItems(), learnerId, body.value, new Date());
  return kept.ok ? answer(kept.value) : toResponse(kept.error);
}
