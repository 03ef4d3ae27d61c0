import { createHash } from "node:crypto";
import { indexOf } from "@/app/_search/index-of";
import { allCommands } from "@/app/_server/commands";
import { allItems, allLabs, allLessons, allMisconceptions } from "@/app/_server/content";

const HEADERS = { "Cache-Control": "private, max-age=300, stale-while-revalidate=86400" };

/** What the search palette looks through. The same for everybody, so a browser keeps it and asks whether it has changed. */
export async function GET(request: Request): Promise<Response> {
  const [lessons, labs, items, misconceptions, commands] = await Promise.all([
    allLessons(),
    allLabs(),
    allItems(),
    allMisconceptions(),
    allCommands(),
  ]);
  const body = JSON.stringify({ entries: indexOf({ lessons, labs, items, misconceptions, commands }) });
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"`;
  // On the way it may have been compressed, which weakens the tag.
  const known = request.headers.get("if-none-match")?.replace(/^W\//, "");
  if (known === etag) return new Response(null, { status: 304, headers: { ...HEADERS, ETag: etag } });
  return new Response(body, { headers: { ...HEADERS, ETag: etag, "Content-Type": "application/json" } });
}
