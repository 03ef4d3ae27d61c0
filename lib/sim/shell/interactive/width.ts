/** How many columns of a terminal a character takes (wcwidth(3), after Unicode's East Asian Width). */

/** Ranges that take two columns: CJK, Hangul, kana, full-width forms, emoji. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x2753, 0x2755],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Marks that stand on the character before them, and invisible joiners. */
const COMBINING = /^(?:\p{Mn}|\p{Me}|\p{Cf})$/u;

export function charWidth(char: string): 0 | 1 | 2 {
  const point = char.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (COMBINING.test(char)) return 0;
  return WIDE.some(([from, to]) => from <= point && point <= to) ? 2 : 1;
}

/** Control characters are shown as `^X`. */
export function shown(char: string): string {
  const code = char.charCodeAt(0);
  if (code === 0x7f) return "^?";
  return code < 0x20 && char !== "\n" ? `^${String.fromCharCode(code + 64)}` : char;
}

/** Columns of a text without line breaks. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) for (const each of shown(char)) width += charWidth(each);
  return width;
}
