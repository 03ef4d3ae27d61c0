/** The backslash sequences of `$'…'` (bash's ansicstr, ash's decode_dollar_squote). */

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** `full`: bash's set; ash lacks `\e`, `\u`, `\U` and `\c`. */
export function ansiUnescape(text: string, full: boolean): string {
  return text.replace(
    /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|c[\s\S]|[0-7]{1,3}|[\s\S])/g,
    (whole: string, code: string) => {
      const simple = SIMPLE[code];
      if (simple !== undefined) return simple;
      const kind = code[0] ?? "";
      if (kind === "x" && code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
      if (!full) return whole;
      if ((kind === "u" || kind === "U") && code.length > 1) {
        const point = Number.parseInt(code.slice(1), 16);
        return point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
      }
      if (kind === "c" && code.length === 2) return String.fromCharCode((code.charCodeAt(1) & 0x1f) >>> 0);
      if (code === "e" || code === "E") return "\x1b";
      return whole;
    },
  );
}
