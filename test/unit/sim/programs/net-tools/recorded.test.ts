import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programs as coreutils } from "@/lib/sim/programs/coreutils";
import { programs as netTools } from "@/lib/sim/programs/net-tools";
import { programs as iproute2 } from "@/lib/sim/programs/iproute2";
import { programs as procps } from "@/lib/sim/programs/procps";
import { answerTo, Machine, stepsOf } from "../iproute2/machine";

test("commands are answered as a fresh network namespace of a Debian host answered them", () => {
  const machine = new Machine(new Map([...coreutils, ...procps, ...iproute2, ...netTools]), { hasCard: false });
  const recorded = readFileSync(join(import.meta.dirname, "recorded.session"), "utf8");
  expect(
    stepsOf(recorded)
      .map(({ command }) => answerTo(machine, command))
      .join(""),
  ).toBe(recorded);
});
