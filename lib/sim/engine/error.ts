/**
 * What the daemon refuses, in moby's words and with its class of error. The class decides the HTTP status
 * (moby: errdefs, daemon/server/httpstatus); the words go out as `{"message": …}`.
 */

import { fail, type Result } from "@/lib/base/result";
import type { CnmError } from "@/lib/sim/cnm/contract";
import { notSimulated } from "@/lib/sim/core/not-simulated";

export type ErrorKind =
  | "invalid"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "not-modified"
  | "internal"
  | "not-implemented"
  | "unavailable";

export type EngineError = { readonly kind: ErrorKind; readonly message: string };

export type Outcome<T> = Result<T, EngineError>;

export const STATUS = {
  "not-modified": 304,
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  internal: 500,
  "not-implemented": 501,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>;

/** The answer to whatever needs Swarm mode. */
export const NOT_A_MANAGER =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

export function refuse(kind: ErrorKind, message: string): Result<never, EngineError> {
  return fail({ kind, message });
}

/** The same refusal with words before it; `kind` overrides its class. */
export function prefixed(prefix: string, error: EngineError, kind: ErrorKind = error.kind): Result<never, EngineError> {
  return fail({ kind, message: `${prefix}: ${error.message}` });
}

/** Real, but not here: the status that says so, and words that are not Docker's. */
export function refuseNotSimulated(what: string): Result<never, EngineError> {
  return fail({ kind: "not-implemented", message: notSimulated(what) });
}

/** libnetwork's refusal as the daemon hands it on. */
export function fromCnm(error: CnmError): EngineError {
  return error.kind === "not-simulated" ? { kind: "not-implemented", message: notSimulated(error.what) } : error;
}

/** moby's multierror: one error as it is, several as a list with stars. */
export function joinErrors(messages: readonly string[]): string | undefined {
  if (messages.length <= 1) return messages[0]?.trim();
  return `* ${messages.map((message) => message.replaceAll("\n", "\n\t")).join("\n* ")}`;
}
