import fc from "fast-check";
import { expect, test } from "vitest";
import { type Key, KeyDecoder } from "@/lib/sim/shell/interactive/keys";

const names = (keys: readonly Key[]): readonly string[] => keys.map((key) => (key.kind === "text" ? key.text : `<${key.name}>`));

test.each([
  ["ab", ["ab"]],
  ["a\x01\x7f\r\t", ["a", "<C-a>", "<backspace>", "<enter>", "<tab>"]],
  ["\x1b[A\x1b[D\x1bOH\x1b[3~\x1b[1;5C", ["<up>", "<left>", "<home>", "<delete>", "<C-right>"]],
  ["\x1bb\x1b\x7fx", ["<M-b>", "<M-backspace>", "x"]],
  ["é😀", ["é😀"]],
])("%j", (text, expected) => {
  expect(names(new KeyDecoder().decode(text))).toEqual(expected);
});

test("what is pasted is text, with its newlines and control characters", () => {
  expect(new KeyDecoder().decode("\x1b[200~a\r\nb\tc\x1b[201~d")).toEqual([
    { kind: "text", text: "a\nb\tc", isPasted: true },
    { kind: "text", text: "d", isPasted: false },
  ]);
});

test("it does not matter in which pieces the keys come", () => {
  const pieces = fc.array(fc.constantFrom("a", "\x1b[A", "\x1b[1;5C", "\x1bb", "\x01", "\x1b[200~x\ry\x1b[201~", "é"), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (parts) => {
      const whole = names(new KeyDecoder().decode(parts.join(""))).join("");
      const decoder = new KeyDecoder();
      const single = [...parts.join("")].flatMap((char) => names(decoder.decode(char))).join("");
      expect(single).toBe(whole);
    }),
  );
});
