import { expect, test } from "vitest";
import { parseWhole } from "@/lib/sim/engine/go/json-text";
import { bool, decode, int, map, omitEmpty, pointer, slice, string, struct } from "@/lib/sim/engine/go/shape";

type Inner = { readonly Name: string; readonly Count: number };
type Outer = {
  readonly Text: string;
  readonly Flag: boolean;
  readonly Items: readonly string[] | null;
  readonly Table: Readonly<Record<string, string>> | null;
  readonly Inner: Inner | null;
  readonly Maybe?: string;
};

const OUTER = struct<Outer>("x.Outer", {
  Text: string,
  Flag: bool,
  Items: slice(string),
  Table: map(string),
  Inner: pointer(struct<Inner>("x.Inner", { Name: string, Count: int })),
  Maybe: omitEmpty(string),
});

function read(text: string): unknown {
  const parsed = parseWhole(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const value = decode(OUTER, parsed.value, "Outer");
  return value.ok ? value.value : value.error;
}

test("what is absent has its zero value, and an empty omitempty field is left out", () => {
  expect(read("{}")).toEqual({ Text: "", Flag: false, Items: null, Table: null, Inner: null });
  expect(Object.keys(OUTER.zero)).toEqual(["Text", "Flag", "Items", "Table", "Inner"]);
});

test("null, empty and full lists and maps are told apart", () => {
  expect(read('{"Items":[],"Table":{},"Inner":null}')).toMatchObject({ Items: [], Table: {}, Inner: null });
  expect(read('{"Items":null,"Table":null,"Inner":{}}')).toMatchObject({ Items: null, Table: null, Inner: { Name: "", Count: 0 } });
});

test("keys come in any case, unknown ones are passed over, the last of two counts", () => {
  expect(read('{"text":"a","TEXT":"b","other":1}')).toMatchObject({ Text: "b" });
});

test("fields are written in the struct's order, maps by key", () => {
  const written = OUTER.write({
    Maybe: "x",
    Table: { b: "2", a: "1" },
    Inner: { Count: 1, Name: "n" },
    Items: null,
    Flag: true,
    Text: "t",
  });
  expect(JSON.stringify(written)).toBe(
    '{"Text":"t","Flag":true,"Items":null,"Table":{"a":"1","b":"2"},"Inner":{"Name":"n","Count":1},"Maybe":"x"}',
  );
});

test.each([
  ['{"Text":1}', "json: cannot unmarshal number into Go struct field Outer.Text of type string"],
  ['{"Inner":{"Count":"1"}}', "json: cannot unmarshal string into Go struct field Outer.Inner.Count of type int"],
  ['{"Inner":{"Count":1.5}}', "json: cannot unmarshal number 1.5 into Go struct field Outer.Inner.Count of type int"],
  ['{"Items":{}}', "json: cannot unmarshal object into Go struct field Outer.Items of type []string"],
  ['{"Items":[1],"Flag":"x"}', "json: cannot unmarshal number into Go struct field Outer.Items of type string"],
  ["[]", "json: cannot unmarshal array into Go value of type x.Outer"],
])("%s is refused in encoding/json's words", (text, words) => {
  expect(read(text)).toBe(words);
});
