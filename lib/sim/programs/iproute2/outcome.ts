/** How iproute2's tools end early: what they say, and with which status (lib/utils.c, libnetlink.c). */

import { fail, type Result } from "@/lib/base/result";
import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { RtnlError } from "@/lib/sim/kernel";

export type Failure = { readonly stderr: string; readonly status: number };
export type Checked<T> = Result<T, Failure>;

/** What a run comes to. Text is printed as it is. */
export type Outcome = { readonly stdout: string; readonly stderr: string; readonly status: number };

export function failed(stderr: string, status: number): Result<never, Failure> {
  return fail({ stderr: `${stderr}\n`, status });
}

/** `missarg`. */
export function missing(key: string): Result<never, Failure> {
  return failed(`Error: argument "${key}" is required`, 255);
}

/** `incomplete_command`. */
export function incomplete(): Result<never, Failure> {
  return failed('Command line is not complete. Try option "help"', 255);
}

/** `invarg`. */
export function invalid(value: string, why: string): Result<never, Failure> {
  return failed(`Error: argument "${value}" is wrong: ${why}`, 255);
}

/** `duparg2`: a word that is neither an option nor the one thing that could stand here. */
export function garbage(key: string, word: string): Result<never, Failure> {
  return failed(`Error: either "${key}" is duplicate, or "${word}" is garbage.`, 255);
}

export function noDevice(name: string, status = 1): Result<never, Failure> {
  return failed(`Cannot find device "${name}"`, status);
}

export function notHere(what: string): Result<never, Failure> {
  return failed(notSimulated(what), 1);
}

/** The kernel's refusal: its own sentence where it gave one. */
export function kernelRefusal(error: RtnlError, status = 2): Result<never, Failure> {
  const { errno, extack } = error;
  if (extack?.startsWith("drydock:")) return failed(extack, status);
  return failed(
    extack === undefined ? `RTNETLINK answers: ${strerror(errno)}` : `Error: ${extack}${extack.endsWith(".") ? "" : "."}`,
    status,
  );
}
