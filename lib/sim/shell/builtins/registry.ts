/** All builtins, and which shell has which. */

import type { Flavour } from "../flavour";
import type { BuiltinTable, Builtins } from "./builtin";
import { directoryBuiltins } from "./directories";
import { echo } from "./echo";
import { flowBuiltins } from "./flow";
import { historyBuiltins } from "./history";
import { jobBuiltins } from "./jobs";
import { limitBuiltins } from "./limits";
import { nameBuiltins } from "./names";
import { printf } from "./printf";
import { mapfile, read } from "./read";
import { setBuiltins } from "./set";
import { test } from "./test";
import { trap } from "./trap";
import { variableBuiltins } from "./variables";

const TABLE: BuiltinTable = {
  ...flowBuiltins,
  ...variableBuiltins,
  ...setBuiltins,
  ...directoryBuiltins,
  ...nameBuiltins,
  ...jobBuiltins,
  ...limitBuiltins,
  ...historyBuiltins,
  echo: { in: "bda", run: echo },
  printf: { in: "bda", run: printf },
  test: { in: "bda", run: test },
  "[": { in: "bda", run: test },
  "[[": { in: "a", run: test },
  read: { in: "bda", run: read },
  mapfile: { in: "b", run: mapfile },
  readarray: { in: "b", run: mapfile },
  trap: { in: "bda", special: true, run: trap },
};

/** The builtins of a flavour. */
export function builtinsOf(flavour: Flavour): Builtins {
  const key = flavour.dialect.name.charAt(0);
  const names = Object.keys(TABLE).sort();
  return new Map(
    names.flatMap((name) => {
      const entry = TABLE[name];
      return entry?.in.includes(key) ? [[name, { isSpecial: entry.special ?? false, run: entry.run }] as const] : [];
    }),
  );
}
