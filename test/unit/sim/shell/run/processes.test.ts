import { describe, expect, test } from "vitest";
import { shellMachine } from "../machine";

/** How many processes `sh -c SCRIPT` has come to after a second. */
function processesOf(shell: "bash" | "dash" | "ash", script: string): number {
  const machine = shellMachine();
  const before = machine.kernel.processes.list().length;
  const started = machine.kernel.processes.start({
    namespaces: machine.kernel.root,
    path: { bash: "/bin/bash", dash: "/bin/sh", ash: "/bin/ash" }[shell],
    argv: ["sh", "-c", script],
    env: new Map([["PATH", "/usr/bin"]]),
    cwd: "/",
    stdio: { kind: "null" },
  });
  if (!started.ok) throw new Error(started.error);
  machine.pass(1);
  return machine.kernel.processes.list().length - before;
}

describe("the last command of -c", () => {
  test.each([
    ["sleep 5", 1, 2, 1],
    ["true; sleep 5", 1, 2, 1],
    ["true; true && sleep 5", 2, 2, 1],
    ["if true; then sleep 5; fi", 2, 2, 1],
    // `true` is a zombie by then.
    ["true & sleep 5", 3, 3, 2],
    ["sleep 5 >/dev/null", 2, 2, 1],
    ["(true; sleep 5)", 2, 2, 1],
    ["true | { sleep 5; }", 3, 2, 2],
    [": $(true; true && sleep 5)", 3, 2, 2],
    [": $(f() { sleep 5; }; f)", 2, 3, 3],
    ["eval 'sleep 5'", 2, 2, 2],
    ["trap : USR1; sleep 5", 2, 2, 2],
    ["sleep 5; true", 2, 2, 2],
    ["sleep 5\n", 1, 2, 2],
    ["sleep 5\n\n", 2, 2, 2],
  ])("%j makes %i processes in bash, %i in dash, %i in ash", (script, bash, dash, ash) => {
    expect([processesOf("bash", script), processesOf("dash", script), processesOf("ash", script)]).toEqual([bash, dash, ash]);
  });

  test.each([
    ["with a trap", "trap 'echo bye' EXIT; cat /etc/passwd", "bye\n"],
    ["with more to do", "cat /etc/passwd; echo more", "more\n"],
  ])("%s the shell stays", (_, script, end) => {
    expect(shellMachine().run("bash", script).stdout).toMatch(new RegExp(`${end}$`));
  });
});

test("a pipeline runs at once: the reader ends the writer", () => {
  const machine = shellMachine();

  expect(machine.run("bash", "yes | head -n 3; echo ${PIPESTATUS[@]}").stdout).toBe("y\ny\ny\n141 0\n");
});

test("output comes as it is made, not when the command ends", () => {
  const machine = shellMachine();
  const started = machine.kernel.processes.start({
    namespaces: machine.kernel.root,
    path: "/bin/sh",
    argv: ["sh", "-c", "echo a; sleep 5; echo b | cat"],
    env: new Map([["PATH", "/usr/bin"]]),
    cwd: "/",
    stdio: { kind: "streams", stdin: false },
  });
  if (!started.ok) throw new Error(started.error);
  machine.pass(1);

  expect(started.value.stdout?.take()).toBe("a\n");
  machine.pass(5);
  expect(started.value.stdout?.take()).toBe("b\n");
});

test("a redirection that is undone leaves no descriptor behind", () => {
  const { stdout } = shellMachine().run(
    "bash",
    "f() { echo x; }; for i in 1 2 3; do f > /tmp/f$i 2>&1; { echo y; } >> /tmp/f$i; cat < /tmp/f$i > /dev/null; done; ls /proc/$$/fd; true",
  );

  expect(stdout).toBe("0\n1\n2\n");
});

