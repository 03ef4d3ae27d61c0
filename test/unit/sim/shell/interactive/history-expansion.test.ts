import { expect, test } from "vitest";
import { expandHistory } from "@/lib/sim/shell/interactive/history-expansion";

const history = { entries: ["docker run nginx", "echo one two three", "ls /etc/passwd"], first: 7 };

test.each([
  ["!!", "ls /etc/passwd"],
  ["sudo !!", "sudo ls /etc/passwd"],
  ["!7", "docker run nginx"],
  ["!-2", "echo one two three"],
  ["!doc", "docker run nginx"],
  ["!?one?", "echo one two three"],
  ["cat !$", "cat /etc/passwd"],
  ["echo !e:1", "echo one"],
  ["echo !e:2-3", "echo two three"],
  ["echo !e:*", "echo one two three"],
  ["echo !!:1:h", "echo /etc"],
  ["echo !!:1:t", "echo passwd"],
  ["!!:s/ls/cat/", "cat /etc/passwd"],
  ["^ls^cat^", "cat /etc/passwd"],
  ["^passwd^group", "ls /etc/group"],
])("%s", (line, expected) => {
  expect(expandHistory(line, history)).toMatchObject({ kind: "expanded", line: expected });
});

test.each(["echo '!!'", "echo \\!!", "echo a! b", "[ ! -f x ]", "a != b", "echo $!", "echo hi!"])("%s stays as it is", (line) => {
  expect(expandHistory(line, history)).toEqual({ kind: "unchanged" });
});

test("what is not there is said", () => {
  expect(expandHistory("!nope", history)).toEqual({ kind: "not-found", event: "!nope", reason: "event not found" });
  expect(expandHistory("!!:9", history)).toEqual({ kind: "not-found", event: "!!:9", reason: "bad word specifier" });
});
