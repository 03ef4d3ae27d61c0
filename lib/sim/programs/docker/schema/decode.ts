/**
 * Reads JSON into a typed Go value, as json.Unmarshal into a struct does: unknown fields are dropped, absent ones zero,
 * names match without regard to case when there is no exact match.
 *
 * It differs in that a value of the wrong type becomes the zero value; the daemon sends none.
 */

import { type GoType, type GoValue, goString, type Json, toAny, zeroOf } from "../gotemplate";

export function decode(type: GoType, json: Json): GoValue {
  if (json.kind === "null") return zeroOf(type);
  switch (type.kind) {
    case "string":
      return json.kind === "string" ? { kind: "string", type, value: json.value } : zeroOf(type);
    case "bool":
      return json.kind === "bool" ? { kind: "bool", type, value: json.value } : zeroOf(type);
    case "int":
    case "uint":
      return json.kind === "number" ? { kind: type.kind, type, value: whole(json.text) } : zeroOf(type);
    case "float":
      return json.kind === "number" ? { kind: "float", type, value: Number(json.text) } : zeroOf(type);
    case "slice":
      return json.kind === "array" ? { kind: "slice", type, items: json.items.map((item) => decode(type.elem, item)) } : zeroOf(type);
    case "map": {
      if (json.kind !== "object") return zeroOf(type);
      return { kind: "map", type, entries: new Map([...json.entries].map(([key, item]) => [key, decode(type.elem, item)])) };
    }
    case "pointer":
      return { kind: "pointer", type, to: decode(type.elem, json) };
    case "interface":
      return toAny(json, "float64");
    case "struct": {
      if (type.name === "time.Time") return json.kind === "string" ? goTime(type, json.value) : zeroOf(type);
      if (json.kind !== "object") return zeroOf(type);
      const entries = json.entries;
      return {
        kind: "struct",
        type,
        fields: type.fields.map((field) => {
          if (field.isEmbedded) return decode(field.type, json);
          const item = field.json === undefined ? undefined : find(entries, field.json);
          return item ? decode(field.type, item) : zeroOf(field.type);
        }),
      };
    }
  }
}

function find(entries: ReadonlyMap<string, Json>, name: string): Json | undefined {
  const exact = entries.get(name);
  if (exact) return exact;
  const folded = name.toLowerCase();
  for (const [key, item] of entries) if (key.toLowerCase() === folded) return item;
  return undefined;
}

function whole(text: string): bigint {
  return /^-?\d+$/.test(text) ? BigInt(text) : BigInt(Math.trunc(Number(text)));
}

/** `2026-01-05T09:00:00.5Z` as Go prints a time.Time: `2026-01-05 09:00:00.5 +0000 UTC`. */
export function timeText(rfc3339: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(rfc3339);
  if (!match) return rfc3339;
  const [, date = "", clock = "", fraction = "", zone = "Z"] = match;
  const digits = fraction.replace(/\.?0+$/, "");
  const offset = zone === "Z" ? "+0000 UTC" : `${zone.replace(":", "")} ${zone.replace(":", "")}`;
  return `${date} ${clock}${digits} ${offset}`;
}

function goTime(type: Extract<GoType, { kind: "struct" }>, rfc3339: string): GoValue {
  return { kind: "struct", type, fields: [], custom: { text: timeText(rfc3339), json: () => goString(rfc3339) } };
}
