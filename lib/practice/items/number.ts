/** Numbers as people type them. */

/** A decimal number; a comma or a blank between thousands does not matter. Undefined: the text is no number. */
export function readNumber(text: string): number | undefined {
  const plain = text.trim().replace(/(?<=\d)[\s,](?=\d{3}(\D|$))/g, "");
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : undefined;
}
