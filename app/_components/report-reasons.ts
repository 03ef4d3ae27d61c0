/** What can be wrong with a question, in the words of the form and of the operator's list. */

import type { ReportBody } from "@/lib/progress";

export const REPORT_REASONS = {
  answer: "The marked answer is wrong",
  unclear: "It can be read in two ways",
  outdated: "Docker no longer behaves like this",
  source: "The source does not say this",
  wording: "A spelling or formatting mistake",
  other: "Something else",
} as const satisfies Record<ReportBody["reason"], string>;

export const REASON_KEYS = Object.keys(REPORT_REASONS) as readonly ReportBody["reason"][];
