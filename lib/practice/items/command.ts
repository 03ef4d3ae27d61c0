/**
 * A command that was written as an answer: run on the item's world where its effect can be checked, compared in form where not.
 *
 * Only one `docker` command without anything around it is taken, so nothing else ever runs.
 */

import type { ItemOf } from "@/lib/content/schema";
import { isSameForm, readDockerCommand } from "@/lib/sim";
import { evaluate } from "../evaluate";
import { worldOf } from "./world";

type CommandItem = ItemOf<"cmd">;

/** What a command did. */
export type CommandEffect = {
  readonly status: number;
  /** Standard output and error, cut off after `LONGEST_PRINT` characters. */
  readonly printed: string;
  /** The first check that does not hold, in words; undefined: all hold. */
  readonly missing?: string;
};

const LONGEST_PRINT = 2_000;
const EVENT_LIMIT = 400_000;
const SECONDS = 60;

/** Whether an answer to the item has to be run before it can be judged. */
export function needsRun(item: CommandItem, text: string): boolean {
  return item.checks.length > 0 && readDockerCommand(text).ok;
}

/**
 * Why the CLI would not even take the command, in its parser's words: a slip that a learner mends and that counts for nothing.
 * Undefined when it would, and when the item knows this very mistake.
 */
export function refusalOf(item: CommandItem, text: string): string | undefined {
  const form = readDockerCommand(text);
  return form.ok || wrongTurnOf(item, text) ? undefined : form.error;
}

/** Runs the command on a fresh world and looks at what came of it. Throws `EventLimitReached` only for a set-up beyond the limit. */
export function runCommand(item: CommandItem, text: string, seed: string): CommandEffect {
  const world = worldOf(item.proof ?? { hosts: 1, setup: [] }, seed, EVENT_LIMIT);
  const { status, stdout, stderr } = world.run(item.host, text, { limitSeconds: SECONDS });
  const printed = `${stdout}${stderr}`.slice(0, LONGEST_PRINT);
  for (const check of item.checks) {
    const finding = evaluate(check, world);
    if (!finding.holds) {
      const { object, expected, found } = finding.evidence;
      return {
        status,
        printed,
        missing: `After your command something is still missing. Of ${object}, ${expected} was wanted; what is there: ${found}.`,
      };
    }
  }
  return { status, printed };
}

export type CommandVerdict = {
  readonly correct: boolean;
  readonly commands: readonly string[];
  readonly why: string;
  readonly remark?: string;
  readonly printed?: string;
};

export function judgeCommand(item: CommandItem, text: string, effect?: CommandEffect): CommandVerdict {
  const form = readDockerCommand(text);
  const answer = { commands: item.accept, why: item.why };
  if (!form.ok) return { ...answer, correct: false, remark: wrongTurnOf(item, text)?.why ?? form.error };
  const isAccepted = item.accept.some((one) => {
    const accepted = readDockerCommand(one);
    return accepted.ok && isSameForm(accepted.value, form.value);
  });
  const correct = effect ? effect.missing === undefined && effect.status === 0 : isAccepted;
  const remark = correct ? undefined : (wrongTurnOf(item, text)?.why ?? effect?.missing);
  return {
    ...answer,
    correct,
    ...(remark === undefined ? {} : { remark }),
    ...(effect && effect.printed !== "" ? { printed: effect.printed } : {}),
  };
}

/** The known wrong turn that was taken. One that the parser refuses is compared as text. */
export function wrongTurnOf(item: CommandItem, text: string): CommandItem["wrong"][number] | undefined {
  const form = readDockerCommand(text);
  return item.wrong.find(({ command }) => {
    const known = readDockerCommand(command);
    if (!form.ok || !known.ok) return squeeze(command) === squeeze(text);
    return isSameForm(known.value, form.value);
  });
}

const squeeze = (text: string): string => text.trim().replace(/\s+/g, " ");
