/** Numbers and booleans in text as Go's strconv reads them, with its words (they reach `docker` in errors of the daemon). */

import { fail, ok, type Result } from "@/lib/base/result";
import { quote } from "./quote";

export function atoi(text: string): Result<number, string> {
  return /^[+-]?\d+$/.test(text) ? ok(Number(text)) : fail(`strconv.Atoi: parsing ${quote(text)}: invalid syntax`);
}

export function parseBool(text: string): Result<boolean, string> {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return ok(true);
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return ok(false);
  return fail(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

/** An unsigned number of 32 bits; the error is strconv's without its prefix. */
export function parseUint32(text: string): Result<number, "invalid syntax" | "value out of range"> {
  const bare = text.replace(/^-/, "");
  if (!/^\d+$/.test(bare)) return fail("invalid syntax");
  return bare !== text || Number(bare) > 0xffff_ffff ? fail("value out of range") : ok(Number(bare));
}
