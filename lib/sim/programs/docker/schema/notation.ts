/**
 * A notation for Go type declarations, and what it means.
 *
 *     type container.NetworkMode string
 *     struct network.IPAMConfig
 *       Subnet string omitempty
 *       AuxAddress map[string]string json=AuxiliaryAddresses omitempty
 *       embed network.Base
 *
 * The declarations decide how a template prints a value and which error it gets; see ./index for the types themselves.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import type { GoField, GoMethods, GoType } from "../gotemplate";

const BASIC: Readonly<Record<string, GoType["kind"]>> = {
  string: "string",
  bool: "bool",
  int: "int",
  int64: "int",
  uint: "uint",
  byte: "uint",
  uint16: "uint",
  uint32: "uint",
  uint64: "uint",
  float64: "float",
};

type Declaration = { readonly kind: "struct" | "type"; readonly body: readonly string[] };

/** The types of all declarations, by name. */
export class TypeTable {
  readonly #declarations = new Map<string, Declaration>();
  readonly #methods: ReadonlyMap<string, GoMethods>;
  readonly #types = new Map<string, GoType>();

  constructor(texts: readonly string[], methods: ReadonlyMap<string, GoMethods>) {
    this.#methods = methods;
    for (const paragraph of texts.join("\n").split(/\n(?=struct |type )/)) this.#declare(paragraph);
  }

  #declare(paragraph: string): void {
    const [head = "", ...body] = paragraph.split("\n").filter((line) => line.trim() !== "");
    const [kind, name = "", ...rest] = head.trim().split(" ");
    if (kind === "struct") this.#declarations.set(name, { kind, body: body.map((line) => line.trim()) });
    else if (kind === "type") this.#declarations.set(name, { kind, body: [rest.join(" ")] });
  }

  get(name: string): GoType {
    const known = this.#types.get(name);
    if (known) return known;
    const type = this.#make(name);
    this.#types.set(name, type);
    return type;
  }

  #make(text: string): GoType {
    const basic = BASIC[text];
    if (basic === "string" || basic === "bool" || basic === "int" || basic === "uint" || basic === "float")
      return { kind: basic, name: text === "byte" ? "uint8" : text };
    if (text === "any") return { kind: "interface" };
    if (text === "struct {}") return { kind: "struct", name: text, fields: [] };
    if (text === "time.Time" || text === "time.Duration") return this.#time(text);
    if (text.startsWith("*")) return { kind: "pointer", elem: this.get(text.slice(1)) };
    if (text.startsWith("[]")) return { kind: "slice", elem: this.get(text.slice(2)) };
    if (text.startsWith("map[")) {
      const end = text.indexOf("]");
      return { kind: "map", key: this.get(text.slice(4, end)), elem: this.get(text.slice(end + 1)) };
    }
    const declaration = this.#declarations.get(text);
    if (!declaration) throw new InvariantViolation(`the Go type ${text} is declared`);
    const methods = this.#methods.get(text);
    const own = methods ? { methods } : {};
    if (declaration.kind === "struct")
      return { kind: "struct", name: text, fields: declaration.body.map((line) => this.#field(line)), ...own };
    const under = this.get(declaration.body[0] ?? "");
    return "name" in under || under.kind === "slice" || under.kind === "map" ? ({ ...under, name: text, ...own } as GoType) : under;
  }

  #time(name: "time.Time" | "time.Duration"): GoType {
    const methods = this.#methods.get(name);
    const own = methods ? { methods } : {};
    return name === "time.Time" ? { kind: "struct", name, fields: [], ...own } : { kind: "int", name, ...own };
  }

  #field(line: string): GoField {
    const words = line.split(" ");
    const omit = words.includes("omitempty") ? "empty" : "never";
    const json = words.find((word) => word.startsWith("json="))?.slice(5);
    const type = words.filter((word, i) => i > 0 && word !== "omitempty" && !word.startsWith("json=")).join(" ");
    if (words[0] === "embed") {
      const name = type.slice(type.lastIndexOf(".") + 1);
      return { name, type: this.get(type), isEmbedded: true, json: "", omit: "never" };
    }
    const name = words[0] ?? "";
    return { name, type: this.get(type), isEmbedded: false, json: json === "-" ? undefined : (json ?? name), omit };
  }
}
