import fc from "fast-check";
import { expect, test } from "vitest";
import { alignColumns, ellipsis, shortId, TABLE, textWidth } from "@/lib/sim/programs/docker/format/tabwriter";

test("columns are at least ten wide and three spaces apart", () => {
  expect(alignColumns("NETWORK ID\tNAME\tDRIVER\n2ccbea0b7946\tbridge\tbridge\n", TABLE)).toBe(
    "NETWORK ID     NAME      DRIVER\n2ccbea0b7946   bridge    bridge\n",
  );
});

test("a line without a cell ends the column", () => {
  expect(alignColumns("a\tx\nlonger than ten\ty\nnothing\nb\tz\n", TABLE)).toBe(
    "a                 x\nlonger than ten   y\nnothing\nb         z\n",
  );
});

test("wide characters count two", () => {
  expect(alignColumns("网络网络网\tx\nabcdefghij\ty\n", TABLE)).toBe("网络网络网   x\nabcdefghij   y\n");
});

test("in a full table every column begins at the same place, and no cell is lost", () => {
  const cell = fc.string({ unit: fc.constantFrom(..."abc-./ é"), maxLength: 20 });
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((columns) => fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }));
  fc.assert(
    fc.property(table, (rows) => {
      const lines = alignColumns(rows.map((row) => row.join("\t")).join("\n"), TABLE).split("\n");
      const columns = rows[0]?.length ?? 0;
      const widths = Array.from({ length: columns - 1 }, (_, i) =>
        Math.max(TABLE.minWidth, ...rows.map((row) => textWidth(row[i] ?? "") + TABLE.padding)),
      );
      expect(lines).toEqual(rows.map((row) => row.map((text, i) => (i < columns - 1 ? text.padEnd(widths[i] ?? 0) : text)).join("")));
    }),
  );
});

test.each<[string, number, string]>([
  ['"sleep 3600"', 20, '"sleep 3600"'],
  ["/docker-entrypoint.sh nginx", 20, "/docker-entrypoint.…"],
  ["网络网络", 5, "网络…"],
  ["abc", 1, "a"],
  ["abc", 0, ""],
])("%s in %d columns", (text, width, shown) => {
  expect(ellipsis(text, width)).toBe(shown);
});

test("a short id is twelve characters, without the kind of digest", () => {
  expect(shortId(`sha256:${"0123456789abcdef".repeat(4)}`)).toBe("0123456789ab");
  expect(shortId("short")).toBe("short");
});
