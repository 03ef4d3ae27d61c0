/** Reviews, exams, and moving one's progress: as a learner does it, in a browser. */

import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./bench";

type Refusal = { readonly error: { readonly code: string; readonly path?: string } };
type Shown = { readonly id: string };

/** Chooses as many options as the question wants, by their numbers, and answers with Enter. */
async function answerByKeyboard(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Answer" });
  for (let key = 1; key <= 5 && (await button.isDisabled()); key++) await page.keyboard.press(String(key));
  await expect(button).toBeEnabled();
  await page.keyboard.press("Enter");
}

/** Practises a few questions and answers each wrongly, so that their cards are due within minutes. */
async function makeCards(request: APIRequestContext, items: readonly string[]): Promise<void> {
  for (const item of items) {
    const response = await request.post("/api/answers", {
      data: { item, rev: revisionOf(item), options: ["a", "b", "c", "d"], chosen: ["d"], ms: 1_000, mode: "practice" },
    });
    expect(response.status()).toBe(200);
  }
}

const BANK = readFileSync("content/items/t05-encrypted-overlays.yaml", "utf8");
const ITEMS = ["net-enc-0001", "net-enc-0002", "net-enc-0003"];
const revisionOf = (item: string): number => Number(new RegExp(`- id: ${item}\\n\\s+rev: (\\d+)`).exec(BANK)?.[1] ?? 1);

/** Reviews of a month ago, so that all of them are due. */
async function makeDue(request: APIRequestContext, items: readonly string[]): Promise<void> {
  const file = (await (await request.get("/api/progress")).json()) as object;
  const at = new Date(Date.now() - 30 * 86_400_000).toISOString();
  const reviews = items.map((card) => ({ kind: "item", card, grade: "good", at }));
  expect((await request.post("/api/progress", { data: { ...file, reviews } })).status()).toBe(200);
}

async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

const widthOf = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);

test("a review session is done with the keyboard alone: answered, graded anew, taken back, to its end", async ({ page }) => {
  await page.goto("/review");
  await expect(page.getByText("Nothing comes back yet.")).toBeVisible();
  await makeDue(page.request, ITEMS);
  await page.goto("/review");
  const count = ITEMS.length;
  await expect(page.getByText(`1 of ${count}`, { exact: true })).toBeVisible();
  await answerByKeyboard(page);
  await expect(page.getByRole("heading", { name: /^(Right|Wrong|Not this set)\.$/ })).toBeFocused();
  await expect(page.getByText("Read on:")).toBeVisible();
  const grades = page.getByRole("group", { name: /^Comes back/ });
  await expect(grades.getByRole("button")).toHaveText([/^Again.*in|^Again.*now/, /^Hard/, /^Good/, /^Easy.*in \d+ (days?|months)/]);
  await page.keyboard.press("4");
  await expect(grades.getByRole("button", { name: /^Easy/ })).toHaveAttribute("aria-pressed", "true");
  expect(await faultsOf(page)).toEqual([]);

  await page.keyboard.press("u");
  await expect(page.getByRole("button", { name: "Answer" })).toBeVisible();
  await expect(page.getByText(`1 of ${count}`, { exact: true })).toBeVisible();
  for (let number = 1; number <= count; number++) {
    await expect(page.getByText(`${number} of ${count}`, { exact: true })).toBeVisible();
    await answerByKeyboard(page);
    await expect(page.getByRole("heading", { name: /^(Right|Wrong|Not this set)\.$/ })).toBeFocused();
    await page.keyboard.press("Enter");
  }
  await expect(page.getByRole("heading", { name: new RegExp(`^\\d+ of ${count} remembered$`) })).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(page.getByText(`${count} of at most 40 repetitions done`)).toBeVisible();
  await expect(page.getByRole("heading", { name: "The next 14 days" })).toBeVisible();
});

