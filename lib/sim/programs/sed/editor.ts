/** sed's machine: pattern space, hold space, and the commands of a cycle (POSIX sed, and what GNU and busybox add). */

import type { Fd, Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Context } from "../command/command";
import { Input, type Line } from "../command/input";
import { Output } from "../command/output";
import type { PosixRegex } from "../regex/posix-regex";
import { LineSource } from "./line-source";
import type { Action, Address, Command, Script, Selector } from "./script";
import { expand, unambiguous } from "./text";

/** What a cycle ended with. */
type Flow = "next-cycle" | "restart" | "quit";

export class Editor {
  readonly #context: Context;
  readonly #sys: Sys;
  readonly #script: Script;
  readonly #silent: boolean;
  readonly #separator: string;
  readonly #inPlace: string | undefined;
  readonly #isSeparate: boolean;
  readonly #files = new Map<string, Output>();
  readonly #reads = new Map<string, Input | undefined>();
  /** Ranges that are open: the line on which each ends, or that a regex decides. */
  readonly #open = new Map<number, number | "regex">();
  readonly #started = new Set<number>();
  #out: Output;
  #source: LineSource;
  #pattern = "";
  #hold = "";
  /** Whether the line in the pattern space ended in a newline, and the one in the hold space. */
  #terminated = true;
  #holdTerminated = true;
  /** A line was printed without its newline: it comes before anything else. */
  #owesNewline = false;
  #line = 0;
  #appended: { readonly text: string }[] = [];
  #substituted = false;
  #lastRegex: PosixRegex | undefined;
  #status = 0;

  constructor(context: Context, script: Script) {
    const { args, sys, out } = context;
    this.#context = context;
    this.#sys = sys;
    this.#script = script;
    this.#silent = args.has("n") || script.silent;
    this.#separator = args.has("z") ? "\0" : "\n";
    this.#inPlace = args.value("i");
    this.#isSeparate = args.has("s") || this.#inPlace !== undefined;
    this.#out = out;
    this.#source = new LineSource(context, [], this.#separator);
  }

