/** The border of the route handlers: who may write, how much, in what form, and how a refusal is told. */

import "server-only";
import type { z } from "zod";
import { fail, ok, type Result } from "@/lib/base/result";

/** Every refusal's body: `{"error":{"code","message","path"?}}`. `path` names the place in the request's body. */
export function refuse(status: number, code: string, message: string, path?: string): Response {
  return Response.json({ error: { code, message, ...(path ? { path } : {}) } }, { status, headers: NO_STORE });
}

export function answer(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: NO_STORE });
}

const NO_STORE = { "Cache-Control": "no-store" } as const;

/** Reads the JSON body of a request that changes something. What does not fit is a response to send instead. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>, limit: number): Promise<Result<T, Response>> {
  if (!isSameOrigin(request)) {
    return fail(refuse(403, "foreign-origin", "Requests that change something are accepted from this site's own pages only."));
  }
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return fail(refuse(415, "not-json", "The body must be sent as application/json."));

  const text = await readText(request, limit);
  if (text === undefined) return fail(refuse(413, "too-large", `The body may have up to ${limit} bytes.`));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return fail(refuse(400, "malformed", "The body is not JSON."));
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return fail(refuse(400, "invalid", issue?.message ?? "The body does not fit.", issue?.path.join(".")));
}

/** Browsers say where a request comes from; a request without either header carries no cookie that its sender did not know. */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  const origin = request.headers.get("origin");
  if (origin === null) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.get("host");
}

/** The body as text; undefined when it has more than `limit` bytes, of which no more are read. */
async function readText(request: Request, limit: number): Promise<string | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return undefined;
  const reader = request.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let length = 0;
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
