import type { ExamKind } from "@/lib/db";

export const EXAM_NAMES: Readonly<Record<ExamKind, string>> = {
  full: "Full exam",
  networking: "Networking exam",
  drill: "Drill",
};

/** The server's calendar. The hyphens do not break. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll("-", "\u2011");
}

export function percent(right: number, total: number): number {
  return total === 0 ? 0 : Math.round((100 * right) / total);
}
