/** `docker` at a terminal, beside a real daemon: raw mode, sizes, the keys that detach, and what Ctrl-C does. */

import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { after, millis } from "@/lib/sim/core/time";
import { ONE_HOST } from "@/lib/sim/world/topology";
import { World } from "@/lib/sim/world/world";

const CTRL_C = "\u0003";

function openTerminal() {
  const world = World.create({ topology: ONE_HOST, seed: "terminal" });
  const host = world.hosts.get("node1");
  if (!host) throw new Error("there is no node1");
  const { kernel } = host;
  const wait = (ms: number): void => world.advanceTo(after(world.now, millis(ms)));

  /** Starts `docker …` on a new terminal. */
  const docker = (...argv: string[]) => {
    const process = unwrap(
      kernel.processes.start({
        namespaces: kernel.root,
        path: "/usr/bin/docker",
        argv: ["docker", ...argv],
        env: new Map([
          ["PATH", "/usr/bin:/bin"],
          ["HOME", "/root"],
        ]),
        cwd: "/root",
        stdio: { kind: "pty", columns: 80, rows: 24 },
      }),
    );
    const pty = process.pty;
    if (!pty) throw new Error("there is no terminal");
    wait(2000);
    return {
      /** What is on the screen since the last look. */
      see: (): string => pty.take(),
      type(text: string, ms = 1000): string {
        pty.input(text);
        wait(ms);
        return pty.take();
      },
      resize(columns: number, rows: number): void {
        pty.resize(columns, rows);
        wait(100);
      },
      status: (): number | undefined => (process.end?.kind === "exited" ? process.end.status : undefined),
    };
  };
  const run = (command: string): string => world.run("node1", command).stdout;
  return { docker, run, wait };
}

test("an interactive container has the terminal: it echoes, edits and gets Ctrl-C", () => {
  const { docker } = openTerminal();
  const terminal = docker("run", "-it", "--name", "box", "busybox", "sh");
  terminal.see();

  expect(terminal.type("echo hi\r")).toContain("echo hi\r\nhi\r\n");
  terminal.type("sleep 100\r");
  expect(terminal.type(CTRL_C)).toContain("^C\r\n");
  expect(terminal.status()).toBeUndefined();
  terminal.type("exit 7\r");
  expect(terminal.status()).toBe(7);
});

test("a new size of the own terminal is told to the container", () => {
  const { docker } = openTerminal();
  const terminal = docker("run", "-it", "busybox", "sh", "-c", "trap 'echo new size' WINCH; while true; do sleep 1; done");
  terminal.see();

  terminal.resize(100, 30);
  // Twice, as the signal is passed on besides.
  expect(terminal.type("", 2000)).toMatch(/^(new size\r\n)+$/);
});

test("Ctrl-P Ctrl-Q leaves a container running; attach comes back to it", () => {
  const { docker, run } = openTerminal();
  const first = docker("run", "-it", "--name", "box", "busybox", "cat");
  expect(first.type("one\r")).toBe("one\r\none\r\n");
  first.type("\u0010\u0011");
  expect(first.status()).toBe(0);
  expect(run("docker ps --format '{{.Names}}'")).toBe("box\n");

  const second = docker("attach", "box");
  expect(second.type("two\r")).toBe("two\r\ntwo\r\n");
  expect(second.type("\u0010\u0011")).toBe("read escape sequence\r\n");
  expect(second.status()).toBe(1);
});

test("a container without a terminal gets Ctrl-C as a signal", () => {
  const { docker } = openTerminal();
  const terminal = docker("run", "busybox", "sh", "-c", "trap 'echo got; exit 5' INT; while true; do sleep 1; done");

  expect(terminal.type(CTRL_C, 3000)).toBe("^Cgot\r\n");
  expect(terminal.status()).toBe(5);
});

test("the third Ctrl-C gives up on a container that ignores it, which runs on", () => {
  const { docker, run } = openTerminal();
  const terminal = docker("run", "--name", "deaf", "busybox", "sleep", "100");

  expect(terminal.type(CTRL_C)).toBe("^C");
  expect(terminal.type(CTRL_C)).toBe("^C");
  expect(terminal.type(CTRL_C)).toBe("^C\r\ngot 3 SIGTERM/SIGINTs, forcefully exiting\r\n");
  expect(terminal.status()).toBe(1);
  expect(run("docker ps --format '{{.Names}}'")).toBe("deaf\n");
});

test("a signal that ends a container while it is passed on is not missed", () => {
  const { docker } = openTerminal();
  const terminal = docker("run", "--init", "busybox", "sleep", "100");

  terminal.type(CTRL_C);
  expect(terminal.status()).toBe(130);
});

test("Ctrl-C ends what only looks, with status 130", () => {
  const { docker, run } = openTerminal();
  run("docker run -d --name box busybox sh -c 'while true; do date; sleep 1; done'");

  for (const argv of [["logs", "-f", "box"], ["events"], ["stats"], ["wait", "box"], ["stop", "box"]]) {
    const terminal = docker(...argv);
    terminal.type(CTRL_C);
    expect([argv[0], terminal.status()]).toEqual([argv[0], 130]);
  }
});

test("Ctrl-C leaves an exec, whose process goes on, and a start -a, with status 0", () => {
  const { docker, run } = openTerminal();
  run("docker run -d --name box busybox sleep 1000");
  const exec = docker("exec", "box", "sleep", "500");
  exec.type(CTRL_C);
  expect(exec.status()).toBe(0);

  run("docker create --name other busybox sleep 1000");
  const start = docker("start", "-a", "other");
  start.type(CTRL_C);
  expect(start.status()).toBe(0);
  expect(run("docker ps --format '{{.Names}}'")).toBe("other\nbox\n");
});

test("several containers stop at the same time", () => {
  const { run } = openTerminal();
  run("for name in one two three; do docker run -d --name $name busybox sleep 1000; done");
  const seconds = (text: string): number => Number(text.trim());
  const before = seconds(run("date +%s"));

  expect(run("docker stop -t 5 one two three")).toBe("one\ntwo\nthree\n");
  expect(seconds(run("date +%s")) - before).toBeLessThan(8);
});
