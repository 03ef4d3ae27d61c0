/** SHA-256 of a text's UTF-8, in hexadecimal: the name of a context's folder (`~/.docker/contexts/meta/…`). FIPS 180-4. */

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

const fraction = (value: number): number => Math.floor((value - Math.floor(value)) * 2 ** 32);
const rotate = (value: number, by: number): number => (value >>> by) | (value << (32 - by));

export function sha256(text: string): string {
  const ks = primes(64).map((prime) => fraction(Math.cbrt(prime)));
  const hash = primes(8).map((prime) => fraction(Math.sqrt(prime)));
  const bytes: number[] = [];
  for (const match of encodeURIComponent(text).matchAll(/%(..)|(.)/g))
    bytes.push(match[1] === undefined ? (match[2] ?? "").charCodeAt(0) : Number.parseInt(match[1], 16));
  const bits = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (let shift = 56; shift >= 0; shift -= 8) bytes.push(Math.floor(bits / 2 ** shift) & 0xff);

  for (let at = 0; at < bytes.length; at += 64) {
    const w: number[] = [];
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        const byte = (j: number): number => bytes[at + i * 4 + j] ?? 0;
        w.push((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3));
        continue;
      }
      const [w15 = 0, w2 = 0, w16 = 0, w7 = 0] = [w[i - 15], w[i - 2], w[i - 16], w[i - 7]];
      const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
      const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
      w.push((w16 + s0 + w7 + s1) | 0);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ks[i] ?? 0) + (w[i] ?? 0)) | 0;
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) hash[i] = ((hash[i] ?? 0) + value) | 0;
  }
  return hash.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
}
