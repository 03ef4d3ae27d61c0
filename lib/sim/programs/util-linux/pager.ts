/**
 * `more` and `less`: a page at a time on a terminal, and `cat` into anything else.
 *
 * Keys: space and `f` a page on, Enter and `j` a line on, `b` a page back, `k` a line back, `g` and `G` to the ends, `q` out.
 * Differs: searching and the many other keys are not simulated; lines are not folded.
 */

import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { both, command, type Context, type Flavour } from "../command/command";
import { cannotOpen, eachInput, openInput } from "../command/input";

export function pager(name: "more" | "less"): (flavour: Flavour) => Program {
  return (flavour) =>
    command(
      {
        name,
        usage: { gnu: "[options] <file>...", busybox: "[FILE]..." },
        options: both({ short: "dflpcsuSNMRXFEeIiqnr0123456789" }),
        package: "util-linux",
      },
      flavour,
      function* (context) {
        const { args, sys, out } = context;
        const terminal = sys.tty(1);
        if (!terminal) {
          const headed = name === "more" && flavour === "gnu" && args.operands.length > 0;
          const copied = yield* eachInput(context, args.operands, function* (input, path) {
            if (headed) yield* out.put(`::::::::::::::\n${path}\n::::::::::::::\n`);
            for (let chunk = yield* input.chunk(); chunk !== ""; chunk = yield* input.chunk()) yield* out.put(chunk);
          });
          return copied ? 0 : 1;
        }
        let text = "";
        for (const path of args.operands.length > 0 ? args.operands : ["-"]) {
          if (path === "-" && sys.tty(0)) return yield* context.usageError(name === "less" ? "Missing filename" : "bad usage");
          const input = openInput(sys, path, out);
          if (!input.ok) {
            yield* context.complain(cannotOpen(context, path, input.error));
            if (args.operands.length === 1) return 1;
            continue;
          }
          text += yield* input.value.rest();
          input.value.close();
        }
        return yield* browse(context, text.replace(/\n$/, "").split("\n"), terminal.rows - 1, name);
      },
    );
}

function* browse(context: Context, lines: readonly string[], height: number, name: "more" | "less"): Routine<number> {
  const { sys } = context;
  const keys = sys.tty(0) ? 0 : openTerminal(context);
  const terminal = keys === undefined ? undefined : sys.tty(keys);
  // What fits on a page, more just shows; and without keys there is nothing to ask.
  if (keys === undefined || !terminal || (name === "more" && lines.length <= height)) {
    yield* sys.write(1, lines.map((line) => `${line}\n`).join(""));
    return 0;
  }
  terminal.setRaw(true);
  let top = 0;
  const last = Math.max(0, lines.length - height);
  const draw = function* (): Routine<void> {
    const page = lines.slice(top, top + height);
    const percent = Math.min(100, Math.floor(((top + page.length) / Math.max(1, lines.length)) * 100));
    const prompt = name === "more" ? `\x1b[7m--More--(${percent}%)\x1b[m` : top >= last ? "\x1b[7m(END)\x1b[m" : ":";
    yield* sys.write(
      1,
      `\x1b[H\x1b[J${page.map((line) => `${line}\r\n`).join("")}${"~\r\n".repeat(name === "less" ? height - page.length : 0)}${prompt}`,
    );
  };
  yield* draw();
  for (;;) {
    const typed = yield* sys.read(keys);
    if (!typed.ok || typed.value === "") break;
    const before = top;
    let isDone = false;
    for (const key of typed.value) {
      if (key === "q" || key === "Q" || key === "\x03") isDone = true;
      else if (key === " " || key === "f") top += height;
      else if (key === "\r" || key === "\n" || key === "j") top++;
      else if (key === "b") top -= height;
      else if (key === "k" || key === "y") top--;
      else if (key === "g" || key === "<") top = 0;
      else if (key === "G" || key === ">") top = last;
      // more ends after the last page.
      if (name === "more" && top > last && before >= last) isDone = true;
      top = Math.max(0, Math.min(top, last));
    }
    if (isDone) break;
    yield* draw();
  }
  terminal.setRaw(false);
  yield* sys.write(1, "\r\x1b[K");
  return 0;
}

function openTerminal({ sys }: Context): number | undefined {
  const fd = sys.open("/dev/tty", { read: true });
  return fd.ok ? fd.value : undefined;
}
