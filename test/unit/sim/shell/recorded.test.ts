/**
 * What the real shells made of scripts (recorded by test/support/record-shells.mjs), held against the simulated ones.
 */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Result, type Shell, shellMachine } from "./machine";

type Recording = { readonly script: string } & Readonly<Partial<Record<Shell, Result>>>;

const folder = new URL("recorded/", import.meta.url);

/** bash names the process that was killed; its number is masked in the recordings. */
function masked(result: Result): Result {
  return { ...result, stderr: result.stderr.replace(/(line \d+:) +\d+ (?=[A-Z])/g, "$1 <pid> ") };
}

for (const file of readdirSync(folder).sort()) {
  const recordings: readonly Recording[] = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
  describe(file.replace(/\.json$/, ""), () => {
    for (const shell of ["bash", "dash", "ash"] as const) {
      const own = recordings.flatMap((recording) => (recording[shell] ? [[recording.script, recording[shell]] as const] : []));
      if (own.length === 0) continue;
      test.each(own)(`${shell}: %s`, (script, real) => {
        expect(masked(shellMachine().run(shell, script))).toEqual(real);
      });
    }
  });
}
