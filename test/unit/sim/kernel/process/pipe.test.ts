import { expect, test } from "vitest";
import { complain, print, readAll } from "@/lib/sim/core/stdio";
import { seconds } from "@/lib/sim/core/time";
import { fork, machine } from "./machine";

test("what one process writes another reads, and the end of the writer is the end of the text", () => {
  const { stdout } = machine().run(function* (sys) {
    const pipe = sys.pipe();
    sys.spawn(
      fork(
        function* (child) {
          yield* print(child, "hello");
          return 0;
        },
        { fds: new Map([[1, pipe.write]]) },
      ),
    );
    sys.close(pipe.write);

    yield* print(sys, `<${yield* readAll(sys, pipe.read)}>`);
    return 0;
  });

  expect(stdout).toBe("<hello>");
});

test("a writer waits while 64 KiB are unread, and goes on when there is room", () => {
  const log: string[] = [];
  machine().run(function* (sys) {
    const pipe = sys.pipe();
    sys.spawn(
      fork(
        function* (child) {
          yield* child.write(1, "x".repeat(65_536));
          log.push("full");
          yield* child.write(1, "y".repeat(10));
          log.push("written");
          return 0;
        },
        { fds: new Map([[1, pipe.write]]) },
      ),
    );
    yield* sys.sleep(seconds(1));
    log.push("reading");
    yield* sys.read(pipe.read, 10_000);
    yield* sys.sleep(seconds(1));
    return 0;
  });

  expect(log).toEqual(["full", "reading", "written"]);
});

test("writing to a pipe without a reader kills by SIGPIPE", () => {
  const { stdout } = machine().run(function* (sys) {
    const pipe = sys.pipe();
    const child = sys.spawn(
      fork(
        function* (writer) {
          yield* writer.write(1, "nobody reads this");
          return 0;
        },
        { fds: new Map([[1, pipe.write]]) },
      ),
    );
    sys.close(pipe.read);
    sys.close(pipe.write);
    const report = yield* sys.waitpid(child.ok ? child.value : "any");
    yield* print(sys, JSON.stringify(report.ok && report.value));
    return 0;
  });

  expect(JSON.parse(stdout)).toMatchObject({ kind: "killed", signal: "PIPE" });
});

test("a process that ignores SIGPIPE gets EPIPE", () => {
  const { stderr } = machine().run(function* (sys) {
    sys.ignoreSignals("PIPE");
    const pipe = sys.pipe();
    sys.close(pipe.read);
    const written = yield* sys.write(pipe.write, "nobody reads this");
    yield* complain(sys, written.ok ? "written" : written.error);
    return 0;
  });

  expect(stderr).toBe("EPIPE");
});

test("an endless writer into an endless reader uses up time, not the world", () => {
  const world = machine();
  const process = world.start(function* (sys) {
    const pipe = sys.pipe();
    sys.spawn(
      fork(
        function* (child) {
          for (;;) yield* child.write(1, "y\n".repeat(512));
        },
        { fds: new Map([[1, pipe.write]]) },
      ),
    );
    sys.close(pipe.write);
    for (;;) yield* sys.read(pipe.read);
  });
  world.pass(0.1);

  expect(process.end).toBeUndefined();
});

test("a duplicate keeps a pipe open, and shares what is read", () => {
  const { stdout } = machine().run(function* (sys) {
    const pipe = sys.pipe();
    const twin = sys.dup(pipe.write, 10);
    sys.close(pipe.write);
    yield* sys.write(10, "still open");
    yield* print(sys, JSON.stringify([twin, yield* sys.read(pipe.read, 5), yield* sys.read(pipe.read)]));
    return 0;
  });

  expect(JSON.parse(stdout)).toEqual([
    { ok: true, value: 10 },
    { ok: true, value: "still" },
    { ok: true, value: " open" },
  ]);
});

test("the kernel's user reads a process's output and gives it input", () => {
  const { stdout, stderr } = machine().run(
    function* (sys) {
      yield* print(sys, (yield* readAll(sys, 0)).toUpperCase());
      yield* complain(sys, "done");
      return 0;
    },
    { input: "some text" },
  );

  expect([stdout, stderr]).toEqual(["SOME TEXT", "done"]);
});

test("a process has at most 1024 open files", () => {
  const { stdout } = machine().run(function* (sys) {
    let opened = 0;
    for (;;) {
      const fd = sys.open("/dev/null", { read: true });
      if (fd.ok) opened++;
      else {
        yield* print(sys, `${opened} ${fd.error}`);
        return 0;
      }
    }
  });

  expect(stdout).toBe("1021 EMFILE");
});
