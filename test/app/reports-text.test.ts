import { expect, test } from "vitest";
import { reportsToText } from "@/app/_components/reports-text";
import type { ReportRecord } from "@/lib/db";
import { itemOf } from "./items";

const report = (item: string, text = ""): ReportRecord => ({
  item,
  rev: 1,
  reason: "outdated",
  text,
  at: new Date(Date.UTC(2026, 0, 10, 12)),
});

test("reports are printed by item, the most reported first", () => {
  expect(reportsToText([report("a"), report("b", "Since 28\nit warns."), report("b")], [itemOf({ id: "b" })])).toBe(
    [
      "b (now revision 1, T01): 2 reports",
      "  2026-01-10 12:00  revision 1  Docker no longer behaves like this",
      "    Since 28",
      "    it warns.",
      "  2026-01-10 12:00  revision 1  Docker no longer behaves like this",
      "",
      "a (no longer in the bank): 1 report",
      "  2026-01-10 12:00  revision 1  Docker no longer behaves like this",
    ].join("\n"),
  );
  expect(reportsToText([], [])).toBe("No reports.");
});

test("what a report holds cannot command the operator's terminal", () => {
  expect(reportsToText([report("a", "\u001B[2Jgone\u202E")], [])).toContain("    \uFFFD[2Jgone\uFFFD");
});
