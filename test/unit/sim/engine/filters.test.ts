import fc from "fast-check";
import { expect, test } from "vitest";
import { Filters } from "@/lib/sim/engine/filters";

function filters(json: unknown): Filters {
  const parsed = Filters.parse(JSON.stringify(json));
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

test("both forms of the parameter are read, anything else is an invalid filter", () => {
  expect(filters({ name: { web: true, db: true } }).values("name")).toEqual(["web", "db"]);
  expect(filters({ name: ["web", "db"] }).values("name")).toEqual(["web", "db"]);
  for (const text of ["zz", "[]", '{"name":"web"}', '{"name":{"web":1}}', '{"name":[1]}']) {
    expect(Filters.parse(text)).toEqual({ ok: false, error: { kind: "invalid", message: "invalid filter" } });
  }
});

test("without a value everything matches, exactly or not", () => {
  fc.assert(
    fc.property(fc.string(), (source) => {
      const none = new Filters();
      expect([none.exact("name", source), none.match("name", source), none.fuzzy("name", source)]).toEqual([true, true, true]);
    }),
  );
});

test("a name is a regular expression, and what is none matches only itself", () => {
  expect(filters({ name: ["^we.$"] }).match("name", "web")).toBe(true);
  expect(filters({ name: ["^we.$"] }).match("name", "webs")).toBe(false);
  expect(filters({ name: ["("] }).match("name", "web")).toBe(false);
  expect(filters({ name: ["("] }).match("name", "(")).toBe(true);
});

test("every label must be there, with its value if one is given", () => {
  const labels = { a: "1", b: "" };
  expect(filters({ label: ["a", "b"] }).matchLabels("label", labels)).toBe(true);
  expect(filters({ label: ["a=1"] }).matchLabels("label", labels)).toBe(true);
  expect(filters({ label: ["a=2"] }).matchLabels("label", labels)).toBe(false);
  expect(filters({ label: ["a", "c"] }).matchLabels("label", labels)).toBe(false);
  expect(filters({ "label!": ["a"] }).matchPruneLabels(labels)).toBe(false);
  expect(filters({ "label!": ["c"] }).matchPruneLabels(labels)).toBe(true);
});

test("a truth value is one of four words, and only one truth", () => {
  expect(filters({ dangling: ["true"] }).bool("dangling", false)).toEqual({ ok: true, value: true });
  expect(filters({ dangling: ["0"] }).bool("dangling", true)).toEqual({ ok: true, value: false });
  expect(filters({}).bool("dangling", true)).toEqual({ ok: true, value: true });
  expect(filters({ dangling: ["zz"] }).bool("dangling", false)).toMatchObject({
    ok: false,
    error: { message: "invalid filter 'dangling=[zz]'" },
  });
  expect(filters({ dangling: ["1", "0"] }).bool("dangling", false).ok).toBe(false);
});
