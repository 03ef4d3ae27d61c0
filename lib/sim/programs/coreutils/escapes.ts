/** Backslash escapes of `echo -e` and `printf`. */

/** `octal`: echo wants `\0NNN`, printf's format takes `\NNN`, and %b both. */
export function unescape(
  text: string,
  options: { readonly octal: "zero" | "any" | "both" },
): { readonly text: string; readonly stops: boolean } {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const c = text[at] ?? "";
    if (c !== "\\") {
      out += c;
      continue;
    }
    const rest = text.slice(at + 1);
    const octal =
      options.octal === "zero"
        ? /^0([0-7]{0,3})/.exec(rest)
        : options.octal === "any"
          ? /^([0-7]{1,3})/.exec(rest)
          : /^(?:0([0-7]{0,3})|([0-7]{1,3}))/.exec(rest);
    const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
    const unicode = /^u([0-9a-fA-F]{1,4})|^U([0-9a-fA-F]{1,8})/.exec(rest);
    if (octal) {
      out += String.fromCharCode(Number.parseInt((octal[1] ?? octal[2]) || "0", 8) & 0xff);
      at += octal[0].length;
    } else if (hex) {
      out += String.fromCharCode(Number.parseInt(hex[1] ?? "", 16));
      at += hex[0].length;
    } else if (unicode && options.octal !== "zero") {
      out += String.fromCodePoint(Number.parseInt(unicode[1] ?? unicode[2] ?? "", 16));
      at += unicode[0].length;
    } else if (rest.startsWith("c")) return { text: out, stops: true };
    else {
      const known = SIMPLE[rest[0] ?? ""];
      out += known ?? `\\${rest[0] ?? ""}`;
      at++;
    }
  }
  return { text: out, stops: false };
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};
