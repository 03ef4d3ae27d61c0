import { database } from "@/app/_server/database";
import { answer, readBody } from "@/app/_server/http";
import { toResponse } from "@/app/_server/refusals";
import { findLearner } from "@/app/_server/session";
import { entriesBodySchema, recordEntries } from "@/lib/progress";

/** Adds entries to a transcript; may be sent again. Answered when they are on the disk. */
export async function POST(request: Request, { params }: { readonly params: Promise<{ readonly id: string }> }): Promise<Response> {
  const { id } = await params;
  const body = await readBody(request, entriesBodySchema, 262_144);
  if (!body.ok) return body.error;
  const learnerId = await findLearner();
  if (learnerId === undefined) return toResponse({ kind: "no-such-attempt" });
  const through = await recordEntries(await database(), learnerId, id, body.value);
  return through.ok ? answer({ through: through.value }) : toResponse(through.error);
}
