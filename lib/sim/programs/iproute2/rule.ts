/** `ip rule`: which table a packet's route is looked for in (ip/iprule.c). */

import { ok } from "@/lib/base/result";
import { contains, type Family, familyOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import type { RouteTable, RuleView } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { type Checked, failed, invalid, kernelRefusal, notHere } from "./outcome";
import { destinationText, readTable } from "./route-words";

function familyOption({ options }: Context): Family {
  return options.family === "inet6" ? 6 : 4;
}

export function showRules(argv: Argv, context: Context): Checked<void> {
  let [source, table]: [Prefix | undefined, RouteTable | undefined] = [undefined, undefined];
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word !== "from" && word !== "table" && word !== "lookup") return notHere(`listing rules by ${word}`);
    const text = argv.value();
    if (!text.ok) return text;
    if (word === "from") {
      source = prefixOf(text.value);
      if (!source) return failed(`Error: any valid prefix is expected rather than "${text.value}".`, 1);
      continue;
    }
    const read = readTable(text.value);
    if (!read.ok) return invalid(text.value, "table id value is invalid\n");
    table = read.value;
  }
  const { out, netns } = context;
  out.array(() => {
    for (const rule of netns.links.rules(familyOption(context))) {
      if (table !== undefined && rule.table !== table) continue;
      if (source && !(rule.source && rule.source.length >= source.length && contains(source, rule.source.address))) continue;
      out.object(() => {
        out.put("priority", rule.priority, `${rule.priority}:\t`);
        if (rule.source) out.put("src", rule.source.address, `from ${destinationText(rule.source)}`);
        else out.put("src", "all", "from all");
        if (rule.source && !isHost(rule.source)) out.json("srclen", rule.source.length);
        if (rule.mark !== undefined) out.put("fwmark", `0x${rule.mark.toString(16)}`, ` fwmark 0x${rule.mark.toString(16)}`);
        out.put("table", String(rule.table), ` lookup ${rule.table}\n`);
      });
    }
  });
  return ok(undefined);
}

function prefixOf(text: string): Prefix | undefined {
  const address = parseIp(text);
  return parsePrefix(text) ?? (address && { address, length: familyOf(address) === 4 ? 32 : 128 });
}

function isHost({ address, length }: Prefix): boolean {
  return length === (familyOf(address) === 4 ? 32 : 128);
}

export function changeRule(verb: "add" | "delete", argv: Argv, context: Context): Checked<void> {
  if (argv.isEmpty) return failed(`"ip rule ${verb === "add" ? "add" : "del"}" requires arguments.`, 1);
  let family = familyOption(context);
  let [source, mark, table, priority]: [Prefix | undefined, number | undefined, RouteTable | undefined, number | undefined] = [
    undefined,
    undefined,
    undefined,
    undefined,
  ];
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    switch (word) {
      case "from":
      case "fwmark":
      case "table":
      case "lookup":
      case "priority":
      case "preference":
      case "pref":
      case "order":
        break;
      case "to":
      case "iif":
      case "dev":
      case "oif":
      case "tos":
      case "not":
      case "ipproto":
      case "sport":
      case "dport":
      case "uidrange":
      case "suppress_prefixlength":
      case "goto":
      case "blackhole":
      case "prohibit":
      case "unreachable":
      case "nop":
        return notHere(`ip rule's selector ${word}`);
      default:
        return failed(`Error: argument "${word}" is wrong: Failed to parse rule type`, 255);
    }
    const text = argv.value();
    if (!text.ok) return text;
    switch (word) {
      case "from": {
        if (text.value === "all" || text.value === "any" || text.value === "default") break;
        const prefix = prefixOf(text.value);
        if (!prefix) return failed(`Error: any valid prefix is expected rather than "${text.value}".`, 1);
        source = prefix;
        family = familyOf(prefix.address);
        break;
      }
      case "fwmark": {
        if (text.value.includes("/")) return notHere("a masked fwmark in ip rule");
        if (!/^(0x[0-9a-f]+|\d+)$/i.test(text.value)) return invalid(text.value, "fwmark value is invalid\n");
        mark = Number(text.value);
        break;
      }
      case "table":
      case "lookup": {
        const read = readTable(text.value);
        if (!read.ok) return invalid(text.value, "invalid table ID\n");
        table = read.value;
        break;
      }
      default: {
        if (!/^(0x[0-9a-f]+|\d+)$/i.test(text.value)) return invalid(text.value, "preference value is invalid\n");
        priority = Number(text.value);
      }
    }
  }
  const { links } = context.netns;
  const part = { ...(source ? { source } : {}), ...(mark === undefined ? {} : { mark }) };
  const rules = links.rules(family);
  if (verb === "add") {
    const done = links.addRule(family, { ...part, priority: priority ?? freePriority(rules), table: table ?? "main" });
    return done.ok ? ok(undefined) : kernelRefusal(done.error);
  }
  const doomed = rules.find(
    (rule) =>
      (priority === undefined || rule.priority === priority) &&
      (table === undefined || rule.table === table) &&
      (mark === undefined || rule.mark === mark) &&
      (source === undefined || (rule.source?.address === source.address && rule.source.length === source.length)),
  );
  if (!doomed) return kernelRefusal({ errno: "ENOENT" });
  const done = links.deleteRule(family, doomed);
  return done.ok ? ok(undefined) : kernelRefusal(done.error);
}

/** One before the first that has a priority (fib_default_rule_pref). */
function freePriority(rules: readonly RuleView[]): number {
  const first = rules
    .map(({ priority }) => priority)
    .filter((priority) => priority > 0)
    .sort((a, b) => a - b)[0];
  return first === undefined ? 32_765 : first - 1;
}

/** All but the one of the local table. */
export function flushRules(argv: Argv, context: Context): Checked<void> {
  if (!argv.isEmpty) return notHere("choosing rules to flush");
  const family = familyOption(context);
  for (const rule of [...context.netns.links.rules(family)]) {
    if (rule.priority === 0) continue;
    const done = context.netns.links.deleteRule(family, rule);
    if (!done.ok) return kernelRefusal(done.error);
  }
  return ok(undefined);
}
