import { allItems, allLabs } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { refuse } from "@/app/_server/http";
import { findLearner } from "@/app/_server/session";
import { readCalendar } from "@/lib/progress";

/** One's due reviews as a file for a calendar program. */
export async function GET(): Promise<Response> {
  const [learner, items, labs, db] = await Promise.all([findLearner(), allItems(), allLabs(), database()]);
  const calendar = learner === undefined ? undefined : await readCalendar(db, items, labs, learner, Date.now());
  if (calendar === undefined) return refuse(404, "nothing-comes-back", "Nothing comes back yet, so there is nothing for a calendar.");
  return new Response(calendar, {
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": 'attachment; filename="drydock-reviews.ics"',
      "Cache-Control": "no-store",
    },
  });
}
