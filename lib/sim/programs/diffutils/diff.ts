/**
 * `diff` and `cmp`: how two files differ. GNU diffutils 3.12, and busybox's, whose diff is always unified.
 *
 * The differences are a shortest edit (Myers, "An O(ND) Difference Algorithm"), as GNU diff finds them. Differs: side by side,
 * context format and directories are not simulated.
 */

import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { utf8Bytes } from "@/lib/base/utf8";
import { command, type Context, type Flavour } from "../command/command";
import { openInput } from "../command/input";
import { formatDate } from "../coreutils/date";

type Hunk = { readonly from: number; readonly fromCount: number; readonly to: number; readonly toCount: number };

export function diff(flavour: Flavour): Program {
  return command(
    {
      name: "diff",
      usage: { gnu: "[OPTION]... FILES", busybox: "[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2" },
      options: {
        gnu: {
          short: "abBdEiNqsU::uwZ0123456789L:",
          long: {
            brief: "q",
            "report-identical-files": "s",
            "ignore-case": "i",
            "ignore-all-space": "w",
            "ignore-space-change": "b",
            "ignore-blank-lines": "B",
            "new-file": "N",
            text: "a",
            unified: "U::",
            label: "L:",
            color: "color::",
          },
        },
        busybox: { short: "abBdiNqsTtwuU:L:" },
      },
      unsimulated: flavour === "gnu" ? "cCyerR" : "rS",
      unsimulatedLong: ["recursive", "side-by-side", "context::", "ed", "width:"],
      usageStatus: 2,
      package: "GNU diffutils",
    },
    flavour,
    function* (context) {
      const { args, out, sys } = context;
      const [one, two, extra] = args.operands;
      if (one === undefined || two === undefined)
        return yield* context.usageError(flavour === "gnu" ? `missing operand after '${one ?? "diff"}'` : undefined);
      if (extra !== undefined) return yield* context.usageError(flavour === "gnu" ? `extra operand '${extra}'` : undefined);
      const texts: string[] = [];
      const paths: string[] = [];
      for (const [i, path] of [one, two].entries()) {
        const stat = path === "-" ? undefined : sys.stat(path);
        const other = i === 0 ? two : one;
        // A directory stands for the file of the other's name in it.
        const real =
          stat?.ok && stat.value.kind === "directory" ? `${path.replace(/\/+$/, "")}/${other.slice(other.lastIndexOf("/") + 1)}` : path;
        const input = openInput(sys, real);
        if (!input.ok && input.error === "ENOENT" && args.has("N")) {
          texts.push("");
          paths.push(real);
          continue;
        }
        if (!input.ok) {
          yield* context.complain(
            flavour === "gnu" ? `${real}: ${context.words(input.error)}` : `can't stat '${real}': ${context.words(input.error)}`,
          );
          return 2;
        }
        texts.push(yield* input.value.rest());
        paths.push(real);
        input.value.close();
      }
      const [a = "", b = ""] = texts;
      const [left, right] = [linesOf(a), linesOf(b)];
      const shape = (line: string): string => {
        let shaped = line;
        if (args.has("w")) shaped = shaped.replace(/\s+/g, "");
        else if (args.has("b")) shaped = shaped.replace(/\s+/g, " ").trimEnd();
        return args.has("i") ? shaped.toLowerCase() : shaped;
      };
      const hunks = differences(left.map(shape), right.map(shape)).filter(
        (hunk) =>
          !(
            args.has("B") &&
            [...left.slice(hunk.from, hunk.from + hunk.fromCount), ...right.slice(hunk.to, hunk.to + hunk.toCount)].every(
              (line) => line.trim() === "",
            )
          ),
      );
      if (hunks.length === 0) {
        if (args.has("s") && flavour === "gnu") yield* out.put(`Files ${one} and ${two} are identical\n`);
        return 0;
      }
      if (args.has("q")) {
        yield* out.put(`Files ${one} and ${two} differ\n`);
        return 1;
      }
      const asked = args.all.findLast((option) => option.key === "U" || option.key === "u");
      if (flavour === "busybox" || asked)
        yield* unified(context, paths, left, right, hunks, asked?.key === "U" && asked.value !== undefined ? Number(asked.value) : 3);
      else yield* normal(context, left, right, hunks);
      return 1;
    },
  );
}

