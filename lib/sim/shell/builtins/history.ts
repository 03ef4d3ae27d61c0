/** `history` and `help`, and bash builtins that a learner may type although they have no use here. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import { parseOptions } from "./options";
import { type BuiltinCall, type BuiltinTable, say } from "./builtin";

function* history(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  if (!shell.options.isBash) {
    const lines = shell.history?.entries ?? [];
    return yield* say(call, lines.map((line, i) => `${String(i).padStart(4)} ${line}\n`).join(""));
  }
  const options = yield* parseOptions(
    call,
    "cd:anrwps",
    "history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]",
  );
  if (!options) return 2;
  const log = shell.history;
  if (!log) return 0;
  if (options.has("c")) {
    log.clear();
    return 0;
  }
  const removed = options.value("d");
  if (removed !== undefined) {
    if (log.remove(Number(removed))) return 0;
    yield* shell.complain(`${removed}: history position out of range`);
    return 1;
  }
  if (options.has("s")) {
    log.add(options.rest.join(" "));
    return 0;
  }
  if (options.has("a") || options.has("n") || options.has("r") || options.has("w")) return 0;
  const [count] = options.rest;
  if (count !== undefined && !/^\d+$/.test(count)) {
    yield* shell.complain(`${count}: numeric argument required`);
    return 2;
  }
  const { entries, first } = log;
  const from = count === undefined ? 0 : Math.max(0, entries.length - Number(count));
  return yield* say(
    call,
    entries
      .slice(from)
      .map((line, i) => `${String(first + from + i).padStart(5)}  ${line}\n`)
      .join(""),
  );
}

function* help(call: BuiltinCall): Routine<number> {
  const { shell, args } = call;
  if (!shell.options.isBash) {
    const lines: string[] = [];
    let line = "";
    for (const name of shell.builtins.keys()) {
      if (line.length + name.length + 1 > 69) {
        lines.push(line);
        line = "";
      }
      line += `${line === "" ? "" : " "}${name}`;
    }
    lines.push(line);
    return yield* say(call, `Built-in commands:\n------------------\n${lines.map((text) => `\t${text}\n`).join("")}\n`);
  }
  const [topic] = args;
  if (topic !== undefined) {
    if (!shell.builtins.get(topic)) {
      yield* shell.complain(`no help topics match \`${topic}'.  Try \`help help' or \`man -k ${topic}' or \`info ${topic}'.`);
      return 1;
    }
    yield* shell.complain(notSimulated(`the text of \`help ${topic}'`));
    return 1;
  }
  const names = [...shell.builtins.keys()];
  const rows = Math.ceil(names.length / 4);
  let text = `GNU bash, version ${shell.variables.get("BASH_VERSION") ?? ""} (x86_64-pc-linux-gnu)\nThese shell commands are defined internally.  Type \`help' to see this list.\n\n`;
  for (let row = 0; row < rows; row++) {
    const cells = [0, 1, 2, 3].flatMap((column) => names[row + column * rows] ?? []);
    text += `${cells.map((name, i) => (i < cells.length - 1 ? name.padEnd(14) : name)).join("")}\n`;
  }
  return yield* say(call, text);
}

function* enable(call: BuiltinCall): Routine<number> {
  if (call.args.length === 0) return yield* say(call, [...call.shell.builtins.keys()].map((name) => `enable ${name}\n`).join(""));
  return yield* unsupported(call);
}

function* caller(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const frame = shell.frames.at(-1 - Number(call.args[0] ?? 0));
  if (!frame) return 1;
  const name = shell.frames.at(-2 - Number(call.args[0] ?? 0))?.name ?? "main";
  return yield* say(call, call.args.length === 0 ? `${frame.callLine} ${shell.name}\n` : `${frame.callLine} ${name} ${shell.name}\n`);
}

function* logout(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  if (!shell.isLogin) {
    yield* shell.complain("not login shell: use `exit'");
    return 1;
  }
  const exit = shell.builtins.get("exit");
  return exit ? yield* exit.run(call) : 1;
}

function* unsupported(call: BuiltinCall): Routine<number> {
  yield* call.shell.complain(notSimulated(`the builtin ${call.name}`));
  return 1;
}

export const historyBuiltins: BuiltinTable = {
  history: { in: "ba", run: history },
  help: { in: "ba", run: help },
  enable: { in: "b", run: enable },
  caller: { in: "b", run: caller },
  logout: { in: "b", run: logout },
  fc: { in: "b", run: unsupported },
  bind: { in: "b", run: unsupported },
  complete: { in: "b", run: unsupported },
  compgen: { in: "b", run: unsupported },
  compopt: { in: "b", run: unsupported },
};
