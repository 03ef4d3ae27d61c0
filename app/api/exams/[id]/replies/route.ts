import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { findLearner } from "@/app/_server/session";
import { replyBodySchema, replyInExam } from "@/lib/progress";

type Context = { readonly params: Promise<{ readonly id: string }> };

/** Keeps a reply and answers what is asked next. The server's clock decides whether there is time left. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const body = await readBody(request, replyBodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await findLearner();
  if (learnerId === undefined) return toResponse({ kind: "no-such-exam" });
  const { id } = await params;
  const view = await replyInExam(await database(), await allItems(), { learnerId, id, body: body.value, now: new Date() });
  return view.ok ? answer(view.value) : toResponse(view.error);
}
