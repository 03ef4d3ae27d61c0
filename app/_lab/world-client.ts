/** The page's side of the world: one worker, what it last told, and whoever wants to hear of it. */

import type { LabWorld } from "@/lib/practice";
import type { Instant, TranscriptEntry, WorldSnapshot } from "@/lib/sim";
import type { FromWorld, OpenTerminal, ToWorld, Traffic } from "./protocol";

export type WorldStatus = { readonly kind: "booting" } | { readonly kind: "ready" } | { readonly kind: "broken"; readonly message: string };

export type WorldState = {
  readonly status: WorldStatus;
  readonly terminals: readonly OpenTerminal[];
  readonly snapshot: WorldSnapshot | undefined;
};

export type WorldStart = {
  readonly world: LabWorld;
  readonly seed: string;
  readonly entries: readonly TranscriptEntry[];
  readonly until?: Instant;
};

type Output = (text: string) => void;

export class WorldClient {
  readonly #worker: Worker;
  readonly #listeners = new Set<() => void>();
  readonly #outputs = new Map<string, Output>();
  /** Names of terminals that were ever open; a closed one's name is not used again. */
  readonly #names = new Set<string>();
  /** Of terminals that are not on the screen yet. */
  readonly #early = new Map<string, string>();
  readonly #clocks = new Map<number, (at: Instant) => void>();
  #nextClock = 1;
  #state: WorldState = { status: { kind: "booting" }, terminals: [], snapshot: undefined };

  #hearEntry: (entry: TranscriptEntry) => void = () => {};
  #hearTraffic: (traffic: Traffic) => void = () => {};

  constructor(start: WorldStart, { wantsTrace }: { readonly wantsTrace: boolean }) {
    this.#worker = new Worker(new URL("./world.worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<FromWorld>) => this.#hear(data));
    this.#worker.addEventListener("error", (event) => this.#hear({ kind: "broken", message: event.message || "the worker did not start" }));
    for (const entry of start.entries) if (entry.kind === "open") this.#names.add(entry.terminal);
    this.#say({ kind: "boot", ...start, wantsTrace });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls `listener`, and no other, for each input that becomes part of the transcript. */
  listenForEntries(listener: (entry: TranscriptEntry) => void): void {
    this.#hearEntry = listener;
  }

  /** Calls `listener`, and no other, with the frames that travel; the answer ends that. */
  listenForTraffic(listener: (traffic: Traffic) => void): () => void {
    this.#hearTraffic = listener;
    return () => {
      if (this.#hearTraffic === listener) this.#hearTraffic = () => {};
    };
  }

  state = (): WorldState => this.#state;

  open(terminal: string, host: string, columns: number, rows: number): void {
    this.#names.add(terminal);
    this.#say({ kind: "open", terminal, host, columns, rows });
    this.#set({ terminals: [...this.#state.terminals, { terminal, host }] });
  }

  wasOpen(terminal: string): boolean {
    return this.#names.has(terminal);
  }

  input(terminal: string, text: string): void {
    // A paste may be longer than one entry may be.
    for (let at = 0; at < text.length; at += LONGEST_INPUT)
      this.#say({ kind: "input", terminal, text: text.slice(at, at + LONGEST_INPUT) });
  }

  resize(terminal: string, columns: number, rows: number): void {
    this.#say({ kind: "resize", terminal, columns, rows });
  }

  closeTerminal(terminal: string): void {
    this.#say({ kind: "close", terminal });
    this.#set({ terminals: this.#state.terminals.filter((open) => open.terminal !== terminal) });
  }

  /** Sends a terminal's output to `output`, beginning with what came before there was anybody to take it. */
  connect(terminal: string, output: Output): () => void {
    this.#outputs.set(terminal, output);
    const early = this.#early.get(terminal);
    this.#early.delete(terminal);
    if (early) output(early);
    return () => {
      if (this.#outputs.get(terminal) === output) this.#outputs.delete(terminal);
    };
  }

  /** The instant that the world stands at now. */
  now(): Promise<Instant> {
    const id = this.#nextClock++;
    return new Promise((resolve) => {
      this.#clocks.set(id, resolve);
      this.#say({ kind: "ask-clock", id });
    });
  }

  end(): void {
    this.#worker.terminate();
    this.#listeners.clear();
  }

  #say(message: ToWorld): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorld): void {
    switch (message.kind) {
      case "ready":
        return this.#set({ status: { kind: "ready" }, terminals: message.terminals });
      case "output": {
        const output = this.#outputs.get(message.terminal);
        if (output) output(message.text);
        else this.#early.set(message.terminal, (this.#early.get(message.terminal) ?? "") + message.text);
        return;
      }
      case "entry":
        return this.#hearEntry(message.entry);
      case "snapshot":
        return this.#set({ snapshot: message.snapshot });
      case "traffic":
        return this.#hearTraffic(message.traffic);
      case "clock":
        this.#clocks.get(message.id)?.(message.at);
        this.#clocks.delete(message.id);
        return;
      case "limit":
        // The lab's voice, in no terminal's colours: nobody takes it for Docker's.
        for (const output of this.#outputs.values()) output(`\r\n\x1b[7m ${message.message} \x1b[0m\r\n`);
        return;
      case "broken":
        return this.#set({ status: { kind: "broken", message: message.message } });
    }
  }

  #set(change: Partial<WorldState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const LONGEST_INPUT = 8_192;
