/** An item proves itself: what can be executed of it is executed, and its key is what the simulator says. */

import { unreachable } from "@/lib/base/invariant";
import type { Check } from "@/lib/content/check-schema";
import { matchesOutput } from "@/lib/content/lesson";
import { type Item, type ItemOf, optionsOf } from "@/lib/content/schema";
import { EventLimitReached, type World } from "@/lib/sim";
import { evaluate } from "../evaluate";
import { judgeCommand, runCommand, wrongTurnOf } from "./command";
import { readDockerCommand } from "@/lib/sim";
import { SetupFailed, worldOf } from "./world";

/** What is wrong, and at which path of the item. */
export type ItemFault = { readonly path: readonly PropertyKey[]; readonly message: string };

export function proveItem(item: Item, seed = item.id): readonly ItemFault[] {
  try {
    switch (item.format) {
      case "cmd":
        return proveCommand(item, seed);
      case "num":
        return item.proof ? proveNumber(item, seed) : [];
      case "mc":
      case "mr":
      case "out":
      case "spot":
        return item.proof ? proveOptions(item, seed) : needless(item);
      case "ord":
      case "mat":
        return item.proof ? [{ path: ["proof"], message: `a proof of the format ${item.format} has nothing to look at` }] : [];
      default:
        return unreachable(item);
    }
  } catch (error) {
    if (error instanceof SetupFailed) return [{ path: ["proof", "setup"], message: error.message }];
    if (error instanceof EventLimitReached) return [{ path: ["proof"], message: error.message }];
    throw error;
  }
}

function needless(item: Item): readonly ItemFault[] {
  return optionsOf(item).flatMap(({ id, holds }, at): ItemFault[] =>
    holds ? [{ path: ["options", at, "holds"], message: `the option ${id} says what holds, but the item has no proof to look at` }] : [],
  );
}

function printedBy(item: Item, world: World): string {
  const run = item.proof?.run;
  if (!run) return "";
  const { stdout, stderr } = world.run(run.on, run.command, { limitSeconds: 120 });
  return `${stdout}${stderr}`;
}

function proveOptions(item: Item, seed: string): readonly ItemFault[] {
  const faults: ItemFault[] = [];
  const options = optionsOf(item);
  if (!item.proof) return [];
  const printed = printedBy(item, worldOf(item.proof, seed));
  if (printed.includes("drydock:")) faults.push({ path: ["proof", "run"], message: `not simulated: ${printed.trim()}` });
  if (options.every(({ holds }) => holds === undefined)) faults.push({ path: ["proof"], message: "no option says what holds" });
  options.forEach((option, at) => {
    if (!option.holds) return;
    // Each is looked at on its own world: a check may change what it tries.
    const isSeen = "shows" in option.holds ? isShown(option.holds.shows, printed) : seen(option.holds, item, seed);
    if (isSeen !== option.key)
      faults.push({
        path: ["options", at, "holds"],
        message: `the ${option.key ? "key" : "distractor"} ${option.id} ${isSeen ? "holds" : "does not hold"}${item.proof?.run ? `; printed:\n    ${printed.trimEnd().split("\n").join("\n    ")}` : ""}`,
      });
  });
  if (item.format === "out" && !options.some(({ key, holds }) => key && holds))
    faults.push({ path: ["options"], message: "the key of an item that asks for a prediction must be proved" });
  return faults;
}

function seen(check: Check, item: Item, seed: string): boolean {
  if (!item.proof) return false;
  const world = worldOf(item.proof, seed);
  printedBy(item, world);
  return evaluate(check, world).holds;
}

function isShown(expected: string, printed: string): boolean {
  const linesOf = (text: string): readonly string[] => (text.trim() === "" ? [] : text.replace(/\n+$/, "").split("\n"));
  return matchesOutput(linesOf(expected), linesOf(printed));
}

function proveNumber(item: ItemOf<"num">, seed: string): readonly ItemFault[] {
  if (!item.proof) return [];
  const printed = printedBy(item, worldOf(item.proof, seed));
  const found = item.reads === undefined ? undefined : new RegExp(item.reads, "m").exec(printed)?.[1];
  if (found === undefined)
    return [{ path: ["reads"], message: `the number is not in what is printed:\n    ${printed.trimEnd().split("\n").join("\n    ")}` }];
  return Math.abs(Number(found) - item.answer) <= item.tolerance
    ? []
    : [{ path: ["answer"], message: `the answer is ${item.answer}, the simulator says ${found}` }];
}

function proveCommand(item: ItemOf<"cmd">, seed: string): readonly ItemFault[] {
  const faults: ItemFault[] = [];
  item.accept.forEach((text, at) => {
    const form = readDockerCommand(text);
    if (!form.ok) faults.push({ path: ["accept", at], message: `the command does not parse: ${form.error}` });
    else if (wrongTurnOf(item, text)) faults.push({ path: ["accept", at], message: "the command is a wrong turn as well" });
    else if (item.checks.length > 0) {
      const effect = runCommand(item, text, seed);
      if (effect.printed.includes("drydock:")) faults.push({ path: ["accept", at], message: `not simulated: ${effect.printed.trim()}` });
      if (!judgeCommand(item, text, effect).correct)
        faults.push({ path: ["accept", at], message: `the command does not do what is asked: ${effect.missing ?? effect.printed.trim()}` });
    }
  });
  item.wrong.forEach(({ command }, at) => {
    const effect = item.checks.length > 0 && readDockerCommand(command).ok ? runCommand(item, command, seed) : undefined;
    if (judgeCommand(item, command, effect).correct) faults.push({ path: ["wrong", at], message: "the wrong turn is taken for right" });
  });
  return faults;
}
