/** Routes about the engine as a whole (moby: daemon/server/router/system). */

import { ok } from "@/lib/base/result";
import { Channel } from "@/lib/sim/core/channel";
import { waitFor, type Routine } from "@/lib/sim/core/task";
import { after, type Duration } from "@/lib/sim/core/time";
import type { Engine } from "../engine";
import { includes, toMessage, type EngineEvent } from "../events";
import { type Outcome, refuse } from "../error";
import { printJson } from "../go/json-print";
import { type EpochMicros, parseUnixTime } from "../go/time";
import { json, lines, text } from "../http/response";
import { diskUsage, info, version } from "../system/info";
import { type Answer, asJson, type Handler, withFilters } from "./handler";

const PING_HEADERS: Readonly<Record<string, string>> = {
  "Builder-Version": "2",
  "Cache-Control": "no-cache, no-store, must-revalidate",
  Pragma: "no-cache",
  Swarm: "inactive",
};

export const ping: Handler = () => ok(text(200, "OK", PING_HEADERS));
export const pingHead: Handler = () => ok(text(200, "", PING_HEADERS));
export const systemVersion: Handler = () => ok(json(200, version()));
export const systemInfo: Handler = (engine) => ok(json(200, info(engine)));
export const dataUsage: Handler = (engine, request) => asJson(diskUsage(engine, request.texts("type")));

/** What happened since a time, then what happens: until a time, or until the client has gone. */
export const events: Handler = (engine, request) => {
  const since = timeOf(request.text("since"));
  if (!since.ok) return since;
  const until = timeOf(request.text("until"));
  if (!until.ok) return until;
  if (until.value !== undefined && until.value < (since.value ?? Number.NEGATIVE_INFINITY)) {
    return refuse("invalid", `\`since\` time (${request.text("since")}) cannot be after \`until\` time (${request.text("until")})`);
  }
  return withFilters(request, (filters) => stream(engine, since.value, until.value, (event) => includes(filters, event)));
};

function stream(
  engine: Engine,
  since: EpochMicros | undefined,
  until: EpochMicros | undefined,
  isWanted: (event: EngineEvent) => boolean,
): Answer {
  const channel = new Channel<string>();
  const send = (event: EngineEvent): void => {
    if (isWanted(event)) channel.push(printJson(toMessage(event), { html: true }));
  };
  for (const event of engine.events.past(since, until)) send(event);
  const left = until === undefined ? undefined : ((until - engine.now) as Duration);
  if (left !== undefined && left < 0) {
    channel.end();
    return ok(
      lines(
        () => channel.read(),
        () => {},
      ),
    );
  }
  const stop = engine.events.listen(send);
  const end = (): void => {
    stop();
    channel.end();
  };
  if (left !== undefined) {
    const { scheduler } = engine.kernel;
    const deadline = after(scheduler.now, left);
    engine.spawn(
      (function* (): Routine<void> {
        while (!channel.hasEnded && scheduler.now < deadline) yield* waitFor([], deadline);
        end();
      })(),
    );
  }
  return ok(lines(() => channel.read(), end));
}

function timeOf(text: string): Outcome<EpochMicros | undefined> {
  if (text === "") return ok(undefined);
  const time = parseUnixTime(text);
  return time.ok ? time : refuse("internal", time.error);
}
