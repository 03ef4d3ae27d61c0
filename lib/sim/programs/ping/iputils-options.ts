/** The command line of iputils' ping: what it accepts, and how it refuses. */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { getopt } from "../command/getopt";
import { IPUTILS_USAGE } from "./iputils-usage";

export type PingOptions = {
  readonly host: string;
  readonly family: 4 | 6 | "any";
  /** Until stopped when undefined. */
  readonly count: number | undefined;
  readonly size: number;
  /** Seconds. */
  readonly interval: number;
  readonly isFlood: boolean;
  readonly isAdaptive: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isAudible: boolean;
  readonly isNumeric: boolean;
  /** `-H`: names also for what was given as an address. */
  readonly forcesNames: boolean;
  readonly stamps: boolean;
  readonly reportsOutstanding: boolean;
  readonly allowsBroadcast: boolean;
  readonly ttl: number | undefined;
  readonly dontFragment: boolean;
  readonly through: string | undefined;
  readonly preload: number;
  readonly wait: number;
  readonly deadline: number | undefined;
};

/** What to print instead, and where. */
export type Refusal = { readonly stdout?: string; readonly stderr?: string; readonly status: number };

const VERSION = "ping from iputils 20250605\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n";
const LARGEST_INT = 2_147_483_647;
const LARGEST_LONG = 9_223_372_036_854_775_807n;
/** Real options that do nothing here or would show what is not there. */
const NOT_SIMULATED: Readonly<Record<string, string>> = {
  R: "ping -R (record route)",
  T: "ping -T (timestamp option)",
  N: "ping -N (node information)",
  F: "ping -F (flow label)",
  m: "ping -m (mark)",
  Q: "ping -Q (type of service)",
};

export function parsePingOptions(args: readonly string[]): Result<PingOptions, Refusal> {
  const parsed = getopt(args, { short: "h?4bRT:6F:N:3aABc:CdDe:fHi:I:l:Lm:M:nOp:qQ:rs:S:t:UvVw:W:" });
  if (!parsed.ok) return fail({ stderr: `ping: ${parsed.error}\n${IPUTILS_USAGE}`, status: 2 });
  const { options, operands } = parsed.value;
  const has = (key: string): boolean => options.some((option) => option.key === key);
  const last = (key: string): string | undefined => options.findLast((option) => option.key === key)?.value;
  if (has("h") || has("?")) return fail({ stderr: IPUTILS_USAGE, status: 2 });
  if (has("V")) return fail({ stdout: VERSION, status: 0 });
  for (const option of options) {
    const what = NOT_SIMULATED[option.key];
    if (what !== undefined) return fail({ stderr: `${notSimulated(what)}\n`, status: 2 });
  }

  const count = whole(last("c"), "invalid argument", 1n, LARGEST_LONG);
  if (!count.ok) return count;
  const size = whole(last("s"), "invalid -s value", 0n, 65_507n);
  if (!size.ok) return size;
  const ttl = whole(last("t"), "invalid argument", 0n, 255n);
  if (!ttl.ok) return ttl;
  const preload = whole(last("l"), "invalid argument", 1n, 65_536n);
  if (!preload.ok) return preload;
  const deadline = whole(last("w"), "invalid argument", 0n, BigInt(LARGEST_INT));
  if (!deadline.ok) return deadline;
  const interval = fraction(last("i"), "bad timing interval");
  if (!interval.ok) return interval;
  const wait = fraction(last("W"), "bad linger time");
  if (!wait.ok) return wait;
  const discovery = last("M");
  if (discovery !== undefined && !["do", "dont", "want", "probe"].includes(discovery))
    return fail({ stderr: `ping: invalid -M argument: ${discovery}\n`, status: 2 });

  const [host] = operands;
  if (host === undefined) return fail({ stderr: "ping: usage error: Destination address required\n", status: 2 });
  if (operands.length > 1) return fail({ stderr: `${notSimulated("ping through several hops (source routing)")}\n`, status: 2 });
  const isFlood = has("f");
  return ok({
    host,
    family: has("6") ? 6 : has("4") ? 4 : "any",
    count: count.value,
    size: size.value ?? 56,
    interval: interval.value ?? (isFlood ? 0 : 1),
    isFlood,
    isAdaptive: has("A"),
    isQuiet: has("q"),
    isVerbose: has("v"),
    isAudible: has("a"),
    isNumeric: has("n") || (isFlood && !has("H")),
    forcesNames: has("H"),
    stamps: has("D"),
    reportsOutstanding: has("O"),
    allowsBroadcast: has("b"),
    ttl: ttl.value,
    dontFragment: discovery === "do" || discovery === "probe",
    through: last("I"),
    preload: preload.value ?? 1,
    wait: wait.value ?? 10,
    deadline: deadline.value === 0 ? undefined : deadline.value,
  });
}

function whole(text: string | undefined, complaint: string, least: bigint, most: bigint): Result<number | undefined, Refusal> {
  if (text === undefined) return ok(undefined);
  if (!/^\s*[+-]?\d+$/.test(text)) return fail({ stderr: `ping: ${complaint}: '${text}'\n`, status: 1 });
  const value = BigInt(text.trim().replace(/^\+/, ""));
  if (value < least || value > most)
    return fail({ stderr: `ping: ${complaint}: '${text}': out of range: ${least} <= value <= ${most}\n`, status: 1 });
  return ok(Number(value));
}

function fraction(text: string | undefined, complaint: string): Result<number | undefined, Refusal> {
  if (text === undefined) return ok(undefined);
  if (!/^\d*\.?\d+$|^\d+\.$/.test(text)) return fail({ stderr: `ping: ${complaint}: ${text}\n`, status: 1 });
  return ok(Number(text));
}
