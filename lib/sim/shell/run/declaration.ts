/** A variable as the `declare` command that would make it (`declare -p`, `${x@A}`). */

import { doubleQuoted, reusable } from "../expand/quote";
import { hashOrder } from "./hash-order";
import type { Variable } from "./variables";

/** The letters of its attributes. */
export function flagsOf(variable: Variable): string {
  const { value } = variable;
  return [
    value.kind === "indexed" ? "a" : value.kind === "associative" ? "A" : "",
    variable.isInteger ? "i" : "",
    variable.letterCase === "lower" ? "l" : "",
    variable.isReference ? "n" : "",
    variable.isReadonly ? "r" : "",
    variable.letterCase === "upper" ? "u" : "",
    variable.isExported ? "x" : "",
  ].join("");
}

/** `declare -x HOME="/root"`. */
export function declaration(name: string, variable: Variable): string {
  const head = `declare -${flagsOf(variable) || "-"} ${name}`;
  const { value } = variable;
  switch (value.kind) {
    case "unset":
      return head;
    case "scalar":
      return `${head}=${doubleQuoted(value.text)}`;
    case "indexed": {
      const items = [...value.items].sort(([a], [b]) => a - b).map(([index, text]) => `[${index}]=${doubleQuoted(text)}`);
      return `${head}=(${items.join(" ")})`;
    }
    case "associative":
      return `${head}=(${hashOrder(value.items.keys())
        .map((key) => [key, value.items.get(key) ?? ""] as const)
        .map(([key, text]) => `[${/^[\w.-]+$/.test(key) ? key : reusable(key)}]=${doubleQuoted(text)} `)
        .join("")})`;
  }
}
