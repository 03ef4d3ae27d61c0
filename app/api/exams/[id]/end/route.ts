import { z } from "zod";
import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { findLearner } from "@/app/_server/session";
import { closeExam } from "@/lib/progress";

const bodySchema = z.strictObject({ state: z.enum(["finished", "abandoned"]) });

type Context = { readonly params: Promise<{ readonly id: string }> };

/** Ends an exam before its time. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const body = await readBody(request, bodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await findLearner();
  if (learnerId === undefined) return toResponse({ kind: "no-such-exam" });
  const { id } = await params;
  const exam = await closeExam(await database(), await allItems(), { learnerId, id, ...body.value, now: new Date() });
  return exam.ok ? answer({ state: exam.value.state }) : toResponse(exam.error);
}
