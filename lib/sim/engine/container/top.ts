/**
 * `docker top`: the host's own `ps`, and of its lines those of the container's processes.
 * Modelled on moby's daemon/top_unix.go: it really runs `ps`, so its options, columns and complaints are that program's.
 */

import { ok } from "@/lib/base/result";
import type { TopResponse } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Engine } from "../engine";
import { type Outcome, refuse } from "../error";
import { copyOutput, exitCodeOf } from "./process-streams";
import { isRestarting, notRunning } from "./stop";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export function* top(engine: Engine, term: string, psArgs: string): Routine<Outcome<TopResponse>> {
  const asked = psArgs === "" ? "-ef" : psArgs;
  for (const [, key, value = ""] of asked.matchAll(/\s+([^\s]*)=\s*(PID[^\s]*)/g)) {
    if (key !== "pid") return refuse("internal", `specifying "${key}=${value}" is not allowed`);
  }
  const found = engine.containers.get(term);
  if (!found.ok) return found;
  const container = found.value;
  const { run, state } = container;
  if (!state.running || (!run && !state.restarting)) return { ok: false, error: notRunning(container) };
  if (!run) return { ok: false, error: isRestarting(container) };

  const pids = engine.kernel.processes.list(run.namespaces.pid).map(({ pid }) => pid);
  const args = asked.split(" ");
  let output = yield* ps(engine, [...args, `-q${pids.join(",")}`]);
  // Some options do not go with `-q`.
  if (output.status !== 0) output = yield* ps(engine, args);
  if (output.status !== 0) return refuse("internal", `ps: ${output.stderr.split("\n")[0] || `exit status ${output.status}`}`);
  const processes = parse(output.stdout, new Set(pids));
  if (!processes.ok) return processes;
  engine.logContainer(container, "top");
  return processes;
}

function* ps(
  engine: Engine,
  args: readonly string[],
): Routine<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const { kernel } = engine;
  const path = kernel.processes.lookup(kernel.root, "ps", PATH, "/");
  if (!path.ok) return { status: 127, stdout: "", stderr: 'exec: "ps": executable file not found in $PATH' };
  const process = kernel.processes.start({
    namespaces: kernel.root,
    path: path.value,
    argv: ["ps", ...args],
    env: new Map([["PATH", PATH]]),
    cwd: "/",
    stdio: { kind: "streams", stdin: false },
  });
  if (!process.ok) return { status: 126, stdout: "", stderr: `fork/exec ${path.value}: ${process.error}` };
  const output = { stdout: "", stderr: "" };
  yield* copyOutput(engine, process.value, (stream, text) => {
    output[stream] += text;
  });
  return { status: exitCodeOf(process.value.end), ...output };
}

function parse(output: string, pids: ReadonlySet<number>): Outcome<TopResponse> {
  const [header = "", ...lines] = output.split("\n");
  const titles = fields(header);
  const pidColumn = titles.indexOf("PID");
  if (pidColumn < 0) return refuse("internal", "Couldn't find PID field in ps output");
  const processes: (readonly string[])[] = [];
  let isThreadOfOurs = false;
  for (const line of lines) {
    if (line === "") continue;
    const words = fields(line);
    const pid = words[pidColumn] ?? "";
    if (pid !== "-") {
      if (!/^\d+$/.test(pid)) return refuse("internal", `Unexpected pid '${pid}': strconv.Atoi: parsing "${pid}": invalid syntax`);
      isThreadOfOurs = pids.has(Number(pid));
    }
    if (isThreadOfOurs) processes.push([...words.slice(0, titles.length - 1), words.slice(titles.length - 1).join(" ")]);
  }
  return ok({ Processes: processes.length > 0 ? processes : null, Titles: titles });
}

function fields(line: string): readonly string[] {
  return line.split(/[\t\n\f\r ]+/).filter((word) => word !== "");
}
