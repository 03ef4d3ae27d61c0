/** Commands as they are written outside of a terminal: in a lesson, in an answer. Read by the shell's and the CLI's own parsers. */

import { fail, type Result } from "@/lib/base/result";
import { type DockerForm, formOf } from "./programs/docker/form";
import { plainWords } from "./shell/plain-words";

/** One `docker` command without anything around it. */
export function readDockerCommand(line: string): Result<DockerForm, string> {
  const words = plainWords(line.replace(/\\\n/g, " "));
  if (!words.ok) return words;
  const [program, ...rest] = words.value;
  if (program !== "docker") return fail("a command that begins with docker is wanted");
  return formOf(rest);
}
