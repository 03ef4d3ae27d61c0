/** `docker attach`: a client at the container's own streams (moby: daemon/attach.go). */

import { ok } from "@/lib/base/result";
import type { ServiceResponse } from "@/lib/sim/core/sys";
import type { Engine } from "../engine";
import { type Outcome, refuse } from "../error";
import type { ApiRequest } from "../http/request";
import { streams } from "../http/response";
import { detachKeysOf, openSession, playback } from "./session";
import { feed } from "./process-streams";

export function attach(engine: Engine, request: ApiRequest): Outcome<ServiceResponse> {
  const keys = detachKeysOf(request.text("detachKeys"));
  if (keys === undefined) return refuse("invalid", `Invalid detach keys (${request.text("detachKeys")}) provided`);
  const found = engine.containers.get(request.object);
  if (!found.ok) return found;
  const container = found.value;
  const { config, state } = container;
  if (state.paused) return refuse("conflict", `container ${request.object} is paused, unpause the container before attach`);
  if (state.restarting) return refuse("conflict", `container ${request.object} is restarting, wait until the container is running`);

  const wanted = { stdout: request.flag("stdout"), stderr: request.flag("stderr") };
  const before = request.flag("logs")
    ? container.log.lines.filter(({ stream }) => wanted[stream]).map(({ stream, text }) => ({ stream, text }))
    : [];
  engine.logContainer(container, "attach");
  if (!request.flag("stream")) return ok(streams(config.Tty, 101, playback(before)));

  const takesInput = request.flag("stdin") && config.OpenStdin;
  const session = openSession(engine.kernel.scheduler, container.output, {
    ...wanted,
    before,
    tty: config.Tty,
    detachKeys: keys,
    input: takesInput
      ? (text) => {
          if (container.run) feed(container.run.process, text);
          else container.pendingInput += text;
        }
      : undefined,
    closeInput() {
      if (!config.StdinOnce || config.Tty) return "ends";
      container.isInputClosed = true;
      container.run?.process.stdin?.close();
      return "goes-on";
    },
    onDetach: () => engine.logContainer(container, "detach"),
  });
  return ok(
    streams(config.Tty, 101, {
      ...session,
      cancel() {
        session.cancel();
        // Whoever ran it with `-i` and is gone takes its input along.
        if (takesInput && config.StdinOnce && !config.Tty) container.run?.process.stdin?.close();
      },
    }),
  );
}
