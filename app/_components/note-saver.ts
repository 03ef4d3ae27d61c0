/**
 * Brings the text of a note to the server while it is typed, again and again until it is acknowledged.
 *
 * A note that was changed elsewhere in the meantime is not written over: what stands there is put below one's own text, after a rule.
 */

import type { Note, NoteBody } from "@/lib/progress";
import { postJson } from "./post-json";

export type NoteState =
  | { readonly kind: "saved" }
  /** Typed, and about to be sent. */
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** Not taken; `message` says why. It is tried again when that can help. */
  | { readonly kind: "failed"; readonly message: string };

/** What is shown of a note. A new object whenever something of it changed. */
export type NoteView = { readonly text: string; readonly state: NoteState };

const PAUSE = 800;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 15_000;
/** As lib/db/note-union.ts joins two texts. */
export const RULE = "\n\n---\n\n";

export class NoteSaver {
  readonly #item: string;
  readonly #listeners = new Set<() => void>();
  /** The last text of which the server's version is known. */
  #kept: Note;
  #view: NoteView;
  #isSending = false;
  #retry = FIRST_RETRY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(item: string, kept: Note) {
    this.#item = item;
    this.#kept = kept;
    this.#view = { text: kept.text, state: { kind: "saved" } };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  view = (): NoteView => this.#view;

  get isSaved(): boolean {
    return this.#view.state.kind === "saved";
  }

  edit(text: string): void {
    this.#show(text, { kind: "unsaved" });
    this.#schedule(PAUSE);
  }

  /** Sends now what waits for a pause in typing. */
  flush(): void {
    if (this.#view.state.kind === "unsaved") this.#schedule(0);
  }

  /** The last thing that a page can do when it is left. Whether it arrives is not told any more. */
  leave(): void {
    if (this.isSaved) return;
    const body = JSON.stringify(this.#body());
    void fetch("/api/notes", { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  }

  #body(): NoteBody {
    return { item: this.#item, text: this.#view.text, from: this.#kept.version };
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), delay);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    const body = this.#body();
    this.#show(body.text, { kind: "saving" });
    const answer = await postJson<Note>("/api/notes", body);
    this.#isSending = false;
    if (answer.ok) {
      this.#kept = answer.value;
      this.#retry = FIRST_RETRY;
      if (this.#view.text === body.text) this.#show(body.text, { kind: "saved" });
      else this.#schedule(PAUSE);
    } else if (answer.error.code === "note-changed") await this.#joinOther();
    else this.#fail(answer.error);
  }

  async #joinOther(): Promise<void> {
    const other = await readNote(this.#item);
    if (!other) return this.#fail({ status: 0, message: "the server does not answer" });
    this.#kept = other;
    const { text } = this.#view;
    const isHeld = text.split(RULE).includes(other.text);
    this.#show(other.text === "" || isHeld ? text : `${text}${RULE}${other.text}`, { kind: "unsaved" });
    this.#schedule(0);
  }

  #fail({ status, message }: { readonly status: number; readonly message: string }): void {
    this.#show(this.#view.text, { kind: "failed", message });
    // What the server refuses it will refuse again, until something else is typed.
    if (status >= 400 && status < 500) return;
    this.#schedule(this.#retry);
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
  }

  #show(text: string, state: NoteState): void {
    this.#view = { text, state };
    for (const listener of this.#listeners) listener();
  }
}

async function readNote(item: string): Promise<Note | undefined> {
  try {
    const response = await fetch(`/api/notes/${encodeURIComponent(item)}`);
    return response.ok ? ((await response.json()) as Note) : undefined;
  } catch {
    // fetch tells no more than that nothing came back.
    return undefined;
  }
}