/** Replies to what an exam asks now, whatever it is. */
async function reply(page: Page): Promise<void> {
  const before = await asked(page);
  if (await page.getByRole("button", { name: /^Yes/ }).isVisible()) await page.keyboard.press(Math.random() < 0.5 ? "y" : "n");
  else await answerByKeyboard(page);
  await expect
    .poll(async () => (await asked(page)) !== before || (await page.getByRole("heading", { name: /right$/ }).count()) > 0)
    .toBe(true);
}

/** What stands between head and foot, as one text. */
const asked = async (page: Page): Promise<string> =>
  `${await page
    .locator("main header")
    .textContent({ timeout: 1_000 })
    .catch(() => "")}`.replace(/\d+:\d\d/, "") +
  (await page
    .locator("main article")
    .textContent({ timeout: 1_000 })
    .catch(() => ""));

test("an exam of 15 survives a reload, tells nothing before its end, and takes no reply after it", async ({ page }) => {
  await page.goto("/exam");
  await page.getByRole("button", { name: "Start: networking exam" }).click();
  await expect(page.getByText("Question 1 of 15")).toBeVisible();
  await expect(page.getByRole("timer")).toHaveText(/^2[45]:\d\d$/);

  while (!(await page.getByText("Question 4 of 15").isVisible())) await reply(page);
  const before = await asked(page);
  const html = await (await page.reload())?.text();
  await expect(page.getByText("Question 4 of 15")).toBeVisible();
  expect(await asked(page)).toBe(before);
  await expect(page.getByRole("timer")).toHaveText(/^2\d:\d\d$/);
  // Neither the page nor the data that comes with it knows what is right.
  expect(html).not.toMatch(/\\?"(key|why|misconception|one_by_one)\\?":/);
  expect(await faultsOf(page)).toEqual([]);

  for (let i = 0; i < 90 && (await page.getByText(/^Question \d+ of 15/).count()) > 0; i++) await reply(page);
  await expect(page.getByRole("heading", { name: /^\d+ of 15 right$/ })).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(2);
  const question = page.locator("main ol details").first();
  await question.locator("summary").click();
  await expect(question.getByText(/^(You |It was not shown)/).first()).toBeVisible();
  await expect(question.getByText("Read on:")).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);

  const late = await page.request.post(`/api/exams/${page.url().split("/").at(-1)}/replies`, {
    data: { place: 14, step: 9, accept: true },
  });
  expect([late.status(), ((await late.json()) as Refusal).error.code]).toEqual([409, "exam-over"]);
  await page.goto("/progress");
  await expect(page.getByRole("table").getByRole("link", { name: "Networking exam" })).toBeVisible();
});

