import { expect, test } from "vitest";
import { FieldBuilder } from "@/lib/sim/shell/expand/fields";

/** Fields of pieces: `'…'` quoted, `=…` literal, anything else the result of an expansion. */
function fields(ifs: string, ...pieces: readonly string[]): readonly string[] {
  const builder = new FieldBuilder({ ifs, isSplitting: true, extended: false });
  for (const piece of pieces) {
    if (piece.startsWith("'")) builder.addQuoted(piece.slice(1, -1));
    else if (piece.startsWith("=")) builder.addLiteral(piece.slice(1));
    else builder.addSplit(piece);
  }
  return builder.end().map((field) => field.text);
}

test("blanks around and between are one delimiter", () => {
  expect(fields(" \t\n", "  a  b\tc\n")).toEqual(["a", "b", "c"]);
});

test("other characters delimit one by one, with the blanks around them", () => {
  expect(fields(" :", " a : b  c:: d ")).toEqual(["a", "b", "c", "", "d"]);
  expect(fields(":", ":a:")).toEqual(["", "a"]);
});

test("what is quoted or literal is not split, and joins what is beside it", () => {
  expect(fields(" ", "=x", "1 2", "'a b'")).toEqual(["x1", "2a b"]);
  expect(fields(" ", "''", " ")).toEqual([""]);
  expect(fields(" ", "")).toEqual([]);
});

test("a quoted star is no pattern, an unquoted one is", () => {
  const builder = new FieldBuilder({ ifs: " ", isSplitting: true, extended: false });
  builder.addQuoted("*");
  builder.addLiteral("?");

  expect(builder.end()).toEqual([{ text: "*?", pattern: "\\*?" }]);
});
