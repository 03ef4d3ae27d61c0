/**
 * `conntrack` (conntrack-tools 1.4.9): lists the connection table and deletes from it. Events, statistics and making or changing
 * entries are not simulated; there are never expectations.
 */

import { complain, print } from "@/lib/sim/core/stdio";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { entryLine, meets } from "./entry";
import { readCommandLine, type Request } from "./options";
import { USAGE } from "./usage";

const NAME = "conntrack v1.4.9 (conntrack-tools)";
const HINT = "Try `conntrack -h' or 'conntrack --help' for more information.\n";

export const conntrack: NetProgram = function* (sys) {
  const read = readCommandLine(sys.argv.slice(1));
  if (!read.ok) {
    const { kind, message } = read.error;
    yield* complain(sys, kind === "usage" ? `${NAME}: ${message}\n${HINT}` : `${message}\n`);
    return kind === "usage" ? 2 : 1;
  }
  const { command } = read.value;
  if (command === undefined || command === "help") {
    yield* print(sys, USAGE);
    return 0;
  }
  if (command === "version") {
    yield* print(sys, `${NAME}\n`);
    return 0;
  }
  const missing = missingFor(read.value);
  if (missing !== undefined) {
    yield* complain(sys, `${NAME}: ${missing}\n${HINT}`);
    return 2;
  }
  if (!sys.capabilities.has("NET_ADMIN")) {
    yield* complain(sys, `${NAME}: Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`);
    return 1;
  }
  return yield* carryOut(sys, read.value);
};

function missingFor({ command, table, conditions }: Request): string | undefined {
  const has = (on: string): boolean => conditions.some((condition) => condition.on === on);
  if (table === "expect" && command === "delete" && !has("address")) return "You need to supply the `--src' option for this command";
  if ((command === "get" || command === "create" || command === "update") && !has("protocol"))
    return "You need to supply the `--protonum' option for this command";
  if ((command === "get" || command === "create") && !has("address")) return "you have to specify `--src' and `--dst'";
  return undefined;
}

function* carryOut(sys: NetSys, { command, table, conditions, isExtended }: Request): Routine<number> {
  const { conntrack: entries } = sys.netns;
  const report = (text: string): Routine<void> => complain(sys, `${NAME}: ${text}\n`);
  const isOtherTable = table !== "conntrack";
  const chosen = isOtherTable ? [] : entries.list().filter((entry) => meets(entry, conditions));
  const what = table === "expect" ? "expectations" : "flow entries";
  switch (command) {
    case "list":
      yield* print(sys, chosen.map((entry) => entryLine(entry, isExtended)).join(""));
      yield* report(`${chosen.length} ${what} have been shown.`);
      return 0;
    case "delete":
      yield* print(sys, chosen.map((entry) => entryLine(entry, isExtended)).join(""));
      if (!isOtherTable) entries.remove((entry) => meets(entry, conditions));
      yield* report(`${chosen.length} ${what} have been deleted.`);
      return chosen.length === 0 ? 1 : 0;
    case "flush":
      if (!isOtherTable) entries.remove(() => true);
      yield* report(`${table === "expect" ? "expectation" : "connection tracking"} table has been emptied.`);
      return 0;
    case "count":
      yield* print(sys, `${chosen.length}\n`);
      return 0;
    default:
      yield* complain(sys, `${notSimulated(`conntrack's command ${command ?? ""}`)}\n`);
      return 1;
  }
}
