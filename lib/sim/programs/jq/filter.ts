/** A jq program as its parser sees it. */

import type { Json } from "./json";

export type Filter =
  | { readonly kind: "identity" | "recurse-default" }
  | { readonly kind: "literal"; readonly value: Json }
  /** Text with values in it; `format` is `@csv` and the like. */
  | { readonly kind: "string"; readonly format: string | undefined; readonly parts: readonly (string | Filter)[] }
  | { readonly kind: "format"; readonly name: string }
  | { readonly kind: "index"; readonly of: Filter; readonly key: Filter }
  | { readonly kind: "slice"; readonly of: Filter; readonly from: Filter | undefined; readonly to: Filter | undefined }
  | { readonly kind: "iterate"; readonly of: Filter }
  | { readonly kind: "try"; readonly body: Filter; readonly handler: Filter | undefined }
  | { readonly kind: "array"; readonly body: Filter | undefined }
  | { readonly kind: "object"; readonly entries: readonly { readonly key: Filter; readonly value: Filter }[] }
  | { readonly kind: "pipe" | "comma"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "negate"; readonly operand: Filter }
  | {
      readonly kind: "binary";
      readonly operator: "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or" | "//";
      readonly left: Filter;
      readonly right: Filter;
    }
  | {
      readonly kind: "assign";
      readonly operator: "=" | "|=" | "+=" | "-=" | "*=" | "/=" | "%=" | "//=";
      readonly left: Filter;
      readonly right: Filter;
    }
  | { readonly kind: "if"; readonly test: Filter; readonly yes: Filter; readonly no: Filter | undefined }
  | { readonly kind: "reduce"; readonly source: Filter; readonly pattern: Pattern; readonly start: Filter; readonly update: Filter }
  | {
      readonly kind: "foreach";
      readonly source: Filter;
      readonly pattern: Pattern;
      readonly start: Filter;
      readonly update: Filter;
      readonly extract: Filter | undefined;
    }
  | { readonly kind: "bind"; readonly source: Filter; readonly patterns: readonly Pattern[]; readonly body: Filter }
  | { readonly kind: "def"; readonly name: string; readonly parameters: readonly string[]; readonly body: Filter; readonly rest: Filter }
  | { readonly kind: "label"; readonly name: string; readonly body: Filter }
  | { readonly kind: "break"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string; readonly at: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Filter[]; readonly at: number };

export type Pattern =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "array"; readonly items: readonly Pattern[] }
  | {
      readonly kind: "object";
      readonly entries: readonly { readonly key: Filter; readonly variable: string | undefined; readonly value: Pattern | undefined }[];
    };

export class JqSyntaxError extends Error {
  /** Where in the program, and how long what is there is. */
  readonly at: number;
  readonly length: number;
  constructor(message: string, at: number, length: number) {
    super(message);
    this.at = at;
    this.length = length;
  }
}
