/** A lesson proves itself: everything it shows is run, in order, on one fresh world, and prints what it says (style D3). */

import { matchesOutput } from "@/lib/content/lesson";
import type { Lesson } from "@/lib/content/lesson-schema";
import { ONE_HOST, World } from "@/lib/sim";

export type LessonFault = { readonly line: number; readonly message: string };

export function proveLesson(lesson: Lesson): readonly LessonFault[] {
  const faults: LessonFault[] = [];
  const world = World.create({ topology: ONE_HOST, seed: lesson.id });
  for (const block of lesson.blocks) {
    if (block.mode === "later") continue;
    for (const step of block.steps) {
      if (!world.hosts.has(step.host)) {
        faults.push({ line: step.line, message: `there is no host ${step.host} in this world: mark the block "later"` });
        continue;
      }
      const result = world.run(step.host, step.command, { limitSeconds: 120 });
      const printed = `${result.stdout}${result.stderr}`;
      const lines = printed === "" ? [] : printed.replace(/\n$/, "").split("\n");
      const expected = step.output.length > 0 && step.output.at(-1) === "" ? step.output.slice(0, -1) : step.output;
      if (printed.includes("drydock:")) faults.push({ line: step.line, message: `not simulated: ${step.command}` });
      else if (!matchesOutput(expected, lines))
        faults.push({
          line: step.line,
          message: `${step.command}\n    shown:   ${expected.join("\n             ")}\n    printed: ${lines.join("\n             ")}`,
        });
    }
  }
  return faults;
}
