/** `read` and bash's `mapfile`. */

import type { Routine } from "@/lib/sim/core/task";
import { after, type Instant, seconds } from "@/lib/sim/core/time";
import type { Shell } from "../run/shell";
import { ShellError } from "../run/unwind";
import { parseOptions } from "./options";
import { type BuiltinCall, usage } from "./builtin";

const SYNOPSIS = "read [-Eers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]";

/** One character of a line, with whether a backslash made it ordinary. */
type ReadChar = { readonly char: string; readonly isEscaped: boolean };

export function* read(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const dialect = shell.flavour.dialect.name;
  const options = yield* parseOptions(
    call,
    dialect === "bash" ? "Eersa:d:i:n:N:p:t:u:" : dialect === "ash" ? "rsp:t:n:d:u:" : "rp:",
    SYNOPSIS,
  );
  if (!options) return 2;
  const names = options.rest;
  if (dialect === "dash" && names.length === 0) throw new ShellError("arg count", 2);
  for (const name of names) {
    if (/^[A-Za-z_]\w*(\[.*\])?$/.test(name)) continue;
    if (dialect === "ash") {
      yield* shell.write(2, `${shell.name}: read: '${name}': bad variable name\n`);
      return 1;
    }
    throw new ShellError(shell.flavour.words.badName(name), shell.flavour.errorStatus);
  }
  const timeout = options.value("t");
  if (timeout !== undefined && !/^\d*\.?\d*$/.test(timeout)) {
    if (dialect === "bash") yield* shell.complain(`${timeout}: invalid timeout specification`);
    else yield* shell.write(2, `${shell.name}: read: invalid timeout\n`);
    return 1;
  }
  const exactly = options.value("N");
  const count = exactly ?? options.value("n");
  if (count !== undefined && !/^\d+$/.test(count)) return yield* usage(call, `${count}: invalid number`, SYNOPSIS);
  const fd = Number(options.value("u") ?? 0);
  const real = shell.descriptors.real(fd);
  if (real === undefined) {
    yield* shell.complain(
      dialect === "bash" && options.has("u") ? `${fd}: invalid file descriptor: Bad file descriptor` : "read error: 0: Bad file descriptor",
    );
    return 1;
  }
  const tty = shell.sys.tty(real);
  const prompt = options.value("p");
  if (prompt !== undefined && tty) yield* shell.write(2, prompt);

  const takesKeys = tty !== undefined && (count !== undefined || options.has("s"));
  if (takesKeys) tty.setRaw(true);
  const deadline = timeout === undefined ? undefined : after(shell.sys.now, seconds(Number(timeout)));
  const delimiter = exactly !== undefined ? undefined : options.has("d") ? (options.value("d") ?? "").charAt(0) || "\0" : "\n";
  const input = yield* readChars(shell, {
    real,
    delimiter,
    limit: count === undefined ? undefined : Number(count),
    isRaw: options.has("r"),
    deadline,
    echoes: takesKeys && !options.has("s"),
    isKeys: takesKeys,
  });
  if (takesKeys) tty.setRaw(false);
  if (input.end === "timeout" && timeout === "0") return input.chars.length > 0 ? 0 : 1;

  const array = options.value("a");
  if (array !== undefined) {
    const fields = splitRead(input.chars, shell.ifs, undefined);
    shell.variables.setArray(array, new Map(fields.map((field, i) => [i, field] as const)));
  } else if (names.length === 0) shell.variables.set("REPLY", input.chars.map(({ char }) => char).join(""));
  else {
    const fields = exactly !== undefined ? [input.chars.map(({ char }) => char).join("")] : splitRead(input.chars, shell.ifs, names.length);
    for (const [i, name] of names.entries()) {
      try {
        assign(shell, name, fields[i] ?? "");
      } catch (error) {
        if (!(error instanceof ShellError)) throw error;
        const { commandName } = shell;
        if (dialect === "bash") shell.commandName = undefined;
        yield* shell.complain(error.message);
        shell.commandName = commandName;
        return dialect === "bash" ? 1 : 2;
      }
    }
  }
  if (input.end === "timeout") return dialect === "bash" ? 142 : 1;
  return input.end === "found" ? 0 : 1;
}

function assign(shell: Shell, name: string, value: string): void {
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(name);
  if (element?.[1] === undefined) shell.variables.set(name, value);
  else shell.variables.set(element[1], value, { key: element[2] ?? "" });
}

type ReadLimits = {
  readonly real: number;
  readonly delimiter: string | undefined;
  readonly limit: number | undefined;
  readonly isRaw: boolean;
  readonly deadline: Instant | undefined;
  readonly echoes: boolean;
  readonly isKeys: boolean;
};

