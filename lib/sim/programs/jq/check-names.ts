/** Unknown names are compile errors in jq: nothing of such a program runs. */

import { isBuiltin } from "./builtins";
import { type Filter, JqSyntaxError } from "./filter";

/** Unknown functions and variables are refused before anything runs. */
export function checkNames(filter: Filter, functions: ReadonlySet<string>, variables: ReadonlySet<string>): void {
  const check = (inner: Filter | undefined, moreFunctions: readonly string[] = [], moreVariables: readonly string[] = []): void => {
    if (inner)
      checkNames(
        inner,
        moreFunctions.length > 0 ? new Set([...functions, ...moreFunctions]) : functions,
        moreVariables.length > 0 ? new Set([...variables, ...moreVariables]) : variables,
      );
  };
  switch (filter.kind) {
    case "variable":
      if (!variables.has(filter.name)) throw new JqSyntaxError(`$${filter.name} is not defined`, filter.at, filter.name.length + 1);
      return;
    case "call": {
      const key = `${filter.name}/${filter.args.length}`;
      if (!functions.has(key) && !isBuiltin(key)) throw new JqSyntaxError(`${key} is not defined`, filter.at, filter.name.length);
      for (const arg of filter.args) check(arg);
      return;
    }
    case "def": {
      const parameters = filter.parameters.map((name) => `${name.replace(/^\$/, "")}/0`);
      const own = `${filter.name}/${filter.parameters.length}`;
      check(
        filter.body,
        [own, ...parameters],
        filter.parameters.filter((name) => name.startsWith("$")).map((name) => name.slice(1)),
      );
      check(filter.rest, [own]);
      return;
    }
    case "string":
      for (const part of filter.parts) if (typeof part !== "string") check(part);
      return;
    case "index":
      check(filter.of);
      check(filter.key);
      return;
    case "slice":
      check(filter.of);
      check(filter.from);
      check(filter.to);
      return;
    case "iterate":
      check(filter.of);
      return;
    case "try":
      check(filter.body);
      check(filter.handler);
      return;
    case "array":
      check(filter.body);
      return;
    case "object":
      for (const { key, value } of filter.entries) {
        check(key);
        check(value);
      }
      return;
    case "pipe":
    case "comma":
    case "binary":
    case "assign":
      check(filter.left);
      check(filter.right);
      return;
    case "negate":
      check(filter.operand);
      return;
    case "if":
      check(filter.test);
      check(filter.yes);
      check(filter.no);
      return;
    case "reduce":
    case "foreach": {
      const bound = boundBy(filter.pattern);
      check(filter.source);
      check(filter.start);
      check(filter.update, [], bound);
      if (filter.kind === "foreach") check(filter.extract, [], bound);
      return;
    }
    case "bind":
      check(filter.source);
      check(filter.body, [], filter.patterns.flatMap(boundBy));
      return;
    case "label":
      check(filter.body);
      return;
    case "identity":
    case "recurse-default":
    case "literal":
    case "format":
    case "break":
      return;
  }
}

function boundBy(pattern: Extract<Filter, { kind: "reduce" }>["pattern"]): string[] {
  switch (pattern.kind) {
    case "variable":
      return [pattern.name];
    case "array":
      return pattern.items.flatMap(boundBy);
    case "object":
      return pattern.entries.flatMap(({ variable, value }) => [
        ...(variable === undefined ? [] : [variable]),
        ...(value ? boundBy(value) : []),
      ]);
  }
}
