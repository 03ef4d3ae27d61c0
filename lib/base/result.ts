import { InvariantViolation } from "./invariant";

/** The outcome of something that can fail for a reason its caller must handle. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function fail<E>(error: E): Result<never, E> {
  return { ok: false, error };
}

/** The success that carries nothing. */
export const DONE: Result<void, never> = { ok: true, value: undefined };

/** The value of a result whose caller knows that it cannot be a failure. */
export function unwrap<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new InvariantViolation(`unexpected failure: ${JSON.stringify(result.error)}`);
  return result.value;
}
