/** Answers in the forms that the Engine API knows. Headers as dockerd sends them, but for Date and the lengths. */

import { ENGINE_VERSION, API_VERSION, type ErrorResponse } from "@/lib/sim/api";
import type { ServiceBody, ServiceResponse, StreamName } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import { type EngineError, STATUS } from "../error";
import { type Printable, printJson } from "../go/json-print";

export const VERSION_HEADERS: Readonly<Record<string, string>> = {
  "Api-Version": API_VERSION,
  Ostype: "linux",
  Server: `Docker/${ENGINE_VERSION} (linux)`,
};

const HEADERS: Readonly<Record<string, string>> = { ...VERSION_HEADERS, "Docker-Experimental": "false" };

export type StreamChunk = { readonly stream: StreamName; readonly text: string };

export function json(status: number, value: Printable): ServiceResponse {
  return { status, headers: { ...HEADERS, "Content-Type": "application/json" }, body: { kind: "text", text: printJson(value) } };
}

export function nothing(status: number): ServiceResponse {
  return { status, headers: HEADERS, body: { kind: "none" } };
}

export function text(status: number, content: string, headers: Readonly<Record<string, string>> = {}): ServiceResponse {
  return {
    status,
    headers: { ...HEADERS, "Content-Type": "text/plain; charset=utf-8", ...headers },
    body: content === "" ? { kind: "none" } : { kind: "text", text: content },
  };
}

export function refusal(error: EngineError): ServiceResponse {
  const status = STATUS[error.kind];
  if (status === 304) return nothing(304);
  const body: ErrorResponse = { message: error.message };
  return json(status, body);
}

/** Lines of JSON as they come. */
export function lines(read: () => Routine<string | undefined>, cancel: () => void): ServiceResponse {
  return { status: 200, headers: { ...HEADERS, "Content-Type": "application/json" }, body: { kind: "chunks", read, cancel } };
}

/** Two streams apart, or a terminal's one. With input, the connection is upgraded. */
export function streams(tty: boolean, status: 101 | 200, body: Omit<Extract<ServiceBody, { kind: "upgrade" }>, "kind">): ServiceResponse {
  const type = tty ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream";
  const upgrade: Readonly<Record<string, string>> = status === 101 ? { Connection: "Upgrade", Upgrade: "tcp" } : {};
  return { status, headers: { ...HEADERS, "Content-Type": type, ...upgrade }, body: { kind: "upgrade", ...body } };
}
