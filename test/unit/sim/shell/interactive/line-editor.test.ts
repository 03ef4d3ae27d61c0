import { expect, test } from "vitest";
import { KeyDecoder } from "@/lib/sim/shell/interactive/keys";
import { type EditEffect, LineEditor } from "@/lib/sim/shell/interactive/line-editor";

/** Presses keys; the line with a bar where the cursor is, and the last effect. */
function edit(
  keys: string,
  history: readonly string[] = [],
): { readonly line: string; readonly effect: EditEffect | undefined; readonly editor: LineEditor } {
  const editor = new LineEditor(history);
  let effect: EditEffect | undefined;
  for (const key of new KeyDecoder().decode(keys)) effect = editor.press(key);
  const chars = [...editor.text];
  chars.splice(editor.cursor, 0, "|");
  return { line: chars.join(""), effect, editor };
}

test.each([
  ["insertion", "ab\x1b[Dc", "ac|b"],
  ["home and end", "abc\x01x\x05y", "xabcy|"],
  ["backspace and delete", "abc\x7f\x01\x1b[3~", "|b"],
  ["Ctrl-D deletes", "abc\x01\x04", "|bc"],
  ["words", "one two\x1bb\x1bb\x1bfx", "onex| two"],
  ["kill to the end, yank", "one two\x1bb\x0b\x19\x19", "one twotwo|"],
  ["kill to the start", "one two\x1bb\x15", "|two"],
  ["kills in a row are one", "a b c\x17\x17\x19", "a b c|"],
  ["kill a word forward", "one two\x01\x1bd", "| two"],
  ["kill back to a blank", "ls /etc/passwd\x17", "ls |"],
  ["Alt-backspace stops at punctuation", "ls /etc/passwd\x1b\x7f", "ls /etc/|"],
  ["Alt-y takes the kill before", "aa\x15bb\x15\x19\x1by", "aa|"],
  ["transpose", "ab\x14", "ba|"],
  ["transpose in the middle", "abc\x02\x14", "acb|"],
  ["transpose words", "one two\x1bt", "two one|"],
  ["case", "one\x01\x1bu", "ONE|"],
  ["capitalise", "oNE\x01\x1bc", "One|"],
  ["undo", "ab\x15\x1f", "ab|"],
  ["a control character by Ctrl-V", "a\x16\x01", "a\x01|"],
  ["wide characters count once", "日本\x02x", "日x|本"],
])("%s", (_, keys, line) => {
  expect(edit(keys).line).toBe(line);
});

test("up and down go through the history and keep the new line", () => {
  const history = ["first", "second"];

  expect(edit("new\x1b[A", history).line).toBe("second|");
  expect(edit("new\x1b[A\x1b[A\x1b[A", history)).toMatchObject({ line: "first|", effect: "bell" });
  expect(edit("new\x1b[A\x1b[A\x1b[B\x1b[B", history).line).toBe("new|");
});

test("a line of the history that was changed keeps the change while one looks elsewhere", () => {
  expect(edit("\x1b[A!\x1b[A\x1b[B", ["a", "b"]).line).toBe("b!|");
});

test("Ctrl-R finds the latest line that contains what is typed, and the one before it", () => {
  const history = ["docker ps", "ls", "docker images"];
  const { editor } = edit("\x12doc", history);

  expect(editor.searchPrompt).toBe("(reverse-i-search)`doc': ");
  expect(editor.text).toBe("docker images");
  expect(edit("\x12doc\x12", history).line).toBe("|docker ps");
  expect(edit("x\x12zz", history)).toMatchObject({ effect: "bell" });
  expect(edit("x\x12zz\x07", history).line).toBe("x|");
  expect(edit("\x12doc\r", history)).toMatchObject({ effect: "submit", line: "docker images|" });
});

test("Alt-. inserts the last word of older lines", () => {
  const history = ["echo one", "ls two"];

  expect(edit("cat \x1b.", history).line).toBe("cat two|");
  expect(edit("cat \x1b.\x1b.", history).line).toBe("cat one|");
});

test.each([
  ["\r", "submit"],
  ["\x03", "interrupt"],
  ["\x04", "end"],
  ["\x0c", "clear-screen"],
  ["\x7f", "bell"],
])("%j on an empty line", (keys, effect) => {
  expect(edit(keys).effect).toBe(effect);
});

test("Tab asks for completion, and again when it is pressed twice", () => {
  expect(edit("a\t").effect).toEqual({ complete: "once" });
  expect(edit("a\t\t").effect).toEqual({ complete: "again" });
});

test("a pasted newline is part of the line", () => {
  expect(edit("\x1b[200~a\rb\x1b[201~")).toMatchObject({ line: "a\nb|", effect: "redraw" });
});
