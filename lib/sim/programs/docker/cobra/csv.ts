/**
 * One line of CSV, as docker reads long flag values (`--mount type=bind,"src=a,b",dst=/x`, `--network name=a,alias=b`).
 *
 * Follows Go's encoding/csv with its default settings: strict quotes. Only the first line of the text is read.
 */

import { fail, ok, type Result } from "@/lib/base/result";

/** The fields, or Go's error. */
export function readCsvLine(text: string): Result<readonly string[], string> {
  if (text === "") return fail("EOF");
  const line = text.split("\n")[0] ?? "";
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const comma = line.indexOf(",", at);
      const field = comma < 0 ? line.slice(at) : line.slice(at, comma);
      const bare = field.indexOf('"');
      if (bare >= 0) return fail(`parse error on line 1, column ${at + bare + 1}: bare " in non-quoted-field`);
      fields.push(field);
      if (comma < 0) return ok(fields);
      at = comma + 1;
      continue;
    }
    let field = "";
    at++;
    for (;;) {
      const close = line.indexOf('"', at);
      if (close < 0) return fail(`parse error on line 1, column ${line.length + 1}: extraneous or missing " in quoted-field`);
      field += line.slice(at, close);
      at = close + 1;
      if (line[at] !== '"') break;
      field += '"';
      at++;
    }
    fields.push(field);
    if (at >= line.length) return ok(fields);
    if (line[at] !== ",") return fail(`parse error on line 1, column ${at}: extraneous or missing " in quoted-field`);
    at++;
  }
}
