/**
 * A machine with the three shells and a handful of small programs, for tests of the shell.
 *
 * The programs do what the scripts of these tests ask of their namesakes and no more; they are the scripts' surroundings, not
 * what is tested.
 */

import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { complain, LineReader, print, readAll } from "@/lib/sim/core/stdio";
import type { Program } from "@/lib/sim/core/sys";
import { instantAt, seconds } from "@/lib/sim/core/time";
import { executable, Kernel, type Process, type PtyMaster } from "@/lib/sim/kernel";
import { makeShells, type ShellProgramOptions } from "@/lib/sim/shell";

export type Shell = "bash" | "dash" | "ash";

/** How each shell is called: the file, and the name it sees as its own. */
const CALLED: Readonly<Record<Shell, { readonly path: string; readonly name: string }>> = {
  bash: { path: "/bin/bash", name: "bash" },
  dash: { path: "/bin/sh", name: "sh" },
  ash: { path: "/bin/ash", name: "sh" },
};

export type Result = { readonly stdout: string; readonly stderr: string; readonly status: number };

export type ShellMachine = {
  readonly kernel: Kernel;
  readonly scheduler: Scheduler;
  /** Runs `-c SCRIPT` (or with `args` whatever they say) until it ends. */
  run(
    shell: Shell,
    script: string,
    options?: {
      readonly args?: readonly string[];
      readonly input?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly seconds?: number;
    },
  ): Result;
  /** A shell on a terminal. */
  terminal(
    shell: Shell,
    options?: {
      readonly columns?: number;
      readonly rows?: number;
      readonly argv?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    },
  ): Terminal;
  pass(seconds: number): void;
};

export type Terminal = {
  readonly pty: PtyMaster;
  readonly process: Process;
  /** Presses keys, lets `seconds` pass (a tenth), and gives what came onto the screen. */
  type(keys: string, seconds?: number): string;
  pass(seconds: number): string;
};

const ENVIRONMENT = { PATH: "/usr/bin:/bin", HOME: "/root", LANG: "C.UTF-8" };

export function shellMachine(options: ShellProgramOptions = {}): ShellMachine {
  const scheduler = new Scheduler();
  scheduler.limit(20_000_000);
  const programs = new Map<string, Program>([
    ...makeShells(options),
    ...Object.entries(PROGRAMS).map(([name, program]) => [`test/${name}`, program] as const),
  ]);
  const kernel = new Kernel({ host: "node1", scheduler, random: new Random("shell"), trace: () => {}, programs });
  kernel.root.mnt.root.add([
    { path: "/bin", kind: "directory" },
    { path: "/root", kind: "directory", mode: 0o700 },
    { path: "/tmp/scratch", kind: "directory" },
    { path: "/etc/passwd", kind: "file", text: "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n" },
    { path: "/bin/bash", kind: "file", text: executable("bash/bash"), mode: 0o755 },
    { path: "/bin/sh", kind: "file", text: executable("dash/sh"), mode: 0o755 },
    { path: "/bin/ash", kind: "file", text: executable("busybox/sh"), mode: 0o755 },
    // Where the shell of busybox finds itself by the name `sh`.
    { path: "/busybox/sh", kind: "file", text: executable("busybox/sh"), mode: 0o755 },
    ...Object.keys(PROGRAMS).map(
      (name) => ({ path: `/usr/bin/${name}`, kind: "file", text: executable(`test/${name}`), mode: 0o755 }) as const,
    ),
  ]);
  const pass = (count: number): void => scheduler.runUntil(instantAt(scheduler.now + count * 1_000_000));

  return {
    kernel,
    scheduler,
    pass,
    run(shell, script, { args, input, env = {}, seconds: limit = 100 } = {}) {
      const { path, name } = CALLED[shell];
      const started = kernel.processes.start({
        namespaces: kernel.root,
        path,
        argv: [name, ...(args ?? ["-c", script])],
        env: new Map(Object.entries({ ...ENVIRONMENT, ...(shell === "ash" ? { PATH: `/busybox:${ENVIRONMENT.PATH}` } : {}), ...env })),
        cwd: "/tmp/scratch",
        stdio: { kind: "streams", stdin: true },
      });
      if (!started.ok) throw new Error(started.error);
      const process = started.value;
      process.stdin?.write(input ?? "");
      process.stdin?.close();
      let [stdout, stderr] = ["", ""];
      const step = (): void => {
        stdout += process.stdout?.take() ?? "";
        stderr += process.stderr?.take() ?? "";
      };
      const until = scheduler.now + limit * 1_000_000;
      while (!process.end) {
        const next = scheduler.nextAt;
        if (next === undefined || next > until) throw new Error(`does not end: ${script}`);
        for (let i = 0; i < 100 && !process.end; i++) if (!scheduler.step()) break;
        step();
      }
      // What a background command prints after the shell's end is read as a pipe's reader would.
      for (let i = 0; i < 10_000 && !(process.stdout?.hasEnded && process.stderr?.hasEnded); i++) {
        if (!scheduler.step()) break;
        step();
      }
      step();
      const { end } = process;
      return { stdout, stderr, status: end.kind === "exited" ? end.status : end.kind === "killed" ? 128 + (SIGNALS[end.signal] ?? 0) : -1 };
    },
    terminal(shell, { columns = 80, rows = 24, argv, env = {} } = {}) {
      const { path, name } = CALLED[shell];
      const started = kernel.processes.start({
        namespaces: kernel.root,
        path,
        argv: argv ?? [name],
        env: new Map(Object.entries({ ...ENVIRONMENT, TERM: "xterm-256color", ...env })),
        cwd: "/root",
        stdio: { kind: "pty", columns, rows },
      });
      if (!started.ok) throw new Error(started.error);
      const process = started.value;
      const { pty } = process;
      if (!pty) throw new Error("no terminal");
      return {
        pty,
        process,
        pass(count) {
          pass(count);
          return pty.take();
        },
        type(keys, count = 0.1) {
          pty.input(keys);
          pass(count);
          return pty.take();
        },
      };
    },
  };
}

