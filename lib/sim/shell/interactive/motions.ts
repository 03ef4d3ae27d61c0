/** Places in a line that keys go to. A word is letters and digits; Ctrl-W goes by blanks. */

type Chars = readonly string[];

export function isWordCharacter(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char);
}

export function lineStart(chars: Chars, from: number): number {
  return chars.slice(0, from).lastIndexOf("\n") + 1;
}

export function lineEnd(chars: Chars, from: number): number {
  const end = chars.indexOf("\n", from);
  return end < 0 ? chars.length : end;
}

export function wordStart(chars: Chars, from: number): number {
  let at = from;
  while (at > 0 && !isWordCharacter(chars[at - 1])) at--;
  while (at > 0 && isWordCharacter(chars[at - 1])) at--;
  return at;
}

export function wordEnd(chars: Chars, from: number): number {
  let at = from;
  while (at < chars.length && !isWordCharacter(chars[at])) at++;
  while (at < chars.length && isWordCharacter(chars[at])) at++;
  return at;
}

export function blankStart(chars: Chars, from: number): number {
  let at = from;
  while (at > 0 && /\s/.test(chars[at - 1] ?? "")) at--;
  while (at > 0 && !/\s/.test(chars[at - 1] ?? "")) at--;
  return at;
}
