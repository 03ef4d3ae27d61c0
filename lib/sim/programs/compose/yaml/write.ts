/** YAML as Compose writes it: two spaces, lists indented, quotes only where a text would be read as something else (emitterc.go). */

import { jsonString } from "@/lib/sim/programs/docker/gotemplate";
import { type Data, isList, isMap } from "./data";
import { resolve } from "./scalar";

/** The document, with the line end at its end. */
export function writeYaml(data: Data): string {
  return isMap(data) && data.size > 0 ? entries(data, 0) : isList(data) && data.length > 0 ? items(data, 0) : `${scalar(data, 0)}\n`;
}

function entries(data: ReadonlyMap<string, Data>, indent: number): string {
  let text = "";
  for (const [key, value] of data) text += `${" ".repeat(indent)}${scalar(key, indent)}:${below(value, indent)}`;
  return text;
}

function below(value: Data, indent: number): string {
  if (isMap(value) && value.size > 0) return `\n${entries(value, indent + 2)}`;
  if (isList(value) && value.length > 0) return `\n${items(value, indent + 2)}`;
  return ` ${scalar(value, indent + 2)}\n`;
}

function items(list: readonly Data[], indent: number): string {
  let text = "";
  for (const item of list) {
    const dash = `${" ".repeat(indent)}- `;
    if (isMap(item) && item.size > 0) text += dash + entries(item, indent + 2).slice(indent + 2);
    else if (isList(item) && item.length > 0) text += dash + items(item, indent + 2).slice(indent + 2);
    else text += `${dash}${scalar(item, indent + 2)}\n`;
  }
  return text;
}

function scalar(value: Data, indent: number): string {
  if (isMap(value)) return "{}";
  if (isList(value)) return "[]";
  if (typeof value !== "string") return String(value);
  if (value.includes("\n") && /\S/.test(value)) {
    const chomp = value.endsWith("\n\n") ? "+" : value.endsWith("\n") ? "" : "-";
    const body = value.replace(/\n$/, "").split("\n");
    return `|${/^ /.test(value) ? "2" : ""}${chomp}\n${body.map((line) => (line === "" ? "" : " ".repeat(indent) + line)).join("\n")}`;
  }
  if (
    typeof resolve(value) !== "string" ||
    isOldBoolean(value) ||
    /^\d{4}-\d\d?-\d\d?/.test(value) ||
    /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$/.test(value)
  )
    return jsonString(value, false);
  // eslint-disable-next-line no-control-regex -- what is not printable is escaped
  if (/[\u0000-\u001f\u007f]/.test(value)) return jsonString(value, false);
  return isPlain(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

/** What YAML 1.1 took for a boolean stays in quotes. */
function isOldBoolean(text: string): boolean {
  return /^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/.test(text);
}

function isPlain(text: string): boolean {
  if (text === "" || text !== text.trim()) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[-?:](\s|$)/.test(text) || text === "=" || text.startsWith("---") || text.startsWith("..."))
    return false;
  return !/: |:$| #/.test(text);
}