const SIGNALS: Readonly<Record<string, number>> = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, SEGV: 11, PIPE: 13, TERM: 15 };

const PROGRAMS: Readonly<Record<string, Program>> = {
  *cat(sys) {
    const files = sys.argv.slice(1);
    for (const file of files.length > 0 ? files : ["-"]) {
      if (file === "-") {
        for (let chunk = yield* sys.read(0); chunk.ok && chunk.value !== ""; chunk = yield* sys.read(0)) yield* print(sys, chunk.value);
        continue;
      }
      const fd = sys.open(file, { read: true });
      if (!fd.ok) {
        yield* complain(sys, `cat: ${file}: No such file or directory\n`);
        return 1;
      }
      yield* print(sys, yield* readAll(sys, fd.value));
    }
    return 0;
  },
  *env(sys) {
    let args = sys.argv.slice(1);
    const env = args[0] === "-i" ? new Map<string, string>() : sys.env;
    if (args[0] === "-i") args = args.slice(1);
    for (const arg of args) if (arg.includes("=")) env.set(arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1));
    for (const [name, value] of [...env].sort()) yield* print(sys, `${name}=${value}\n`);
    return 0;
  },
  *echo(sys) {
    yield* print(sys, `${sys.argv.slice(1).join(" ")}\n`);
    return 0;
  },
  *sleep(sys) {
    yield* sys.sleep(seconds(Number(sys.argv[1])));
    return 0;
  },
  *args(sys) {
    yield* print(
      sys,
      `${sys.argv
        .slice(1)
        .map((arg) => `[${arg}]`)
        .join("")}\n`,
    );
    return 0;
  },
  *ls(sys) {
    const names = sys.readdir(sys.argv[1] ?? ".");
    if (names.ok) for (const name of names.value) if (!name.startsWith(".")) yield* print(sys, `${name}\n`);
    return names.ok ? 0 : 2;
  },
  *head(sys) {
    const reader = new LineReader(sys, 0);
    for (let left = Number((sys.argv[1] ?? "-10").replace(/\D/g, "") || sys.argv[2]); left > 0; left--) {
      const line = yield* reader.next();
      if (!line) break;
      yield* print(sys, `${line.text}\n`);
    }
    return 0;
  },
  *yes(sys) {
    for (;;) {
      const written = yield* sys.write(1, "y\ny\ny\ny\ny\ny\ny\ny\n");
      if (!written.ok) return 1;
    }
  },
  *sort(sys) {
    const lines = (yield* readAll(sys, 0)).split("\n").slice(0, -1).sort();
    if (sys.argv[1] === "-r") lines.reverse();
    for (const line of lines) yield* print(sys, `${line}\n`);
    return 0;
  },
  *grep(sys) {
    const reader = new LineReader(sys, 0);
    let count = 0;
    for (let line = yield* reader.next(); line; line = yield* reader.next()) {
      if (!new RegExp(sys.argv.at(-1) ?? "").test(line.text)) continue;
      count++;
      if (sys.argv[1] !== "-c") yield* print(sys, `${line.text}\n`);
    }
    if (sys.argv[1] === "-c") yield* print(sys, `${count}\n`);
    return count > 0 ? 0 : 1;
  },
  *rm(sys) {
    for (const path of sys.argv.slice(1)) sys.unlink(path);
    return yield* done(sys);
  },
  *touch(sys) {
    for (const path of sys.argv.slice(1)) sys.writeFile(path, "");
    return yield* done(sys);
  },
  *mkdir(sys) {
    for (const path of sys.argv.slice(1)) if (path !== "-p") sys.mkdir(path);
    return yield* done(sys);
  },
  *chmod(sys) {
    for (const path of sys.argv.slice(2)) sys.chmod(path, sys.argv[1] === "+x" ? 0o755 : Number.parseInt(sys.argv[1] ?? "0", 8));
    return yield* done(sys);
  },
};

function* done(sys: Parameters<Program>[0]): ReturnType<Program> {
  yield* sys.compute(seconds(0));
  return 0;
}
