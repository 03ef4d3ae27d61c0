/**
 * What a lab's story shows is what its world prints at the start (style D3). In a console block a line `# COMMAND` is typed on the host
 * that is shown first, `node2# COMMAND` on another; below it stands what is printed, with `…` for any text.
 */

import { matchesOutput } from "@/lib/content/lesson";
import type { DrawnLab } from "@/lib/content/schema";
import type { World } from "@/lib/sim";

const BLOCK = /^```console\n([^]*?)^```$/gm;
const PROMPT = /^([a-z][a-z0-9-]*)?# (.*)$/;

/** The faults of a story, told in words. `world`: makes a world of the lab. */
export function proveStory(lab: DrawnLab, world: () => World): readonly string[] {
  return [...lab.story.matchAll(BLOCK)].flatMap(([, text = ""]) => {
    const copy = world();
    return stepsOf(text, lab.host).flatMap(({ host, command, shown }) => {
      const { stdout, stderr } = copy.run(host, command, { limitSeconds: 120 });
      const printed = `${stdout}${stderr}`.trimEnd();
      return matchesOutput(shown, printed === "" ? [] : printed.split("\n"))
        ? []
        : `the story shows something else: ${command}\n    printed: ${printed.replaceAll("\n", "\n             ")}`;
    });
  });
}

type Step = { readonly host: string; readonly command: string; readonly shown: string[] };

function stepsOf(text: string, host: string): readonly Step[] {
  const steps: Step[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const prompt = PROMPT.exec(line);
    if (prompt) steps.push({ host: prompt[1] ?? host, command: prompt[2] ?? "", shown: [] });
    else steps.at(-1)?.shown.push(line);
  }
  return steps;
}
