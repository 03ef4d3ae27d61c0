import { describe, expect, test } from "vitest";
import type { CompletionSource } from "@/lib/sim/shell";
import { type Shell, shellMachine, type Terminal } from "../machine";

/** What a person sees: bracketed paste's switches taken out. */
function seen(output: string): string {
  return output.replaceAll(/\x1b\[\?2004[hl]\r?/g, "");
}

function open(
  shell: Shell,
  options: Parameters<ReturnType<typeof shellMachine>["terminal"]>[1] = {},
): Terminal & { see(keys: string, seconds?: number): string } {
  const terminal = shellMachine().terminal(shell, options);
  terminal.pass(0.1);
  return { ...terminal, see: (keys, seconds) => seen(terminal.type(keys, seconds)) };
}

describe("bash", () => {
  test("prompts, edits in raw mode and runs commands in cooked mode", () => {
    const terminal = shellMachine().terminal("bash");

    expect(terminal.pass(0.1)).toBe("\x1b[?2004hroot@node1:~# ");
    expect(terminal.pty.isRaw).toBe(true);
    expect(terminal.type("cat\r")).toBe("cat\r\n\x1b[?2004l\r");
    expect(terminal.pty.isRaw).toBe(false);
    expect(terminal.type("hello\r")).toBe("hello\r\nhello\r\n");
    expect(terminal.type("\x04")).toBe("\x1b[?2004hroot@node1:~# ");
    expect(terminal.pty.isRaw).toBe(true);
  });

  test("a command over several lines is asked for with PS2 and kept as one in the history", () => {
    const { see } = open("bash");

    expect(see("for i in a b\r")).toBe("for i in a b\r\n> ");
    expect(see("do echo $i\r")).toBe("do echo $i\r\n> ");
    expect(see("done\r")).toBe("done\r\na\r\nb\r\nroot@node1:~# ");
    expect(see("\x1b[A")).toBe("for i in a b; do echo $i; done");
  });

  test.each([
    ['echo "a\r', 'b"\r', "a\r\nb"],
    ["cat <<E\r", "x\rE\r", "x"],
    ["echo a \\\r", "b\r", "a b"],
    ["echo a &&\r", "echo b\r", "a\r\nb"],
    ["echo $(echo a\r", ")\r", "a"],
  ])("%j goes on", (first, rest, output) => {
    const { see } = open("bash");

    expect(see(first)).toMatch(/\r\n> $/);
    expect(see(rest)).toContain(`\r\n${output}\r\nroot@node1:~# `);
  });

  test("Ctrl-C at the prompt gives a new one and status 130", () => {
    const { see } = open("bash");

    expect(see("abc\x03")).toBe("abc^C\r\nroot@node1:~# ");
    expect(see("echo $?\r")).toBe("echo $?\r\n130\r\nroot@node1:~# ");
  });

  test("Ctrl-C ends the command in the foreground, and the loop it is in", () => {
    const { see } = open("bash");

    see("for i in 1 2 3; do sleep 5; echo $i; done\r");
    expect(see("\x03")).toBe("^C\r\nroot@node1:~# ");
    see("while :; do :; done\r");
    expect(see("\x03")).toBe("^C\r\nroot@node1:~# ");
  });

  test("Ctrl-D on an empty line ends the shell", () => {
    const terminal = open("bash");

    expect(terminal.see("\x04")).toBe("\r\nexit\r\n");
    expect(terminal.process.end).toMatchObject({ kind: "exited", status: 0 });
  });

  test("Ctrl-Z stops a job, which bg and fg continue", () => {
    const { see } = open("bash");

    see("sleep 3\r");
    expect(see("\x1a")).toBe("^Z\r\n[1]+  Stopped                    sleep 3\r\nroot@node1:~# ");
    expect(see("echo $?\r")).toContain("148");
    expect(see("bg\r")).toBe("bg\r\n[1]+ sleep 3 &\r\nroot@node1:~# ");
    expect(see("fg\r")).toBe("fg\r\nsleep 3\r\n");
    expect(see("", 4)).toBe("root@node1:~# ");
  });

  test("a background job has its number and pid told, and its end before the next prompt", () => {
    const { see } = open("bash");

    expect(see("sleep 1 &\r")).toMatch(/^sleep 1 &\r\n\[1\] \d+\r\nroot@node1:~# $/);
    expect(see("jobs\r")).toBe("jobs\r\n[1]+  Running                    sleep 1 &\r\nroot@node1:~# ");
    see("", 1.5);
    expect(see("\r")).toBe("\r\n[1]+  Done                       sleep 1\r\nroot@node1:~# ");
  });

  test("stopping a command leaves the loop it is in, and goes on after a list", () => {
    const { see } = open("bash");

    see("while :; do sleep 5; echo again; done\r");
    expect(see("\x1a")).toBe("^Z\r\n[1]+  Stopped                    sleep 5\r\nroot@node1:~# ");
    see("sleep 5; echo after\r");
    expect(see("\x1a")).toContain("after\r\n");
  });

  test("Ctrl-C ends a command substitution and what waits for it", () => {
    const { see } = open("bash");

    see("x=$(sleep 100); echo not reached\r");
    expect(see("\x03")).toBe("^C\r\nroot@node1:~# ");
  });

  test("exit warns once of stopped jobs", () => {
    const terminal = open("bash");
    terminal.see("sleep 9\r");
    terminal.see("\x1a");

    expect(terminal.see("exit\r")).toBe("exit\r\nexit\r\nThere are stopped jobs.\r\nroot@node1:~# ");
    terminal.see("exit\r");
    expect(terminal.process.end).toBeDefined();
  });

  test("a pipeline is one job in one process group of its own", () => {
    const { see, pty } = open("bash");

    see("sleep 9 | cat | cat\r");
    see("\x1a");
    expect(
      see("jobs -l\r")
        .split("\r\n")
        .slice(1, 4)
        .map((line) => line.replace(/\d{1,5}(?= )/, "N")),
    ).toEqual([
      "[1]+     N Stopped                    sleep 9",
      "         N                          | cat",
      "         N                          | cat",
    ]);
    expect(pty.isRaw).toBe(true);
  });

  test("what is typed ahead is left to the command", () => {
    const { see } = open("bash");
    see("sleep 1; read x\r");

    expect(see("hello\recho got $x\r", 2)).toContain("\r\ngot hello\r\n");
  });

  test("a pasted text waits for Enter", () => {
    const { see } = open("bash");

    expect(see("\x1b[200~echo a\recho b\x1b[201~")).toBe("echo a\r\necho b");
    expect(see("\r")).toBe("\r\na\r\nb\r\nroot@node1:~# ");
  });

  test("history expansion shows the line it made", () => {
    const { see } = open("bash");
    see("echo one two\r");

    expect(see("echo !$\r")).toBe("echo !$\r\necho two\r\ntwo\r\nroot@node1:~# ");
    expect(see("!nope\r")).toBe("!nope\r\nbash: !nope: event not found\r\nroot@node1:~# ");
  });

  test("errors are told without a line number, and the shell stays", () => {
    const { see } = open("bash");

    expect(see("nosuch\r")).toBe("nosuch\r\nbash: nosuch: command not found\r\nroot@node1:~# ");
    expect(see("nosuch | cat\r")).toContain("bash: nosuch: command not found\r\n");
    expect(see("echo )\r")).toBe("echo )\r\nbash: syntax error near unexpected token `)'\r\nroot@node1:~# ");
    expect(see("echo ${x?}\r")).toBe("echo ${x?}\r\nbash: x: parameter not set\r\nroot@node1:~# ");
    expect(see("set -u; echo $y; echo z\r")).toContain("bash: y: unbound variable\r\nroot@node1:~# ");
  });

  test("a long line wraps, and the cursor finds its way back", () => {
    const { see } = open("bash", { columns: 30 });

    expect(see("echo 12345678901234567890")).toBe("echo 12345678901 \r234567890");
    expect(see("\x01")).toBe("\x1b[1A\x1b[5C");
    expect(see("\x05\x15")).toBe("\x1b[1B\x1b[5D\x1b[1A\x1b[5C\x1b[J");
  });

  test("a changed width draws the line anew", () => {
    const terminal = open("bash", { columns: 30 });
    terminal.see("echo 12345678901234567890");

    terminal.pty.resize(80, 24);
    expect(seen(terminal.pass(0.1))).toBe("\r\x1b[Jroot@node1:~# echo 12345678901234567890");
  });

  test("a login shell is called by its own name and says logout", () => {
    const terminal = open("bash", { argv: ["-bash"] });

    expect(terminal.see("nosuch\r")).toContain("-bash: nosuch: command not found");
    expect(terminal.see("\x04")).toBe("\r\nlogout\r\n");
  });

  test("a shell within a shell has the terminal, and gives it back", () => {
    const { see } = open("bash");

    see("bash\r");
    expect(see("echo $SHLVL\r")).toContain("\r\n2\r\n");
    expect(see("sleep 5\r")).toBe("sleep 5\r\n");
    expect(see("\x03")).toBe("^C\r\nroot@node1:~# ");
    expect(see("exit 4\r")).toBe("exit 4\r\nexit\r\nroot@node1:~# ");
    expect(see("echo $?\r")).toContain("\r\n4\r\n");
  });

  test("the history is kept in its file for the next shell", () => {
    const machine = shellMachine();
    const first = machine.terminal("bash");
    first.pass(0.1);
    first.type("echo remembered\r");
    first.type("exit\r");

    const second = machine.terminal("bash");
    second.pass(0.1);
    expect(second.type("\x1b[A\x1b[A")).toContain("cho remembered");
  });

  test("hanging up ends the shell and its jobs", () => {
    const machine = shellMachine();
    const terminal = machine.terminal("bash");
    terminal.pass(0.1);
    terminal.type("sleep 100\r");

    terminal.pty.hangup();
    machine.pass(1);
    expect(terminal.process.end).toBeDefined();
    expect(machine.kernel.processes.list().filter((process) => process.name === "sleep")).toEqual([]);
  });

  test("trap … INT runs at the prompt and in the middle of a command", () => {
    const { see } = open("bash");
    see("trap 'echo trapped' INT\r");

    expect(see("\x03")).toBe("^C\r\ntrapped\r\nroot@node1:~# ");
  });
});

describe("ash", () => {
  test("prompts with the directory, edits, and knows job control", () => {
    const { see } = open("ash");

    expect(see("cd /\r")).toBe("cd /\r\n/ # ");
    expect(see("abc\x7f\x7f\x7fecho hi\r")).toContain("hi\r\n/ # ");
    see("sleep 5\r");
    expect(see("\x1a")).toBe("^Z[1]+  Stopped                    sleep 5\r\n/ # ");
    see("fg\r");
    expect(see("\x03")).toBe("^C\r\n/ # ");
    expect(see("nosuch\r")).toBe("nosuch\r\nsh: nosuch: not found\r\n/ # ");
  });

  test("an error in a special builtin leaves an interactive shell alive", () => {
    const { see } = open("ash");

    expect(see(". /nosuch\r")).toBe(". /nosuch\r\nsh: .: can't open /nosuch: no such file\r\n~ # ");
    expect(see("echo on\r")).toContain("\r\non\r\n");
  });
});

describe("dash", () => {
  test("leaves editing to the terminal, and counts lines", () => {
    const terminal = shellMachine().terminal("dash");

    expect(terminal.pass(0.1)).toBe("# ");
    expect(terminal.pty.isRaw).toBe(false);
    expect(terminal.type("echo hi\r")).toBe("echo hi\r\nhi\r\n# ");
    expect(terminal.type("nosuch\r")).toBe("nosuch\r\nsh: 2: nosuch: not found\r\n# ");
    expect(terminal.type("abc\x03")).toBe("abc^C\r\n# ");
    expect(terminal.type("\x04")).toBe("\r\n");
    expect(terminal.process.end).toMatchObject({ kind: "exited", status: 130 });
  });
});

describe("completion", () => {
  const things: CompletionSource = function* ({ words, index, prefix }, sys) {
    yield* sys.sleep(0 as never);
    return index === 1 ? ["start", "stop", "status", "--all="] : [`${words[1] ?? ""}-${prefix}1`, `${words[1] ?? ""}-${prefix}2`];
  };

  function complete(...keys: readonly string[]): string {
    const terminal = shellMachine({ completions: new Map([["thing", things]]) }).terminal("bash");
    terminal.pass(0.1);
    let output = "";
    for (const key of keys) output = seen(terminal.type(key));
    return output;
  }

  test.each([
    ["a command", "unal\t", "unalias "],
    ["a command after a pipe", "ls | unal\t", "ls | unalias "],
    ["a command after an assignment", "A=1 unal\t", "A=1 unalias "],
    ["a file", "cat /etc/pass\t", "cat /etc/passwd "],
    ["a directory stays open", "ls /et\t", "ls /etc/"],
    ["after a redirection", "cat </etc/pass\t", "cat </etc/passwd "],
    ["in quotes", 'cat "/etc/pass\t', 'cat "/etc/passwd" '],
    ["a variable", "echo $HOM\t", "echo $HOME "],
    ["a variable in braces", "echo ${HOM\t", "echo ${HOME} "],
    ["a user's home", "ls ~roo\t", "ls ~root/"],
    ["an argument that a source knows", "thing sto\t", "thing stop "],
    ["as much as they have in common", "thing s\t", "thing st\x07"],
    ["an argument that goes on", "thing --\t", "thing --all="],
    ["with the words before it", "thing start-\t", "thing start-\x07"],
    ["nothing", "cat /nosuch/x\t", "cat /nosuch/x\x07"],
  ])("%s", (_, keys, line) => {
    expect(complete(keys)).toBe(line);
  });

  test("Tab twice lists what there is and shows the line again", () => {
    expect(complete("thing st", "\t", "\t")).toBe("\r\nstart   status  stop\r\nroot@node1:~# thing st");
  });

  test("more than a screenful is asked about", () => {
    const terminal = shellMachine().terminal("bash");
    terminal.pass(0.1);
    terminal.type("for ((i=0;i<120;i++)); do alias zz$i=x; done\r");

    terminal.type("zz\t");
    expect(seen(terminal.type("\t"))).toBe("\r\nDisplay all 120 possibilities? (y or n)");
    expect(seen(terminal.type("n"))).toBe("\r\nroot@node1:~# zz");
  });

  test("a name with a blank is quoted", () => {
    const terminal = shellMachine().terminal("bash");
    terminal.pass(0.1);
    terminal.type("touch 'a b'\r");

    expect(seen(terminal.type("cat a\t"))).toBe("cat a\\ b ");
  });
});
