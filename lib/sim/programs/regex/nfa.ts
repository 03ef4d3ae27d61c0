/**
 * A machine that finds the longest match from one place: Thompson's, with the groups of each thread (Pike; Cox, "Regular
 * Expression Matching: the Virtual Machine Approach"). Time grows with text times expression, whatever both are.
 *
 * Differs from POSIX: of several ways to the same longest match it takes the one that prefers earlier alternatives and longer
 * repetitions, which POSIX's rule for groups chooses in all but contrived cases.
 */

import type { RegexMatch } from "./posix-regex";
import type { RegexNode, RegexOptions } from "./syntax";

type Instruction =
  | { readonly op: "char"; readonly matches: (char: string) => boolean }
  | { readonly op: "assert"; readonly holds: (text: string, at: number) => boolean }
  | { readonly op: "save"; readonly slot: number }
  | { op: "split"; first: number; second: number }
  | { op: "jump"; to: number }
  | { readonly op: "match" };

export type Nfa = { readonly program: readonly Instruction[]; readonly slots: number };

/** Repetitions up to this are written out; beyond it they count as without an end. */
const MAX_COPIES = 1_000;

export function compileNfa(root: RegexNode, options: RegexOptions): Nfa {
  const program: Instruction[] = [];
  let slots = 0;
  const emit = (node: RegexNode): void => {
    switch (node.kind) {
      case "empty":
      case "back":
        return;
      case "char": {
        const wanted = options.ignoreCase ? node.char.toLowerCase() : node.char;
        program.push({ op: "char", matches: options.ignoreCase ? (c) => c.toLowerCase() === wanted : (c) => c === wanted });
        return;
      }
      case "any":
        program.push({ op: "char", matches: options.multiline ? (c) => c !== "\n" : () => true });
        return;
      case "class": {
        const regex = new RegExp(`^[${node.negated ? "^" : ""}${node.inside}]$`, options.ignoreCase ? "ui" : "u");
        program.push({ op: "char", matches: (c) => regex.test(c) });
        return;
      }
      case "assert":
        program.push({ op: "assert", holds: assertion(node.what, options) });
        return;
      case "group":
        slots = Math.max(slots, node.index);
        program.push({ op: "save", slot: 2 * node.index - 2 });
        emit(node.body);
        program.push({ op: "save", slot: 2 * node.index - 1 });
        return;
      case "sequence":
        for (const part of node.parts) emit(part);
        return;
      case "choice":
        emitChoice(node.branches);
        return;
      case "repeat":
        emitRepeat(node);
        return;
    }
  };
  const emitChoice = (branches: readonly RegexNode[]): void => {
    const [first, ...others] = branches;
    if (!first) return;
    if (others.length === 0) return emit(first);
    const split = { op: "split" as const, first: 0, second: 0 };
    program.push(split);
    split.first = program.length;
    emit(first);
    const jump = { op: "jump" as const, to: 0 };
    program.push(jump);
    split.second = program.length;
    emitChoice(others);
    jump.to = program.length;
  };
  const emitRepeat = ({ body, min, max }: Extract<RegexNode, { kind: "repeat" }>): void => {
    for (let i = 0; i < Math.min(min, MAX_COPIES); i++) emit(body);
    if (max === Number.POSITIVE_INFINITY || max > MAX_COPIES) {
      const split = { op: "split" as const, first: 0, second: 0 };
      const start = program.length;
      program.push(split);
      split.first = program.length;
      emit(body);
      program.push({ op: "jump", to: start });
      split.second = program.length;
      return;
    }
    const splits: { op: "split"; first: number; second: number }[] = [];
    for (let i = min; i < max; i++) {
      const split = { op: "split" as const, first: 0, second: 0 };
      splits.push(split);
      program.push(split);
      split.first = program.length;
      emit(body);
    }
    for (const split of splits) split.second = program.length;
  };
  emit(root);
  program.push({ op: "match" });
  return { program, slots: slots * 2 };
}

type Thread = { readonly at: number; readonly saved: readonly number[] };

/** The longest match that begins at `start`. */
export function runNfa({ program, slots }: Nfa, text: string, start: number): RegexMatch | undefined {
  let best: { readonly end: number; readonly saved: readonly number[] } | undefined;
  let threads: Thread[] = [];
  const addTo = (list: Thread[], seen: Set<number>, first: number, position: number, firstSaved: readonly number[]): void => {
    // A stack of our own: expressions may be deep. The first alternative is on top.
    const stack: Thread[] = [{ at: first, saved: firstSaved }];
    for (let thread = stack.pop(); thread; thread = stack.pop()) {
      const { at, saved } = thread;
      if (seen.has(at)) continue;
      seen.add(at);
      const instruction = program[at];
      if (!instruction) continue;
      switch (instruction.op) {
        case "jump":
          stack.push({ at: instruction.to, saved });
          break;
        case "split":
          stack.push({ at: instruction.second, saved }, { at: instruction.first, saved });
          break;
        case "save":
          stack.push({ at: at + 1, saved: saved.with(instruction.slot, position) });
          break;
        case "assert":
          if (instruction.holds(text, position)) stack.push({ at: at + 1, saved });
          break;
        case "match":
          if (!best || position > best.end) best = { end: position, saved };
          break;
        case "char":
          list.push({ at, saved });
          break;
      }
    }
  };
  addTo(
    threads,
    new Set(),
    0,
    start,
    Array.from({ length: slots }, () => -1),
  );
  for (let position = start; threads.length > 0 && position < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(position) ?? 0);
    const next = position + char.length;
    const list: Thread[] = [];
    const seen = new Set<number>();
    for (const { at, saved } of threads) {
      const instruction = program[at];
      if (instruction?.op === "char" && instruction.matches(char)) addTo(list, seen, at + 1, next, saved);
    }
    threads = list;
    position = next;
  }
  if (!best) return undefined;
  const { end, saved } = best;
  const groups = Array.from({ length: slots / 2 }, (_, i) => {
    const [from = -1, to = -1] = [saved[2 * i], saved[2 * i + 1]];
    return from >= 0 && to >= 0 ? text.slice(from, to) : undefined;
  });
  return { start, end, groups };
}

function assertion(what: Extract<RegexNode, { kind: "assert" }>["what"], options: RegexOptions): (text: string, at: number) => boolean {
  const isWord = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}_]/u.test(c);
  switch (what) {
    case "start":
      return (text, at) => at === 0 || (options.multiline === true && text[at - 1] === "\n");
    case "end":
      return (text, at) => at === text.length || (options.multiline === true && text[at] === "\n");
    case "buffer-start":
      return (_, at) => at === 0;
    case "buffer-end":
      return (text, at) => at === text.length;
    case "word":
      return (text, at) => isWord(text[at - 1]) !== isWord(text[at]);
    case "not-word":
      return (text, at) => isWord(text[at - 1]) === isWord(text[at]);
    case "word-start":
      return (text, at) => !isWord(text[at - 1]) && isWord(text[at]);
    case "word-end":
      return (text, at) => isWord(text[at - 1]) && !isWord(text[at]);
  }
}