  *run(paths: readonly string[]): Routine<number> {
    for (const group of this.#isSeparate ? paths.map((path) => [path]) : [paths]) {
      const target = this.#inPlace === undefined ? undefined : yield* this.#beginInPlace(group[0] ?? "");
      if (this.#inPlace !== undefined && !target) continue;
      if (this.#inPlace !== undefined) this.#line = 0;
      this.#source = new LineSource(this.#context, group, this.#separator);
      const flow = yield* this.#cycles();
      if (this.#source.failed) this.#status = Math.max(this.#status, this.#context.flavour === "gnu" ? 2 : 1);
      if (target) yield* this.#endInPlace(target, flow === "quit");
      if (flow === "quit") break;
    }
    for (const output of this.#files.values()) yield* output.flush();
    return this.#status;
  }

  *#cycles(): Routine<Flow> {
    let keeps = false;
    for (;;) {
      if (!keeps && !(yield* this.#nextLine(false))) return "next-cycle";
      keeps = false;
      const flow = yield* this.#cycle();
      if (flow === "quit") return flow;
      keeps = flow === "restart";
    }
  }

  /** Reads a line into the pattern space; false at the end of input. */
  *#nextLine(append: boolean): Routine<boolean> {
    const line = yield* this.#source.next();
    if (!line) return false;
    this.#line++;
    this.#pattern = append ? `${this.#pattern}\n${line.text}` : line.text;
    this.#terminated = line.terminated;
    return true;
  }

  *#cycle(): Routine<Flow> {
    const { commands, labels } = this.#script;
    for (let at = 0; at < commands.length; at++) {
      const one = commands[at];
      if (!one) break;
      const selected = (yield* this.#selects(one)) !== one.negated;
      const { action } = one;
      if (!selected) {
        if (action.name === "{") at = action.end;
        continue;
      }
      switch (action.name) {
        case "b":
        case "t":
        case "T": {
          const jumps = action.name === "b" || this.#substituted === (action.name === "t");
          if (action.name !== "b") this.#substituted = false;
          if (!jumps) break;
          at = action.label === "" ? commands.length : (labels.get(action.label) ?? commands.length);
          break;
        }
        case "n":
          if (yield* this.#source.isAtEnd()) {
            // GNU prints the pattern space when there is no next line (POSIX would not).
            yield* this.#endCycle();
            return "quit";
          }
          if (!this.#silent) yield* this.#print(this.#pattern);
          yield* this.#flushAppended();
          yield* this.#nextLine(false);
          break;
        case "N":
          if (yield* this.#source.isAtEnd()) {
            yield* this.#endCycle();
            return "quit";
          }
          yield* this.#flushAppended();
          yield* this.#nextLine(true);
          break;
        case "d":
          yield* this.#flushAppended();
          this.#substituted = false;
          return "next-cycle";
        case "D": {
          const newline = this.#pattern.indexOf("\n");
          yield* this.#flushAppended();
          if (newline < 0) return "next-cycle";
          this.#pattern = this.#pattern.slice(newline + 1);
          return "restart";
        }
        case "c":
          // Of a range, the text comes once, at its end.
          if (one.selector.kind !== "range" || one.negated || !this.#open.has(one.selector.id)) yield* this.#put(`${action.text}\n`);
          yield* this.#flushAppended();
          return "next-cycle";
        case "q":
          this.#status = action.status;
          yield* this.#endCycle();
          return "quit";
        case "Q":
          this.#status = action.status;
          return "quit";
        default:
          yield* this.#apply(action);
      }
    }
    yield* this.#endCycle();
    this.#substituted = false;
    return "next-cycle";
  }

  *#apply(action: Action): Routine<void> {
    switch (action.name) {
      case "=":
        return yield* this.#put(`${this.#line}\n`);
      case "a":
        this.#appended.push({ text: `${action.text}\n` });
        return;
      case "i":
        return yield* this.#put(`${action.text}\n`);
      case "g":
        this.#pattern = this.#hold;
        return;
      case "G":
        this.#pattern += `\n${this.#hold}`;
        return;
      case "h":
        this.#hold = this.#pattern;
        return;
      case "H":
        this.#hold += `\n${this.#pattern}`;
        return;
      case "x":
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        [this.#terminated, this.#holdTerminated] = [this.#holdTerminated, this.#terminated];
        return;
      case "z":
        this.#pattern = "";
        return;
      case "p":
        return yield* this.#print(this.#pattern);
      case "P":
        return yield* this.#put(`${this.#pattern.split("\n", 1)[0] ?? ""}${this.#separator}`);
      case "l":
        return yield* this.#put(unambiguous(this.#pattern, Number(this.#context.args.value("l") ?? 70)));
      case "F":
        return yield* this.#put(`${this.#source.name}\n`);
      case "r": {
        const text =
          action.file === "/dev/stdin"
            ? { ok: true as const, value: yield* new Input(this.#sys, 0).rest() }
            : this.#sys.readFile(action.file);
        if (text.ok) this.#appended.push({ text: text.value });
        return;
      }
      case "R": {
        const line = yield* this.#readLine(action.file);
        if (line) this.#appended.push({ text: `${line.text}\n` });
        return;
      }
      case "w":
        return yield* this.#write(action.file, `${this.#pattern}\n`);
      case "W":
        return yield* this.#write(action.file, `${this.#pattern.split("\n", 1)[0] ?? ""}\n`);
      case "y":
        this.#pattern = [...this.#pattern].map((c) => action.map.get(c) ?? c).join("");
        return;
      case "s":
        return yield* this.#substitute(action);
      default:
        return;
    }
  }

  *#substitute(action: Extract<Action, { name: "s" }>): Routine<void> {
    const regex = action.regex ?? this.#lastRegex;
    if (!regex) return;
    this.#lastRegex = regex;
    const text = this.#pattern;
    let result = "";
    let copied = 0;
    let count = 0;
    let changed = false;
    let previousEnd = -1;
    for (let from = 0; from <= text.length; ) {
      const match = regex.exec(text, from);
      if (!match) break;
      // An empty match right after another match does not count.
      if (match.end > match.start || match.start !== previousEnd) {
        count++;
        if (count >= action.occurrence) {
          result += text.slice(copied, match.start) + expand(action.replacement, text.slice(match.start, match.end), match.groups);
          copied = match.end;
          changed = true;
          if (!action.global) break;
        }
      }
      previousEnd = match.end;
      from = match.end > match.start ? match.end : match.end + 1;
    }
    if (!changed) return;
    this.#pattern = result + text.slice(copied);
    this.#substituted = true;
    if (action.print) yield* this.#print(this.#pattern);
    if (action.file !== undefined) yield* this.#write(action.file, `${this.#pattern}\n`);
  }

  *#selects({ selector }: Command): Routine<boolean> {
    switch (selector.kind) {
      case "all":
        return true;
      case "one":
        return yield* this.#matches(selector.address);
      case "range":
        return yield* this.#inRange(selector);
    }
  }

  *#inRange(range: Extract<Selector, { kind: "range" }>): Routine<boolean> {
    const { id, from, to } = range;
    const open = this.#open.get(id);
    if (range.fromZero && !this.#started.has(id)) {
      this.#started.add(id);
      this.#open.set(id, "regex");
      return yield* this.#inOpenRange(range);
    }
    if (open !== undefined) return yield* this.#inOpenRange(range);
    if (!(yield* this.#matches(from))) return false;
    // A range whose end is a line that is past selects just one line.
    const last =
      to.kind === "plus"
        ? this.#line + to.count
        : to.kind === "multiple"
          ? to.of === 0
            ? this.#line
            : Math.ceil(this.#line / to.of) * to.of
          : to.kind === "line"
            ? to.line
            : undefined;
    if (last !== undefined) {
      if (last > this.#line) this.#open.set(id, last);
      return true;
    }
    if (to.kind === "last" && (yield* this.#source.isAtEnd())) return true;
    this.#open.set(id, "regex");
    return true;
  }

  *#inOpenRange({ id, to }: Extract<Selector, { kind: "range" }>): Routine<boolean> {
    const last = this.#open.get(id);
    if (typeof last === "number") {
      if (this.#line >= last) this.#open.delete(id);
      // Lines may have been read past the end by `n` and `N`.
      return this.#line <= last;
    }
    if (to.kind !== "plus" && to.kind !== "multiple" && (yield* this.#matches(to))) this.#open.delete(id);
    return true;
  }

  *#matches(address: Address): Routine<boolean> {
    switch (address.kind) {
      case "line":
        return this.#line === address.line;
      case "last":
        return yield* this.#source.isAtEnd();
      case "step":
        return address.step <= 0
          ? this.#line === address.first
          : this.#line >= address.first && (this.#line - address.first) % address.step === 0;
      case "regex": {
        const regex = address.regex ?? this.#lastRegex;
        if (!regex) return false;
        this.#lastRegex = regex;
        return regex.test(this.#pattern);
      }
    }
  }

  *#endCycle(): Routine<void> {
    if (!this.#silent) yield* this.#print(this.#pattern);
    yield* this.#flushAppended();
  }

  *#print(text: string): Routine<void> {
    yield* this.#put(text + (this.#terminated ? this.#separator : ""));
    this.#owesNewline = !this.#terminated;
  }

  *#put(text: string): Routine<void> {
    yield* this.#out.put(this.#owesNewline ? this.#separator + text : text);
    this.#owesNewline = false;
  }

  *#flushAppended(): Routine<void> {
    const appended = this.#appended;
    this.#appended = [];
    for (const { text } of appended) yield* this.#put(text);
  }

  *#write(file: string, text: string): Routine<void> {
    let output = file === "/dev/stdout" ? this.#out : this.#files.get(file);
    if (!output) {
      const fd =
        file === "/dev/stderr" ? { ok: true as const, value: 2 } : this.#sys.open(file, { write: true, create: true, truncate: true });
      if (!fd.ok) {
        yield* this.#context.complain(
          this.#context.flavour === "gnu"
            ? `couldn't open file ${file}: ${this.#context.words(fd.error)}`
            : `can't open '${file}': ${this.#context.words(fd.error)}`,
        );
        this.#status = this.#context.flavour === "gnu" ? 4 : 1;
        return;
      }
      output = new Output(this.#sys, fd.value);
      this.#files.set(file, output);
    }
    yield* output.put(text);
    if (output !== this.#out) yield* output.flush();
  }

  *#readLine(file: string): Routine<Line | undefined> {
    if (!this.#reads.has(file)) {
      const fd = this.#sys.open(file, { read: true });
      this.#reads.set(file, fd.ok ? new Input(this.#sys, fd.value) : undefined);
    }
    const input = this.#reads.get(file);
    return input ? yield* input.line() : undefined;
  }

  *#beginInPlace(
    path: string,
  ): Routine<{ readonly path: string; readonly temporary: string; readonly fd: Fd; readonly mode: number } | undefined> {
    const { flavour } = this.#context;
    const stat = this.#sys.stat(path);
    if (!stat.ok || stat.value.kind !== "file") {
      if (stat.ok)
        yield* this.#context.complain(flavour === "gnu" ? `couldn't edit ${path}: not a regular file` : `${path}: not a regular file`);
      else
        yield* this.#context.complain(
          flavour === "gnu" ? `can't read ${path}: ${this.#context.words(stat.error)}` : `${path}: ${this.#context.words(stat.error)}`,
        );
      this.#status = flavour === "gnu" ? (stat.ok ? 4 : 2) : 1;
      return undefined;
    }
    const directory = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
    const temporary = `${directory}sed${Array.from({ length: 6 }, () => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[this.#sys.random.below(62)]).join("")}`;
    const fd = this.#sys.open(temporary, { write: true, create: true, exclusive: true, mode: 0o600 });
    if (!fd.ok) {
      yield* this.#context.complain(
        flavour === "gnu"
          ? `couldn't open temporary file ./${temporary}: ${this.#context.words(fd.error)}`
          : `can't create temp file ${temporary}: ${this.#context.words(fd.error)}`,
      );
      this.#status = flavour === "gnu" ? 4 : 1;
      return undefined;
    }
    this.#out = new Output(this.#sys, fd.value);
    return { path, temporary, fd: fd.value, mode: stat.value.mode };
  }

  *#endInPlace(
    target: { readonly path: string; readonly temporary: string; readonly fd: Fd; readonly mode: number },
    copiesRest: boolean,
  ): Routine<void> {
    if (copiesRest) {
      // After `q` the rest of the file is kept.
      for (let line = yield* this.#source.next(); line; line = yield* this.#source.next())
        yield* this.#out.put(line.text + (line.terminated ? this.#separator : ""));
    }
    yield* this.#out.flush();
    this.#sys.close(target.fd);
    this.#sys.chmod(target.temporary, target.mode);
    const suffix = this.#inPlace ?? "";
    if (suffix !== "") {
      const slash = target.path.lastIndexOf("/") + 1;
      const name = target.path.slice(slash);
      this.#sys.rename(target.path, target.path.slice(0, slash) + (suffix.includes("*") ? suffix.replaceAll("*", name) : name + suffix));
    }
    const renamed = this.#sys.rename(target.temporary, target.path);
    this.#out = this.#context.out;
    if (renamed.ok) return;
    yield* this.#context.complain(
      this.#context.flavour === "gnu"
        ? `cannot rename ${target.temporary}: ${this.#context.words(renamed.error)}`
        : `can't rename '${target.temporary}': ${this.#context.words(renamed.error)}`,
    );
    this.#sys.unlink(target.temporary);
    this.#status = this.#context.flavour === "gnu" ? 4 : 1;
  }
}
