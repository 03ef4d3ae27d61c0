/**
 * What the docker 28.5.2 command line printed, asked of the daemon and ended with, for given answers of the daemon. Recorded
 * from the real program; only what changes from run to run (ages, addresses of pointers, the order of Go's maps) was left out.
 */

import { expect, test } from "vitest";
import { type Answer, runDocker } from "./command-line";
import recorded from "./recorded/commands.json";

type Case = {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly daemon?: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  /** Requests, and the names of the answers to them. */
  readonly exchange: readonly (readonly [string, string])[];
};

const { answers, files, cases } = recorded as unknown as {
  readonly answers: Readonly<Record<string, Answer>>;
  readonly files: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
};

test.each(cases.map((one): [string, Case] => [`docker ${one.argv.join(" ")}${one.daemon === false ? " (no daemon)" : ""}`, one]))(
  "%s",
  (_, given) => {
    const expected = new Map(given.exchange);

    const { requests, ...outcome } = runDocker({
      argv: given.argv,
      files,
      ...(given.env ? { env: given.env } : {}),
      ...(given.stdin === undefined ? {} : { stdin: given.stdin }),
      ...(given.daemon === false ? {} : { answer: (request) => answers[expected.get(request) ?? ""] }),
    });

    expect(outcome).toEqual({ stdout: given.stdout, stderr: given.stderr, status: given.status });
    // Some commands ask for several things at once, in no order.
    expect([...requests].sort()).toEqual(given.exchange.map(([request]) => request).sort());
  },
);
