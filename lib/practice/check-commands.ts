/**
 * Every `docker` command that content shows is one that the CLI reads.
 *
 * Looked at are code spans and fenced blocks of items, lessons and labs. What they run is proved by running it. A command that is shown
 * because it is wrong stands in `refused`, and is checked to be.
 */

import type { Item, Lab, Lesson } from "@/lib/content";
import { drawLab, variantsOf } from "@/lib/content/draw-lab";
import { type DrawnLab, optionsOf } from "@/lib/content/schema";
import { formOf, simpleCommandsIn } from "@/lib/sim";

export type CommandFault = { readonly path: readonly PropertyKey[]; readonly message: string };

/** All commands in the code of a Markdown text that the CLI does not read, each with its error. In a line of prose a command may break off. */
export function badCommandsIn(markdown: string): readonly string[] {
  return [
    ...fencesIn(markdown).flatMap((code) => badCommands(code)),
    ...spansIn(markdown)
      .flatMap((code) => badCommands(code, "prose"))
      .filter((message) => !/flag needs an argument|requires .*argument|needs a command$/.test(message)),
  ];
}

/** What is wrong with the docker commands of one piece of shell text. */
export function badCommands(code: string, where: "console" | "prose" = "console"): readonly string[] {
  const text = code.replace(/^(\w+)?[$#] /gm, "").replace(/\\\n\s*/g, " ");
  if (!/\bdocker /.test(text)) return [];
  const commands = simpleCommandsIn(text);
  if (!commands.ok) return [];
  return commands.value.flatMap((words) => {
    const at = words.findIndex((word) => word === "docker");
    if (at < 0 || at > 1 || (at === 1 && words[0] !== "sudo")) return [];
    const rest = words.slice(at + 1);
    if (rest.length === 0 || isOutOfReach(rest) || (where === "prose" && isName(rest))) return [];
    const form = formOf(rest);
    return form.ok ? [] : [`docker ${rest.join(" ")}: ${form.error.split("\n")[0]}`];
  });
}

/** Programs of their own, which this CLI only hands over to. */
const PLUGINS = new Set(["compose", "buildx"]);

/** `docker …` stands for anything. */
function isOutOfReach(words: readonly string[]): boolean {
  return words.some((word) => word.includes("…")) || PLUGINS.has(words[0] ?? "");
}

/** A command or a group mentioned by its name alone (`docker service create`): its words are checked, not its arguments. */
function isName(words: readonly string[]): boolean {
  if (!words.every((word) => /^[a-z]+$/.test(word))) return false;
  const form = formOf([...words, "--help"]);
  return form.ok || form.error.endsWith("needs a command");
}

function fencesIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/```(?:console|sh|bash|shell)?(?: \w+)?\n([\s\S]*?)```/g)].map(([, code]) => commandLines(code ?? ""));
}

function spansIn(markdown: string): readonly string[] {
  const spans = [...markdown.replace(/```[\s\S]*?```/g, "").matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? "");
  return spans.filter((code) => /^(sudo )?docker /.test(code));
}

/** Of a console, what was typed: the lines after a prompt; of a block without prompts, the lines that begin with docker. */
function commandLines(code: string): string {
  const lines = code.replace(/\\\n\s*/g, " ").split("\n");
  const typed = lines.filter((line) => /^(\w+@?\w*)?[$#] /.test(line));
  return (typed.length > 0 ? typed : lines.filter((line) => /^(sudo )?docker /.test(line))).join("\n");
}

export function checkItemCommands(item: Item): readonly CommandFault[] {
  const look = (path: readonly PropertyKey[], text: string): CommandFault[] =>
    meant(badCommandsIn(text), item.refused).map((message) => ({ path, message }));
  return [
    ...look(["stem"], item.stem),
    ...optionsOf(item).flatMap(({ text }, at) => look(["options", at, "text"], text)),
    ...wronglyRefused(item.refused).map((message) => ({ path: ["refused"], message })),
  ];
}

export function checkLessonCommands({ body, refused }: Lesson): readonly string[] {
  return [...meant(badCommandsIn(body), refused), ...wronglyRefused(refused)];
}

/** Without those that are shown because they are wrong. */
function meant(messages: readonly string[], refused: readonly string[]): readonly string[] {
  return messages.filter((message) => !refused.some((command) => message.startsWith(`${command}: `)));
}

function wronglyRefused(refused: readonly string[]): readonly string[] {
  return refused.filter((command) => badCommands(command).length === 0).map((command) => `${command}: the CLI does not refuse it`);
}

export function checkLabCommands(lab: Lab): readonly CommandFault[] {
  return variantsOf(lab).flatMap((variant) => commandsOf(drawLab(lab, "check", variant)));
}

function commandsOf(lab: DrawnLab): readonly CommandFault[] {
  return [
    ...badCommandsIn(lab.story).map((message) => ({ path: ["story"], message })),
    ...badCommandsIn(lab.debrief).map((message) => ({ path: ["debrief"], message })),
    ...Object.entries(lab.hints).flatMap(([task, hints]) =>
      hints.flatMap((hint, at) => badCommandsIn(hint).map((message) => ({ path: ["hints", task, at], message }))),
    ),
  ];
}
