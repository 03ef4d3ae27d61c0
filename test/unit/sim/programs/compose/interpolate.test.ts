import { expect, test } from "vitest";
import { parseDotEnv } from "@/lib/sim/programs/compose/dotenv";
import { interpolate } from "@/lib/sim/programs/compose/interpolate";

const context = {
  lookup: (name: string) =>
    new Map([
      ["SET", "s"],
      ["EMPTY", ""],
    ]).get(name),
  onUnset: () => {},
};

test("defaults, alternatives and errors follow the shell", () => {
  const text = (source: string): string => {
    const result = interpolate(source, context);
    return result.ok ? result.value : `error: ${result.error}`;
  };
  expect(text("$SET-${SET}-$$SET")).toBe("s-s-$SET");
  expect(text("${EMPTY:-d}${EMPTY-d}${NO-d}${SET:+yes}${NO:-${SET}}")).toBe("ddyess");
  expect(text("${NO:?gone}")).toBe("error: required variable NO is missing a value: gone");
});

test("an env file has quotes, comments and variables", () => {
  const parsed = parseDotEnv("# c\nA=1 # one\nexport B=\"x $A\\n\"\nC='$A'\n", () => undefined);
  expect(parsed.ok && [...parsed.value]).toEqual([
    ["A", "1"],
    ["B", "x 1\n"],
    ["C", "$A"],
  ]);
});
