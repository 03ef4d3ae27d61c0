/** `docker logs`: reading a container's log back, and following it while it runs (moby: daemon/logs.go, json-file). */

import { ok } from "@/lib/base/result";
import type { ServiceResponse } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Engine } from "../engine";
import { type Outcome, refuse } from "../error";
import { type EpochMicros, parseUnixTime, rfc3339NanoFixed } from "../go/time";
import { atoi } from "../go/strconv";
import type { ApiRequest } from "../http/request";
import { streams } from "../http/response";
import type { Container } from "./container";
import type { Chunk, LogLine } from "./logs";

export function readLogs(engine: Engine, request: ApiRequest): Outcome<ServiceResponse> {
  const wanted = { stdout: request.flag("stdout"), stderr: request.flag("stderr") };
  if (!wanted.stdout && !wanted.stderr) return refuse("invalid", "Bad parameters: you must choose at least one stream");
  const found = engine.containers.get(request.object);
  if (!found.ok) return found;
  const container = found.value;
  if (container.state.removalInProgress || container.state.dead)
    return refuse("conflict", "can not get logs from container which is dead or marked for removal");
  if (container.hostConfig.LogConfig.Type === "none")
    return refuse("not-implemented", "configured logging driver does not support reading");

  const since = timeOf(request.text("since"));
  if (!since.ok) return since;
  const until = timeOf(request.text("until"));
  if (!until.ok) return until;
  const tail = atoi(request.text("tail"));
  const lines = container.log.lines;
  const first = tail.ok && tail.value >= 0 ? Math.max(0, lines.length - tail.value) : 0;
  const reader = new LogReader(container, {
    from: first,
    follow: request.flag("follow"),
    since: since.value ?? (0 as EpochMicros),
    until: until.value ?? (Number.POSITIVE_INFINITY as EpochMicros),
    print: ({ stream, text, time }) => ({
      stream,
      text: `${request.flag("timestamps") ? `${rfc3339NanoFixed(time)} ` : ""}${request.flag("details") ? " " : ""}${text}`,
    }),
    wanted,
  });
  return ok(streams(container.config.Tty, 200, { read: () => reader.next(), write() {}, closeWrite() {}, cancel: () => reader.cancel() }));
}

type Reading = {
  readonly from: number;
  readonly follow: boolean;
  readonly since: EpochMicros;
  readonly until: EpochMicros;
  readonly print: (line: LogLine) => Chunk;
  readonly wanted: { readonly stdout: boolean; readonly stderr: boolean };
};

class LogReader {
  readonly #container: Container;
  readonly #reading: Reading;
  readonly #run: Container["run"];
  #next: number;
  #isCancelled = false;

  constructor(container: Container, reading: Reading) {
    this.#container = container;
    this.#reading = reading;
    this.#run = container.run;
    this.#next = reading.from;
  }

  *next(): Routine<Chunk | undefined> {
    const { log } = this.#container;
    for (;;) {
      if (this.#isCancelled) return undefined;
      const line = log.lines[this.#next];
      if (line) {
        this.#next++;
        if (line.time > this.#reading.until) return undefined;
        if (line.time >= this.#reading.since && this.#reading.wanted[line.stream]) return this.#reading.print(line);
        continue;
      }
      // Following ends with the run that was going on.
      if (!this.#reading.follow || !this.#run || this.#container.run !== this.#run) return undefined;
      const wake = yield { on: [log.grew] };
      if (wake.kind === "signal") return undefined;
    }
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#container.log.grew.wake();
  }
}

function timeOf(text: string): Outcome<EpochMicros | undefined> {
  if (text === "" || text === "0") return ok(undefined);
  const time = parseUnixTime(text);
  return time.ok ? time : refuse("internal", time.error);
}
