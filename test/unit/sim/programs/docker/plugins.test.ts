import { expect, test } from "vitest";
import type { Program } from "@/lib/sim/core/sys";
import { runDocker } from "./command-line";

const PATH = "/usr/libexec/docker/cli-plugins/docker-hello";

/** A plugin that tells how it was started. */
const hello: Program = function* (sys) {
  const metadata = '{"SchemaVersion":"0.1.0","Vendor":"Me","Version":"v1","ShortDescription":"Says hello"}';
  yield* sys.write(1, sys.argv[1] === "docker-cli-plugin-metadata" ? metadata : `${sys.argv.join(" ")}\n`);
  return 4;
};

/** As `hello`, for what docker asks of it. */
const described: Program = function* (sys) {
  yield* hello(sys);
  return 0;
};

test("a plugin is run with docker's arguments, and its status is docker's", () => {
  expect(runDocker({ argv: ["hello", "-x", "world"], executables: { [PATH]: hello } })).toEqual({
    stdout: `${PATH} hello -x world\n`,
    stderr: "",
    status: 4,
    requests: [],
  });
});

test("plugins stand among the management commands, marked", () => {
  const { stdout } = runDocker({ argv: ["--help"], executables: { [PATH]: described } });

  expect(stdout).toContain("  context     Manage contexts\n  hello*      Says hello\n  image       Manage images\n");
});

test("an unknown command without a plugin is unknown", () => {
  expect(runDocker({ argv: ["hello"] })).toMatchObject({
    stdout: "",
    status: 1,
    stderr: expect.stringContaining("unknown command: docker hello"),
  });
});
