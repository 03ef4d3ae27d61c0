/** From a lab and a seed to what the workspace shows and the world it starts from. */

import { drawLab } from "@/lib/content/draw-lab";
import type { Check, DrawnLab, Lab } from "@/lib/content/schema";
import { type HostSpec, ONE_HOST } from "@/lib/sim";
import { ANSWER_PROGRAM } from "./checks/answer";
import type { LabWorld, PreparedLab } from "./contract";

export function prepareLab(lab: Lab, seed: string): PreparedLab {
  const drawn = drawLab(lab, seed);
  return {
    id: drawn.id,
    rev: drawn.rev,
    title: drawn.title,
    variant: drawn.variant,
    story: drawn.story,
    tasks: drawn.tasks.map(({ id, text }) => ({ id, text, hints: drawn.hints[id] ?? [] })),
    world: worldOf(drawn),
    debrief: drawn.debrief,
    host: drawn.host,
  };
}

/** The hosts of a drawn lab and its set-up. */
export function worldOf(lab: DrawnLab): LabWorld {
  const tools = lab.tasks.some((task) => task.checks.some(asksForAnswer)) ? [ANSWER_PROGRAM] : [];
  const hosts = Object.entries(lab.world.hosts).map(
    ([name, { address, files }], index): HostSpec => ({
      name,
      address: address ?? `192.168.56.${11 + index}/24`,
      images: "all",
      files: [...tools, ...files.map(({ path, text, mode }) => ({ path, text, ...(mode === undefined ? {} : { mode }) }))],
    }),
  );
  return {
    topology: { hosts, gateway: ONE_HOST.gateway },
    setup: lab.setup.flatMap(({ on, run }) => run.map((command) => ({ host: on, command }))),
  };
}

function asksForAnswer(check: Check): boolean {
  if ("answer" in check) return true;
  if ("all" in check) return check.all.some(asksForAnswer);
  if ("any" in check) return check.any.some(asksForAnswer);
  if ("not" in check) return asksForAnswer(check.not);
  return "then" in check && asksForAnswer(check.then);
}
