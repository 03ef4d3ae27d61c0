import { z } from "zod";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { findLearner } from "@/app/_server/session";
import { undoReview } from "@/lib/progress";

type Context = { readonly params: Promise<{ readonly answer: string }> };

/** Takes the last review back. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const body = await readBody(request, z.strictObject({}), 64);
  if (!body.ok) return body.error;
  const learnerId = await findLearner();
  if (learnerId === undefined) return toResponse({ kind: "not-the-last" });
  const undone = await undoReview(await database(), learnerId, Number((await params).answer));
  return undone.ok ? answer({ undone: undone.value }) : toResponse(undone.error);
}
