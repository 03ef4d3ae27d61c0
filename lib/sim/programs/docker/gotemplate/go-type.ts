/**
 * Go's types, as far as values that a docker template sees have them.
 *
 * A learner meets them in three places: in how `{{.HostConfig}}` is printed, in the order of JSON fields, and in error
 * texts ("can't evaluate field Nope in type *formatter.ContainerContext"). Follows Go's package reflect. It differs in
 * that map keys are always strings and that there are no arrays, channels, functions or complex numbers, because no
 * value of the docker CLI has any.
 */

import type { GoFunc, GoValue } from "./go-value";

export type GoType =
  | { readonly kind: "bool"; readonly name: string }
  | { readonly kind: "string"; readonly name: string; readonly methods?: GoMethods }
  | { readonly kind: "int"; readonly name: string; readonly methods?: GoMethods }
  | { readonly kind: "uint"; readonly name: string; readonly methods?: GoMethods }
  | { readonly kind: "float"; readonly name: string }
  | { readonly kind: "slice"; readonly name?: string; readonly elem: GoType }
  | { readonly kind: "map"; readonly name?: string; readonly key: GoType; readonly elem: GoType; readonly methods?: GoMethods }
  | { readonly kind: "pointer"; readonly elem: GoType }
  | { readonly kind: "struct"; readonly name: string; readonly fields: readonly GoField[]; readonly methods?: GoMethods }
  | { readonly kind: "interface" };

export type StructType = Extract<GoType, { kind: "struct" }>;

/** The methods of one value, already bound to it. */
export type GoMethods = (receiver: GoValue) => ReadonlyMap<string, GoFunc>;

export type GoField = {
  readonly name: string;
  readonly type: GoType;
  /** Its fields are promoted to the struct that holds it. */
  readonly isEmbedded: boolean;
  /** Its name in JSON; `undefined` when it has none (`json:"-"`). */
  readonly json: string | undefined;
  /** Left out of JSON: never, when empty (`omitempty`), when the zero value (`omitzero`). */
  readonly omit: "never" | "empty" | "zero";
};

export const BOOL: GoType = { kind: "bool", name: "bool" };
export const STRING: GoType = { kind: "string", name: "string" };
export const INT: GoType = { kind: "int", name: "int" };
export const FLOAT64: GoType = { kind: "float", name: "float64" };
export const ANY: GoType = { kind: "interface" };
export const STRINGS: GoType = { kind: "slice", elem: STRING };
export const STRING_MAP: GoType = { kind: "map", key: STRING, elem: STRING };
export const ANY_MAP: GoType = { kind: "map", key: STRING, elem: ANY };
export const ANYS: GoType = { kind: "slice", elem: ANY };

export function pointerTo(elem: GoType): GoType {
  return { kind: "pointer", elem };
}

/** The type as Go prints it: `map[string]*network.EndpointSettings`. */
export function typeName(type: GoType): string {
  switch (type.kind) {
    case "bool":
    case "string":
    case "int":
    case "uint":
    case "float":
    case "struct":
      return type.name;
    case "slice":
      return type.name ?? `[]${typeName(type.elem)}`;
    case "map":
      return type.name ?? `map[${typeName(type.key)}]${typeName(type.elem)}`;
    case "pointer":
      return `*${typeName(type.elem)}`;
    case "interface":
      return "interface {}";
  }
}

/** reflect's AssignableTo: identical types, anything to `interface {}`, and an unnamed composite to a named one like it. */
export function isAssignable(from: GoType, to: GoType): boolean {
  if (to.kind === "interface") return true;
  if (typeName(from) === typeName(to)) return true;
  if (from.kind === "slice" && to.kind === "slice" && (from.name === undefined || to.name === undefined)) {
    return typeName(from.elem) === typeName(to.elem);
  }
  if (from.kind === "map" && to.kind === "map" && (from.name === undefined || to.name === undefined)) {
    return typeName(from.key) === typeName(to.key) && typeName(from.elem) === typeName(to.elem);
  }
  return false;
}
