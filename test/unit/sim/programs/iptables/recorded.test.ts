import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { createNetfilter } from "@/lib/sim/kernel/netfilter";
import { iptablesOutcome } from "@/lib/sim/programs/iptables/iptables";
import { restore, restoreOptions } from "@/lib/sim/programs/iptables/restore";
import { save } from "@/lib/sim/programs/iptables/save";
import type { Outcome } from "@/lib/sim/programs/iptables/words";

// What a fresh Docker host answered, command by command, on one set of tables.
const FOLDER = join(import.meta.dirname, "recorded");

const DOCKER = readFileSync(join(FOLDER, "docker.save"), "utf8");
const DOCKER6 = readFileSync(join(FOLDER, "docker6.save"), "utf8");

function freshHost() {
  const { iptables, ip6tables } = createNetfilter(
    { addressType: () => "UNICAST", sourceAddressOf: () => undefined, isPortTaken: () => false, mtuOf: () => undefined },
    { scheduler: new Scheduler(), random: new Random("test"), host: "node1", netnsId: "1", trace: () => {} },
  );
  for (const [netfilter, text] of [
    [iptables, DOCKER],
    [ip6tables, DOCKER6],
  ] as const) {
    const options = restoreOptions([], netfilter);
    if ("status" in options) throw new Error("no options were given");
    expect(restore(text, options, netfilter).status).toBe(0);
  }
  return { iptables, ip6tables };
}

const hosts = (address: string): string | undefined => ({ "127.0.0.1": "localhost", "127.0.1.1": "node1", "::1": "localhost" })[address];

/** Words as sh makes them of these lines: no expansion is used in them but quotes. */
function words(line: string): string[] {
  const found: string[] = [];
  for (const [whole, double, single] of line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|[^\s"']+/g)) found.push(double ?? single ?? whole);
  return found;
}

function run(line: string, host: ReturnType<typeof freshHost>): Outcome | undefined {
  const [program = "", ...args] = words(line);
  const netfilter = program.startsWith("ip6") ? host.ip6tables : host.iptables;
  const piped = /^printf (?:-- )?'([^']*)' \| iptables-restore(.*)$/.exec(line);
  if (piped) {
    const options = restoreOptions(words(piped[2] ?? ""), host.iptables);
    return "status" in options ? options : restore((piped[1] ?? "").replaceAll("\\n", "\n"), options, host.iptables);
  }
  if (/^ip6?tables-save$/.test(program)) return save(args, { netfilter, dateMs: 0 });
  if (/^ip6?tables-restore$/.test(program)) {
    const options = restoreOptions(args, netfilter);
    return "status" in options ? options : undefined;
  }
  return /^ip6?tables$/.test(program) ? iptablesOutcome(args, netfilter, hosts, () => undefined) : undefined;
}

/** Dates differ, and so do counters: packets flowed on the recorded host. */
function masked(text: string): string {
  return text
    .replace(/ on \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, " on DATE")
    .replace(/\[\d+:\d+\]|\d+ packets, \d+ bytes/g, "COUNTED");
}

describe.each(readdirSync(FOLDER).filter((name) => name.endsWith(".session")))("%s", (file) => {
  const host = freshHost();
  const steps = readFileSync(join(FOLDER, file), "utf8").split(/^\$ /m).slice(1);
  test.each(steps.map((step) => [step.split("\n")[0] ?? "", step] as const))("%s", (command, step) => {
    const outcome = run(command, host);
    if (!outcome) throw new Error("the recording holds a step that this test cannot take");
    const shown = (text: string, mark: string): string =>
      text
        .split("\n")
        .slice(0, -1)
        .map((line) => `${mark}${line}\n`)
        .join("");
    const actual = `${command}\n${shown(outcome.stdout, "  ")}${shown(outcome.stderr, "! ")}${outcome.status === 0 ? "" : `? ${outcome.status}\n`}`;
    expect(masked(actual)).toBe(masked(step));
  });
});
