/**
 * A client at a process's streams: `docker attach`, `docker run` in the foreground, `docker exec`.
 * Modelled on moby's daemon/container/stream/attach.go: who closes what, and the keys that detach (Ctrl-P Ctrl-Q).
 */

import { Channel } from "@/lib/sim/core/channel";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { ServiceBody } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Broadcast, Chunk } from "./logs";

export type SessionBody = Omit<Extract<ServiceBody, { kind: "upgrade" }>, "kind">;

const DEFAULT_DETACH_KEYS = "\x10\x11";

/** `ctrl-p,ctrl-q` → the characters; undefined when it is none (moby/term ToBytes). */
export function detachKeysOf(text: string): string | undefined {
  if (text === "") return "";
  let keys = "";
  for (const key of text.split(",")) {
    const control = /^ctrl-([a-z@[\\\]^_])$/i.exec(key)?.[1];
    if (key.length === 1) keys += key;
    else if (control !== undefined) keys += String.fromCharCode(control.toUpperCase().charCodeAt(0) & 31);
    else return undefined;
  }
  return keys;
}

export type SessionOptions = {
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Where input goes; undefined when the client may not send any. */
  readonly input: ((text: string) => void) | undefined;
  /** The client sent its last: whether the output goes on. */
  readonly closeInput: () => "goes-on" | "ends";
  readonly tty: boolean;
  readonly detachKeys: string;
  /** The client left by its keys. */
  readonly onDetach: () => void;
  /** What comes before the live output. */
  readonly before?: readonly Chunk[];
};

export function openSession(
  scheduler: Scheduler,
  output: Broadcast,
  options: SessionOptions,
): SessionBody & { end(): void; send(chunk: Chunk): void } {
  const listener = output.listen(options);
  const { channel } = listener;
  for (const chunk of options.before ?? []) channel.push(chunk);
  const keys = options.detachKeys === "" ? DEFAULT_DETACH_KEYS : options.detachKeys;
  let matched = "";
  let isOpen = true;
  const end = (): void => {
    isOpen = false;
    listener.stop();
  };

  const take = (text: string): void => {
    const { input } = options;
    if (!isOpen || !input) return;
    if (!options.tty) return input(text);
    let through = "";
    for (const character of text) {
      if (character === keys.charAt(matched.length)) {
        matched += character;
        if (matched !== keys) continue;
        if (through !== "") input(through);
        end();
        options.onDetach();
        return;
      }
      through += matched + character;
      matched = "";
    }
    if (through !== "") input(through);
  };
  const close = (): void => {
    if (!isOpen || !options.input) return;
    if (options.closeInput() === "ends") end();
  };

  return {
    read: () => readChunk(channel),
    // It arrives once the client has gone on: what comes of it finds the client waiting.
    write: (text) => void scheduler.soon(() => take(text)),
    closeWrite: () => void scheduler.soon(close),
    cancel: end,
    end,
    send: (chunk) => channel.push(chunk),
  };
}

/** A session that only plays back. */
export function playback(chunks: readonly Chunk[]): SessionBody {
  const channel = new Channel<Chunk>();
  for (const chunk of chunks) channel.push(chunk);
  channel.end();
  return { read: () => readChunk(channel), write() {}, closeWrite() {}, cancel() {} };
}

function* readChunk(channel: Channel<Chunk>): Routine<Chunk | undefined> {
  return yield* channel.read();
}
