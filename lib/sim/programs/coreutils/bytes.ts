/** Files as bytes: `md5sum` and its kin, `base64`, `od`, `hexdump`, `xxd`. What is not UTF-8 cannot be shown: text is text here. */

import { utf8Bytes, utf8Text } from "@/lib/base/utf8";
import type { Program } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { both, command, type Context, type Flavour } from "../command/command";
import { cannotOpen, cannotRead, eachInput, type Input, openInput } from "../command/input";
import { type Digest, digestOf } from "./digest";

export function sum(kind: Digest): (flavour: Flavour) => Program {
  const name = `${kind}sum`;
  return (flavour) =>
    command(
      {
        name,
        usage: { gnu: "[OPTION]... [FILE]...", busybox: "[-c[sw]] [FILE]..." },
        options: {
          gnu: {
            short: "bctwz",
            long: {
              binary: "b",
              check: "c",
              text: "t",
              warn: "w",
              quiet: "quiet",
              status: "s",
              tag: "tag",
              "ignore-missing": "ignore-missing",
            },
          },
          busybox: { short: "cswb" },
        },
      },
      flavour,
      function* (context) {
        const { args, out } = context;
        if (args.has("c")) return yield* check(context, kind);
        const print = function* (input: Input, path: string): Routine<void> {
          const text = yield* input.rest();
          if (input.error) return;
          const value = digestOf(kind, text);
          yield* out.put(args.has("tag") ? `${kind.toUpperCase()} (${path}) = ${value}\n` : `${value}  ${path}\n`);
        };
        return (yield* eachInput(context, args.operands, print)) ? 0 : 1;
      },
    );
}

function* check(context: Context, kind: Digest): Routine<number> {
  const { args, out, sys, flavour } = context;
  let failed = 0;
  let missing = 0;
  let formatted = 0;
  const verify = function* (input: Input): Routine<void> {
    for (let line = yield* input.line(); line; line = yield* input.line()) {
      const match = /^([0-9a-f]{32,128}) [ *](.+)$/i.exec(line.text);
      if (!match) continue;
      formatted++;
      const path = match[2] ?? "";
      const file = openInput(sys, path);
      if (!file.ok) {
        if (args.has("ignore-missing")) continue;
        missing++;
        yield* context.complain(cannotOpen(context, path, file.error));
        if (!args.has("s")) yield* out.put(flavour === "gnu" ? `${path}: FAILED open or read\n` : `${path}: FAILED\n`);
        continue;
      }
      const isSame = digestOf(kind, yield* file.value.rest()) === match[1]?.toLowerCase();
      file.value.close();
      if (!isSame) failed++;
      if (!args.has("s") && !(isSame && args.has("quiet"))) yield* out.put(`${path}: ${isSame ? "OK" : "FAILED"}\n`);
    }
  };
  const allRead = yield* eachInput(context, args.operands, verify);
  if (!args.has("s")) {
    if (flavour === "gnu") {
      if (missing > 0) yield* context.complain(`WARNING: ${missing} listed file${missing === 1 ? "" : "s"} could not be read`);
      if (failed > 0) yield* context.complain(`WARNING: ${failed} computed checksum${failed === 1 ? "" : "s"} did NOT match`);
      if (formatted === 0) yield* context.complain(`${args.operands[0] ?? "standard input"}: no properly formatted checksum lines found`);
    } else if (failed + missing > 0)
      yield* context.complain(`WARNING: ${failed + missing} of ${formatted} computed checksums did NOT match`);
  }
  return failed + missing > 0 || !allRead || formatted === 0 ? 1 : 0;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648, section 4. */
export function encodeBase64(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += ALPHABET[bits >> 18] ?? "";
    text += ALPHABET[(bits >> 12) & 63] ?? "";
    text += b === undefined ? "=" : (ALPHABET[(bits >> 6) & 63] ?? "");
    text += c === undefined ? "=" : (ALPHABET[bits & 63] ?? "");
  }
  return text;
}

