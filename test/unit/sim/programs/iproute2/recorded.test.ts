import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { programs as bridgeUtils } from "@/lib/sim/programs/bridge-utils";
import { programs as coreutils } from "@/lib/sim/programs/coreutils";
import { programs as iproute2 } from "@/lib/sim/programs/iproute2";
import { programs as procps } from "@/lib/sim/programs/procps";
import { answerTo, Machine, stepsOf } from "./machine";

// What a fresh network namespace of a Debian host answered, command by command.
const FOLDER = join(import.meta.dirname, "recorded");

test.each(readdirSync(FOLDER))("%s is answered as it was recorded", (file) => {
  const machine = new Machine(new Map([...coreutils, ...procps, ...iproute2, ...bridgeUtils]), { hasCard: false });
  const recorded = readFileSync(join(FOLDER, file), "utf8");
  expect(
    stepsOf(recorded)
      .map(({ command }) => answerTo(machine, command))
      .join(""),
  ).toBe(recorded);
});
