/** `@csv`, `@sh` and the other formats: values as text for something else (jq 1.8 manual, "Format strings and escaping"). */

import { utf8Bytes, utf8Text } from "@/lib/base/utf8";
import { decodeBase64, encodeBase64 } from "../coreutils/bytes";
import { COMPACT, isArray, isNumber, isObject, type Json, printJson } from "./json";
import { described, JqError, plainText } from "./values";

export function format(name: string, value: Json): string {
  const rows = (shape: (item: Json) => string, separator: string, what: string): string => {
    if (!isArray(value)) throw new JqError(`${described(value)} cannot be ${what}-formatted, only array`);
    return value
      .map((item) => {
        if (isArray(item) || isObject(item)) throw new JqError(`${described(item)} is not valid in a csv row`);
        return item === null ? "" : typeof item === "boolean" || isNumber(item) ? printJson(item, COMPACT) : shape(item);
      })
      .join(separator);
  };
  switch (name) {
    case "@text":
      return plainText(value);
    case "@json":
      return printJson(value, COMPACT);
    case "@csv":
      return rows((item) => `"${plainText(item).replaceAll('"', '""')}"`, ",", "csv");
    case "@tsv":
      return rows(
        (item) => plainText(item).replace(/[\\\t\n\r]/g, (c) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[c] ?? c),
        "\t",
        "tsv",
      );
    case "@html":
      return plainText(value).replace(
        /[<>&'"]/g,
        (c) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", "'": "&apos;", '"': "&quot;" })[c] ?? c,
      );
    case "@uri":
      return encodeURIComponent(plainText(value)).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
    case "@sh":
      return (isArray(value) ? value : [value])
        .map((item) => {
          if (isArray(item) || isObject(item)) throw new JqError(`${described(item)} can not be escaped for shell`);
          return typeof item === "string" ? `'${item.replaceAll("'", "'\\''")}'` : printJson(item, COMPACT);
        })
        .join(" ");
    case "@base64":
      return encodeBase64(utf8Bytes(plainText(value)));
    case "@urid":
      return utf8Text(percentDecoded(plainText(value)));
    case "@base64d":
      return utf8Text(decodeBase64(plainText(value)).bytes);
    default:
      throw new JqError(`${name.slice(1)} is not a valid format`);
  }
}

function percentDecoded(text: string): number[] {
  const bytes = utf8Bytes(text);
  const decoded: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const hex = /^%([0-9a-fA-F]{2})/.exec(String.fromCharCode(...bytes.slice(at, at + 3)));
    if (hex) at += 2;
    decoded.push(hex ? Number.parseInt(hex[1] ?? "", 16) : (bytes[at] ?? 0));
  }
  return decoded;
}