/** The bytes up to the first thing that is not base64; `isWhole` is false when there is one. */
export function decodeBase64(text: string): { readonly bytes: number[]; readonly isWhole: boolean } {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  let padding = 0;
  for (const c of text) {
    if (c === "\n") continue;
    if (c === "=") {
      padding++;
      continue;
    }
    const value = ALPHABET.indexOf(c);
    if (value < 0 || padding > 0) return { bytes, isWhole: false };
    bits = ((bits << 6) | value) & 0xffffff;
    count++;
    if (count % 4 !== 1) bytes.push((bits >> (count % 4 === 2 ? 4 : count % 4 === 3 ? 2 : 0)) & 0xff);
  }
  return { bytes, isWhole: (count + padding) % 4 === 0 };
}

export function base64(flavour: Flavour): Program {
  return command(
    {
      name: "base64",
      usage: { gnu: "[OPTION]... [FILE]", busybox: "[-d] [-w COL] [FILE]" },
      options: { gnu: { short: "diw:", long: { decode: "d", "ignore-garbage": "i", wrap: "w:" } }, busybox: { short: "dw:" } },
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      if (args.operands.length > 1)
        return yield* context.usageError(flavour === "gnu" ? `extra operand ${context.quoted(args.operands[1] ?? "")}` : undefined);
      const width = Number(args.value("w") ?? 76);
      let status = 0;
      const convert = function* (input: Input): Routine<void> {
        const text = yield* input.rest();
        if (args.has("d")) {
          const { bytes, isWhole } = decodeBase64(args.has("i") ? text.replace(/[^A-Za-z0-9+/=]/g, "") : text);
          yield* out.put(utf8Text(bytes));
          if (!isWhole) {
            yield* context.complain(flavour === "gnu" ? "invalid input" : "truncated input");
            status = 1;
          }
          return;
        }
        const encoded = encodeBase64(utf8Bytes(text));
        yield* out.put(width > 0 ? (encoded.match(new RegExp(`.{1,${width}}`, "g")) ?? []).map((line) => `${line}\n`).join("") : encoded);
      };
      return (yield* eachInput(context, args.operands, convert)) ? status : 1;
    },
  );
}

/** All bytes of the named files one after the other. */
function* allBytes(context: Context, paths: readonly string[]): Routine<number[] | undefined> {
  let text = "";
  for (const path of paths.length > 0 ? paths : ["-"]) {
    const input = openInput(context.sys, path, context.out);
    if (!input.ok) {
      yield* context.complain(cannotOpen(context, path, input.error));
      return undefined;
    }
    text += yield* input.value.rest();
    if (input.value.error) yield* context.complain(cannotRead(context, path, input.value.error));
    input.value.close();
  }
  return utf8Bytes(text);
}

