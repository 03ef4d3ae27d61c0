/** Reports on questions as text, for the operator's terminal. */

import type { Item } from "@/lib/content";
import type { ReportRecord } from "@/lib/db";
import { REPORT_REASONS } from "./report-reasons";

/** Grouped by item, those with most reports first. */
export function reportsToText(reports: readonly ReportRecord[], items: readonly Item[]): string {
  if (reports.length === 0) return "No reports.";
  const known = new Map(items.map((item) => [item.id, item]));
  const byItem = new Map<string, ReportRecord[]>();
  for (const report of reports) byItem.set(report.item, [...(byItem.get(report.item) ?? []), report]);
  return [...byItem]
    .sort(([a, inA], [b, inB]) => inB.length - inA.length || (a < b ? -1 : 1))
    .map(([id, mine]) => [headOf(id, mine.length, known.get(id)), ...mine.map(lineOf)].join("\n"))
    .join("\n\n");
}

function headOf(id: string, count: number, item: Item | undefined): string {
  const state = item ? `now revision ${item.rev}, ${item.topic}` : "no longer in the bank";
  return `${id} (${state}): ${count} ${count === 1 ? "report" : "reports"}`;
}

function lineOf({ at, rev, reason, text }: ReportRecord): string {
  const head = `  ${at.toISOString().slice(0, 16).replace("T", " ")}  revision ${rev}  ${REPORT_REASONS[reason]}`;
  return text === "" ? head : [head, ...text.split("\n").map((line) => `    ${shown(line)}`)].join("\n");
}

/** What a terminal would obey is not printed: anybody can send a report. */
function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
}
