import { expect, test } from "vitest";
import { addressOf, titleOf } from "@/app/_components/reference";

test.each([
  ["docs:engine/network/drivers/bridge.md", "https://docs.docker.com/engine/network/drivers/bridge/"],
  ["docs:engine/network/_index.md#dns-services", "https://docs.docker.com/engine/network/#dns-services"],
  ["gh:moby/moby#32681", "https://github.com/moby/moby/issues/32681"],
  [
    "cli:docs/reference/commandline/network_create.md",
    "https://github.com/docker/cli/blob/master/docs/reference/commandline/network_create.md",
  ],
  ["moby/moby:daemon/libnetwork/docs/design.md", "https://github.com/moby/moby/blob/HEAD/daemon/libnetwork/docs/design.md"],
  ["a book", undefined],
])("%s leads to %s", (reference, address) => {
  expect(addressOf(reference)).toBe(address);
});

test("a page of the docs is named by its path", () => {
  expect(titleOf("docs:engine/network/_index.md#dns-services")).toBe("Docker docs, engine/network");
});
