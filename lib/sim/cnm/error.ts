/**
 * Refusals in libnetwork's words, by errdefs class, and Go's words for what could not be read.
 *
 * A learner sees them behind `Error response from daemon:`. Modelled on moby's daemon/libnetwork/types (the `…Errorf`
 * family), and on Go's strconv and syscall packages. A plain Go error has no class; the API makes 500 of it: `internal`.
 */

import { fail, type Result } from "@/lib/base/result";
import { type Errno, ERRNO_TEXT } from "@/lib/sim/core/errno";
import type { CnmError } from "./contract";

export type Refused = Result<never, CnmError>;

export function invalid(message: string): Refused {
  return fail({ kind: "invalid", message });
}

export function forbidden(message: string): Refused {
  return fail({ kind: "forbidden", message });
}

export function notFound(message: string): Refused {
  return fail({ kind: "not-found", message });
}

export function conflict(message: string): Refused {
  return fail({ kind: "conflict", message });
}

export function internal(message: string): Refused {
  return fail({ kind: "internal", message });
}

export function unavailable(message: string): Refused {
  return fail({ kind: "unavailable", message });
}

/** Real, but not here. */
export function missing(what: string): Refused {
  return fail({ kind: "not-simulated", what });
}

/** The same refusal inside a longer sentence. `kind`: the class of the sentence, where moby's wrapper has one of its own. */
export function within(
  error: CnmError,
  sentence: (message: string) => string,
  kind?: Exclude<CnmError["kind"], "not-simulated">,
): CnmError {
  if (error.kind === "not-simulated") return error;
  return { kind: kind ?? error.kind, message: sentence(error.message) };
}

/** Go's syscall.Errno.Error(): libc's sentence in lower case. */
export function goErrno(errno: Errno): string {
  return ERRNO_TEXT[errno].toLowerCase();
}

/** A failed system call as moby returns it: without a class. */
export function system(errno: Errno): Refused {
  return internal(goErrno(errno));
}
