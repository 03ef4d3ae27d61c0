/** What a learner writes to items: one text each, kept under the version that it was edited from, so that no text is lost to another. */

import { createHash } from "node:crypto";
import { fail, ok, type Result } from "@/lib/base/result";
import { isUniqueViolation } from "./attempts";
import type { Db } from "./client";

export type NoteRecord = { readonly item: string; readonly text: string; readonly at: Date };

/** With the versions that its text had before, the oldest first. An empty text is a note that was taken away. */
export type NoteCopy = NoteRecord & { readonly earlier: readonly string[] };

/** Under `from` something else stands by now. */
export type NoteChanged = { readonly kind: "note-changed" };

/** As many versions back a copy is known to be older. */
const MOST_EARLIER = 200;

/** Names a text; the empty text's is empty. */
export function versionOf(text: string): string {
  return text === "" ? "" : createHash("sha256").update(text).digest("base64url").slice(0, 12);
}

export async function findNote(db: Db, learnerId: string, item: string): Promise<NoteCopy | undefined> {
  const row = await db.note.findUnique({ where: { learnerId_item: { learnerId, item } } });
  return row ? fromRow(row) : undefined;
}

/** Those with a text, the newest first. */
export async function listNotes(db: Db, learnerId: string): Promise<readonly NoteRecord[]> {
  return db.note.findMany({
    where: { learnerId, text: { not: "" } },
    orderBy: [{ at: "desc" }, { item: "asc" }],
    select: { item: true, text: true, at: true },
  });
}

/** Also those that were taken away. */
export async function readNotes(db: Db, learnerId: string): Promise<readonly NoteCopy[]> {
  return (await db.note.findMany({ where: { learnerId }, orderBy: { item: "asc" } })).map(fromRow);
}

/** Keeps a text that was edited from version `from`. The same text again is no change, so that a request may be sent again. */
export async function writeNote(
  db: Db,
  learnerId: string,
  { item, text, from, at }: NoteRecord & { readonly from: string },
): Promise<Result<NoteRecord, NoteChanged>> {
  const there = await findNote(db, learnerId, item);
  if ((there?.text ?? "") === text) return ok({ item, text, at: there?.at ?? at });
  if (versionOf(there?.text ?? "") !== from) return fail({ kind: "note-changed" });
  const isWritten = there
    ? (
        await db.note.updateMany({
          where: { learnerId, item, text: there.text },
          data: { text, at, earlier: JSON.stringify(withVersion(there.earlier, from)) },
        })
      ).count > 0
    : await create(db, learnerId, { item, text, at, earlier: [] });
  // Another request wrote in the meantime: look again.
  return isWritten ? ok({ item, text, at }) : writeNote(db, learnerId, { item, text, from, at });
}

async function create(db: Db, learnerId: string, { earlier, ...note }: NoteCopy): Promise<boolean> {
  try {
    await db.note.create({ data: { learnerId, ...note, earlier: JSON.stringify(earlier) } });
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

/** Writes a copy as it is, over what is there. */
export async function putNote(db: Db, learnerId: string, { item, text, at, earlier }: NoteCopy): Promise<void> {
  const rest = { text, at, earlier: JSON.stringify(earlier) };
  await db.note.upsert({ where: { learnerId_item: { learnerId, item } }, create: { learnerId, item, ...rest }, update: rest });
}

type Row = Omit<NoteCopy, "earlier"> & { readonly earlier: string };

function fromRow({ item, text, at, earlier }: Row): NoteCopy {
  return { item, text, at, earlier: JSON.parse(earlier) as string[] };
}

export function withVersion(earlier: readonly string[], ...versions: readonly string[]): readonly string[] {
  const later = versions.filter((version, at) => !earlier.includes(version) && versions.indexOf(version) === at);
  return [...earlier, ...later].slice(-MOST_EARLIER);
}
