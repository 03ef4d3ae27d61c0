/**
 * From a command line to the command that runs: finding it, its flags, its help, its errors.
 *
 * Follows cobra's Traverse and execute as docker sets them up (cmd/docker/docker.go).
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../cli";
import { checkArguments } from "./arguments";
import { type Command, commandOf, type CommandSpec, type Failure, findChild, pathOf, useLineOf } from "./command";
import { type FlagContext, FlagSet, type FlagSpec } from "./flag";
import { parseFlags } from "./parse-flags";
import { type PluginStub, usageText } from "./usage";

/** Every command has it; it is hidden, and its shorthand is deprecated where another flag has not taken it. */
export const HELP_FLAG: FlagSpec = {
  name: "help",
  short: "h",
  kind: "bool",
  usage: "Print usage",
  hidden: true,
  shortDeprecated: "use --help",
};

/** What helps to show help: which features the daemon has, and the plugins. */
export type Surroundings = {
  readonly cli: Cli;
  listPlugins(): Routine<readonly PluginStub[]>;
};

/** The command's flags, and --help. */
export function flagsOf(command: Command): readonly FlagSpec[] {
  const own = command.spec.flags;
  const help = own.find((flag) => flag.name === "help");
  if (help) return own;
  if (!own.some((flag) => flag.short === "h")) return [...own, HELP_FLAG];
  const { short: _taken, shortDeprecated: _words, ...withoutShort } = HELP_FLAG;
  return [...own, withoutShort];
}

/** Whether a word is a flag that stands alone, its value not in the next word. Unknown flags count as taking one. */
function standsAlone(command: Command, word: string): boolean {
  const flags = flagsOf(command);
  const spec = word.startsWith("--")
    ? flags.find((flag) => flag.name === word.slice(2))
    : flags.find((flag) => flag.short === word.slice(1));
  return spec?.kind === "bool";
}

type Found = { readonly command: Command; readonly words: readonly string[]; readonly asksHelp: boolean };

/** Goes down the tree as far as the words name commands. Flags on the way belong to the command above them. */
export function traverse(command: Command, words: readonly string[], context: FlagContext, asksHelp = false): Result<Found, Failure> {
  const flags: string[] = [];
  let valueFollows = false;
  for (const [i, word] of words.entries()) {
    if (word.startsWith("--") && !word.includes("=")) {
      valueFollows = !standsAlone(command, word);
      flags.push(word);
    } else if (word.startsWith("-") && !word.includes("=") && word.length === 2 && !standsAlone(command, word)) {
      valueFollows = true;
      flags.push(word);
    } else if (valueFollows) {
      valueFollows = false;
      flags.push(word);
    } else if (/^-[^-]/.test(word) || /^--./.test(word)) {
      flags.push(word);
    } else {
      const child = findChild(command, word);
      if (!child) break;
      const set = new FlagSet(flagsOf(command));
      const parsed = parseFlags(set, flags, { stopsAtArguments: false }, context);
      if (!parsed.ok) return fail({ status: 1, message: parsed.error });
      return traverse(child, words.slice(i + 1), context, asksHelp || set.bool("help"));
    }
  }
  return ok({ command, words, asksHelp });
}

/** `Find`: the command that the words name, for `docker help`. */
export function findCommand(root: Command, words: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  let command = root;
  let rest = words;
  while (rest.length > 0) {
    const child = findChild(command, rest[0] ?? "");
    if (!child) break;
    command = child;
    rest = rest.slice(1);
  }
  return { command, rest };
}

/** The error of a bad flag, in the layout of docker 28. */
export function flagError(command: Command, error: string): Failure {
  return { status: 125, message: `${error}\n\nUsage:  ${useLineOf(command)}\n\nRun '${pathOf(command)} --help' for more information` };
}

