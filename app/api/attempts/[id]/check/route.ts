import { allLabs } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { findLearner } from "@/app/_server/session";
import { checkAttempt, checkBodySchema } from "@/lib/progress";
import { services } from "@/server/services";

/** Replays the stored transcript and answers what holds. Whatever else the client claims is not looked at. */
export async function POST(request: Request, { params }: { readonly params: Promise<{ readonly id: string }> }): Promise<Response> {
  const { id } = await params;
  const body = await readBody(request, checkBodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await findLearner();
  if (learnerId === undefined) return toResponse({ kind: "no-such-attempt" });
  const report = await checkAttempt(await database(), await allLabs(), services().grade, { learnerId, id, ...body.value, now: new Date() });
  return report.ok ? answer(report.value) : toResponse(report.error);
}
