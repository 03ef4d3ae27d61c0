import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@libsql/client";
import { strFromU8, unzipSync } from "fflate";
import { expect, test } from "vitest";
import { z } from "zod";
import { PRESENTATION } from "@/app/api/bank/presentation";
import { type Item, loadItems } from "@/lib/content";
import { toAnki } from "@/lib/content/export/anki";
import { itemOf, PLAIN } from "./bank";

const DAY = new Date(Date.UTC(2026, 0, 1)).getTime();

/** Runs `look` on the collection of a package. */
async function open<T>(apkg: Uint8Array, look: (collection: Client) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "apkg-"));
  try {
    const file = join(folder, "collection.anki2");
    await writeFile(file, unzipSync(apkg)["collection.anki2"] ?? new Uint8Array());
    const client = createClient({ url: `file:${file}` });
    try {
      return await look(client);
    } finally {
      client.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const noteRow = z.object({
  id: z.number(),
  guid: z.string(),
  mid: z.number(),
  mod: z.number(),
  tags: z.string(),
  flds: z.string(),
  sfld: z.string(),
  csum: z.number(),
  did: z.number(),
  due: z.number(),
  cards: z.number(),
});
type NoteRow = z.infer<typeof noteRow>;

const QUERY = `SELECT n.id, n.guid, n.mid, n.mod, n.tags, n.flds, n.sfld, n.csum, c.did, c.due, count(c.id) AS cards
  FROM notes n LEFT JOIN cards c ON c.nid = n.id GROUP BY n.id ORDER BY c.due`;

const notesOf = (items: readonly Item[], presentation = PLAIN): Promise<readonly NoteRow[]> =>
  toAnki(items, presentation).then((apkg) =>
    open(apkg, async (client) => (await client.execute(QUERY)).rows.map((row) => noteRow.parse(row))),
  );

const colRow = z.object({ ver: z.number(), models: z.string(), decks: z.string(), dconf: z.string(), conf: z.string() });

async function collectionOf(items: readonly Item[]) {
  const apkg = await toAnki(items, PLAIN);
  const col = await open(apkg, async (client) => colRow.parse((await client.execute("SELECT * FROM col")).rows[0]));
  const json = z.record(z.string(), z.looseObject({ id: z.union([z.string(), z.number()]), name: z.string() }));
  return { version: col.ver, models: json.parse(JSON.parse(col.models)), decks: json.parse(JSON.parse(col.decks)) };
}

test("a package holds a sound collection of schema 11 and no media", async () => {
  const apkg = await toAnki([itemOf("a", "a")], PLAIN);
  const files = unzipSync(apkg);
  const check = await open(apkg, async (client) => (await client.execute("PRAGMA integrity_check")).rows[0]?.["integrity_check"]);

  expect(Object.keys(files)).toEqual(["collection.anki2", "media"]);
  expect(strFromU8(files["media"] ?? new Uint8Array())).toBe("{}");
  expect(check).toBe("ok");
  expect((await collectionOf([itemOf("a", "a")])).version).toBe(11);
});

test("the note type has the five fields, and shows them", async () => {
  const { models } = await collectionOf([itemOf("a", "a")]);
  const [model] = Object.values(models);
  const { flds, tmpls } = z
    .object({
      flds: z.array(z.object({ name: z.string(), ord: z.number() })),
      tmpls: z.array(z.object({ qfmt: z.string(), afmt: z.string() })),
    })
    .parse(model);

  expect(flds.map(({ name, ord }) => `${ord} ${name}`)).toEqual(["0 Stem", "1 Options", "2 Answer", "3 Reasons", "4 Source"]);
  expect(tmpls).toHaveLength(1);
  expect(tmpls[0]?.qfmt).not.toMatch(/Answer|Reasons|Source/);
  for (const name of ["FrontSide", "Answer", "Reasons", "Source"]) expect(tmpls[0]?.afmt).toContain(`{{${name}}}`);
});

test("there is a deck for each domain that has items, below one of ours", async () => {
  const items = [itemOf("x", "a", { objectives: ["D4.10"] }), itemOf("y", "a", { objectives: ["D6.1"] })];
  const { decks } = await collectionOf(items);
  const notes = await notesOf(items);

  expect(Object.values(decks).map(({ name }) => name)).toEqual(["Default", "Drydock", "Drydock::D4 Networking", "Drydock::D6 Storage"]);
  expect(notes.map(({ did }) => decks[did]?.name)).toEqual(["Drydock::D4 Networking", "Drydock::D6 Storage"]);
});

test("a note says stem, lettered options, the right ones by their letters, all reasons and the sources", async () => {
  const [note] = await notesOf([itemOf("n1", "bd", { stem: 'a < b & "c"', truth: { exam: "then", engine: "now" } })]);
  const [stem, options, answer, reasons, source, ...more] = note?.flds.split("\u001F") ?? [];

  expect(stem).toBe("a &lt; b &amp; &quot;c&quot;");
  expect(note?.sfld).toBe('a < b & "c"');
  expect(options).toBe('<ol type="A"><li>n1 a</li><li>n1 b</li><li>n1 c</li><li>n1 d</li><li>n1 e</li></ol>');
  expect(answer).toBe('<ol type="A"><li value="2">n1 b</li><li value="4">n1 d</li></ol>');
  expect(reasons).toMatch(/^<ol type="A"><li>Reason of a\.<\/li>.*<li>Reason of e\.<\/li><\/ol>.*then.*now/);
  expect(source).toContain('<a href="https://example.org/?a=1&amp;b=docs:engine/network/_index.md">');
  expect(more).toEqual([]);
  expect(note?.tags).toBe(" drydock::T01 drydock::D4.1 drydock::difficulty-1 ");
});

test("a second import updates: a revised item keeps its GUID and id and is later, the others stay as they are", async () => {
  const before = await notesOf([itemOf("a", "a"), itemOf("b", "a")]);
  const after = await notesOf([itemOf("0", "a"), itemOf("a", "b", { rev: 2, stem: "Asked afresh?" }), itemOf("b", "a")]);
  const identity = (note: NoteRow | undefined) => ({ id: note?.id, guid: note?.guid, mid: note?.mid, did: note?.did });

  expect(identity(after[1])).toEqual(identity(before[0]));
  expect(after[1]?.mod).toBeGreaterThan(before[0]?.mod ?? Number.POSITIVE_INFINITY);
  expect({ ...after[2], due: 0 }).toEqual({ ...before[1], due: 0 });
});

test("the whole bank: one note and one card for each item, no id or GUID twice", async () => {
  const items = await loadItems();
  const notes = await notesOf(items, PRESENTATION);

  expect(notes).toHaveLength(items.length);
  expect(new Set(notes.map(({ guid }) => guid)).size).toBe(items.length);
  expect(notes.every(({ cards }) => cards === 1)).toBe(true);
  expect(notes.map(({ due }) => due)).toEqual(items.map((_, at) => at + 1));
  expect(notes.every(({ id }) => id > DAY)).toBe(true);
  expect(notes.every(({ flds }) => flds.split("\u001F").length === 5)).toBe(true);
});

test("the same items make the same bytes, and nothing is left behind", async () => {
  const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("drydock-anki-")).length;
  const items = [itemOf("a", "a"), itemOf("b", "ab")];
  const before = await left();

  expect(await toAnki(items, PLAIN)).toEqual(await toAnki(items.toReversed(), PLAIN));
  expect(await left()).toBe(before);
});
