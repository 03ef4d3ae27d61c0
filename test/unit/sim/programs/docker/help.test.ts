/**
 * `docker … --help` of docker 28.5.2 in 80 columns, recorded for every command but `bake`, `completion` and `system dial-stdio`.
 * Without a daemon nothing is left out.
 */

import { expect, test } from "vitest";
import { childrenOf, type Command, commandOf, pathOf } from "@/lib/sim/programs/docker/cobra/command";
import { dockerCommand } from "@/lib/sim/programs/docker/tree";
import { runDocker } from "./command-line";
import recorded from "./recorded/help.json";

const texts: Readonly<Record<string, string>> = recorded;

test.each(Object.entries(texts))("%s --help", (command, text) => {
  const outcome = runDocker({ argv: [...command.split(" ").slice(1), "--help"] });

  expect(outcome).toEqual({ stdout: text, stderr: "", status: 0, requests: [] });
});

test("there is no command but the real ones", () => {
  const paths = (command: Command): string[] => [pathOf(command), ...childrenOf(command).flatMap(paths)];

  expect(paths(commandOf(dockerCommand("/root/.docker"))).sort()).toEqual(Object.keys(texts).sort());
});