/** Runs `docker WORDS…`, the global flags already taken off. `givenHelp`: --help was one of them. */
export function* execute(
  root: CommandSpec,
  words: readonly string[],
  surroundings: Surroundings,
  givenHelp = false,
): Routine<Failure | undefined> {
  const { cli } = surroundings;
  const found = traverse(commandOf(root), words, cli, givenHelp);
  if (!found.ok) return found.error;
  const { command, asksHelp } = found.value;

  const flags = new FlagSet(flagsOf(command));
  const parsed = parseFlags(flags, found.value.words, { stopsAtArguments: command.spec.stopsAtArguments ?? false }, cli);
  if (!parsed.ok) {
    const unsupported = yield* checkSupport(command, flags, cli);
    return unsupported ?? flagError(command, parsed.error);
  }
  for (const warning of parsed.value.warnings) yield* cli.out(warning);
  if (asksHelp || flags.bool("help")) return yield* showHelp(command, "stdout", surroundings);

  const args = parsed.value.args;
  const unsupported = yield* checkSupport(command, flags, cli);
  if (unsupported) return unsupported;
  if (command.spec.commands && args.length === 0) return yield* showHelp(command, "stderr", surroundings);
  if (command.spec.commands && !command.parent) {
    return { status: 1, message: `docker: unknown command: docker ${args[0]}\n\nRun 'docker --help' for more information` };
  }
  const wrong = checkArguments(command, args);
  if (wrong !== undefined) return { status: 1, message: wrong };
  if (command.spec.commands) throw new InvariantViolation("a group of commands takes no arguments");

  if (command.spec.simulated === "no") return { status: 1, message: notSimulated(pathOf(command)) };
  const idle = flags.given.find((flag) => flag.simulated === "no");
  if (idle) return { status: command.spec.stopsAtArguments ? 125 : 1, message: notSimulated(`--${idle.name} of ${pathOf(command)}`) };
  return yield* command.spec.run({ cli, flags, args });
}

/** Refuses what the daemon at the other end does not have. It is asked only when the command or a flag depends on it. */
function* checkSupport(command: Command, flags: FlagSet, cli: Cli): Routine<Failure | undefined> {
  for (let at: Command | undefined = command; at; at = at.parent) {
    if (at.spec.experimental && !(yield* cli.client.serverInfo()).experimental) {
      return { status: 1, message: `${pathOf(command)} is only supported on a Docker daemon with experimental features enabled` };
    }
  }
  const errors: string[] = [];
  for (const flag of flags.given) {
    if (flag.os !== undefined) {
      const { os } = yield* cli.client.serverInfo();
      if (os !== "" && os !== flag.os) {
        errors.push(
          `"--${flag.name}" is only supported on a Docker daemon running on ${flag.os}, but the Docker daemon is running on ${os}`,
        );
        continue;
      }
    }
    if (flag.experimental && !(yield* cli.client.serverInfo()).experimental) {
      errors.push(`"--${flag.name}" is only supported on a Docker daemon with experimental features enabled`);
    }
  }
  return errors.length > 0 ? { status: 1, message: errors.join("\n") } : undefined;
}

/** Prints the help of a command, without what the daemon does not have. */
export function* showHelp(command: Command, stream: "stdout" | "stderr", surroundings: Surroundings): Routine<Failure | undefined> {
  const { cli } = surroundings;
  const plugins = command.parent ? [] : yield* surroundings.listPlugins();
  const unsupported = yield* checkSupport(command, new FlagSet([]), cli);
  if (unsupported) {
    yield* cli.out(`${unsupported.message}\n`);
    return undefined;
  }
  const info = yield* cli.client.serverInfo();
  const hasSwarm = (wanted: "any" | "manager" | "active" | undefined): boolean => {
    if (wanted === undefined || wanted === "any" || !info.swarm) return true;
    return wanted === "manager" ? info.swarm.isManager : info.swarm.state !== "inactive";
  };
  const text = usageText(command, {
    columns: cli.terminal("stdin")?.columns ?? 80,
    isVisible: ({ spec }) => !spec.hidden && (!spec.experimental || info.experimental) && hasSwarm(spec.swarm),
    isFlagVisible: (flag) =>
      !flag.hidden &&
      !flag.deprecated &&
      (!flag.experimental || info.experimental) &&
      (flag.os === undefined || info.os === "" || info.os === flag.os) &&
      hasSwarm(flag.swarm),
    plugins,
    isTerminal: cli.terminal(stream) !== undefined,
  });
  yield* stream === "stdout" ? cli.out(text) : cli.err(text);
  return undefined;
}
