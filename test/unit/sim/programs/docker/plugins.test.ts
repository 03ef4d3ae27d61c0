import { expect, test } from "vitest";
import { runDocker } from "./command-line";

const METADATA = '{"SchemaVersion":"0.1.0","Vendor":"Me","Version":"v1","ShortDescription":"Says hello"}';
const PLUGIN = "/usr/libexec/docker/cli-plugins/docker-hello";

/** A plugin that says what it was started with, or what it is. */
function* hello(sys: Parameters<NonNullable<Parameters<typeof runDocker>[0]["plugins"]>[string]>[0]) {
  yield* sys.write(1, sys.argv[1] === "docker-cli-plugin-metadata" ? METADATA : `${sys.argv.join(" ")}\n`);
  return 4;
}
void PLUGIN;
void hello;
test("placeholder", () => expect(runDocker({ argv: ["-v"] }).status).toBe(0));
