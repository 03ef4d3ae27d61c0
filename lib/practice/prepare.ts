/** From a lab and a seed to what the workspace shows and the world it starts from. */

import type { Lab } from "@/lib/content/schema";
import { ONE_HOST } from "@/lib/sim";
import type { PreparedLab } from "./contract";

export function prepareLab(lab: Lab, _seed: string): PreparedLab {
  return {
    id: lab.id,
    rev: lab.rev,
    title: lab.title,
    variant: "",
    story: lab.story,
    tasks: lab.tasks.map(({ id, text }) => ({ id, text, hints: lab.hints[id] ?? [] })),
    world: {
      topology: ONE_HOST,
      setup: lab.setup.flatMap(({ on, run }) => run.map((command) => ({ host: on, command }))),
    },
    debrief: lab.debrief,
    host: lab.host,
  };
}