const NAMED = [
  "nul",
  "soh",
  "stx",
  "etx",
  "eot",
  "enq",
  "ack",
  "bel",
  "bs",
  "ht",
  "nl",
  "vt",
  "ff",
  "cr",
  "so",
  "si",
  "dle",
  "dc1",
  "dc2",
  "dc3",
  "dc4",
  "nak",
  "syn",
  "etb",
  "can",
  "em",
  "sub",
  "esc",
  "fs",
  "gs",
  "rs",
  "us",
  "sp",
];
const ESCAPED: Readonly<Record<number, string>> = { 0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r" };

type Shape = {
  readonly size: number;
  readonly width: number;
  readonly show: (bytes: readonly number[]) => string;
  readonly trace: boolean;
};

/** `od`, with the types a, c, d, o, u, x in sizes 1, 2, 4, 8 and the old options. */
export function od(flavour: Flavour): Program {
  return command(
    {
      name: "od",
      usage: {
        gnu: "[OPTION]... [FILE]...",
        busybox: "[-aBbcDdeFfHhIiLlOovXx] [-t TYPE] [-A RADIX] [-N SIZE] [-j SKIP] [-S MINSTR] [-w WIDTH] [FILE]...",
      },
      options: both({
        short: "A:j:N:t:vw::abcdixo",
        long: { "address-radix": "A:", "skip-bytes": "j:", "read-bytes": "N:", format: "t:", "output-duplicates": "v", width: "w::" },
      }),
      unsimulated: "efFhHlLsSDB",
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const radix = args.value("A") ?? "o";
      if (!/^[doxn]$/.test(radix)) {
        yield* context.complain(`invalid output address radix '${radix}'; it must be one character from [doxn]`);
        return 1;
      }
      const shapes: Shape[] = [];
      const old: Readonly<Record<string, string>> = { a: "a", b: "o1", c: "c", d: "u2", i: "d4", x: "x2", o: "o2" };
      for (const option of args.all) {
        const type = option.key === "t" ? (option.value ?? "") : old[option.key];
        if (type === undefined) continue;
        for (const match of type.matchAll(/([acdoux])([1248CSILcsil]?)(z?)|(.)/g)) {
          if (match[4] !== undefined) {
            yield* context.complain(`invalid character '${match[4]}' in type string '${type}'`);
            return 1;
          }
          shapes.push(shapeOf(match[1] ?? "", match[2] ?? "", match[3] === "z"));
        }
      }
      if (shapes.length === 0) shapes.push(shapeOf("o", "2", false));
      const bytes = yield* allBytes(context, args.operands);
      if (!bytes) return 1;
      const skip = Number(args.value("j") ?? 0);
      const limit = args.value("N");
      const data = bytes.slice(skip, limit === undefined ? undefined : skip + Number(limit));
      const width = args.has("w") ? Number(args.value("w") || 32) : 16;
      const address = (at: number): string =>
        radix === "n" ? "" : (at + skip).toString(radix === "o" ? 8 : radix === "d" ? 10 : 16).padStart(radix === "x" ? 6 : 7, "0");
      const cell = Math.max(...shapes.map((shape) => (shape.width + 1) / shape.size));
      let previous = "";
      let isStarred = false;
      for (let at = 0; at < data.length; at += width) {
        const block = data.slice(at, at + width);
        const key = block.join(",");
        if (!args.has("v") && at > 0 && key === previous && block.length === width) {
          if (!isStarred) yield* out.put("*\n");
          isStarred = true;
          continue;
        }
        previous = key;
        isStarred = false;
        for (const [i, shape] of shapes.entries()) {
          let line = i === 0 ? address(at) : " ".repeat(address(at).length);
          for (let k = 0; k < block.length; k += shape.size) {
            const item = Array.from({ length: shape.size }, (_, n) => block[k + n] ?? 0);
            line += shape.show(item).padStart(Math.round(cell * shape.size));
          }
          if (shape.trace) line += `${" ".repeat(Math.round((width - block.length) * cell))}  >${printable(block)}<`;
          yield* out.put(`${line}\n`);
        }
      }
      if (radix !== "n") yield* out.put(`${address(data.length)}\n`);
      return 0;
    },
  );
}

function shapeOf(type: string, sizeText: string, trace: boolean): Shape {
  if (type === "a")
    return {
      size: 1,
      width: 3,
      trace,
      show: ([byte = 0]) => NAMED[byte & 127] ?? ((byte & 127) === 127 ? "del" : String.fromCharCode(byte & 127)),
    };
  if (type === "c")
    return {
      size: 1,
      width: 3,
      trace,
      show: ([byte = 0]) => ESCAPED[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0")),
    };
  const size = { "": 4, C: 1, S: 2, I: 4, L: 8, c: 1, s: 2, i: 4, l: 8 }[sizeText] ?? Number(sizeText);
  const bits = size * 8;
  const base = type === "o" ? 8 : type === "x" ? 16 : 10;
  const digits = ((1n << BigInt(bits)) - 1n).toString(base).length;
  const width = type === "d" ? digits + 1 : digits;
  return {
    size,
    width,
    trace,
    show: (bytes) => {
      // Little-endian, as on the machine that is modelled.
      const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      if (type === "d") return BigInt.asIntN(bits, value).toString();
      return type === "u" ? value.toString() : value.toString(base).padStart(digits, "0");
    },
  };
}

function printable(bytes: readonly number[]): string {
  return bytes.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
}

const hex2 = (byte: number): string => byte.toString(16).padStart(2, "0");

export function hexdump(flavour: Flavour): Program {
  return command(
    {
      name: "hexdump",
      usage: { gnu: "[options] <file>...", busybox: "[-bcdoxCv] [-e FMT] [-f FMT_FILE] [-n LEN] [-s OFS] [FILE]..." },
      options: both({ short: "Cxvn:s:", long: { canonical: "C" } }),
      unsimulated: "bcdoef",
      package: "util-linux",
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const bytes = yield* allBytes(context, args.operands);
      if (!bytes) return 1;
      const skip = Number(args.value("s") ?? 0);
      const limit = args.value("n");
      const data = bytes.slice(skip, limit === undefined ? undefined : skip + Number(limit));
      const isCanonical = args.has("C");
      const digits = isCanonical ? 8 : 7;
      let previous = "";
      let isStarred = false;
      for (let at = 0; at < data.length; at += 16) {
        const block = data.slice(at, at + 16);
        const key = block.join(",");
        if (!args.has("v") && at > 0 && key === previous && block.length === 16) {
          if (!isStarred) yield* out.put("*\n");
          isStarred = true;
          continue;
        }
        previous = key;
        isStarred = false;
        const address = (at + skip).toString(16).padStart(digits, "0");
        if (isCanonical) {
          const cells = Array.from({ length: 16 }, (_, i) => (block[i] === undefined ? "  " : hex2(block[i] ?? 0)));
          yield* out.put(`${address}  ${cells.slice(0, 8).join(" ")}  ${cells.slice(8).join(" ")}  |${printable(block)}|\n`);
        } else {
          const words = Array.from({ length: 8 }, (_, i) =>
            block[2 * i] === undefined ? "    " : hex2(block[2 * i + 1] ?? 0) + hex2(block[2 * i] ?? 0),
          );
          yield* out.put(`${address}${words.map((word) => ` ${args.has("x") ? "   " : ""}${word}`).join("")}\n`);
        }
      }
      if (data.length > 0) yield* out.put(`${(data.length + skip).toString(16).padStart(digits, "0")}\n`);
      return 0;
    },
  );
}

export function xxd(flavour: Flavour): Program {
  return command(
    {
      name: "xxd",
      usage: { gnu: "[options] [infile [outfile]]", busybox: "[-pri] [-g N] [-c N] [-l LEN] [-s OFS] [-o OFS] [FILE]" },
      options: both({ short: "pg:c:l:s:u" }),
      unsimulated: "rio",
    },
    flavour,
    function* (context) {
      const { args, out } = context;
      const bytes = yield* allBytes(context, args.operands.slice(0, 1));
      if (!bytes) return 1;
      const skip = Number(args.value("s") ?? 0);
      const limit = args.value("l");
      const data = bytes.slice(skip, limit === undefined ? undefined : skip + Number(limit));
      const show = (byte: number): string => (args.has("u") ? hex2(byte).toUpperCase() : hex2(byte));
      if (args.has("p")) {
        for (let at = 0; at < data.length; at += 30)
          yield* out.put(
            `${data
              .slice(at, at + 30)
              .map(show)
              .join("")}\n`,
          );
        return 0;
      }
      const columns = Number(args.value("c") ?? 16);
      const group = Number(args.value("g") ?? 2);
      const full = columns * 2 + Math.ceil(columns / group);
      for (let at = 0; at < data.length; at += columns) {
        const block = data.slice(at, at + columns);
        const cells = block.map((byte, i) => show(byte) + ((i + 1) % group === 0 ? " " : "")).join("");
        yield* out.put(`${(at + skip).toString(16).padStart(8, "0")}: ${cells.padEnd(full)} ${printable(block)}\n`);
      }
      return 0;
    },
  );
}
