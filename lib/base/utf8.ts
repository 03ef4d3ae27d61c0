/** Lengths in bytes of UTF-8: what files, segments and `wc -c` count, while the simulator keeps text as strings. */

/** The number of bytes of `text` in UTF-8. A lone surrogate counts three, as its replacement character would. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/** Where `text` can be cut so that at most `max` units are before it and no character is cut in two. */
export function cutAt(text: string, max: number): number {
  if (text.length <= max) return text.length;
  const isBetween = max > 0 && isLowSurrogate(text.charCodeAt(max)) && isHighSurrogate(text.charCodeAt(max - 1));
  return isBetween ? (max > 1 ? max - 1 : 2) : max;
}

/** The longest beginning of `text` that has at most `bytes` bytes, whole characters only. */
export function utf8Prefix(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += utf8Length(character);
    if (used > bytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The bytes of `text` in UTF-8. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
  }
  return bytes;
}

/** The text that `bytes` are in UTF-8; what is not UTF-8 becomes U+FFFD, a byte at a time. */
export function utf8Text(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] ?? 0;
    const length =
      first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    let point = length === 1 ? first : first & (0xff >> (length + 1));
    let isValid = length > 0;
    for (let k = 1; k < length && isValid; k++) {
      const next = bytes[i + k] ?? 0;
      isValid = (next & 0xc0) === 0x80;
      point = (point << 6) | (next & 63);
    }
    text += isValid ? String.fromCodePoint(point) : "\ufffd";
    i += isValid ? length : 1;
  }
  return text;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
