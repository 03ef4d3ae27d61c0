import { expect, test } from "vitest";
import type { Item } from "@/lib/content";
import type { AnswerRecord } from "@/lib/db";
import { chooseItems, shuffle } from "@/lib/progress/choose";
import { summarise } from "@/lib/progress/overview";

const item = (id: string, topic: Item["topic"] = "T01") => ({ id, topic }) as Item;
const answer = (id: string, correct: boolean): AnswerRecord => ({ item: id, topic: "T01", chosen: [], correct, ms: 1000, at: new Date(0) });
const still = (): number => 0;

test("an item counts by its last answer", () => {
  const overview = summarise(
    [item("a"), item("b"), item("c")],
    [],
    [answer("a", false), answer("b", true), answer("a", true), answer("b", false)],
    [],
  );

  expect(overview.topics[0]).toMatchObject({ topic: "T01", right: 1, wrong: 1, unseen: 1, answers: 4 });
  expect(overview).toMatchObject({ answers: 4, right: 2 });
});

test("an answer to an item that is no longer in the bank counts as an answer and as nothing known", () => {
  const overview = summarise([item("a")], [], [answer("gone", true)], []);

  expect(overview.topics[0]).toMatchObject({ right: 0, wrong: 0, unseen: 1, answers: 1 });
});

test("a lab is done once one of its attempts was solved", () => {
  const lab = { id: "L-1", title: "One" } as Parameters<typeof summarise>[1][number];
  const attempt = {
    id: "x",
    learnerId: "ann",
    lab: "L-1",
    rev: 1,
    seed: "",
    variant: "",
    startedAt: new Date(1),
    solvedAt: null,
    state: "open" as const,
  };
  const solved = { ...attempt, id: "y", state: "solved" as const, solvedAt: new Date(5) };

  expect(summarise([], [lab], [], []).labs[0]?.state).toBe("new");
  expect(summarise([], [lab], [], [attempt]).labs[0]?.state).toBe("begun");
  expect(summarise([], [lab], [], [attempt, solved]).labs[0]).toMatchObject({ state: "done", solvedAt: new Date(5), attempts: 2 });
});

test("what was missed or never seen is asked before what was right", () => {
  const chosen = chooseItems([item("right"), item("wrong"), item("new")], [answer("right", true), answer("wrong", false)], 2, still);

  expect(chosen.map(({ id }) => id).sort()).toEqual(["new", "wrong"]);
});

test("of what was right, the longest ago comes first", () => {
  const chosen = chooseItems([item("a"), item("b")], [answer("b", true), answer("a", true)], 1, still);

  expect(chosen.map(({ id }) => id)).toEqual(["b"]);
});

test("shuffling keeps every value once and leaves its input alone", () => {
  const values = [1, 2, 3, 4, 5];
  let seed = 7;
  const shuffled = shuffle(values, () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647);

  expect([...shuffled].sort((a, b) => a - b)).toEqual(values);
  expect(values).toEqual([1, 2, 3, 4, 5]);
});
