/** The words and statuses of what lib/progress refuses. */

import "server-only";
import { unreachable } from "@/lib/base/invariant";
import type { AppendError } from "@/lib/db";
import type { AnswerError, AttemptError, ExamError, GradeFailure, KeepsakeError, ReportError, ReviewError } from "@/lib/progress";
import { refuse } from "./http";

export function toResponse(
  error: AnswerError | AppendError | AttemptError | ExamError | GradeFailure | KeepsakeError | ReportError | ReviewError,
): Response {
  switch (error.kind) {
    case "no-such-lab":
      return refuse(404, error.kind, "There is no such lab.");
    case "no-such-attempt":
      return refuse(404, error.kind, "There is no such attempt.");
    case "no-such-item":
      return refuse(404, error.kind, "There is no such item.", "item");
    case "lab-revised":
      return refuse(409, error.kind, "This lab was revised after the attempt began. Start it again.");
    case "item-revised":
      return refuse(409, error.kind, `This item was revised; it is now revision ${error.rev}.`, "rev");
    case "options-differ":
      return refuse(400, error.kind, "These are not the item's options.", error.path);
    case "note-changed":
      return refuse(409, error.kind, "This note was changed elsewhere in the meantime.", "from");
    case "too-many-reports":
      return refuse(429, error.kind, `You have sent ${error.limit} reports today, which is as many as are taken. Try again tomorrow.`);
    case "command-refused":
      return refuse(422, error.kind, error.message, "chosen");
    case "no-such-card":
      return refuse(404, error.kind, "This item does not bear on such a card of yours.", "card");
    case "not-the-last":
      return refuse(409, error.kind, "Only the last review can be changed.");
    case "no-such-exam":
      return refuse(404, error.kind, "There is no such exam.");
    case "exam-open":
      return refuse(409, error.kind, "Another exam is still open. Go on with it or abandon it first.");
    case "bank-too-small":
      return refuse(409, error.kind, `The bank has too few questions for this exam in ${Object.keys(error.missing).join(", ")}.`);
    case "exam-over":
      return refuse(409, error.kind, "This exam is over. Nothing more is taken.");
    case "not-asked":
      return refuse(409, error.kind, "This question is not the one that is asked now. There is no way back.");
    case "no-such-option":
      return refuse(400, error.kind, "These are not the question's options.", "chosen");
    case "gap":
      return refuse(409, error.kind, `The next entry is number ${error.expected}.`, `entries.${error.index}.seq`);
    case "conflict":
      return refuse(409, error.kind, `Another entry is stored as number ${error.seq}.`, `entries.${error.index}`);
    case "time-goes-back":
      return refuse(400, error.kind, "An entry is earlier than the one before it.", `entries.${error.index}.at`);
    case "full":
      return refuse(413, error.kind, `An attempt holds up to ${error.limit} entries. Reset the lab to go on.`);
    case "not-stored":
      return refuse(409, error.kind, `Only ${error.through} entries are stored.`, "through");
    case "busy":
      return refuse(503, error.kind, "The grader has too much to do. Try again in a moment.");
    case "too-long":
      return refuse(
        422,
        error.kind,
        `Replaying this attempt took longer than ${error.seconds} seconds, which is the grader's limit. Reset the lab and try with less.`,
      );
    case "limit":
      return refuse(422, error.kind, `Replaying this attempt reached a limit of the grader: ${error.message}`);
    case "crash":
      console.error(`grader: ${error.message}`);
      return refuse(
        500,
        error.kind,
        "The grader failed on this attempt. That is a bug of Drydock's; it has been written to the server's log.",
      );
    default:
      return unreachable(error);
  }
}
