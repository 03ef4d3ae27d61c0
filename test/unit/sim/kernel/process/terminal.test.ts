import { expect, test } from "vitest";
import type { Sys } from "@/lib/sim/core/sys";
import { print, readAll } from "@/lib/sim/core/stdio";
import { seconds } from "@/lib/sim/core/time";
import type { NetProgram, PtyMaster } from "@/lib/sim/kernel";
import { forever, fork, type Machine, machine } from "./machine";

/** A program on a terminal of 80 columns. */
function onTerminal(program: NetProgram): {
  readonly world: Machine;
  readonly screen: PtyMaster;
  type(keys: string): string;
  ended(): boolean;
} {
  const world = machine();
  const process = world.start(program, { stdio: { kind: "pty", columns: 80, rows: 24 } });
  world.pass(0.1);
  const { pty } = process;
  if (!pty) throw new Error("no terminal");
  return {
    world,
    screen: pty,
    type(keys) {
      pty.input(keys);
      world.pass(0.1);
      return pty.take();
    },
    ended: () => process.end !== undefined,
  };
}

/** Prints each line it reads in angle brackets. */
function* echoLines(sys: Sys): Generator<never, number> {
  for (;;) {
    const line = yield* sys.read(0) as Generator<never, { ok: boolean; value?: string }>;
    if (!line.ok || line.value === "") return 0;
    yield* print(sys, `<${line.value}>\n`) as Generator<never, void>;
  }
}

test("a line is echoed as it is typed and read when Enter comes", () => {
  const { type } = onTerminal(echoLines);

  expect(type("hel")).toBe("hel");
  expect(type("lo")).toBe("lo");
  expect(type("\r")).toBe("\r\n<hello\r\n>\r\n");
});

test("erase, word erase and kill edit the line", () => {
  const { type } = onTerminal(echoLines);

  expect(type("abc\x7f")).toBe("abc\b \b");
  expect(type("\x15")).toBe("\b \b\b \b");
  expect(type("one two\x17\r")).toBe("one two\b \b\b \b\b \b\r\n<one \r\n>\r\n");
});

test("^D is the end of input on an empty line, and hands over a begun one", () => {
  const { type, ended } = onTerminal(echoLines);

  expect(type("half\x04")).toBe("half<half>\r\n");
  expect(ended()).toBe(false);
  type("\x04");
  expect(ended()).toBe(true);
});

test("^C interrupts the foreground group and nobody else", () => {
  const log: string[] = [];
  const { type, ended } = onTerminal(function* (sys) {
    sys.spawn(fork(forever, { group: "own" }));
    sys.spawn(fork(forever, { group: "own", foreground: true }));
    const report = yield* sys.waitpid("any");
    if (report.ok && report.value?.kind === "killed") log.push(report.value.signal);
    return yield* forever(sys);
  });

  expect(type("typed\x03")).toBe("typed^C");
  expect(log).toEqual(["INT"]);
  expect(ended()).toBe(false);
});

test("^Z stops the foreground job and its shell is told", () => {
  const reports: unknown[] = [];
  const { type } = onTerminal(function* (sys) {
    sys.spawn(fork(forever, { group: "own", foreground: true }));
    const report = yield* sys.waitpid("any", { untraced: true });
    reports.push(report.ok && report.value);
    return yield* forever(sys);
  });

  type("\x1a");

  expect(reports).toMatchObject([{ kind: "stopped", signal: "TSTP" }]);
});

test("a background process that reads from the terminal is stopped by SIGTTIN; writing is allowed", () => {
  const reports: unknown[] = [];
  const { screen, world } = onTerminal(function* (sys) {
    sys.spawn(
      fork(
        function* (child) {
          yield* print(child, "background\n");
          yield* child.read(0);
          return 0;
        },
        { group: "own" },
      ),
    );
    const report = yield* sys.waitpid("any", { untraced: true });
    reports.push(report.ok && report.value);
    return yield* forever(sys);
  });
  world.pass(1);

  expect(screen.take()).toBe("background\r\n");
  expect(reports).toMatchObject([{ kind: "stopped", signal: "TTIN" }]);
});

test("in raw mode keys are read as they are, without echo or signals, until the holder ends", () => {
  const keys: unknown[] = [];
  const { type, screen, ended } = onTerminal(function* (sys) {
    sys.tty(0)?.setRaw(true);
    for (let i = 0; i < 2; i++) keys.push(yield* sys.read(0));
    sys.spawn(fork(forever));
    return 0;
  });

  expect(type("\x03")).toBe("");
  expect(screen.isRaw).toBe(true);
  expect(type("\r")).toBe("");
  expect(keys).toEqual([
    { ok: true, value: "\x03" },
    { ok: true, value: "\r" },
  ]);
  expect(ended()).toBe(true);
  expect(screen.isRaw).toBe(false);
});

test("a new size is announced by SIGWINCH", () => {
  const sizes: unknown[] = [];
  const { screen, world } = onTerminal(function* (sys) {
    sys.catchSignals("WINCH");
    for (;;) {
      sizes.push([sys.tty(0)?.columns, sys.tty(0)?.rows, sys.takeSignal()]);
      yield* sys.wait({ on: [] });
    }
  });
  screen.resize(100, 30);
  world.pass(1);

  expect(sizes).toEqual([
    [80, 24, undefined],
    [100, 30, "WINCH"],
  ]);
});

test("hanging up ends the session", () => {
  const { screen, world, ended } = onTerminal(function* (sys) {
    yield* readAll(sys, 0);
    return 0;
  });
  screen.hangup();
  world.pass(1);

  expect(ended()).toBe(true);
  expect(screen.hasEnded).toBe(true);
});

test("when a session's first process ends, its foreground job is hung up and the screen ends", () => {
  const { screen, world } = onTerminal(function* (sys) {
    sys.spawn(fork(forever, { group: "own", foreground: true }));
    yield* print(sys, "bye\n");
    return 0;
  });
  world.pass(1);

  expect(screen.take()).toBe("bye\r\n");
  expect(screen.hasEnded).toBe(true);
  expect(world.kernel.processes.list().map((process) => process.pid)).toEqual([1]);
});

test("the terminal has a name, and /dev/tty is whatever terminal a process has", () => {
  const { screen, world } = onTerminal(function* (sys) {
    const tty = sys.open("/dev/tty", { write: true });
    if (tty.ok) yield* sys.write(tty.value, `${sys.tty(tty.value)?.name} ${JSON.stringify(sys.readdir("/dev/pts"))}\n`);
    yield* sys.sleep(seconds(1));
    return 0;
  });
  world.pass(1);

  expect(screen.take()).toBe('pts/0 {"ok":true,"value":["0","ptmx"]}\r\n');
});
