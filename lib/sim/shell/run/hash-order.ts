/**
 * The order in which bash lists an associative array: by the buckets of its hash table, the latest first within a bucket
 * (hashlib.c, with the 1024 buckets of assoc.h).
 */

import { utf8Bytes } from "@/lib/base/utf8";

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
  for (const byte of utf8Bytes(text)) {
    value = Math.imul(value, 16_777_619) >>> 0;
    value = (value ^ (byte > 127 ? byte - 256 : byte)) >>> 0;
  }
  return value;
}
