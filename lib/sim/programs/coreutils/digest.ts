/** Message digests: MD5 (RFC 1321), SHA-1, SHA-256 and SHA-512 (FIPS 180-4), of the UTF-8 of a text. Not for security. */

import { utf8Bytes } from "@/lib/base/utf8";

export type Digest = "md5" | "sha1" | "sha256" | "sha512";

export function digestOf(kind: Digest, text: string): string {
  const bytes = utf8Bytes(text);
  switch (kind) {
    case "md5":
      return md5(bytes);
    case "sha1":
      return sha1(bytes);
    case "sha256":
      return sha256(bytes);
    case "sha512":
      return sha512(bytes);
  }
}

/** The message, a one, zeros, and its length in bits, in blocks of `block` bytes. */
function padded(bytes: readonly number[], block: 64 | 128, order: "big" | "little"): number[] {
  const lengthBytes = block === 64 ? 8 : 16;
  const out = [...bytes, 0x80];
  while (out.length % block !== block - lengthBytes) out.push(0);
  const bits = BigInt(bytes.length) * 8n;
  const length = Array.from({ length: lengthBytes }, (_, i) => Number((bits >> BigInt(8 * i)) & 0xffn));
  return [...out, ...(order === "little" ? length : length.reverse())];
}

const rotateLeft = (value: number, by: number): number => ((value << by) | (value >>> (32 - by))) >>> 0;
const rotateRight = (value: number, by: number): number => rotateLeft(value, 32 - by);
const hex = (words: readonly number[]): string => words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

function word(bytes: readonly number[], at: number, order: "big" | "little"): number {
  const four = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  const [a = 0, b = 0, c = 0, d = 0] = order === "big" ? four : four.reverse();
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

const MD5_SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

function md5(bytes: readonly number[]): string {
  const message = padded(bytes, 64, "little");
  const constants = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4_294_967_296) >>> 0);
  let state: [number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < message.length; block += 64) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const index = round === 0 ? i : round === 1 ? (5 * i + 1) % 16 : round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16;
      const sum = (a + mixed + (constants[i] ?? 0) + word(message, block + index * 4, "little")) >>> 0;
      [a, d, c, b] = [d, c, b, (b + rotateLeft(sum, MD5_SHIFTS[round]?.[i % 4] ?? 0)) >>> 0];
    }
    state = [(state[0] + a) >>> 0, (state[1] + b) >>> 0, (state[2] + c) >>> 0, (state[3] + d) >>> 0];
  }
  return hex(state.map((one) => word([one & 255, (one >>> 8) & 255, (one >>> 16) & 255, one >>> 24], 0, "big")));
}

function sha1(bytes: readonly number[]): string {
  const message = padded(bytes, 64, "big");
  let state: [number, number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < message.length; block += 64) {
    const schedule = Array.from({ length: 16 }, (_, i) => word(message, block + i * 4, "big"));
    for (let i = 16; i < 80; i++)
      schedule.push(rotateLeft((schedule[i - 3] ?? 0) ^ (schedule[i - 8] ?? 0) ^ (schedule[i - 14] ?? 0) ^ (schedule[i - 16] ?? 0), 1));
    let [a, b, c, d, e] = state;
    schedule.forEach((part, i) => {
      const [mixed, constant] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, (rotateLeft(a, 5) + mixed + e + constant + part) >>> 0];
    });
    state = [(state[0] + a) >>> 0, (state[1] + b) >>> 0, (state[2] + c) >>> 0, (state[3] + d) >>> 0, (state[4] + e) >>> 0];
  }
  return hex(state);
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
}

/** The first `bits` bits of the fraction of an nth root, as the standards make their constants. */
function rootFraction(value: number, degree: 2 | 3, bits: bigint): bigint {
  const scaled = BigInt(value) << (bits * BigInt(degree));
  let low = 0n;
  let high = 1n << (bits + 10n);
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** BigInt(degree) <= scaled) low = middle;
    else high = middle - 1n;
  }
  return low & ((1n << bits) - 1n);
}

function sha256(bytes: readonly number[]): string {
  const message = padded(bytes, 64, "big");
  const constants = primes(64).map((prime) => Number(rootFraction(prime, 3, 32n)));
  let state = primes(8).map((prime) => Number(rootFraction(prime, 2, 32n)));
  for (let block = 0; block < message.length; block += 64) {
    const w = Array.from({ length: 16 }, (_, i) => word(message, block + i * 4, "big"));
    for (let i = 16; i < 64; i++) {
      const [x, y] = [w[i - 15] ?? 0, w[i - 2] ?? 0];
      const s0 = rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
      const s1 = rotateRight(y, 17) ^ rotateRight(y, 19) ^ (y >>> 10);
      w.push(((w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1) >>> 0);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    w.forEach((part, i) => {
      const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + part) >>> 0;
      const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0];
    });
    state = [a, b, c, d, e, f, g, h].map((value, i) => (value + (state[i] ?? 0)) >>> 0);
  }
  return hex(state);
}

const MASK = (1n << 64n) - 1n;
const rotate64 = (value: bigint, by: bigint): bigint => ((value >> by) | (value << (64n - by))) & MASK;

function sha512(bytes: readonly number[]): string {
  const message = padded(bytes, 128, "big");
  const constants = primes(80).map((prime) => rootFraction(prime, 3, 64n));
  let state = primes(8).map((prime) => rootFraction(prime, 2, 64n));
  for (let block = 0; block < message.length; block += 128) {
    const w = Array.from(
      { length: 16 },
      (_, i) => (BigInt(word(message, block + i * 8, "big")) << 32n) | BigInt(word(message, block + i * 8 + 4, "big")),
    );
    for (let i = 16; i < 80; i++) {
      const [x, y] = [w[i - 15] ?? 0n, w[i - 2] ?? 0n];
      const s0 = rotate64(x, 1n) ^ rotate64(x, 8n) ^ (x >> 7n);
      const s1 = rotate64(y, 19n) ^ rotate64(y, 61n) ^ (y >> 6n);
      w.push(((w[i - 16] ?? 0n) + s0 + (w[i - 7] ?? 0n) + s1) & MASK);
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
    w.forEach((part, i) => {
      const t1 =
        (h + (rotate64(e, 14n) ^ rotate64(e, 18n) ^ rotate64(e, 41n)) + ((e & f) ^ (~e & MASK & g)) + (constants[i] ?? 0n) + part) & MASK;
      const t2 = ((rotate64(a, 28n) ^ rotate64(a, 34n) ^ rotate64(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))) & MASK;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & MASK, c, b, a, (t1 + t2) & MASK];
    });
    state = [a, b, c, d, e, f, g, h].map((value, i) => (value + (state[i] ?? 0n)) & MASK);
  }
  return state.map((value) => value.toString(16).padStart(16, "0")).join("");
}
