import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { ensureLearner } from "@/app/_server/session";
import { writeSettings } from "@/lib/db";
import { settingsBodySchema } from "@/lib/progress";

/** Changes what the body names, and answers all settings. */
export async function POST(request: Request): Promise<Response> {
  const body = await readBody(request, settingsBodySchema, 1_024);
  if (!body.ok) return body.error;
  const learnerId = await ensureLearner();
  return answer(await writeSettings(await database(), learnerId, body.value));
}
