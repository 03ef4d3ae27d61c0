import { database } from "@/app/_server/database";
import { answer } from "@/app/_server/http";
import { findLearner } from "@/app/_server/session";
import { readNote } from "@/lib/progress";

/** One's note to an item; an empty text where there is none. */
export async function GET(_request: Request, { params }: { readonly params: Promise<{ readonly item: string }> }): Promise<Response> {
  const [{ item }, learnerId, db] = await Promise.all([params, findLearner(), database()]);
  return answer(await readNote(db, learnerId, item));
}
