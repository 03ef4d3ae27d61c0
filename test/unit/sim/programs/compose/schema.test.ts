import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { validate } from "@/lib/sim/programs/compose/schema";
import { readYaml } from "@/lib/sim/programs/compose/yaml/read";

const withTmpfs = (lines: string): ReturnType<typeof validate> =>
  validate(
    unwrap(readYaml(`services:\n  web:\n    image: nginx\n    volumes:\n      - type: tmpfs\n        target: /cache\n${lines}`)) ?? null,
  );

test.each([
  ["size", "64m"],
  ["mode", "0o1770"],
])("the %s of a tmpfs mount is refused aloud, not swallowed", (key, value) => {
  expect(withTmpfs(`        tmpfs:\n          ${key}: ${value}\n`)).toEqual({
    ok: false,
    error: {
      kind: "not-simulated",
      message: `drydock: services.web.volumes.tmpfs.${key} in a Compose file is real, but not simulated here`,
    },
  });
});

test("a tmpfs mount without them is taken, and one with a key that Compose does not know is Compose's to refuse", () => {
  expect(withTmpfs("")).toEqual({ ok: true, value: undefined });
  expect(withTmpfs("        tmpfs:\n          sise: 64m\n")).toEqual({
    ok: false,
    error: { kind: "invalid", message: "services.web.volumes.0.tmpfs additional properties 'sise' not allowed" },
  });
});
