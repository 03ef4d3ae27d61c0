import { allLabs } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { findLearner } from "@/app/_server/session";
import { readAttempt } from "@/lib/progress";

/** An attempt with its whole transcript. */
export async function GET(_request: Request, { params }: { readonly params: Promise<{ readonly id: string }> }): Promise<Response> {
  const { id } = await params;
  const learnerId = await findLearner();
  if (learnerId === undefined) return toResponse({ kind: "no-such-attempt" });
  const attempt = await readAttempt(await database(), await allLabs(), learnerId, id);
  return attempt.ok ? answer(attempt.value) : toResponse(attempt.error);
}
