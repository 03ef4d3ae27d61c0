/**
 * Shell variables: values, attributes, scopes and the environment made of them.
 *
 * Scopes are dynamic as in every shell: `local` saves what a name meant and the function's end puts it back. Arrays, integers
 * and references are bash's. Arrays are replaced, never changed in place, so a subshell's copy of this table is shallow.
 */

import type { Flavour } from "../flavour";
import { hashOrder } from "./hash-order";
import { ShellError } from "./unwind";

export type Variable = {
  readonly value: VariableValue;
  readonly isExported: boolean;
  readonly isReadonly: boolean;
  /** `declare -i`: what is assigned is evaluated. */
  readonly isInteger: boolean;
  /** `declare -l`, `declare -u`. */
  readonly letterCase: "lower" | "upper" | undefined;
  /** `declare -n`: its value names the variable that is meant. */
  readonly isReference: boolean;
};

export type VariableValue =
  | { readonly kind: "unset" }
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "indexed"; readonly items: ReadonlyMap<number, string> }
  | { readonly kind: "associative"; readonly items: ReadonlyMap<string, string> };

export type Attributes = Omit<Variable, "value">;

const PLAIN: Variable = {
  value: { kind: "unset" },
  isExported: false,
  isReadonly: false,
  isInteger: false,
  letterCase: undefined,
  isReference: false,
};

/** Variables whose value is computed when they are read; assigning to some of them does something else. */
export type DynamicVariable = {
  readonly read: () => string | undefined;
  readonly write?: (text: string) => void;
  readonly list?: () => readonly string[];
};

export class Variables {
  readonly #flavour: Flavour;
  #table: Map<string, Variable>;
  /** What names meant before `local`, innermost function last. */
  #scopes: Map<string, Variable | undefined>[] = [];
  #dynamic: ReadonlyMap<string, DynamicVariable> = new Map();
  #environment: ReadonlyMap<string, string> | undefined;
  /** Evaluates an arithmetic expression: subscripts and `declare -i`. */
  evaluate: (text: string) => bigint = () => 0n;
  /** Called after a variable changed. */
  onChange: (name: string) => void = () => {};
  /** `set -a`. */
  exportAll = false;

  constructor(flavour: Flavour) {
    this.#flavour = flavour;
    this.#table = new Map();
  }

