/** Programs that run another: `env`, `nohup`, `timeout`, `nice`, `setsid`, and `printenv`. */

import type { Errno } from "@/lib/sim/core/errno";
import { parseSignal, SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";
import type { ExitReport, Program, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { both, command, type Context, type Flavour } from "../command/command";
import { parseSpan } from "./echo";

/** The file that `name` runs, along PATH; execvp(3). */
export function findProgram(
  sys: Sys,
  name: string,
  path: string | undefined = sys.env.get("PATH"),
): { readonly path: string } | { readonly errno: Errno } {
  if (name.includes("/")) return { path: name };
  let errno: Errno = "ENOENT";
  for (const directory of (path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").split(":")) {
    const file = `${directory === "" ? "." : directory.replace(/\/+$/, "")}/${name}`;
    const stat = sys.stat(file);
    if (!stat.ok || stat.value.kind === "directory") continue;
    if ((stat.value.mode & 0o111) !== 0) return { path: file };
    errno = "EACCES";
  }
  return { errno };
}

/** Becomes `argv`; returns only when that fails, with the reason. */
export function* become(
  sys: Sys,
  argv: readonly string[],
  env: ReadonlyMap<string, string> = sys.env,
): Routine<{ readonly status: number } | { readonly errno: Errno }> {
  const found = findProgram(sys, argv[0] ?? "", env.get("PATH"));
  if ("errno" in found) return found;
  const image = sys.exec({ path: found.path, argv, env });
  if (image.ok) return { status: yield* image.value };
  // execvp gives a file that is no program to the shell.
  if (image.error !== "ENOEXEC") return { errno: image.error };
  const shell = sys.exec({ path: "/bin/sh", argv: ["sh", found.path, ...argv.slice(1)], env });
  return shell.ok ? { status: yield* shell.value } : { errno: shell.error };
}

/** What a wrapper says and returns when its command cannot be run: 127 not found, 126 otherwise. */
export function* cannotRun(context: Context, name: string, errno: Errno): Routine<number> {
  const words = context.words(errno);
  if (context.flavour === "busybox") yield* context.complain(`can't execute '${name}': ${words}`);
  else
    yield* context.complain(
      context.name === "env" ? `${context.quoted(name)}: ${words}` : `failed to run command ${context.quoted(name)}: ${words}`,
    );
  return errno === "ENOENT" ? 127 : 126;
}

export function statusOf(report: ExitReport): number {
  return report.kind === "exited" ? report.status : 128 + SIGNAL_NUMBERS[report.signal];
}

export function env(flavour: Flavour): Program {
  return command(
    {
      name: "env",
      usage: { gnu: "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]", busybox: "[-i0] [-u NAME]... [-] [NAME=VALUE]... [PROG [ARGS]]" },
      options: {
        gnu: {
          short: "iu:0C:v",
          long: { "ignore-environment": "i", unset: "u:", null: "0", chdir: "C:", debug: "v" },
          stopsAtOperand: true,
        },
        busybox: { short: "iu:0", stopsAtOperand: true },
      },
      unsimulated: flavour === "gnu" ? "S" : "",
      usageStatus: 125,
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      let operands = args.operands;
      let clears = args.has("i");
      if (operands[0] === "-") {
        clears = true;
        operands = operands.slice(1);
      }
      const variables = new Map(clears ? [] : sys.env);
      for (const name of args.values("u")) variables.delete(name);
      for (let first = operands[0]; first?.includes("="); first = operands[0]) {
        const at = first.indexOf("=");
        variables.set(first.slice(0, at), first.slice(at + 1));
        operands = operands.slice(1);
      }
      const [name] = operands;
      if (name === undefined) {
        const end = args.has("0") ? "\0" : "\n";
        for (const [variable, value] of variables) yield* out.put(`${variable}=${value}${end}`);
        return 0;
      }
      const directory = args.value("C");
      if (directory !== undefined) {
        const moved = sys.chdir(directory);
        if (!moved.ok) {
          yield* context.complain(`cannot change directory to '${directory}': ${context.words(moved.error)}`);
          return 125;
        }
      }
      const ran = yield* become(sys, operands, variables);
      return "status" in ran ? ran.status : yield* cannotRun(context, name, ran.errno);
    },
  );
}

export function printenv(flavour: Flavour): Program {
  return command(
    { name: "printenv", usage: { gnu: "[OPTION]... [VARIABLE]...", busybox: "[VARIABLE]..." }, options: both({ short: "0" }) },
    flavour,
    function* ({ args, sys, out }) {
      const end = args.has("0") ? "\0" : "\n";
      if (args.operands.length === 0) for (const [name, value] of sys.env) yield* out.put(`${name}=${value}${end}`);
      let status = 0;
      for (const name of args.operands) {
        const value = sys.env.get(name);
        if (value === undefined) status = 1;
        else yield* out.put(value + end);
      }
      return status;
    },
  );
}

export function nohup(flavour: Flavour): Program {
  return command(
    {
      name: "nohup",
      usage: { gnu: "COMMAND [ARG]...", busybox: "PROG ARGS" },
      options: both({ short: "", stopsAtOperand: true }),
      usageStatus: 125,
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const [name] = args.operands;
      if (name === undefined) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      sys.ignoreSignals("HUP");
      const [inputIsTty, outputIsTty, errorsAreTty] = [0, 1, 2].map((fd) => sys.tty(fd) !== undefined);
      if (inputIsTty) {
        const none = sys.open("/dev/null", { write: true });
        if (none.ok) sys.dup2(none.value, 0);
      }
      if (outputIsTty) {
        let file = "nohup.out";
        let opened = sys.open(file, { write: true, create: true, append: true, mode: 0o600 });
        if (!opened.ok) {
          file = `${sys.env.get("HOME") ?? ""}/nohup.out`;
          opened = sys.open(file, { write: true, create: true, append: true, mode: 0o600 });
        }
        if (!opened.ok) {
          yield* context.complain(
            flavour === "gnu"
              ? `failed to open '${file}': ${context.words(opened.error)}`
              : `can't open '${file}': ${context.words(opened.error)}`,
          );
          return 125;
        }
        yield* context.complain(
          flavour === "gnu" ? `${inputIsTty ? "ignoring input and " : ""}appending output to '${file}'` : `appending output to ${file}`,
        );
        sys.dup2(opened.value, 1);
      } else if (inputIsTty && flavour === "gnu")
        yield* context.complain(errorsAreTty ? "ignoring input and redirecting stderr to stdout" : "ignoring input");
      if (errorsAreTty) sys.dup2(1, 2);
      const ran = yield* become(sys, args.operands);
      return "status" in ran ? ran.status : yield* cannotRun(context, name, ran.errno);
    },
  );
}

export function nice(flavour: Flavour): Program {
  return command(
    {
      name: "nice",
      usage: { gnu: "[OPTION] [COMMAND [ARG]...]", busybox: "[-n ADJUST] [PROG ARGS]" },
      options: both({ short: "n:", long: { adjustment: "n:" }, stopsAtOperand: true }),
      usageStatus: 125,
    },
    flavour,
    function* (context) {
      const { args, sys, out } = context;
      const [name] = args.operands;
      if (name === undefined) {
        yield* out.put("0\n");
        return 0;
      }
      // The scheduler here knows no priorities: everything runs as it would alone.
      const ran = yield* become(sys, args.operands);
      return "status" in ran ? ran.status : yield* cannotRun(context, name, ran.errno);
    },
  );
}

export function timeout(flavour: Flavour): Program {
  return command(
    {
      name: "timeout",
      usage: { gnu: "[OPTION]... DURATION COMMAND [ARG]...", busybox: "[-s SIG] [-k KILL_SECS] SECS PROG ARGS" },
      options: {
        gnu: {
          short: "fk:ps:v",
          long: { foreground: "f", "kill-after": "k:", "preserve-status": "p", signal: "s:", verbose: "v" },
          stopsAtOperand: true,
        },
        busybox: { short: "s:k:", stopsAtOperand: true },
      },
      usageStatus: 125,
    },
    flavour,
    function* (context) {
      const { args, sys } = context;
      const [spanText, ...argv] = args.operands;
      const [name] = argv;
      if (spanText === undefined || name === undefined) return yield* context.usageError();
      const span = parseSpan(spanText);
      const kill = args.value("k");
      const killSpan = kill === undefined ? undefined : parseSpan(kill);
      if (span === undefined || (kill !== undefined && killSpan === undefined)) {
        if (flavour === "gnu")
          return yield* context.usageError(`invalid time interval ${context.quoted((span === undefined ? spanText : kill) ?? "")}`);
        yield* context.complain(`invalid number '${span === undefined ? spanText : kill}'`);
        return 1;
      }
      const signal = parseSignal(args.value("s") ?? "TERM");
      if (!signal) {
        if (flavour === "gnu") return yield* context.usageError(`'${args.value("s")}': invalid signal`);
        yield* context.complain(`bad signal name '${args.value("s")}'`);
        return 1;
      }
      const found = findProgram(sys, name);
      const child = "errno" in found ? found : sys.spawn({ image: { path: found.path }, argv });
      if ("errno" in child) return yield* cannotRun(context, name, child.errno);
      if (!child.ok) return yield* cannotRun(context, name, child.error);
      sys.catchSignals("TERM", "INT", "HUP", "QUIT");
      const waited = yield* waitWith(sys, child.value, span === 0 ? undefined : span, (passed) => sys.kill(child.value, passed));
      if (waited) return statusOf(waited);
      if (args.has("v")) yield* context.complain(`sending signal ${signal} to command '${name}'`);
      sys.kill(child.value, signal);
      sys.kill(child.value, "CONT");
      const ended = yield* waitWith(sys, child.value, killSpan === 0 ? undefined : killSpan, (passed) => sys.kill(child.value, passed));
      if (!ended) {
        if (args.has("v")) yield* context.complain(`sending signal KILL to command '${name}'`);
        sys.kill(child.value, "KILL");
        yield* sys.waitpid(child.value);
        return flavour === "gnu" ? 137 : 143;
      }
      if (flavour === "busybox") return 128 + SIGNAL_NUMBERS[signal];
      // Told to use KILL, it ends itself that way too.
      return args.has("p") ? statusOf(ended) : signal === "KILL" ? 137 : 124;
    },
  );
}

/** Waits for a child, at the longest `span` seconds; signals that come are passed on to it. */
function* waitWith(
  sys: Sys,
  pid: number,
  span: number | undefined,
  passOn: (signal: SignalName) => unknown,
): Routine<ExitReport | undefined> {
  sys.catchSignals("CHLD");
  const until = span === undefined || span === Number.POSITIVE_INFINITY ? undefined : after(sys.now, seconds(span));
  for (;;) {
    const report = yield* sys.waitpid(pid, { noHang: true });
    if (report.ok && report.value) return report.value;
    if (!report.ok && report.error === "ECHILD") return undefined;
    if (until !== undefined && sys.now >= until) return undefined;
    yield* sys.wait(until === undefined ? { on: [] } : { on: [], until });
    for (let signal = sys.takeSignal(); signal; signal = sys.takeSignal()) if (signal !== "CHLD") passOn(signal);
  }
}
