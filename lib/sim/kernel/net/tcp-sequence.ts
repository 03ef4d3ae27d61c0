/** Sequence numbers: 32 bits that wrap (RFC 9293, 3.4). */

export function plus(sequence: number, count: number): number {
  return (sequence + count) >>> 0;
}

/** How far `a` is after `b`; negative when it is before. */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}

export function isAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}
