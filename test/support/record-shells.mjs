/**
 * Records what the real dash, bash and busybox ash make of small scripts, for the tests of the simulated shells.
 *
 *     node test/support/record-shells.mjs [--root DIR] [TOPIC…]
 *
 * Reads test/unit/sim/shell/scripts/TOPIC.txt (scripts apart by a line `%%`; bash-… is for bash alone) and writes
 * recorded/TOPIC.json beside it. With --root
 * the shells are those of a Debian tree in DIR (bash 5.3, dash 0.5.12, busybox 1.38 were used), run by that tree's own loader;
 * otherwise those of this machine. Each script runs in a fresh directory /tmp/scratch with a bare environment and no input.
 */

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const base = fileURLToPath(new URL("../unit/sim/shell/", import.meta.url));
const args = process.argv.slice(2);
let root;
if (args[0] === "--root") [, root] = args.splice(0, 2);
const topics = args.length > 0 ? args : readdirSync(join(base, "scripts")).map((file) => file.replace(/\.txt$/, ""));

const SCRATCH = "/tmp/scratch";
const TOOLS = "/tmp/scratch-tools";
mkdirSync(TOOLS, { recursive: true });
writeFileSync(join(TOOLS, "args"), '#!/bin/sh\nfor a; do printf "[%s]" "$a"; done\necho\n');
chmodSync(join(TOOLS, "args"), 0o755);

/** Program and arguments up to the script, called by the name that the shell shall see as its own. */
function command(shell) {
  if (shell === "ash") return { file: root ? join(root, "usr/bin/busybox") : "busybox", argv0: "busybox", args: ["sh", "-c"] };
  const name = shell === "dash" ? "sh" : "bash";
  if (!root) return { file: shell, argv0: name, args: ["-c"] };
  const libraries = join(root, "usr/lib/x86_64-linux-gnu");
  const loader = [join(root, "lib64/ld-linux-x86-64.so.2"), join(libraries, "ld-linux-x86-64.so.2")].find((path) => existsSync(path));
  return { file: loader, args: ["--library-path", libraries, "--argv0", name, join(root, "usr/bin", shell), "-c"] };
}

function run(shell, script) {
  rmSync(SCRATCH, { recursive: true, force: true });
  mkdirSync(SCRATCH);
  const { file, args: before, argv0 } = command(shell);
  const done = spawnSync(file, [...before, script], {
    ...(argv0 ? { argv0 } : {}),
    cwd: SCRATCH,
    input: "",
    timeout: 10_000,
    encoding: "utf8",
    env: { PATH: `/usr/bin:/bin:${TOOLS}`, HOME: "/root", LANG: "C.UTF-8" },
  });
  const signals = { SIGTERM: 15, SIGKILL: 9, SIGINT: 2, SIGSEGV: 11, SIGHUP: 1, SIGPIPE: 13, SIGQUIT: 3, SIGUSR1: 10 };
  return { stdout: done.stdout, stderr: mask(done.stderr), status: done.status ?? 128 + (signals[done.signal] ?? 0) };
}

/** bash names the process that was killed. */
function mask(text) {
  return text.replace(/(line \d+:) +\d+ (?=[A-Z])/g, "$1 <pid> ");
}

for (const topic of topics) {
  const scripts = readFileSync(join(base, "scripts", `${topic}.txt`), "utf8")
    .split(/^%%\n/m)
    .map((script) => script.replace(/\n$/, ""))
    .filter((script) => script !== "");
  const shells = topic.startsWith("bash-") ? ["bash"] : ["bash", "dash", "ash"];
  const cases = scripts.map((script) => ({ script, ...Object.fromEntries(shells.map((shell) => [shell, run(shell, script)])) }));
  mkdirSync(join(base, "recorded"), { recursive: true });
  writeFileSync(join(base, "recorded", `${topic}.json`), `${JSON.stringify(cases, null, 1)}\n`);
  console.log(topic, cases.length);
}
rmSync(SCRATCH, { recursive: true, force: true });
rmSync(TOOLS, { recursive: true, force: true });
