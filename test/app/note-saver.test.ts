import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoteSaver, RULE } from "@/app/_components/note-saver";
import { RULE as SERVER_RULE } from "@/lib/db/note-union";
import type { Note } from "@/lib/progress";

/** A server that holds one note, as the real one does: a text is taken when it was edited from what stands there. */
class Notes {
  text = "";
  isDown = false;
  requests = 0;

  fetch = async (url: string, init?: { readonly method?: string; readonly body?: string }): Promise<Response> => {
    this.requests++;
    if (this.isDown) throw new TypeError("failed to fetch");
    if (init?.method !== "POST") return Response.json(this.#note());
    const { text, from } = JSON.parse(init.body ?? "") as { readonly text: string; readonly from: string };
    if (text.length > 4_000) return this.#refuse(400, "invalid", "A note may have up to 4000 characters.");
    if (text !== this.text && from !== this.#note().version) return this.#refuse(409, "note-changed", "changed");
    expect(url).toBe("/api/notes");
    this.text = text;
    return Response.json(this.#note());
  };

  #note(): Note {
    return { text: this.text, version: this.text && `version of ${this.text}` };
  }

  #refuse(status: number, code: string, message: string): Response {
    return Response.json({ error: { code, message } }, { status });
  }
}

let server: Notes;
const states: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  server = new Notes();
  vi.stubGlobal("fetch", server.fetch);
  states.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function begin(kept: Note = { text: "", version: "" }): NoteSaver {
  const saver = new NoteSaver("one", kept);
  saver.subscribe(() => {
    const { kind } = saver.view().state;
    if (states.at(-1) !== kind) states.push(kind);
  });
  return saver;
}

test("what is typed is sent when the typing pauses, and called saved when the server has it", async () => {
  const saver = begin();
  for (const text of ["a", "ab", "abc"]) {
    saver.edit(text);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(server.requests).toBe(0);

  await vi.advanceTimersByTimeAsync(1_000);

  expect(server).toMatchObject({ text: "abc", requests: 1 });
  expect(states).toEqual(["unsaved", "saving", "saved"]);
});

test("while the server does not answer it says so, and tries again until it does", async () => {
  const saver = begin();
  server.isDown = true;
  saver.edit("abc");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(saver.view().state).toEqual({ kind: "failed", message: "the server does not answer" });
  expect(server.requests).toBeGreaterThan(2);

  server.isDown = false;
  await vi.advanceTimersByTimeAsync(15_000);

  expect(saver.view().state).toEqual({ kind: "saved" });
  expect(server.text).toBe("abc");
});

test("what the server refuses is not sent again until it was changed", async () => {
  const saver = begin();
  saver.edit("x".repeat(4_001));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(saver.view().state).toEqual({ kind: "failed", message: "A note may have up to 4000 characters." });
  expect(server.requests).toBe(1);

  saver.edit("x");
  await vi.advanceTimersByTimeAsync(1_000);

  expect(server.text).toBe("x");
});

test("a text that was written elsewhere in the meantime is put below one's own", async () => {
  server.text = "theirs";
  const saver = begin();
  saver.edit("mine");
  await vi.advanceTimersByTimeAsync(1_000);

  expect(saver.view()).toEqual({ text: `mine${RULE}theirs`, state: { kind: "saved" } });
  expect(server.text).toBe(`mine${RULE}theirs`);
});

test("what is typed while a text is on its way follows it", async () => {
  const saver = begin();
  saver.edit("a");
  await vi.advanceTimersByTimeAsync(799);
  saver.flush();
  vi.advanceTimersByTime(0);
  saver.edit("ab");
  expect(saver.isSaved).toBe(false);
  await vi.advanceTimersByTimeAsync(3_000);

  expect(server.text).toBe("ab");
  expect(saver.isSaved).toBe(true);
});

test("browser and server put the same rule between two texts", () => {
  expect(RULE).toBe(SERVER_RULE);
});
