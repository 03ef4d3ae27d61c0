/**
 * Progress of a pull: lines in a file, bars that move on a terminal.
 *
 * Follows moby pkg/jsonmessage. It differs in that no remaining time is estimated (the daemon sends no start times).
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { PullMessage } from "@/lib/sim/api";
import type { ServiceBody, Tty } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { type ApiError, type Client, failureOf } from "../client";
import type { Failure } from "../cobra/command";
import { humanSize } from "../units";

/** The JSON objects of a body that sends one a line, one by one; ends early when a signal came. */
export function* eachLine<T>(
  client: Client,
  body: ServiceBody,
  take: (value: T, text: string) => Routine<boolean>,
): Routine<ApiError | undefined> {
  let buffer = "";
  const drain = function* (): Routine<boolean> {
    for (let end = buffer.indexOf("\n"); end >= 0; end = buffer.indexOf("\n")) {
      const line = buffer.slice(0, end).trim();
      buffer = buffer.slice(end + 1);
      if (line !== "" && !(yield* take(JSON.parse(line) as T, line))) return false;
    }
    return true;
  };
  if (body.kind === "text") {
    buffer = `${body.text}\n`;
    yield* drain();
    return undefined;
  }
  if (body.kind !== "chunks") return undefined;
  for (;;) {
    const chunk = yield* body.read();
    if (chunk === undefined) {
      const interrupted = client.interruption();
      if (interrupted) {
        body.cancel();
        return interrupted;
      }
      buffer += "\n";
      yield* drain();
      return undefined;
    }
    buffer += chunk;
    if (!(yield* drain())) {
      body.cancel();
      return undefined;
    }
  }
}

/** Shows the messages as they come. What fails is the daemon's error, or a signal. */
export function* showProgress(
  client: Client,
  body: ServiceBody,
  terminal: Tty | undefined,
  write: (text: string) => Routine<void>,
): Routine<Result<void, Failure>> {
  const lines = new Map<string, number>();
  let error: string | undefined;
  const interrupted = yield* eachLine<PullMessage & { readonly aux?: unknown; readonly stream?: string }>(
    client,
    body,
    function* (message) {
      if (message.aux !== undefined) return true;
      const { id = "" } = message;
      let up = 0;
      if (id !== "" && (message.progressDetail !== undefined || message.progress !== undefined)) {
        let line = lines.get(id);
        if (line === undefined) {
          line = lines.size;
          lines.set(id, line);
          if (terminal) yield* write("\n");
        }
        up = lines.size - line;
        if (terminal) yield* write(`\u001b[${up}A`);
      } else lines.clear();
      error = message.errorDetail?.message ?? (message.error === undefined ? undefined : message.error);
      if (error === undefined) yield* write(display(message, terminal));
      if (terminal && up > 0) yield* write(`\u001b[${up}B`);
      return error === undefined;
    },
  );
  if (interrupted) return fail(failureOf(interrupted));
  return error === undefined ? ok(undefined) : fail({ status: 1, message: error });
}

function display(message: PullMessage & { readonly stream?: string }, terminal: Tty | undefined): string {
  const progress = message.progressDetail;
  const bar = progress ? progressText(progress, terminal?.columns ?? 200) : "";
  let text = "";
  let end = "";
  if (terminal && message.stream === undefined && progress) {
    end = "\r";
    text += `\u001b[2K${end}`;
  } else if (bar !== "") return "";
  if (message.id !== undefined) text += `${message.id}: `;
  if (progress && terminal) text += `${message.status ?? ""} ${bar}${end}`;
  else if (message.progress !== undefined) text += `${message.status ?? ""} ${message.progress}${end}`;
  else if (message.stream !== undefined) text += message.stream + end;
  else text += `${message.status ?? ""}${end}\n`;
  return text;
}

function progressText(progress: NonNullable<PullMessage["progressDetail"]>, columns: number): string {
  const { current = 0, total = 0 } = progress;
  if (current <= 0 && total <= 0) return "";
  if (total <= 0) return humanSize(current).padStart(8);
  const half = Math.min(50, Math.trunc(Math.trunc((current / total) * 100) / 2));
  const bar = columns > 110 ? `[${"=".repeat(half)}>${" ".repeat(50 - half)}] ` : "";
  const size = humanSize(current).padStart(8);
  return bar + (current > total ? size : `${size}/${humanSize(total)}`);
}
