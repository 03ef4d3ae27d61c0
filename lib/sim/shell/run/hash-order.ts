/**
 * The order in which bash lists an associative array: by the buckets of its hash table, the latest first within a bucket
 * (hashlib.c, with the 1024 buckets of assoc.h).
 */

const BUCKETS = 1024;

/** Keys, given in the order in which they were set, as bash lists them. Tables that have grown are not modelled. */
export function hashOrder(keys: Iterable<string>): string[] {
  const buckets = new Map<number, string[]>();
  for (const key of keys) {
    const bucket = hash(key) & (BUCKETS - 1);
    const chain = buckets.get(bucket);
    if (chain) chain.unshift(key);
    else buckets.set(bucket, [key]);
  }
  return [...buckets].sort(([a], [b]) => a - b).flatMap(([, chain]) => chain);
}

/** FNV-1 over the bytes of UTF-8, as signed characters. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (const byte of utf8(text)) {
    value = Math.imul(value, 16_777_619) >>> 0;
    value = (value ^ (byte > 127 ? byte - 256 : byte)) >>> 0;
  }
  return value;
}

function* utf8(text: string): Generator<number, void> {
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    if (point < 0x80) yield point;
    else if (point < 0x800) yield* [0xc0 | (point >> 6), 0x80 | (point & 63)];
    else if (point < 0x1_0000) yield* [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
    else yield* [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)];
  }
}
