/** Waiting for a container's end: `docker wait`, and the status of `run`, `start -a` and `attach`. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { WaitCondition, WaitResponse } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { type ApiError, bodyText } from "../../client";
import type { Handler } from "../../cobra/command";

/** A wait that has begun: the daemon answers when the container has ended. */
export type PendingWait = { read(): Routine<Result<WaitResponse, ApiError>>; cancel(): void };

/** Begins to wait. The daemon has noted it when this returns. */
export function* beginWait(cli: Cli, container: string, condition: WaitCondition | ""): Routine<Result<PendingWait, ApiError>> {
  const response = yield* cli.client.call("ContainerWait", { object: container, query: { condition: condition || undefined } });
  if (!response.ok) return response;
  const { body } = response.value;
  return ok({
    *read() {
      const text = yield* bodyText(body);
      const interrupted = text === "" ? cli.client.interruption() : undefined;
      if (interrupted) return fail(interrupted);
      return ok(text === "" ? { StatusCode: 0 } : (JSON.parse(text) as WaitResponse));
    },
    cancel() {
      if (body.kind === "chunks") body.cancel();
    },
  });
}

export const containerWait: Handler = function* ({ cli, args }) {
  const errors: string[] = [];
  for (const name of args) {
    const wait = yield* beginWait(cli, name, "");
    const result = wait.ok ? yield* wait.value.read() : wait;
    if (result.ok) yield* cli.out(`${result.value.StatusCode}\n`);
    else if (result.error.kind === "interrupted") return { status: result.error.status, message: "" };
    else errors.push(result.error.message);
  }
  return errors.length > 0 ? { status: 1, message: errors.join("\n") } : undefined;
};