test("an exam is left, gone on with, and abandoned", async ({ page }) => {
  await page.goto("/exam");
  await page.getByRole("button", { name: "Start: drill" }).click();
  await page.getByRole("link", { name: "Leave; the time runs on" }).click();
  await expect(page.getByText("Drill is open:")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start: networking exam" })).toBeDisabled();
  await page.getByRole("link", { name: "Go on" }).click();
  await expect(page.getByText("Question 1 of 10")).toBeVisible();
  await page.goto("/exam");

  await page.getByRole("button", { name: "Abandon" }).click();
  await page.getByRole("button", { name: "Abandon, without a mark" }).click();

  await expect(page.getByRole("cell", { name: "abandoned" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Start: networking exam" })).toBeEnabled();
});

test("progress is exported, and read in by a fresh learner, once", async ({ page, browser, baseURL }) => {
  await makeCards(page.request, ITEMS);
  await page.goto("/progress");
  await expect(page.getByText("You have given 3 answers")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What next, and why" })).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export" }).click()]);
  const file = await download.path();

  const context = await browser.newContext(baseURL ? { baseURL } : {});
  const other = await context.newPage();
  await other.goto("/progress");
  await expect(other.getByText("Nothing is written down yet.")).toBeVisible();
  await other.getByLabel("File to import").setInputFiles(file);
  await expect(other.getByRole("status")).toHaveText(/^Added: 3 answers, \d+ reviews\.$/);
  await expect(other.getByText("You have given 3 answers")).toBeVisible();
  await other.getByLabel("File to import").setInputFiles(file);
  await expect(other.getByRole("status")).toHaveText("Everything in this file was here already.");

  const bad = JSON.parse(readFileSync(file, "utf8")) as { answers: { at: string }[] };
  const broken = { ...bad, answers: bad.answers.map((answer, at) => (at === 1 ? { ...answer, at: "soon" } : answer)) };
  await other
    .getByLabel("File to import")
    .setInputFiles({ name: "bad.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(broken)) });
  await expect(other.getByRole("status")).toHaveText(/^Nothing was read in\. At answers\.1\.at: /);
  await context.close();
});

test("what is malformed, from elsewhere or somebody else's is refused at the border", async ({ request, playwright, baseURL }) => {
  const started = await request.post("/api/exams", { data: { kind: "drill" } });
  expect(started.status()).toBe(201);
  const { id } = (await started.json()) as Shown;
  const code = async (url: string, data: unknown, headers: Record<string, string> = {}) => {
    const response = await request.post(url, { data, headers });
    return [response.status(), ((await response.json()) as Refusal).error.code];
  };
  const evil = { Origin: "https://evil.example" };

  expect(await code("/api/exams", { kind: "easy" })).toEqual([400, "invalid"]);
  expect(await code("/api/exams", { kind: "drill" })).toEqual([409, "exam-open"]);
  expect(await code(`/api/exams/${id}/replies`, { place: 0, step: 0, accept: true, correct: true })).toEqual([400, "invalid"]);
  expect(await code(`/api/exams/${id}/replies`, { place: 3, step: 0, accept: true })).toEqual([409, "not-asked"]);
  expect(await code(`/api/exams/${id}/end`, { state: "passed" })).toEqual([400, "invalid"]);
  expect(await code("/api/exams/no-such/replies", { place: 0, step: 0, accept: true })).toEqual([404, "no-such-exam"]);
  expect(await code("/api/settings", { passMark: 0 })).toEqual([400, "invalid"]);
  expect(await code("/api/reviews/1/undo", {})).toEqual([409, "not-the-last"]);
  expect(await code("/api/reviews/x/grade", { card: { kind: "item", card: "y" }, grade: "good" })).toEqual([409, "not-the-last"]);
  for (const url of [
    "/api/exams",
    `/api/exams/${id}/replies`,
    `/api/exams/${id}/end`,
    "/api/settings",
    "/api/reviews",
    "/api/reviews/1/undo",
    "/api/progress",
  ]) {
    expect(await code(url, {}, evil)).toEqual([403, "foreign-origin"]);
  }
  const other = await playwright.request.newContext(baseURL ? { baseURL } : {});
  const stolen = await other.post(`/api/exams/${id}/replies`, { data: { place: 0, step: 0, accept: true } });
  expect(stolen.status()).toBe(404);
  await other.dispose();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 } });
  test("no page of study scrolls sideways", async ({ page }) => {
    await makeCards(page.request, ITEMS);
    await page.goto("/exam");
    expect(await widthOf(page)).toBeLessThanOrEqual(360);
    await page.getByRole("button", { name: "Start: drill" }).click();
    await expect(page.getByText("Question 1 of 10")).toBeVisible();
    expect(await widthOf(page)).toBeLessThanOrEqual(360);
    await page.getByRole("button", { name: "End the exam" }).click();
    await page.getByRole("button", { name: /^End now/ }).click();
    await expect(page.getByRole("heading", { name: "0 of 10 right" })).toBeVisible();
    for (const summary of await page.locator("summary").all()) await summary.click();
    expect(await widthOf(page)).toBeLessThanOrEqual(360);
    for (const path of ["/progress", "/review"]) {
      await page.goto(path);
      for (const summary of await page.locator("summary").all()) await summary.click();
      expect(await widthOf(page)).toBeLessThanOrEqual(360);
    }
  });
});
