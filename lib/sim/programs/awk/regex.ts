/** awk's regular expressions: EREs in which the escapes of strings mean what they mean there. */

import { PosixRegex } from "../regex/posix-regex";

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  f: "\f",
  v: "\v",
  a: "\x07",
  b: "\b",
  '"': '"',
  "/": "/",
  "&": "&",
};

export function compileAwkRegex(source: string): ReturnType<typeof PosixRegex.compile> {
  return PosixRegex.compile(
    source.replace(/\\([\s\S])/g, (all, c: string) => ESCAPES[c] ?? all),
    { extended: true },
  );
}
