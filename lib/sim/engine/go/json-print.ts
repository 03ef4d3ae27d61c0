/** JSON as Go's Encoder prints it: compact, one newline at the end, keys as the value has them. */

/** What can be printed. A bigint is an integer with more digits than a JavaScript number holds (nanoseconds). */
export type Printable =
  | null
  | boolean
  | number
  | string
  | bigint
  | readonly Printable[]
  | { readonly [key: string]: Printable | undefined };

/** `html`: `<`, `>` and `&` as escapes, as an Encoder does unless moby tells it not to. */
export function printJson(value: Printable, options: { readonly html: boolean } = { html: false }): string {
  const text = print(value);
  return `${options.html ? text.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`) : text}\n`;
}

function print(value: Printable): string {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return printString(value);
  if (isList(value)) return `[${value.map(print).join(",")}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${printString(key)}:${print(member)}`);
  }
  return `{${members.join(",")}}`;
}

function printString(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

function isList(value: Printable): value is readonly Printable[] {
  return Array.isArray(value);
}
