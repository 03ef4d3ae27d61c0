/**
 * Go values as reflection sees them: what a template walks, prints and compares.
 *
 * Follows Go's reflect.Value. Integers are `bigint`, as a float could not hold all of int64. It differs in that values do
 * not change.
 */

import { invariant } from "@/lib/base/invariant";
import type { Result } from "@/lib/base/result";
import { ANY, ANY_MAP, ANYS, BOOL, FLOAT64, type GoType, INT, STRING, type StructType, STRINGS } from "./go-type";

export type GoValue =
  /** reflect's zero Value: nothing at all. Prints as `<no value>`. */
  | { readonly kind: "invalid" }
  | { readonly kind: "bool"; readonly type: GoType; readonly value: boolean }
  | { readonly kind: "int"; readonly type: GoType; readonly value: bigint }
  | { readonly kind: "uint"; readonly type: GoType; readonly value: bigint }
  | { readonly kind: "float"; readonly type: GoType; readonly value: number }
  | { readonly kind: "string"; readonly type: GoType; readonly value: string }
  /** `undefined` is a nil slice. */
  | { readonly kind: "slice"; readonly type: Extract<GoType, { kind: "slice" }>; readonly items: readonly GoValue[] | undefined }
  | { readonly kind: "map"; readonly type: Extract<GoType, { kind: "map" }>; readonly entries: ReadonlyMap<string, GoValue> | undefined }
  | {
      readonly kind: "struct";
      readonly type: StructType;
      /** In the order of the type's fields. */
      readonly fields: readonly GoValue[];
      /** What a type's own MarshalJSON answers, and what its String says. */
      readonly custom?: { readonly json?: () => GoValue; readonly text?: string };
    }
  | { readonly kind: "pointer"; readonly type: Extract<GoType, { kind: "pointer" }>; readonly to: GoValue | undefined }
  /** A place whose type is `interface {}`, with what it holds. */
  | { readonly kind: "interface"; readonly value: GoValue | undefined };

/** A function or bound method. It has one result; an error of its own ends the template. */
export type GoFunc = {
  readonly params: readonly GoType[];
  /** The last parameter may be given any number of times. */
  readonly isVariadic?: boolean;
  readonly result: GoType;
  call(args: readonly GoValue[]): Result<GoValue, string>;
};

export const INVALID: GoValue = { kind: "invalid" };
export const NIL: GoValue = { kind: "interface", value: undefined };

export function goString(value: string, type: GoType = STRING): GoValue {
  return { kind: "string", type, value };
}

export function goBool(value: boolean): GoValue {
  return { kind: "bool", type: BOOL, value };
}

export function goInt(value: number | bigint, type: GoType = INT): GoValue {
  return { kind: "int", type, value: BigInt(value) };
}

export function goFloat(value: number, type: GoType = FLOAT64): GoValue {
  return { kind: "float", type, value };
}

export function goStrings(items: readonly string[] | undefined): GoValue {
  return { kind: "slice", type: sliceOf(STRINGS), items: items?.map((item) => goString(item)) };
}

/** A value in an `interface {}`. */
export function boxed(value: GoValue): GoValue {
  if (value.kind === "interface") return value;
  return { kind: "interface", value: value.kind === "invalid" ? undefined : value };
}

export function goAnys(items: readonly GoValue[]): GoValue {
  return { kind: "slice", type: sliceOf(ANYS), items: items.map(boxed) };
}

export function goAnyMap(entries: Iterable<readonly [string, GoValue]>): GoValue {
  const map = new Map<string, GoValue>();
  for (const [key, value] of entries) map.set(key, boxed(value));
  return { kind: "map", type: mapOf(ANY_MAP), entries: map };
}

export function goPointer(to: GoValue): GoValue {
  return { kind: "pointer", type: { kind: "pointer", elem: typeOf(to) }, to };
}

export function sliceOf(type: GoType): Extract<GoType, { kind: "slice" }> {
  invariant(type.kind === "slice", "a slice type is asked for where the type is a slice");
  return type;
}

export function mapOf(type: GoType): Extract<GoType, { kind: "map" }> {
  invariant(type.kind === "map", "a map type is asked for where the type is a map");
  return type;
}

export function typeOf(value: GoValue): GoType {
  switch (value.kind) {
    case "invalid":
    case "interface":
      return ANY;
    default:
      return value.type;
  }
}

