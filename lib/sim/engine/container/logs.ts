/**
 * A container's log and its standard streams: what `docker logs` reads back and `docker attach` follows live.
 *
 * Modelled on moby's json-file driver and its Copier: lines are kept whole, with the time at which they ended; the two
 * streams in the order in which their lines ended. What has no newline at the end of the run is kept without one.
 */

import { Channel } from "@/lib/sim/core/channel";
import type { StreamName } from "@/lib/sim/core/sys";
import { WaitQueue } from "@/lib/sim/core/task";
import type { EpochMicros } from "../go/time";

export type LogLine = { readonly stream: StreamName; readonly text: string; readonly time: EpochMicros };
export type Chunk = { readonly stream: StreamName; readonly text: string };

/** Longer lines are cut, as the Copier's buffer does. */
const LONGEST_LINE = 16 * 1024;

export class ContainerLog {
  #lines: LogLine[] = [];
  #partial: Record<StreamName, string> = { stdout: "", stderr: "" };
  /** Woken at each new line, and when a run ended. */
  readonly grew = new WaitQueue();

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  append(stream: StreamName, text: string, time: EpochMicros): void {
    let rest = this.#partial[stream] + text;
    for (;;) {
      const end = rest.indexOf("\n");
      const length = end >= 0 && end < LONGEST_LINE ? end + 1 : rest.length >= LONGEST_LINE ? LONGEST_LINE : 0;
      if (length === 0) break;
      this.#lines.push({ stream, text: rest.slice(0, length), time });
      rest = rest.slice(length);
    }
    this.#partial[stream] = rest;
    this.grew.wake();
  }

  /** The run ended: what was begun is a line now. */
  flush(time: EpochMicros): void {
    for (const stream of ["stdout", "stderr"] as const) {
      if (this.#partial[stream] !== "") this.#lines.push({ stream, text: this.#partial[stream], time });
    }
    this.#partial = { stdout: "", stderr: "" };
    this.grew.wake();
  }

  /** The file as the json-file driver writes it. */
  get file(): string {
    return this.#lines.map(({ stream, text, time }) => `${JSON.stringify({ log: text, stream, time: String(time) })}\n`).join("");
  }
}

/** Hands what a process writes to all who are attached. Nobody attached: it is gone, but for the log. */
export class Broadcast {
  readonly #listeners = new Set<{ readonly channel: Channel<Chunk>; readonly stdout: boolean; readonly stderr: boolean }>();

  listen(wanted: { readonly stdout: boolean; readonly stderr: boolean }): { readonly channel: Channel<Chunk>; stop(): void } {
    const listener = { channel: new Channel<Chunk>(), ...wanted };
    this.#listeners.add(listener);
    return {
      channel: listener.channel,
      stop: () => {
        this.#listeners.delete(listener);
        listener.channel.end();
      },
    };
  }

  send(chunk: Chunk): void {
    for (const listener of this.#listeners) if (listener[chunk.stream]) listener.channel.push(chunk);
  }

  /** The process ended: its listeners hear the end. */
  end(): void {
    for (const listener of this.#listeners) listener.channel.end();
    this.#listeners.clear();
  }
}
