import { randomBytes } from "node:crypto";
import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { ensureLearner, findLearner } from "@/app/_server/session";
import { exportProgress, importProgress, PROGRESS_FILE_LIMIT, progressFileSchema } from "@/lib/progress";

/** One's whole progress as a file. */
export async function GET(): Promise<Response> {
  const learnerId = (await findLearner()) ?? "";
  const file = await exportProgress(await database(), learnerId);
  const day = new Date().toISOString().slice(0, 10);
  return new Response(JSON.stringify(file, undefined, 1), {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="drydock-progress-${day}.json"`,
      "Cache-Control": "no-store",
    },
  });
}

/** Reads such a file in: adds what is missing. A file that does not fit is refused with its place, and nothing of it is kept. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, progressFileSchema, PROGRESS_FILE_LIMIT);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  return answer(await importProgress(await database(), learnerId, body.value, () => randomBytes(12).toString("base64url")));
}
