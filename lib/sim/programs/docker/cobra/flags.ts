/** Short forms for declaring flags in the command tables. */

import type { FlagKind, FlagSpec } from "./flag";

type More = Omit<FlagSpec, "name" | "kind" | "usage">;

function flag(kind: FlagKind): (name: string, usage: string, more?: More) => FlagSpec {
  return (name, usage, more = {}) => ({ name, kind, usage, ...more });
}

export const bool = flag("bool");
export const string = flag("string");
export const int = flag("int");
export const int64 = flag("int64");
export const uint = flag("uint");
export const uint16 = flag("uint16");
export const float = flag("float");
export const duration = flag("duration");
export const bytes = flag("bytes");
export const swapBytes = flag("swap-bytes");
export const decimal = flag("decimal");
export const strings = flag("strings");
export const array = flag("array");
export const list = flag("list");
export const map = flag("map");
export const filter = flag("filter");

const TEMPLATES =
  "'TEMPLATE':         Print output using the given Go template.\nRefer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates";

/** The usage of `--format` in commands that list. */
export const FORMAT_HELP = `Format output using a custom template:\n'table':            Print output in table format with column headers (default)\n'table TEMPLATE':   Print output in table format using the given Go template\n'json':             Print in JSON format\n${TEMPLATES}`;
/** The usage of `--format` in commands that inspect. */
export const INSPECT_FORMAT_HELP = `Format output using a custom template:\n'json':             Print in JSON format\n${TEMPLATES}`;
