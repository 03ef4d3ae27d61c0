/** What names mean at a place in a jq program. */

import type { Json } from "./json";
import type { Filter } from "./filter";

export type Closure = { readonly filter: Filter; readonly scope: Scope };

export type Definition = { readonly parameters: readonly string[]; readonly body: Filter; readonly scope: () => Scope };

/** What names mean at a place in the program. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly variables = new Map<string, Json>();
  readonly functions = new Map<string, Definition | Closure>();
  readonly labels = new Map<string, object>();
  readonly machine: Machine;
  /** Calls within calls. */
  readonly depth: number;

  constructor(machine: Machine, parent?: Scope, depth = parent?.depth ?? 0) {
    this.machine = machine;
    this.depth = depth;
    this.#parent = parent;
  }

  child(depth = this.depth): Scope {
    return new Scope(this.machine, this, depth);
  }

  variable(name: string): Json | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) if (scope.variables.has(name)) return scope.variables.get(name);
    return undefined;
  }

  function(key: string): Definition | Closure | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const found = scope.functions.get(key);
      if (found) return found;
    }
    return undefined;
  }

  label(name: string): object | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const found = scope.labels.get(name);
      if (found) return found;
    }
    return undefined;
  }
}

/** What a run shares: its input, its environment, and how much it may do. */
export type Machine = {
  readonly env: Json;
  readonly now: number;
  nextInput(): Json | undefined;
  readonly inputName: Json;
  inputLine(): number;
  /** For standard error, from `debug` and `stderr`. */
  readonly said: string[];
  steps: number;
};
