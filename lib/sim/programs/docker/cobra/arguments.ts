/** The errors about how many arguments were given. Follows docker/cli cli/required.go, the 28.x layout. */

import { type Command, pathOf, useLineOf } from "./command";

/** The error text, or undefined when the arguments are right. */
export function checkArguments(command: Command, args: readonly string[]): string | undefined {
  const rule = command.spec.args;
  const path = pathOf(command);
  const count = args.length;
  switch (rule.kind) {
    case "any":
      return undefined;
    case "none":
      if (count === 0) return undefined;
      if (command.spec.commands) return message(command, `unknown command: ${path} ${args[0]}`, "Run");
      return message(command, `'${path}' accepts no arguments`, "Run");
    case "exactly":
      return count === rule.count ? undefined : message(command, `'${path}' requires ${counted(rule.count)}`, "Run");
    case "at-least":
      return count >= rule.count ? undefined : message(command, `'${path}' requires at least ${counted(rule.count)}`, "See");
    case "at-most":
      // "SRun" is how the real one spells it.
      return count <= rule.count ? undefined : message(command, `'${path}' requires at most ${counted(rule.count)}`, "SRun");
    case "between":
      if (count >= rule.least && count <= rule.most) return undefined;
      return message(command, `'${path}' requires at least ${rule.least} and at most ${counted(rule.most)}`, "Run");
  }
}

function counted(number: number): string {
  return `${number} ${number === 1 ? "argument" : "arguments"}`;
}

function message(command: Command, what: string, verb: string): string {
  return `docker: ${what}\n\nUsage:  ${useLineOf(command)}\n\n${verb} '${pathOf(command)} --help' for more information`;
}
