import { expect, test } from "vitest";
import { entriesBodySchema } from "@/lib/progress/transcript";
import { fromPayload, toPayload } from "@/lib/progress/transcript";
import { instantAt } from "@/lib/sim/core/time";

const issueOf = (body: unknown) => entriesBodySchema.safeParse(body).error?.issues[0]?.path.join(".");
const input = { seq: 1, at: 5, kind: "input", terminal: "t1", text: "ls\r" };

test("an entry's text does not depend on the order of its keys", () => {
  const payload = toPayload({ at: instantAt(5), kind: "input", terminal: "t1", text: "ls\r" });

  expect(toPayload({ text: "ls\r", kind: "input", terminal: "t1", at: instantAt(5) })).toBe(payload);
  expect(fromPayload(payload)).toEqual({ at: 5, kind: "input", terminal: "t1", text: "ls\r" });
});

test("a well formed request is taken", () => {
  expect(entriesBodySchema.safeParse({ entries: [input] }).success).toBe(true);
});

test.each([
  ["an unknown key", { entries: [{ ...input, passed: true }] }, "entries.0"],
  ["an unknown kind", { entries: [{ ...input, kind: "success" }] }, "entries.0.kind"],
  ["a number below 1", { entries: [{ ...input, seq: 0 }] }, "entries.0.seq"],
  ["time before the boot", { entries: [{ ...input, at: -1 }] }, "entries.0.at"],
  ["half a microsecond", { entries: [{ ...input, at: 0.5 }] }, "entries.0.at"],
  ["text without end", { entries: [{ ...input, text: "x".repeat(20_000) }] }, "entries.0.text"],
  ["a terminal that is a path", { entries: [{ ...input, terminal: "../t1" }] }, "entries.0.terminal"],
  ["no entries", { entries: [] }, "entries"],
  ["a claim beside the entries", { entries: [input], passed: true }, ""],
])("%s is refused, and its place is named", (_, body, path) => {
  expect(issueOf(body)).toBe(path);
});