/** Reads one character after the other, so that what follows is left to the next reader. */
function* readChars(
  shell: Shell,
  limits: ReadLimits,
): Routine<{ readonly chars: readonly ReadChar[]; readonly end: "found" | "end" | "timeout" }> {
  const { sys } = shell;
  const chars: ReadChar[] = [];
  let isEscaped = false;
  for (;;) {
    if (limits.limit !== undefined && chars.length >= limits.limit) return { chars, end: "found" };
    if (limits.deadline !== undefined && !sys.isReadable(limits.real)) {
      if (sys.now >= limits.deadline) return { chars, end: "timeout" };
      const wake = yield* sys.wait({ on: sys.readable(limits.real).on, until: limits.deadline });
      if (wake.kind === "signal") yield* shell.interpreter.runPendingTraps();
      continue;
    }
    const chunk = yield* sys.read(limits.real, 1);
    if (!chunk.ok) {
      if (chunk.error !== "EINTR") return { chars, end: "end" };
      yield* shell.interpreter.runPendingTraps();
      continue;
    }
    let char = chunk.value;
    if (char === "") return { chars, end: "end" };
    if (limits.isKeys) {
      // In raw mode keys come as they are.
      if (char === "\x03") {
        sys.kill(sys.pid, "INT");
        yield* shell.interpreter.runPendingTraps();
        return { chars, end: "end" };
      }
      if (char === "\x04") return { chars, end: "end" };
      if (char === "\r") char = "\n";
      if (char === "\x7f") {
        if (chars.pop() && limits.echoes) yield* shell.write(2, "\b \b");
        continue;
      }
      if (limits.echoes) yield* shell.write(2, char);
    }
    if (isEscaped) {
      isEscaped = false;
      if (char !== "\n") chars.push({ char, isEscaped: true });
      continue;
    }
    if (char === "\\" && !limits.isRaw) {
      isEscaped = true;
      continue;
    }
    if (char === limits.delimiter) return { chars, end: "found" };
    if (char !== "\0") chars.push({ char, isEscaped: false });
  }
}

/** Splits at IFS into at most `count` fields; the last takes the rest as it stands, less the blanks at its end. */
function splitRead(chars: readonly ReadChar[], ifs: string, count: number | undefined): string[] {
  const isSpace = ({ char, isEscaped }: ReadChar): boolean => !isEscaped && ifs.includes(char) && /[ \t\n]/.test(char);
  const isOther = ({ char, isEscaped }: ReadChar): boolean => !isEscaped && ifs.includes(char) && !/[ \t\n]/.test(char);
  const fields: string[] = [];
  let i = 0;
  const skipSpace = (): void => {
    for (let c = chars[i]; c && isSpace(c); c = chars[i]) i++;
  };
  skipSpace();
  while (i < chars.length) {
    if (count !== undefined && fields.length === count - 1) {
      fields.push(lastField(chars.slice(i), isSpace, isOther));
      return fields;
    }
    let field = "";
    for (let c = chars[i]; c && !isSpace(c) && !isOther(c); c = chars[i]) {
      field += c.char;
      i++;
    }
    fields.push(field);
    skipSpace();
    const c = chars[i];
    if (c && isOther(c)) {
      i++;
      skipSpace();
    }
  }
  return fields;
}

function lastField(rest: readonly ReadChar[], isSpace: (c: ReadChar) => boolean, isOther: (c: ReadChar) => boolean): string {
  let end = rest.length;
  const at = (i: number): ReadChar => rest[i] ?? { char: "", isEscaped: true };
  while (end > 0 && isSpace(at(end - 1))) end--;
  // One delimiter at the very end belongs to the field before it when that is the only one.
  if (end > 0 && isOther(at(end - 1)) && !rest.slice(0, end - 1).some(isOther)) {
    end--;
    while (end > 0 && isSpace(at(end - 1))) end--;
  }
  return rest
    .slice(0, end)
    .map(({ char }) => char)
    .join("");
}

export function* mapfile(call: BuiltinCall): Routine<number> {
  const { shell } = call;
  const options = yield* parseOptions(
    call,
    "d:n:O:s:tu:C:c:",
    `${call.name} [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]`,
  );
  if (!options) return 2;
  const name = options.rest[0] ?? "MAPFILE";
  const real = shell.descriptors.real(Number(options.value("u") ?? 0));
  if (real === undefined) return 1;
  const delimiter = options.has("d") ? (options.value("d") ?? "").charAt(0) || "\0" : "\n";
  const most = Number(options.value("n") ?? 0) || Number.POSITIVE_INFINITY;
  let skipped = Number(options.value("s") ?? 0);
  const origin = Number(options.value("O") ?? 0);
  const items = new Map<number, string>();
  if (options.has("O")) for (const [index, text] of shell.variables.elements(name)) items.set(Number(index), text);
  let next = origin;
  while (next - origin < most) {
    const line = yield* readChars(shell, {
      real,
      delimiter,
      limit: undefined,
      isRaw: true,
      deadline: undefined,
      echoes: false,
      isKeys: false,
    });
    const text = line.chars.map(({ char }) => char).join("");
    if (line.end !== "found" && text === "") break;
    if (skipped > 0) skipped--;
    else items.set(next++, options.has("t") || line.end !== "found" ? text : text + delimiter);
    if (line.end !== "found") break;
  }
  shell.variables.setArray(name, items);
  return 0;
}