  /** A copy for a subshell. */
  fork(): Variables {
    const copy = new Variables(this.#flavour);
    copy.#table = new Map(this.#table);
    copy.#scopes = this.#scopes.map((scope) => new Map(scope));
    copy.#environment = this.#environment;
    copy.exportAll = this.exportAll;
    return copy;
  }

  setDynamic(dynamic: ReadonlyMap<string, DynamicVariable>): void {
    this.#dynamic = dynamic;
  }

  /** Takes over an environment. Names that are no shell names cannot be variables; they are passed on as they are. */
  import(environment: ReadonlyMap<string, string>): void {
    for (const [name, text] of environment) this.#table.set(name, { ...PLAIN, value: { kind: "scalar", text }, isExported: true });
    this.#environment = undefined;
  }

  /** The variable a name means, through references. */
  resolve(name: string): string {
    let resolved = name;
    for (let steps = 0; steps < 10; steps++) {
      const variable = this.#table.get(resolved);
      if (!variable?.isReference || variable.value.kind !== "scalar") break;
      resolved = variable.value.text;
    }
    return resolved;
  }

  find(name: string): Variable | undefined {
    const variable = this.#table.get(name);
    return variable?.isReference ? this.#table.get(this.resolve(name)) : variable;
  }

  /** Without following a reference. */
  findItself(name: string): Variable | undefined {
    return this.#table.get(name);
  }

  /** The text of a variable (an array's element 0), or `undefined` when it is not set. */
  get(name: string): string | undefined {
    const dynamic = this.#dynamic.get(name);
    if (dynamic) return dynamic.read();
    const value = this.find(name)?.value;
    if (!value) return undefined;
    switch (value.kind) {
      case "scalar":
        return value.text;
      case "indexed":
        return value.items.get(0);
      case "associative":
        return value.items.get("0");
      case "unset":
        return undefined;
    }
  }

  isSet(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** An element. `key` is a subscript as written after expansion; a negative index counts from the end. */
  getElement(name: string, key: string): string | undefined {
    const list = this.#dynamic.get(name)?.list;
    if (list) return list()[Number(this.evaluate(key))];
    const value = this.find(name)?.value;
    if (value?.kind === "associative") return value.items.get(key);
    const index = this.indexOf(name, key);
    if (value?.kind === "indexed") return value.items.get(index);
    return index === 0 ? this.get(name) : undefined;
  }

  /** All elements in order; a scalar is an array of one. */
  elements(name: string): readonly (readonly [string, string])[] {
    const list = this.#dynamic.get(name)?.list;
    if (list) return list().map((text, i) => [String(i), text]);
    const value = this.find(name)?.value;
    if (value?.kind === "indexed") return [...value.items].sort(([a], [b]) => a - b).map(([index, text]) => [String(index), text]);
    if (value?.kind === "associative") return hashOrder(value.items.keys()).map((key) => [key, value.items.get(key) ?? ""] as const);
    const text = this.get(name);
    return text === undefined ? [] : [["0", text]];
  }

  /** The number that a subscript stands for. */
  indexOf(name: string, key: string): number {
    const index = Number(this.evaluate(key));
    if (index >= 0) return index;
    const last = Math.max(-1, ...this.elements(name).map(([at]) => Number(at)));
    if (last + 1 + index < 0) throw new ShellError(`${name}[${key}]: bad array subscript`, 1);
    return last + 1 + index;
  }

  set(name: string, text: string, options: { readonly append?: boolean; readonly key?: string; readonly exported?: boolean } = {}): void {
    const dynamic = this.#dynamic.get(name);
    if (dynamic) {
      if (dynamic.write) dynamic.write(text);
      return;
    }
    const target = this.resolve(name);
    const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(target);
    if (element?.[1] !== undefined && options.key === undefined) {
      this.set(element[1], text, { ...options, key: element[2] ?? "" });
      return;
    }
    const before = this.#table.get(target) ?? PLAIN;
    this.#refuseReadonly(target, before);
    const variable: Variable = { ...before, value: this.#assigned(target, before, text, options) };
    const isExported = before.isExported || options.exported === true || this.exportAll;
    this.#put(target, isExported === variable.isExported ? variable : { ...variable, isExported });
  }

  setArray(name: string, items: ReadonlyMap<number, string>): void {
    const target = this.resolve(name);
    const before = this.#table.get(target) ?? PLAIN;
    this.#refuseReadonly(target, before);
    this.#put(target, { ...before, value: { kind: "indexed", items } });
  }

  setAssociative(name: string, items: ReadonlyMap<string, string>): void {
    const target = this.resolve(name);
    const before = this.#table.get(target) ?? PLAIN;
    this.#refuseReadonly(target, before);
    this.#put(target, { ...before, value: { kind: "associative", items } });
  }

  /** Gives attributes. A name that was unknown becomes known, but stays unset. */
  mark(name: string, attributes: Partial<Attributes>): void {
    const before = this.#table.get(name) ?? PLAIN;
    this.#put(name, { ...before, ...attributes });
  }

  /** False when it is read-only. */
  unset(name: string, key?: string): boolean {
    const target = this.resolve(name);
    const before = this.#table.get(target);
    if (!before) return true;
    if (before.isReadonly) return false;
    if (key !== undefined) {
      if (before.value.kind === "indexed") {
        const items = new Map(before.value.items);
        items.delete(this.indexOf(target, key));
        this.#put(target, { ...before, value: { kind: "indexed", items } });
      } else if (before.value.kind === "associative") {
        const items = new Map(before.value.items);
        items.delete(key);
        this.#put(target, { ...before, value: { kind: "associative", items } });
      } else if (key === "0") this.unset(name);
      return true;
    }
    this.#table.delete(target);
    if (before.isExported) this.#environment = undefined;
    this.onChange(target);
    return true;
  }

  /** All names in order, also those that are known but unset. */
  names(): readonly string[] {
    return [...this.#table.keys()].sort();
  }

  // --- scopes -------------------------------------------------------------------------------------------------------
  get depth(): number {
    return this.#scopes.length;
  }

  enter(): void {
    this.#scopes.push(new Map());
  }

  leave(): void {
    const saved = this.#scopes.pop();
    if (!saved) return;
    for (const [name, before] of saved) {
      if (before) this.#put(name, before);
      else {
        if (this.#table.get(name)?.isExported) this.#environment = undefined;
        this.#table.delete(name);
        this.onChange(name);
      }
    }
  }

  /** Makes a name local to the running function. In bash it starts unset, in dash and ash with the outer value. */
  makeLocal(name: string): void {
    const scope = this.#scopes.at(-1);
    if (!scope || scope.has(name)) return;
    const before = this.#table.get(name);
    if (before?.isReadonly) this.#refuseReadonly(name, before);
    scope.set(name, before);
    if (this.#flavour.localsStartUnset) {
      if (before) this.#put(name, { ...PLAIN, isExported: before.isExported });
    }
  }

  /** Whether `local` made the name in the innermost function. */
  isLocal(name: string): boolean {
    return this.#scopes.at(-1)?.has(name) ?? false;
  }

  // --- environment --------------------------------------------------------------------------------------------------
  environment(): ReadonlyMap<string, string> {
    if (!this.#environment) {
      const made = new Map<string, string>();
      for (const [name, { value, isExported }] of this.#table) {
        if (isExported && value.kind === "scalar") made.set(name, value.text);
      }
      this.#environment = made;
    }
    return this.#environment;
  }

  #assigned(name: string, before: Variable, text: string, options: { readonly append?: boolean; readonly key?: string }): VariableValue {
    const { value } = before;
    const { key } = options;
    if (value.kind === "associative") {
      const at = key ?? "0";
      const items = new Map(value.items);
      items.set(at, this.#converted(before, text, options.append ? items.get(at) : undefined));
      return { kind: "associative", items };
    }
    if (key !== undefined || value.kind === "indexed") {
      const index = key === undefined ? 0 : this.indexOf(name, key);
      const items = new Map(value.kind === "indexed" ? value.items : []);
      if (value.kind === "scalar") items.set(0, value.text);
      items.set(index, this.#converted(before, text, options.append ? items.get(index) : undefined));
      return { kind: "indexed", items };
    }
    return { kind: "scalar", text: this.#converted(before, text, options.append && value.kind === "scalar" ? value.text : undefined) };
  }

  #converted(variable: Variable, text: string, appendTo: string | undefined): string {
    if (variable.isInteger) return String(this.evaluate(text || "0") + (appendTo === undefined ? 0n : this.evaluate(appendTo || "0")));
    const whole = (appendTo ?? "") + text;
    if (variable.letterCase === "lower") return whole.toLowerCase();
    return variable.letterCase === "upper" ? whole.toUpperCase() : whole;
  }

  #refuseReadonly(name: string, variable: Variable): void {
    if (variable.isReadonly) throw new ShellError(this.#flavour.words.isReadonly(name), this.#flavour.errorStatus);
  }

  #put(name: string, variable: Variable): void {
    if (variable.isExported || this.#table.get(name)?.isExported) this.#environment = undefined;
    this.#table.set(name, variable);
    this.onChange(name);
  }
}
