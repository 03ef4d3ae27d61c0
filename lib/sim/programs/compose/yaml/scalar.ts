/** What a plain scalar means: YAML's core schema as yaml.v3 reads it (resolve.go). `yes`, `on` and dates are text. */

import type { Data } from "./data";

const NULLS = new Set(["", "~", "null", "Null", "NULL"]);
const TRUES = new Set(["true", "True", "TRUE"]);
const FALSES = new Set(["false", "False", "FALSE"]);

export function resolve(plain: string): Data {
  if (NULLS.has(plain)) return null;
  if (TRUES.has(plain)) return true;
  if (FALSES.has(plain)) return false;
  if (!/^[-+.0-9]/.test(plain)) return plain;
  const digits = plain.replaceAll("_", "");
  const prefixed = /^([-+]?)0([xob]?)([0-9a-fA-F]+)$/.exec(digits);
  if (prefixed) {
    const base = { x: 16, o: 8, b: 2, "": 8 }[prefixed[2] ?? ""] ?? 8;
    const body = prefixed[3] ?? "";
    const isValid = base === 16 || (base === 8 ? /^[0-7]+$/ : /^[01]+$/).test(body);
    if (isValid) return Number.parseInt(body, base) * (prefixed[1] === "-" ? -1 : 1);
  }
  if (/^[-+]?[0-9]+$/.test(digits)) return Number(digits);
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(digits)) return Number(digits);
  if (/^[-+]?\.(inf|Inf|INF)$/.test(plain)) return plain.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return plain;
}