test("closing standard output of the shell lets its reader see the end", () => {
  expect(shellMachine().run("bash", "{ exec >&-; sleep 5; } | cat; echo $SECONDS").stdout).toBe("5\n");
  expect(shellMachine().run("dash", "(echo a; exec > /dev/null; sleep 1; echo b) | cat").stdout).toBe("a\n");
});

test("what a here-document holds more than a pipe does is written while it is read", () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i} of a long text that is to be passed on`).join("\n");

  expect(shellMachine().run("dash", `cat <<E | cat\n${lines}\nE\n`).stdout).toBe(`${lines}\n`);
});

test("a background command without job control does not hear Ctrl-C and reads nothing", () => {
  const machine = shellMachine();

  expect(machine.run("dash", "cat & wait; echo done", { input: "unread\n" }).stdout).toBe("done\n");
  expect(machine.run("bash", "sleep 1 & kill -INT $!; wait $!; echo $?").stdout).toBe("0\n");
});

test("a trapped signal ends wait, and a sleeping command is waited for first", () => {
  const machine = shellMachine();

  expect(machine.run("bash", "trap 'echo usr1' USR1; (sleep 1; kill -USR1 $$) & sleep 5 & wait; echo $? $SECONDS").stdout).toBe(
    "usr1\n138 1\n",
  );
  expect(machine.run("bash", "trap 'echo usr1 $SECONDS' USR1; (sleep 1; kill -USR1 $$) & sleep 3; echo end").stdout).toBe("usr1 3\nend\n");
});

test("a loop without commands that wait lets the world go on", () => {
  const machine = shellMachine();
  const started = machine.kernel.processes.start({
    namespaces: machine.kernel.root,
    path: "/bin/sh",
    argv: ["sh", "-c", "while :; do :; done"],
    env: new Map(),
    cwd: "/",
    stdio: { kind: "null" },
  });
  if (!started.ok) throw new Error(started.error);
  machine.pass(0.1);
  machine.kernel.processes.kill(started.value.pid, "INT");
  machine.pass(0.1);

  expect(started.value.end).toMatchObject({ kind: "killed", signal: "INT" });
});

test("functions that call each other without end are stopped by a message", () => {
  const { stderr, status } = shellMachine().run("bash", "f() { g; }; g() { f; }; f");

  expect(stderr).toContain("drydock: commands are nested more than 600 deep; this is a limit of the simulator");
  expect(status).toBe(2);
});

test("the environment of a program is what was exported, less what was unset", () => {
  const { stdout } = shellMachine().run("bash", "A=1; export B=2; C=3 env | grep '^[ABC]='; unset B; env | grep '^B=' || echo none");

  expect(stdout).toBe("B=2\nC=3\nnone\n");
});

test("the same script gives the same bytes, pids and random numbers included", () => {
  const script = "echo $$ $RANDOM; sleep 1 & echo $!; (echo $BASHPID); echo $SECONDS";

  expect(shellMachine().run("bash", script)).toEqual(shellMachine().run("bash", script));
});

test("a shell reads its commands from a pipe, line by line as they come", () => {
  const machine = shellMachine();

  expect(machine.run("bash", "", { args: ["-s", "x"], input: "echo $1\nread y\nvalue\necho $y\n" }).stdout).toBe("x\nvalue\n");
  expect(machine.run("dash", "", { args: [], input: "for i in 1 2\ndo echo $i\ndone\n" }).stdout).toBe("1\n2\n");
});

test("a script file is run by the shell that its first line names, or by the one that starts it", () => {
  const machine = shellMachine();
  machine.kernel.root.mnt.root.add([
    { path: "/tmp/named", kind: "file", text: "#!/bin/bash\necho ${BASH_VERSION%%.*} $0 $1\n", mode: 0o755 },
    { path: "/tmp/plain", kind: "file", text: "echo plain $0 $1\n", mode: 0o755 },
  ]);

  expect(machine.run("dash", "/tmp/named a; /tmp/plain b").stdout).toBe("5 /tmp/named a\nplain /tmp/plain b\n");
});
