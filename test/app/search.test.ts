import { beforeAll, expect, test } from "vitest";
import { type Entry, type Prepared, prepare, search } from "@/app/_search/entries";
import { indexOf } from "@/app/_search/index-of";
import { commandBook } from "@/app/commands/commands";
import { loadItems, loadLabs, loadLessons, loadMisconceptions } from "@/lib/content";

const entry = (kind: Entry["kind"], title: string, about = ""): Entry => ({ kind, title, about, href: `/${title}` });
const titles = (entries: readonly Entry[], query: string): string[] => search(prepare(entries), query, 10).map(({ title }) => title);

test("every word must be there, whatever its case and order", () => {
  const entries = [entry("lesson", "Who answers names", "The embedded DNS"), entry("lab", "Who is web?", "Names do not resolve")];

  expect(titles(entries, "NAMES  who")).toEqual(["Who answers names", "Who is web?"]);
  expect(titles(entries, "names dns")).toEqual(["Who answers names"]);
  expect(titles(entries, "names macvlan")).toEqual([]);
});

test("a title counts more than what stands below it, a word's beginning more than its inside", () => {
  expect(titles([entry("lab", "Ports", "a bridge"), entry("lab", "A bridge")], "bridge")).toEqual(["A bridge", "Ports"]);
  expect(titles([entry("lab", "A doorway"), entry("lab", "The way")], "way")).toEqual(["The way", "A doorway"]);
  expect(titles([entry("lab", "overload"), entry("lab", "loading")], "load")).toEqual(["loading", "overload"]);
});

test("of equals, the lesson comes before the lab and the lab before the question", () => {
  expect(titles([entry("question", "macvlan a"), entry("lab", "macvlan b"), entry("lesson", "macvlan c")], "macvlan")).toEqual([
    "macvlan c",
    "macvlan b",
    "macvlan a",
  ]);
});

test("flags and addresses are words", () => {
  expect(titles([entry("question", "What does --ip do?"), entry("question", "What is 127.0.0.11?")], "--ip")).toEqual([
    "What does --ip do?",
  ]);
  expect(titles([entry("question", "What does --ip do?"), entry("question", "What is 127.0.0.11?")], "127.0.0")).toEqual([
    "What is 127.0.0.11?",
  ]);
});

test("before anything is typed there are pages, lessons and labs to go to", () => {
  expect(titles([entry("page", "Labs"), entry("question", "Why?"), entry("lesson", "Names")], " ")).toEqual(["Labs", "Names"]);
});

test("a word that is searched and not shown finds its entry", () => {
  const run: Entry = { ...entry("command", "docker run", "Create a container"), words: "docker container run --publish" };

  expect(titles([run, entry("command", "docker ps")], "--publish")).toEqual(["docker run"]);
});

let entries: readonly Entry[];
let prepared: readonly Prepared[];
beforeAll(async () => {
  const [items, labs, lessons, misconceptions] = await Promise.all([loadItems(), loadLabs(), loadLessons(), loadMisconceptions()]);
  entries = indexOf({ items, labs, lessons, misconceptions, commands: commandBook(lessons, labs) });
  prepared = prepare(entries);
}, 60_000);

test("whatever is in the bank is found by its own words, and has an address of its own", () => {
  expect(new Set(entries.map(({ href }) => href)).size).toBe(entries.length);
  const some = entries.filter(({ kind }, at) => kind !== "question" || at % 10 === 0);
  const lost = some.filter((wanted) => !search(prepared, wanted.title, entries.length).includes(wanted));
  expect(lost.map(({ href }) => href)).toEqual([]);
});

test.each([
  ["docker network create", "docker network create"],
  ["docker run", "docker run"],
  ["docker container run", "docker run"],
  ["ip", "ip"],
  ["tcpdump", "tcpdump"],
  ["iptables", "iptables"],
  ["docker compose up", "docker compose up"],
])("the command %s comes first when its name is typed", (typed, name) => {
  expect(search(prepared, typed, 1)).toMatchObject([{ kind: "command", title: name }]);
});
