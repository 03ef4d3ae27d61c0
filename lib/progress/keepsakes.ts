/** What a learner keeps at an item: a bookmark and a note. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Item } from "@/lib/content";
import {
  type Db,
  findNote,
  listBookmarks,
  listNotes,
  type NoteChanged,
  type NoteRecord,
  versionOf,
  writeBookmark,
  writeNote,
} from "@/lib/db";
import { z } from "zod";

/** In UTF-16 units, as a browser's text field counts. Two notes that an import joined may be longer. */
export const NOTE_LIMIT = 4_000;

const item = z.string().min(1).max(100);

export const bookmarkBodySchema = z.strictObject({ item, marked: z.boolean() });
export type BookmarkBody = z.infer<typeof bookmarkBodySchema>;

export const noteBodySchema = z.strictObject({
  item,
  text: z.string().max(NOTE_LIMIT, `A note may have up to ${NOTE_LIMIT} characters.`).transform(storable),
  /** The version of the text that it was edited from. */
  from: z.string().max(16),
});
export type NoteBody = z.output<typeof noteBodySchema>;

export type Note = { readonly text: string; readonly version: string };
/** Of items with nothing kept there is no entry. */
export type Keepsakes = { readonly bookmarks: readonly string[]; readonly notes: Readonly<Record<string, Note>> };

export type KeepsakeError = { readonly kind: "no-such-item" } | NoteChanged;

/** What databases don't take, halves of characters and NUL, becomes the sign for an unreadable character. */
export function storable(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, "\uFFFD");
}

/** Everything that a learner keeps; of nobody nothing. */
export async function readKeepsakes(db: Db, learnerId: string | undefined): Promise<Keepsakes> {
  if (learnerId === undefined) return { bookmarks: [], notes: {} };
  const [bookmarks, notes] = await Promise.all([listBookmarks(db, learnerId), listNotes(db, learnerId)]);
  return {
    bookmarks: bookmarks.map((bookmark) => bookmark.item),
    notes: Object.fromEntries(notes.map((note) => [note.item, toNote(note)])),
  };
}

/** The part of it that is kept at these items. */
export function keptAt({ bookmarks, notes }: Keepsakes, items: readonly { readonly id: string }[]): Keepsakes {
  const ids = new Set(items.map(({ id }) => id));
  return {
    bookmarks: bookmarks.filter((id) => ids.has(id)),
    notes: Object.fromEntries(Object.entries(notes).filter(([id]) => ids.has(id))),
  };
}

export async function readNote(db: Db, learnerId: string | undefined, id: string): Promise<Note> {
  return toNote((learnerId === undefined ? undefined : await findNote(db, learnerId, id)) ?? { text: "" });
}

export async function keepBookmark(
  db: Db,
  items: readonly Item[],
  learnerId: string,
  body: BookmarkBody,
  now: Date,
): Promise<Result<BookmarkBody, KeepsakeError>> {
  // What is no longer asked may still be unmarked.
  if (body.marked && !items.some(({ id }) => id === body.item)) return fail({ kind: "no-such-item" });
  await writeBookmark(db, learnerId, { ...body, at: now });
  return ok(body);
}

/** Answers once the text is on the disk. A text that was changed elsewhere in the meantime is not written over. */
export async function keepNote(
  db: Db,
  items: readonly Item[],
  learnerId: string,
  { item: id, text, from }: NoteBody,
  now: Date,
): Promise<Result<Note, KeepsakeError>> {
  const isThere = items.some((one) => one.id === id) || (await findNote(db, learnerId, id)) !== undefined;
  if (!isThere) return fail({ kind: "no-such-item" });
  const kept = await writeNote(db, learnerId, { item: id, text, from, at: now });
  return kept.ok ? ok(toNote(kept.value)) : kept;
}

function toNote({ text }: Pick<NoteRecord, "text">): Note {
  return { text, version: versionOf(text) };
}
