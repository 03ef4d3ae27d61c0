import { expect, test } from "vitest";
import { shellMachine } from "./machine";

test.each(["bash", "dash", "ash"] as const)("%s runs a command", (shell) => {
  expect(shellMachine().run(shell, "echo hello")).toEqual({ stdout: "hello\n", stderr: "", status: 0 });
});
