/** Charts with their tables, the calendar file and the statistics of questions, in a browser. */

import AxeBuilder from "@axe-core/playwright";
import ICAL from "ical.js";
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./bench";

const DAY = 86_400_000;
const ITEMS = ["net-enc-0001", "net-enc-0002", "net-enc-0003", "net-enc-0004", "net-enc-0005", "net-enc-0006"];

/** Six weeks of study, by the file that a learner may read in: answers, their reviews, two exams and a lab. */
async function study(request: APIRequestContext): Promise<void> {
  const at = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY).toISOString();
  const answers = Array.from({ length: 48 }, (_, i) => ({
    item: ITEMS[i % ITEMS.length],
    rev: 1,
    topic: "T05",
    options: ["a", "b", "c", "d"],
    chosen: ["a"],
    correct: i % 3 > 0,
    ms: 40_000,
    mode: "practice",
    at: at(42 - i * 0.85),
  }));
  const exam = (seed: string, daysAgo: number) => ({
    kind: "drill",
    seed,
    items: [{ id: "net-enc-0001", rev: 1, domain: "D4", format: "choice" }],
    state: "finished",
    startedAt: at(daysAgo),
    endsAt: at(daysAgo - 0.01),
    finishedAt: at(daysAgo - 0.01),
    replies: [],
  });
  const data = {
    format: "drydock-progress",
    version: 1,
    settings: { reviewsPerDay: 40, passMark: 65 },
    answers,
    reviews: answers.map(({ item, correct, at: time }) => ({ kind: "item", card: item, grade: correct ? "good" : "again", at: time })),
    exams: [exam("one", 20), exam("two", 9)],
    attempts: [
      {
        lab: "L-BRG-1",
        rev: 1,
        seed: "s",
        variant: "",
        state: "open",
        startedAt: at(5),
        solvedAt: null,
        entries: [1, 4].map((minute) => ({ at: minute * 60_000_000, kind: "input", terminal: "t1", text: "l" })),
      },
    ],
  };
  expect((await request.post("/api/progress", { data })).status()).toBe(200);
}

const chart = (page: Page, name: string | RegExp) => page.getByRole("application", { name });

/** Reads the page to its end, so that every chart comes. */
async function readThrough(page: Page): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < height; y += 400) {
    await page.evaluate((to) => window.scrollTo(0, to), y);
    await page.waitForTimeout(60);
  }
}

for (const theme of ["light", "dark"] as const) {
  test(`the charts of progress come without moving anything, and axe finds no fault, in the ${theme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await study(page.request);
    await page.goto("/progress");
    await expect(page.getByText("You have given 48 answers")).toBeVisible();
    const before = await page.evaluate(() => document.documentElement.scrollHeight);

    await readThrough(page);

    for (const name of [
      /^Expected score of each exam/,
      /^Mastery of each objective of networking/,
      /^Mastery of networking over/,
      /^Answers on each of the last 28 days/,
      /^Minutes spent/,
      /^Scores of your exams/,
      /^Cards that fall due/,
    ])
      await expect(chart(page, name)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(before);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
  });
}

test("a chart is read with the keyboard: as a table, and point by point", async ({ page }) => {
  await study(page.request);
  await page.goto("/progress");
  const name = /^Mastery of networking over/;
  const place = page.getByRole("figure").filter({ has: page.getByText(/: Mastery of networking over/) });
  await place.scrollIntoViewIfNeeded();

  await chart(page, name).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(place.getByText(/^\d+ %, range \d+–\d+ %$/)).toBeVisible();

  await page.keyboard.press("Tab");
  await expect(place.locator("summary")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(place.getByRole("table")).toBeVisible();
  await expect(place.getByRole("row")).not.toHaveCount(0);
});

test("what was done is listed by day, and how long it took", async ({ page }) => {
  await study(page.request);
  await page.goto("/progress");

  await expect(page.getByText(/^You studied on \d of the last 7 days and on \d+ of the last 28; on \d+ days in all\./)).toContainText(
    "3 min in labs",
  );
  const day = page.getByRole("listitem").filter({ hasText: "Lab begun" }).first();
  await expect(day.getByRole("link")).toHaveAttribute("href", "/labs/L-BRG-1");
});

test("due reviews come as a calendar that another program reads; without any there is no file", async ({ page }) => {
  expect((await page.request.get("/api/calendar")).status()).toBe(404);
  await study(page.request);
  await page.goto("/review");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Due reviews for your calendar" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("drydock-reviews.ics");

  const response = await page.request.get("/api/calendar");

  expect(response.headers()["content-type"]).toBe("text/calendar; charset=utf-8");
  const events = new ICAL.Component(ICAL.parse(await response.text()) as unknown[]).getAllSubcomponents("vevent");
  expect(events.length).toBeGreaterThan(0);
  expect(String(events[0]?.getFirstPropertyValue("summary"))).toMatch(/^Drydock: \d+ reviews? due$/);
});

test("the statistics of questions say when there is too little, sort by their address, and name nobody", async ({ page }) => {
  await study(page.request);
  await page.goto("/statistics");
  await expect(page.getByText("There is too little to say yet.")).toBeVisible();

  await page.getByRole("link", { name: "All", exact: true }).click();
  await page.getByRole("columnheader", { name: "First answers" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "First answers" })).toHaveAttribute("aria-sort", "descending");
  expect(new URL(page.url()).search).toBe("?sort=answers&dir=down&show=all");
  const [first] = await page.getByRole("rowheader").getByRole("link").all();
  await first?.click();

  await expect(page.getByText(/^There is too little to say yet: \d+ first answers? to this revision/)).toBeVisible();
  expect((await page.request.get("/statistics/no-such-item")).status()).toBe(404);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 } });
  test("neither charts nor statistics scroll sideways", async ({ page }) => {
    await study(page.request);
    for (const path of ["/progress", "/review", "/exam", "/statistics?show=all"]) {
      await page.goto(path);
      await readThrough(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    }
  });
});
