import fc from "fast-check";
import { expect, test } from "vitest";
import { readCsvLine } from "@/lib/sim/programs/docker/cobra/csv";

test("fields in quotes may hold commas, and quotes twice", () => {
  expect(readCsvLine('type=bind,"src=a,b","x=""y"""')).toEqual({ ok: true, value: ["type=bind", "src=a,b", 'x="y"'] });
});

test.each<[string, string]>([
  ["", "EOF"],
  ['a"b', 'parse error on line 1, column 2: bare " in non-quoted-field'],
  ['"a"b', 'parse error on line 1, column 3: extraneous or missing " in quoted-field'],
])("%j is no line", (text, error) => {
  expect(readCsvLine(text)).toEqual({ ok: false, error });
});

test("what is quoted comes back", () => {
  const field = fc.string({ unit: fc.constantFrom(...'ab,"= é'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), (fields) => {
      expect(readCsvLine(fields.map((one) => `"${one.replaceAll('"', '""')}"`).join(","))).toEqual({ ok: true, value: fields });
    }),
  );
});
