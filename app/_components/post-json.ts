/** Sends JSON to a route of ours and reads its answer, or the refusal in its words. */

import { fail, ok, type Result } from "@/lib/base/result";

export type Refusal = {
  /** Of the response; 0 when there was none. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
};

export async function postJson<T>(url: string, body: unknown, signal?: AbortSignal): Promise<Result<T, Refusal>> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  } catch {
    // fetch tells no more than that nothing came back.
    return fail({ status: 0, code: "offline", message: "the server does not answer" });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return ok(answer as T);
  const error = isRefusal(answer) ? answer.error : { code: "unreadable", message: `the server answered with status ${response.status}` };
  return fail({ status: response.status, ...error });
}

function isRefusal(answer: unknown): answer is { readonly error: { readonly code: string; readonly message: string } } {
  if (typeof answer !== "object" || answer === null || !("error" in answer)) return false;
  const { error } = answer;
  return typeof error === "object" && error !== null && "code" in error && "message" in error && typeof error.message === "string";
}