export function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case "bool":
      return { kind: "bool", type, value: false };
    case "string":
      return { kind: "string", type, value: "" };
    case "int":
      return { kind: "int", type, value: 0n };
    case "uint":
      return { kind: "uint", type, value: 0n };
    case "float":
      return { kind: "float", type, value: 0 };
    case "slice":
      return { kind: "slice", type, items: undefined };
    case "map":
      return { kind: "map", type, entries: undefined };
    case "pointer":
      return { kind: "pointer", type, to: undefined };
    case "struct":
      return type.name === "time.Time"
        ? { kind: "struct", type, fields: [], custom: { text: ZERO_TIME, json: () => goString("0001-01-01T00:00:00Z") } }
        : { kind: "struct", type, fields: type.fields.map((field) => zeroOf(field.type)) };
    case "interface":
      return NIL;
  }
}

const ZERO_TIME = "0001-01-01 00:00:00 +0000 UTC";

/** What pointers and interfaces lead to; `isNil` when they lead to nothing (then `value` is the last of them). */
export function indirect(value: GoValue): { readonly value: GoValue; readonly isNil: boolean } {
  let at = value;
  for (;;) {
    if (at.kind === "pointer") {
      if (at.to === undefined) return { value: at, isNil: true };
      at = at.to;
    } else if (at.kind === "interface") {
      if (at.value === undefined) return { value: at, isNil: true };
      at = at.value;
    } else {
      return { value: at, isNil: false };
    }
  }
}

/** What an interface holds; the value itself when it is none. */
export function indirectInterface(value: GoValue): GoValue {
  return value.kind === "interface" ? (value.value ?? INVALID) : value;
}

/** Truth as `if` understands it: not the zero value of its kind. Structs are always true. */
export function isTrue(value: GoValue): boolean {
  switch (value.kind) {
    case "invalid":
      return false;
    case "bool":
      return value.value;
    case "int":
    case "uint":
      return value.value !== 0n;
    case "float":
      return value.value !== 0;
    case "string":
      return value.value !== "";
    case "slice":
      return (value.items?.length ?? 0) > 0;
    case "map":
      return (value.entries?.size ?? 0) > 0;
    case "struct":
      return true;
    case "pointer":
      return value.to !== undefined;
    case "interface":
      return value.value !== undefined;
  }
}

const NO_METHODS: ReadonlyMap<string, GoFunc> = new Map();

/** The methods that can be called on the value or on a pointer to it. */
export function methodsOf(value: GoValue): ReadonlyMap<string, GoFunc> {
  switch (value.kind) {
    case "string":
    case "int":
    case "uint":
    case "map":
    case "struct": {
      const type = value.type;
      return (
        (type.kind === "string" || type.kind === "int" || type.kind === "uint" || type.kind === "map" || type.kind === "struct"
          ? type.methods?.(value)
          : undefined) ?? NO_METHODS
      );
    }
    case "pointer":
      return value.to ? methodsOf(value.to) : NO_METHODS;
    default:
      return NO_METHODS;
  }
}

/** Keys in Go's printing order: sorted by bytes, which for text is by code point. */
export function sortedKeys(entries: ReadonlyMap<string, unknown>): readonly string[] {
  return [...entries.keys()].sort(compareText);
}

/** Byte order of the UTF-8 of both. */
export function compareText(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A field by name, as Go finds it: the struct's own first, then those that embedded structs promote. */
export function fieldOf(value: Extract<GoValue, { kind: "struct" }>, name: string): GoValue | undefined {
  const own = value.type.fields.findIndex((field) => field.name === name);
  if (own >= 0) return value.fields[own];
  for (const [i, field] of value.type.fields.entries()) {
    if (!field.isEmbedded) continue;
    const inner = indirect(value.fields[i] ?? INVALID).value;
    if (inner.kind !== "struct") continue;
    const found = fieldOf(inner, name);
    if (found) return found;
  }
  return undefined;
}

/** Whether a struct type has the field, its own or promoted. */
export function hasField(type: GoType, name: string): boolean {
  if (type.kind === "pointer") return hasField(type.elem, name);
  if (type.kind !== "struct") return false;
  return type.fields.some((field) => field.name === name || (field.isEmbedded && hasField(field.type, name)));
}
