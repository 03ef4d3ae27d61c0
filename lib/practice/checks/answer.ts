/**
 * Answers that a learner writes down: `answer NAME VALUE` keeps them in a file of the host, so that they are part of the
 * transcript and of the state that is graded.
 */

import type { AnswerCheck } from "@/lib/content/check-schema";
import { type Bench, fails, type Finding, HOLDS } from "./finding";

const FOLDER = "/root/answers";

/** The program that labs with questions have on their hosts. */
export const ANSWER_PROGRAM = {
  path: "/usr/local/bin/answer",
  mode: 0o755,
  text: `#!/bin/sh
# Writes an answer of the lab down:  answer NAME VALUE
# Without a value it shows what is written.
if [ $# -eq 0 ]; then
  for file in ${FOLDER}/*; do
    [ -f "$file" ] && echo "\${file##*/}: $(cat "$file")"
  done
  exit 0
fi
name=$1
shift
if [ $# -eq 0 ]; then
  cat "${FOLDER}/$name"
  exit
fi
mkdir -p ${FOLDER}
echo "$*" > "${FOLDER}/$name"
echo "$name: $*"
`,
};

export function checkAnswer(check: AnswerCheck, { world }: Bench): Finding {
  const object = `answer ${check.name}`;
  const written = world
    .snapshot()
    .hosts.map(({ name }) => world.run(name, `cat ${FOLDER}/${check.name}`))
    .find(({ status }) => status === 0);
  if (!written) return fails(object, `written with: answer ${check.name} VALUE`, "nothing is written yet");
  const found = plain(written.stdout);
  const right = check.equals_output
    ? [world.run(check.equals_output.on, check.equals_output.run, { limitSeconds: 60 }).stdout]
    : (check.one_of ?? [check.equals ?? ""]);
  // What is expected is not told: finding it out is the task.
  return right.some((one) => plain(one) === found) ? HOLDS : fails(object, "the right one", found);
}

function plain(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, " ");
}
