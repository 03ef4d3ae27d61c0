/** A small machine for tests: a kernel, programs given by the test, and a way to run one to its end. */

import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import type { SpawnRequest } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { instantAt } from "@/lib/sim/core/time";
import { executable, Kernel, type Namespaces, type NetProgram, type Process, type StartProcess, type Stdio } from "@/lib/sim/kernel";

export type Machine = {
  readonly kernel: Kernel;
  readonly scheduler: Scheduler;
  /** Starts a program, on the machine itself unless `namespaces` says otherwise. */
  start(program: NetProgram, options?: Partial<StartProcess> & { readonly argv?: readonly string[] }): Process;
  /** Runs a program until nothing more happens, or for `seconds`; what it printed. */
  run(
    program: NetProgram,
    options?: Partial<StartProcess> & { readonly seconds?: number; readonly input?: string },
  ): { readonly stdout: string; readonly stderr: string; readonly end: Process["end"] };
  /** Lets time pass. */
  pass(seconds: number): void;
  /** The namespaces of a container: everything of its own but the network. */
  container(): Namespaces;
};

export function machine(programs: Readonly<Record<string, NetProgram>> = {}): Machine {
  const scheduler = new Scheduler();
  scheduler.limit(1_000_000);
  const kernel = new Kernel({
    host: "node1",
    scheduler,
    random: new Random("test"),
    trace: () => {},
    programs: new Map(Object.entries(programs)),
  });
  const { root } = kernel.root.mnt;
  root.add([
    { path: "/bin", kind: "directory" },
    { path: "/root", kind: "directory", mode: 0o700 },
    { path: "/tmp", kind: "directory", mode: 0o1777 },
    { path: "/etc/passwd", kind: "file", text: "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n" },
    ...Object.keys(programs).map((name) => ({ path: `/bin/${name}`, kind: "file", text: executable(name) }) as const),
  ]);
  const streams: Stdio = { kind: "streams", stdin: true };
  const start: Machine["start"] = (program, options = {}) => {
    const started = kernel.processes.start({
      namespaces: kernel.root,
      path: "/bin/test",
      run: program,
      argv: ["test"],
      env: new Map(),
      cwd: "/",
      stdio: streams,
      ...options,
    });
    if (!started.ok) throw new Error(`did not start: ${started.error}`);
    return started.value;
  };
  const pass = (seconds: number): void => scheduler.runUntil(instantAt(scheduler.now + seconds * 1_000_000));
  return {
    kernel,
    scheduler,
    start,
    pass,
    run(program, { seconds = 60, input, ...options } = {}) {
      const process = start(program, options);
      if (input !== undefined) {
        process.stdin?.write(input);
        process.stdin?.close();
      }
      let [stdout, stderr] = ["", ""];
      for (let passed = 0; passed < seconds && !process.end; passed++) {
        pass(1);
        stdout += process.stdout?.take() ?? "";
        stderr += process.stderr?.take() ?? "";
      }
      return { stdout, stderr, end: process.end };
    },
    container() {
      const files = kernel.createFileSystem();
      files.add([
        { path: "/etc/hostname", kind: "file", text: "c1\n" },
        ...Object.keys(programs).map((name) => ({ path: `/bin/${name}`, kind: "file", text: executable(name) }) as const),
      ]);
      return {
        net: kernel.root.net,
        mnt: kernel.createMountNamespace(files),
        uts: { hostname: "c1", domainname: "" },
        pid: kernel.processes.newPidNamespace(),
      };
    },
  };
}

/** A child that runs `program`, as a fork would. */
export function fork(program: NetProgram, options: Partial<SpawnRequest> = {}): SpawnRequest {
  return { image: { run: program, name: "child" }, argv: ["child"], ...options };
}

/** A program that sleeps for ever. */
export function* forever(sys: { wait(block: { readonly on: readonly [] }): Routine<unknown> }): Routine<number> {
  for (;;) yield* sys.wait({ on: [] });
}