/** Lines with their newlines; a last one without keeps that difference. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const NO_NEWLINE = "\\ No newline at end of file\n";

function shown(mark: string, line: string): string {
  return line.endsWith("\n") ? mark + line : `${mark}${line}\n${NO_NEWLINE}`;
}

function* normal({ out }: Context, left: readonly string[], right: readonly string[], hunks: readonly Hunk[]): Routine<void> {
  const range = (start: number, count: number): string =>
    count === 0 ? String(start) : count === 1 ? String(start + 1) : `${start + 1},${start + count}`;
  for (const { from, fromCount, to, toCount } of hunks) {
    const letter = fromCount === 0 ? "a" : toCount === 0 ? "d" : "c";
    yield* out.put(`${range(from, fromCount)}${letter}${range(to, toCount)}\n`);
    for (const line of left.slice(from, from + fromCount)) yield* out.put(shown("< ", line));
    if (letter === "c") yield* out.put("---\n");
    for (const line of right.slice(to, to + toCount)) yield* out.put(shown("> ", line));
  }
}

function* unified(
  context: Context,
  paths: readonly string[],
  left: readonly string[],
  right: readonly string[],
  hunks: readonly Hunk[],
  lines: number,
): Routine<void> {
  const { args, out, sys, flavour } = context;
  const labels = args.values("L");
  for (const [i, path] of paths.entries()) {
    const stat = sys.stat(path);
    const ms = sys.dateMs - (stat.ok ? (sys.now - stat.value.modifiedAt) / 1_000 : 0);
    const label = labels[i] ?? (flavour === "busybox" ? path : `${path}\t${formatDate(ms, "%F %T.%N %z")}`);
    yield* out.put(`${i === 0 ? "---" : "+++"} ${label}\n`);
  }
  const groups: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = groups.at(-1)?.at(-1);
    if (last && hunk.from - (last.from + last.fromCount) <= 2 * lines) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
  }
  const range = (start: number, count: number): string => (count === 1 ? String(start + 1) : `${count === 0 ? start : start + 1},${count}`);
  for (const group of groups) {
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) continue;
    const before = Math.min(lines, first.from);
    const after = Math.min(lines, left.length - (last.from + last.fromCount));
    const [fromStart, toStart] = [first.from - before, first.to - before];
    const fromEnd = last.from + last.fromCount + after;
    const toEnd = last.to + last.toCount + after;
    yield* out.put(`@@ -${range(fromStart, fromEnd - fromStart)} +${range(toStart, toEnd - toStart)} @@\n`);
    let at = fromStart;
    for (const { from, fromCount, to, toCount } of group) {
      for (; at < from; at++) yield* out.put(shown(" ", left[at] ?? ""));
      for (const line of left.slice(from, from + fromCount)) yield* out.put(shown("-", line));
      for (const line of right.slice(to, to + toCount)) yield* out.put(shown("+", line));
      at = from + fromCount;
    }
    for (; at < fromEnd; at++) yield* out.put(shown(" ", left[at] ?? ""));
  }
}

/** The places that differ, by a shortest edit from `a` to `b`. */
function differences(a: readonly string[], b: readonly string[]): Hunk[] {
  const [n, m] = [a.length, b.length];
  // For each number of edits, how far each diagonal reaches.
  const history: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  search: for (let edits = 0; edits <= n + m; edits++) {
    history.push(new Map(reach));
    const next = new Map(reach);
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= n && x - k >= m) break search;
    }
    reach = next;
  }
  const edited: { readonly kind: "delete" | "insert"; readonly x: number; readonly y: number }[] = [];
  let [x, y] = [n, m];
  for (let edits = history.length - 1; edits > 0; edits--) {
    const before = history[edits];
    if (!before) break;
    const k = x - y;
    const down = k === -edits || (k !== edits && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
    const previousK = down ? k + 1 : k - 1;
    const previousX = before.get(previousK) ?? 0;
    const previousY = previousX - previousK;
    edited.push(down ? { kind: "insert", x: previousX, y: previousY } : { kind: "delete", x: previousX, y: previousY });
    [x, y] = [previousX, previousY];
  }
  const hunks: { from: number; fromCount: number; to: number; toCount: number }[] = [];
  for (const edit of edited.reverse()) {
    const last = hunks.at(-1);
    if (last && last.from + last.fromCount === edit.x && last.to + last.toCount === edit.y) {
      if (edit.kind === "delete") last.fromCount++;
      else last.toCount++;
    } else hunks.push({ from: edit.x, fromCount: edit.kind === "delete" ? 1 : 0, to: edit.y, toCount: edit.kind === "insert" ? 1 : 0 });
  }
  return hunks;
}

export function cmp(flavour: Flavour): Program {
  return command(
    {
      name: "cmp",
      usage: { gnu: "[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]", busybox: "[-ls] [-n NUM] FILE1 [FILE2]" },
      options: {
        gnu: { short: "bln:s", long: { silent: "s", quiet: "s", verbose: "l", bytes: "n:", "print-bytes": "b" } },
        busybox: { short: "lsn:" },
      },
      usageStatus: 2,
      package: "GNU diffutils",
    },
    flavour,
    function* (context) {
      const { args, out, sys } = context;
      const [one, two = "-"] = args.operands;
      if (one === undefined) return yield* context.usageError(flavour === "gnu" ? "missing operand after 'cmp'" : undefined);
      const sides: number[][] = [];
      for (const path of [one, two]) {
        const input = openInput(sys, path);
        if (!input.ok) {
          if (!args.has("s")) yield* context.complain(`${path}: ${context.words(input.error)}`);
          return 2;
        }
        sides.push(utf8Bytes(yield* input.value.rest()));
        input.value.close();
      }
      const limit = args.has("n") ? Number(args.value("n")) : Number.POSITIVE_INFINITY;
      const [a = [], b = []] = sides.map((side) => side.slice(0, limit));
      let status = 0;
      let line = 1;
      for (let i = 0; i < Math.min(a.length, b.length); i++) {
        if (a[i] !== b[i]) {
          if (args.has("l"))
            yield* out.put(
              `${String(i + 1).padStart(String(Math.max(a.length, b.length)).length)} ${(a[i] ?? 0).toString(8).padStart(3)} ${(b[i] ?? 0).toString(8).padStart(3)}\n`,
            );
          else {
            if (!args.has("s")) yield* out.put(`${one} ${two} differ: byte ${i + 1}, line ${line}\n`);
            return 1;
          }
          status = 1;
        }
        if (a[i] === 10) line++;
      }
      if (a.length !== b.length) {
        const shorter = a.length < b.length ? one : two;
        const length = Math.min(a.length, b.length);
        if (!args.has("s"))
          yield* sys.write(
            2,
            flavour === "gnu"
              ? `cmp: EOF on ${shorter} ${length === 0 ? "which is empty" : `after byte ${length}, ${(a.length < b.length ? a : b).at(-1) === 10 ? "line" : "in line"} ${(a.length < b.length ? a : b).at(-1) === 10 ? line - 1 : line}`}\n`
              : `cmp: EOF on ${shorter}\n`,
          );
        return 1;
      }
      return status;
    },
  );
}
