import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { findLearner } from "@/app/_server/session";
import { changeGrade, gradeBodySchema } from "@/lib/progress";

type Context = { readonly params: Promise<{ readonly answer: string }> };

/** Grades the last review as the learner says. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const body = await readBody(request, gradeBodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await findLearner();
  if (learnerId === undefined) return toResponse({ kind: "not-the-last" });
  const grade = await changeGrade(await database(), learnerId, Number((await params).answer), body.value);
  return grade.ok ? answer({ grade: grade.value }) : toResponse(grade.error);
}
