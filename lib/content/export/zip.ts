/** ZIP archives that depend on their contents alone. */

import { strToU8, zipSync } from "fflate";

/** ZIP keeps local time without a zone, and so is this date meant: the same bytes everywhere. */
const MODIFIED = new Date(2026, 0, 1);

/** In the order in which the files are named. */
export function zip(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(([name, data]) => [name, typeof data === "string" ? strToU8(data) : data] as const);
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: MODIFIED });
}
