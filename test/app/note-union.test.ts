import fc from "fast-check";
import { expect, test } from "vitest";
import { type BookmarkCopy, uniteBookmarks } from "@/lib/db/bookmarks";
import { RULE, uniteNotes } from "@/lib/db/note-union";
import { type NoteCopy, versionOf, withVersion } from "@/lib/db/notes";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 10, 12, minute));

/** A note that had these texts, one after the other. */
function written(minute: number, ...texts: readonly string[]): NoteCopy {
  const text = texts.at(-1) ?? "";
  return { item: "one", text, earlier: withVersion([], ...texts.slice(0, -1).map(versionOf)), at: at(minute) };
}

/** What stands there once `moved` was read in. */
function readIn(mine: NoteCopy, moved: NoteCopy): NoteCopy {
  return uniteNotes([mine], [moved])[0] ?? mine;
}

test("a note that is not there is added, and the same one again is nothing new", () => {
  const note = written(1, "a", "ab");

  expect(uniteNotes([], [note, note])).toEqual([note]);
  expect(uniteNotes([note], [note])).toEqual([]);
});

test("the text that went on from the other holds, whatever the clocks of the two machines say", () => {
  const [before, after] = [written(9, "a", "ab"), written(1, "a", "ab", "abc")];

  expect(readIn(before, after).text).toBe("abc");
  expect(readIn(after, before)).toEqual(after);
});

test("where both were changed, both are kept with a rule between them, the older first", () => {
  const [phone, laptop] = [written(2, "a", "phone"), written(1, "a", "laptop")];

  expect(readIn(phone, laptop).text).toBe(`laptop${RULE}phone`);
  expect(readIn(laptop, phone).text).toBe(`laptop${RULE}phone`);
});

test("a joined note read back in by the other side replaces theirs, and changes nothing here", () => {
  const [phone, laptop] = [written(2, "phone"), written(1, "laptop")];
  const joined = readIn(phone, laptop);

  expect(readIn(laptop, joined)).toMatchObject({ text: joined.text });
  expect(uniteNotes([joined], [laptop])).toEqual([]);
});

test("a note that was taken away stays away", () => {
  const [kept, gone] = [written(1, "a"), written(2, "a", "")];

  expect(readIn(kept, gone).text).toBe("");
  expect(uniteNotes([gone], [kept])).toEqual([]);
});

test("a text that was typed again after another is the later one", () => {
  expect(readIn(written(1, "a", "b"), written(2, "a", "b", "a")).text).toBe("a");
});

const note = fc
  .record({
    minute: fc.integer({ min: 0, max: 4 }),
    texts: fc.array(fc.constantFrom("", "a", "b", "c", `a${RULE}b`), { minLength: 1, maxLength: 4 }),
  })
  .map(({ minute, texts }) => written(minute, ...texts));

test("whichever copy is read into which, the text is the same, and reading once more changes nothing", () => {
  fc.assert(
    fc.property(note, note, (a, b) => {
      const [here, there] = [readIn(a, b), readIn(b, a)];

      expect(here.text).toBe(there.text);
      expect(uniteNotes([here], [b])).toEqual([]);
    }),
  );
});

test("no text gets lost: of two that no edit joins, both stand in the union", () => {
  fc.assert(
    fc.property(note, note, (a, b) => {
      const isOlder = (one: NoteCopy, other: NoteCopy): boolean => other.earlier.includes(versionOf(one.text));
      fc.pre(!isOlder(a, b) && !isOlder(b, a));
      const parts = readIn(a, b).text.split(RULE);

      for (const part of [...a.text.split(RULE), ...b.text.split(RULE)]) if (part !== "") expect(parts).toContain(part);
    }),
  );
});

test("more versions than are remembered do not make a second reading a change", () => {
  const many = (name: string): NoteCopy => written(1, ...Array.from({ length: 300 }, (_, index) => `${name} ${index}`));
  const joined = readIn(many("x"), many("y"));

  expect(joined.earlier.length).toBeLessThanOrEqual(200);
  expect(uniteNotes([joined], [many("y")])).toEqual([]);
});

const mark = (minute: number, marked: boolean): BookmarkCopy => ({ item: "one", marked, at: at(minute) });

test("of a bookmark the later word holds, and at the same moment it is set", () => {
  expect(uniteBookmarks([mark(1, true)], [mark(2, false)])).toEqual([mark(2, false)]);
  expect(uniteBookmarks([mark(2, false)], [mark(1, true)])).toEqual([]);
  expect(uniteBookmarks([mark(1, false)], [mark(1, true)])).toEqual([mark(1, true)]);
  expect(uniteBookmarks([mark(1, true)], [mark(1, true)])).toEqual([]);
});
