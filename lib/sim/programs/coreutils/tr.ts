/** `tr`: characters for characters, squeezed or deleted. POSIX `tr`. Differs: it works on characters where GNU's works on bytes. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Program } from "@/lib/sim/core/sys";
import { command, type Flavour } from "../command/command";
import { Input } from "../command/input";

export function tr(flavour: Flavour): Program {
  return command(
    {
      name: "tr",
      usage: { gnu: "[OPTION]... STRING1 [STRING2]", busybox: "[-cds] STRING1 [STRING2]" },
      options: {
        gnu: { short: "cCdst", long: { complement: "c", delete: "d", "squeeze-repeats": "s", "truncate-set1": "t" }, stopsAtOperand: true },
        busybox: { short: "Ccdst", stopsAtOperand: true },
      },
    },
    flavour,
    function* (context) {
      const { args, out, sys } = context;
      const [one, two, extra] = args.operands;
      const [deletes, squeezes, complements] = [args.has("d"), args.has("s"), args.has("c") || args.has("C")];
      const needed = deletes === squeezes ? 2 : 1;
      if (one === undefined) return yield* context.usageError(flavour === "gnu" ? "missing operand" : undefined);
      if (two === undefined && needed === 2 && flavour === "gnu") {
        yield* context.complain(
          `missing operand after ${context.quoted(one)}\n${deletes ? "Two strings must be given when both deleting and squeezing repeats." : "Two strings must be given when translating."}`,
        );
        return yield* context.usageError();
      }
      if (extra !== undefined || (two !== undefined && deletes && !squeezes)) {
        if (flavour === "busybox") return yield* context.usageError();
        yield* context.complain(
          `extra operand ${context.quoted(extra ?? two ?? "")}${deletes && !squeezes ? "\nOnly one string may be given when deleting without squeezing repeats." : ""}`,
        );
        return yield* context.usageError();
      }
      const first = expandSet(one);
      const second = two === undefined ? undefined : expandSet(two);
      if (!first.ok || (second && !second.ok)) {
        yield* context.complain(!first.ok ? first.error : second && !second.ok ? second.error : "");
        return 1;
      }
      const set = new Set(first.value.characters);
      const inFirst = (c: string): boolean => set.has(c) !== complements;
      const target = second?.ok ? second.value : undefined;
      const squeezed = new Set((target ?? first.value).characters);
      const isSqueezed = (c: string): boolean => squeezes && (target ? squeezed.has(c) : inFirst(c));

      let translate = (c: string): string => c;
      if (!deletes && target) {
        if (target.characters.length === 0) {
          yield* context.complain("when not truncating set1, string2 must be non-empty");
          return 1;
        }
        const last = target.characters.at(-1) ?? "";
        if (complements) translate = (c) => (inFirst(c) ? last : c);
        else {
          const map = new Map<string, string>();
          const fill = target.fill;
          const length = first.value.characters.length;
          const to =
            fill === undefined
              ? target.characters
              : [
                  ...target.characters.slice(0, fill),
                  ...Array.from({ length: Math.max(0, length - target.characters.length + 1) }, () => target.characters[fill] ?? ""),
                  ...target.characters.slice(fill + 1),
                ];
          first.value.characters.forEach((c, i) => {
            if (args.has("t") && i >= to.length) return;
            map.set(c, to[i] ?? to.at(-1) ?? "");
          });
          translate = (c) => map.get(c) ?? c;
        }
      }
      const input = new Input(sys, 0, out);
      let previous = "";
      for (let chunk = yield* input.chunk(); chunk !== ""; chunk = yield* input.chunk()) {
        let text = "";
        for (const c of chunk) {
          if (deletes && inFirst(c)) continue;
          const now = translate(c);
          if (now === previous && isSqueezed(now)) continue;
          text += now;
          previous = now;
        }
        yield* out.put(text);
      }
      return 0;
    },
  );
}

/** `fill` is where `[c*]` stands: repeated until the sets are of one length. */
type CharacterSet = { readonly characters: readonly string[]; readonly fill: number | undefined };

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  alnum: (c) => isBetween(c, "09") || isBetween(c, "AZ") || isBetween(c, "az"),
  alpha: (c) => isBetween(c, "AZ") || isBetween(c, "az"),
  blank: (c) => c === 9 || c === 32,
  cntrl: (c) => c < 32 || c === 127,
  digit: (c) => isBetween(c, "09"),
  graph: (c) => c > 32 && c < 127,
  lower: (c) => isBetween(c, "az"),
  print: (c) => c >= 32 && c < 127,
  punct: (c) => c > 32 && c < 127 && !/[0-9A-Za-z]/.test(String.fromCharCode(c)),
  space: (c) => c === 32 || (c >= 9 && c <= 13),
  upper: (c) => isBetween(c, "AZ"),
  xdigit: (c) => /[0-9A-Fa-f]/.test(String.fromCharCode(c)),
};

function isBetween(code: number, range: string): boolean {
  return code >= range.charCodeAt(0) && code <= range.charCodeAt(1);
}

function expandSet(text: string): Result<CharacterSet, string> {
  const characters: string[] = [];
  let fill: number | undefined;
  const source = [...text];
  let at = 0;
  const read = (): string => {
    const c = source[at++] ?? "";
    if (c !== "\\") return c;
    const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3).join(""));
    if (octal) {
      at += octal[0].length;
      return String.fromCharCode(Number.parseInt(octal[0], 8));
    }
    const escaped = source[at++];
    if (escaped === undefined) return "\\";
    return { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }[escaped] ?? escaped;
  };
  while (at < source.length) {
    const rest = source.slice(at).join("");
    const named = /^\[:([a-z]+):\]/.exec(rest);
    if (named) {
      const isIn = CLASSES[named[1] ?? ""];
      if (!isIn) return fail(`invalid character class '${named[1]}'`);
      for (let code = 0; code < 128; code++) if (isIn(code)) characters.push(String.fromCharCode(code));
      at += named[0].length;
      continue;
    }
    const same = /^\[=(.)=\]/u.exec(rest);
    if (same) {
      characters.push(same[1] ?? "");
      at += [...same[0]].length;
      continue;
    }
    const repeat = /^\[(\\.|[^\\])\*(\d*)\]/u.exec(rest);
    if (repeat) {
      at++;
      const c = read();
      const count = repeat[2] === "" ? 0 : Number.parseInt(repeat[2] ?? "", (repeat[2] ?? "").startsWith("0") ? 8 : 10);
      at += 2 + (repeat[2] ?? "").length;
      if (count === 0) {
        fill = characters.length;
        characters.push(c);
      } else characters.push(...Array.from({ length: count }, () => c));
      continue;
    }
    const c = read();
    if (source[at] === "-" && at + 1 < source.length) {
      at++;
      const to = read();
      const [low, high] = [c.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0];
      if (low > high) return fail(`range-endpoints of '${c}-${to}' are in reverse collating sequence order`);
      for (let code = low; code <= high; code++) characters.push(String.fromCodePoint(code));
    } else characters.push(c);
  }
  return ok({ characters, fill });
}
