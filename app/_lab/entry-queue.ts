/**
 * Brings a transcript to the server: in order, each entry under its number, again and again until it is acknowledged.
 *
 * What is not acknowledged yet also lies in the browser's storage, so that a reload without a network loses nothing.
 */

import { postJson } from "@/app/_components/post-json";
import type { TranscriptEntry } from "@/lib/sim";
import type { NumberedEntry } from "@/lib/progress";

export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  /** The server does not answer; it is tried again. */
  | { readonly kind: "offline" }
  /** The server will not take it; `message` says why. */
  | { readonly kind: "refused"; readonly message: string };

const LONGEST_DELAY = 250;
const BATCH = 200;
const FIRST_RETRY = 500;
const LAST_RETRY = 15_000;

export class EntryQueue {
  readonly #attempt: string;
  readonly #listeners = new Set<() => void>();
  readonly #inputListeners = new Set<() => void>();
  #through: number;
  #pending: NumberedEntry[] = [];
  #isSending = false;
  #retry = FIRST_RETRY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drained: (() => void)[] = [];
  #state: SaveState = { kind: "saved" };
  #isClosed = false;

  /** `through` is the number of the last entry that the server has; `leftOver` follow it. */
  constructor(attempt: string, through: number, leftOver: readonly NumberedEntry[]) {
    this.#attempt = attempt;
    this.#through = through;
    this.#pending = [...leftOver];
    if (leftOver.length > 0) {
      this.#state = { kind: "saving" };
      this.#schedule(0);
    }
    window.addEventListener("online", this.#hurry);
    window.addEventListener("pagehide", this.#leave);
  }

  /** What an earlier page of this attempt could not send any more. They follow the entries that the server has. */
  static leftOver(attempt: string, through: number): readonly NumberedEntry[] {
    const kept = readKept(attempt);
    const next = kept.filter((entry) => entry.seq > through);
    return next[0]?.seq === through + 1 ? next : [];
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls `listener` when something was typed; the answer ends that. */
  onInput(listener: () => void): () => void {
    this.#inputListeners.add(listener);
    return () => this.#inputListeners.delete(listener);
  }

  state = (): SaveState => this.#state;

  /** Adds an entry under the next number. */
  push(entry: TranscriptEntry): void {
    if (this.#state.kind === "refused") return;
    const seq = (this.#pending.at(-1)?.seq ?? this.#through) + 1;
    this.#pending.push({ ...entry, seq });
    this.#keep();
    if (entry.kind === "input") for (const listener of this.#inputListeners) listener();
    if (this.#state.kind === "saved") this.#set({ kind: "saving" });
    const isLine = entry.kind !== "input" || entry.text.includes("\r");
    if (isLine && this.#state.kind !== "offline") this.#schedule(0);
    else if (this.#timer === undefined) this.#schedule(LONGEST_DELAY);
  }

  /** Resolves when all that was pushed is acknowledged or refused, to the last number that the server has. May wait for a network. */
  async drain(): Promise<number> {
    if (this.#pending.length > 0 && this.#state.kind !== "refused") {
      this.#schedule(0);
      await new Promise<void>((resolve) => this.#drained.push(resolve));
    }
    return this.#through;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.#hurry);
    window.removeEventListener("pagehide", this.#leave);
    if (this.#pending.length > 0) this.#leave();
  }

  readonly #hurry = (): void => {
    if (this.#pending.length > 0) this.#schedule(0);
  };

  /** A last try that outlives the page. */
  readonly #leave = (): void => {
    const entries = this.#pending.slice(0, BATCH);
    if (entries.length === 0) return;
    void fetch(this.#url(), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ entries }),
      keepalive: true,
    }).catch(() => {});
  };

  #url(): string {
    return `/api/attempts/${encodeURIComponent(this.#attempt)}/entries`;
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, delay);
  }

  async #send(): Promise<void> {
    if (this.#isSending || this.#isClosed || this.#pending.length === 0) return;
    this.#isSending = true;
    const entries = this.#pending.slice(0, BATCH);
    const answer = await postJson<{ readonly through: number }>(this.#url(), { entries });
    this.#isSending = false;

    if (answer.ok) {
      this.#retry = FIRST_RETRY;
      this.#through = answer.value.through;
      this.#pending = this.#pending.filter((entry) => entry.seq > this.#through);
      this.#keep();
      if (this.#pending.length > 0) this.#schedule(0);
      else this.#settle({ kind: "saved" });
      return;
    }
    const { status, message } = answer.error;
    if (status === 0 || status >= 500 || status === 429) {
      this.#set({ kind: "offline" });
      this.#schedule(this.#retry);
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
    } else {
      this.#settle({ kind: "refused", message });
    }
  }

  #settle(state: SaveState): void {
    this.#set(state);
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #keep(): void {
    keep(this.#attempt, this.#pending);
  }

  #set(state: SaveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

const keyOf = (attempt: string): string => `drydock:pending:${attempt}`;

function readKept(attempt: string): readonly NumberedEntry[] {
  try {
    return JSON.parse(localStorage.getItem(keyOf(attempt)) ?? "[]") as NumberedEntry[];
  } catch {
    // Storage that is closed to us, or holds something else: then nothing is left over.
    return [];
  }
}

function keep(attempt: string, entries: readonly NumberedEntry[]): void {
  try {
    if (entries.length > 0) localStorage.setItem(keyOf(attempt), JSON.stringify(entries));
    else localStorage.removeItem(keyOf(attempt));
  } catch {
    // Full or closed: the queue in memory is what counts while the page lives.
  }
}
