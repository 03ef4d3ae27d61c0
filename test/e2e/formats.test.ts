/** Questions of every format: answered with the keyboard alone, by pointer, and on a phone. */

import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { type Item, type ItemOf, loadItems } from "@/lib/content";
import { answerByKeyboard, completeByKeyboard, VERDICT } from "./answering";
import { expect, test } from "./bench";

let items: readonly Item[];
test.beforeAll(async () => {
  items = await loadItems();
});

function firstOf<F extends Item["format"]>(format: F, fits: (item: ItemOf<F>) => boolean = () => true): ItemOf<F> {
  const found = items.find((item): item is ItemOf<F> => item.format === format && fits(item as ItemOf<F>));
  if (!found) throw new Error(`no item of the format ${format}`);
  return found;
}

async function open(page: Page, item: Item): Promise<Locator> {
  await page.goto(`/quiz/item-${item.id}`);
  const card = page.locator("article");
  await expect(card).toBeVisible();
  return card;
}

async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

/** Presses Tab until something within `target` has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = (): Promise<boolean> => target.evaluate((element) => element.contains(document.activeElement));
  for (let i = 0; i < 60 && !(await isThere()); i++) await page.keyboard.press("Tab");
  expect(await isThere()).toBe(true);
}

test("steps are put in order with Alt and the arrows, each move is announced, and the right order is told as such", async ({ page }) => {
  const item = firstOf("ord");
  const card = await open(page, item);
  const rows = card.getByRole("list").getByRole("listitem");
  const wordsAt = async (at: number): Promise<string> => (await rows.nth(at).locator("[data-way='1']").getAttribute("aria-label")) ?? "";
  const first = await wordsAt(0);
  await tabTo(page, rows.nth(0));
  await page.keyboard.press("Alt+ArrowDown");
  expect(await wordsAt(1)).toBe(first);
  await expect(card.getByRole("status").filter({ hasText: `Place 2 of ${item.steps.length}: ` })).toHaveCount(1);
  await expect(rows.nth(1).locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Alt+ArrowUp");
  expect(await wordsAt(0)).toBe(first);

  for (const [place, { id }] of item.steps.entries()) {
    const row = card.locator(`[data-step="${id}"]`);
    await row.locator("[data-way='-1']").focus();
    for (let i = 0; i < item.steps.length && (await rows.nth(place).getAttribute("data-step")) !== id; i++) {
      await page.keyboard.press("Enter");
    }
  }
  expect(await faultsOf(page)).toEqual([]);
  await tabTo(page, card.getByRole("button", { name: "Answer" }));
  await page.keyboard.press("Enter");

  await expect(card.getByRole("heading", { name: "Right." })).toBeFocused();
  await expect(card.getByRole("heading", { name: "Your order, and why" })).toBeVisible();
  await expect(rows).toHaveCount(item.steps.length);
  expect(await faultsOf(page)).toEqual([]);
});

test("a step is dragged to another place", async ({ page }) => {
  const card = await open(page, firstOf("ord"));
  const rows = card.getByRole("list").getByRole("listitem");
  const taken = await rows.nth(0).getAttribute("data-step");
  const [from, to] = [await rows.nth(0).boundingBox(), await rows.nth(2).boundingBox()];
  if (!from || !to) throw new Error("the steps are not there");
  await page.mouse.move(from.x + 120, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 120, to.y + to.height / 2, { steps: 6 });
  await page.mouse.move(from.x + 120, to.y + to.height, { steps: 2 });
  await page.mouse.up();

  expect(await rows.nth(2).getAttribute("data-step")).toBe(taken);
  await expect(rows.nth(2)).toHaveCSS("transform", "none");
});

test("an order that is wrong names the pairs that stand the wrong way round", async ({ page }) => {
  const item = firstOf("ord");
  const card = await open(page, item);
  const rows = card.getByRole("list").getByRole("listitem");
  for (const [place, { id }] of [...item.steps].reverse().entries()) {
    await card.locator(`[data-step="${id}"] [data-way="-1"]`).focus();
    for (let i = 0; i < item.steps.length && (await rows.nth(place).getAttribute("data-step")) !== id; i++) {
      await page.keyboard.press("Alt+ArrowUp");
    }
  }
  await card.getByRole("button", { name: "Answer" }).click();

  await expect(card.getByRole("heading", { name: "Not in this order." })).toBeFocused();
  await expect(card.getByText("comes before")).toHaveCount(item.before.length);
  expect(await faultsOf(page)).toEqual([]);
});

test("pairs are matched with the keyboard, and each is told right or wrong", async ({ page }) => {
  const item = firstOf("mat");
  const card = await open(page, item);
  expect(await faultsOf(page)).toEqual([]);
  const lists = await card.getByRole("combobox").all();
  expect(lists).toHaveLength(item.left.length);
  for (const list of lists) {
    await expect(card.getByRole("button", { name: "Answer" })).toBeDisabled();
    await tabTo(page, list);
    await page.keyboard.press("ArrowDown");
  }
  await tabTo(page, card.getByRole("button", { name: "Answer" }));
  await page.keyboard.press("Enter");

  await expect(card.getByRole("heading", { name: VERDICT })).toBeFocused();
  await expect(card.getByText(new RegExp(`^\\d of ${item.left.length} right$`))).toBeVisible();
  await expect(card.getByText(/^(Right|Wrong):$/)).toHaveCount(item.left.length);
  expect(await faultsOf(page)).toEqual([]);
});

test("a command that Docker would refuse does not count; the right one is written after it, and Enter sends it", async ({ page }) => {
  const item = firstOf("cmd");
  const card = await open(page, item);
  expect(await faultsOf(page)).toEqual([]);
  const prompt = card.getByRole("textbox", { name: "Write one docker command" });
  await tabTo(page, prompt);
  await page.keyboard.type("docker run --no-such-flag 1");
  await page.keyboard.press("Enter");
  await expect(card.getByRole("alert")).toHaveText(/^Docker would not take this: .*It does not count/);
  await expect(prompt).toBeFocused();

  await prompt.fill("");
  await page.keyboard.type(item.accept[0] ?? "");
  await expect(card.getByRole("alert")).toBeHidden();
  await page.keyboard.press("Enter");

  await expect(card.getByRole("heading", { name: "Right." })).toBeFocused();
  for (const command of item.accept) await expect(card.getByRole("listitem").filter({ hasText: command }).first()).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await page.goto("/progress");
  await expect(page.getByText("You have given 1 answer")).toBeVisible();
});

test("what is no number is refused before it is sent; a known wrong one gets its remark", async ({ page }) => {
  const item = firstOf("num", ({ wrong }) => wrong.length > 0);
  const card = await open(page, item);
  let sent = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/api/answers")) sent++;
  });
  const field = card.getByRole("textbox", { name: "Your number" });
  await tabTo(page, field);
  await page.keyboard.type("many");
  await page.keyboard.press("Enter");
  await expect(card.getByRole("alert")).toHaveText(/not a number/);
  await expect(field).toHaveAttribute("aria-invalid", "true");
  expect(sent).toBe(0);
  expect(await faultsOf(page)).toEqual([]);

  await field.fill(String(item.wrong[0]?.value));
  await page.keyboard.press("Enter");

  await expect(card.getByRole("heading", { name: "Wrong." })).toBeFocused();
  await expect(card.getByText(`The answer: ${item.answer}`)).toBeVisible();
  expect(sent).toBe(1);
  expect(await faultsOf(page)).toEqual([]);
});

test("a fault in a drawing is found with the arrow keys, and marked after the answer", async ({ page }) => {
  const item = firstOf("spot");
  const card = await open(page, item);
  expect(await faultsOf(page)).toEqual([]);
  const drawing = card.getByRole("group", { name: /^Where is the fault/ });
  const things = item.drawing.parts.length + item.drawing.links.length;
  await expect(drawing.getByRole("radio")).toHaveCount(things);
  await tabTo(page, drawing);
  await page.keyboard.press("Space");
  const wanted = item.drawing.parts.find(({ id }) => id === item.fault)?.label ?? "";
  const isThere = async (): Promise<boolean> =>
    ((await drawing.getByRole("radio", { checked: true }).getAttribute("id")) ?? "").endsWith(item.fault);
  for (let i = 0; i < things && !(await isThere()); i++) await page.keyboard.press("ArrowDown");
  const reasons = card.getByRole("group", { name: "What is it?" });
  await tabTo(page, reasons);
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");

  await expect(card.getByRole("heading", { name: VERDICT })).toBeFocused();
  await expect(card.getByText(`${wanted}.`, { exact: false }).first()).toBeVisible();
  await expect(card.getByRole("radio", { name: /the fault is here$/ })).toHaveCount(1);
  expect(await faultsOf(page)).toEqual([]);
});

test("a part of a drawing is chosen with the pointer, and what lies in it by itself", async ({ page }) => {
  const item = firstOf("spot", ({ drawing }) => drawing.parts.some((part) => part.in !== undefined));
  const card = await open(page, item);
  const drawing = card.getByRole("group", { name: /^Where is the fault/ });
  const inner = item.drawing.parts.find((part) => part.in !== undefined && !item.drawing.parts.some((other) => other.in === part.id));
  const box = await drawing.locator(`input[id$="${inner?.id}"]:visible`).boundingBox();
  if (!box) throw new Error("the part is not there");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);

  await expect(drawing.getByRole("radio", { checked: true })).toHaveAttribute("id", new RegExp(`${inner?.id}$`));
});

test("an output to be predicted is answered with a digit", async ({ page }) => {
  const item = firstOf("out");
  const card = await open(page, item);
  expect(await faultsOf(page)).toEqual([]);
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");

  await expect(card.getByRole("heading", { name: VERDICT })).toBeFocused();
  await expect(card.getByText(/^(Right|Wrong)$/)).toHaveCount(item.options.length);
  expect(await faultsOf(page)).toEqual([]);
});

test("the page of the quiz leads to the questions of one kind, and their set ends with its summary", async ({ page }) => {
  await page.goto("/quiz");
  await page.getByRole("link", { name: "Work out a number" }).click();
  const head = page.getByText(/^Question 1 of \d+$/);
  await expect(head).toBeVisible();
  const count = Number((await head.textContent())?.split(" ").at(-1));
  for (let number = 1; number <= count; number++) {
    await expect(page.getByText(`Question ${number} of ${count}`)).toBeVisible();
    await answerByKeyboard(page);
    await expect(page.getByRole("heading", { name: VERDICT })).toBeFocused();
    await page.keyboard.press("Enter");
  }

  await expect(page.getByRole("heading", { name: new RegExp(`^\\d+ of ${count} right$`) })).toBeFocused();
  await expect(page.locator("main ol > li")).not.toHaveCount(0);
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`on a phone, ${theme}`, () => {
    test.use({ viewport: { width: 360, height: 740 }, colorScheme: theme });

    for (const format of ["ord", "mat", "cmd", "num", "spot", "out"] as const) {
      test(`${format}: nothing scrolls sideways, and nothing is amiss before or after the answer`, async ({ page }) => {
        await open(page, firstOf(format));
        const widthOf = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
        expect(await widthOf()).toBeLessThanOrEqual(360);
        expect(await faultsOf(page)).toEqual([]);
        await completeByKeyboard(page);
        await page.getByRole("button", { name: "Answer" }).click();
        await expect(page.getByRole("heading", { name: VERDICT })).toBeFocused();
        expect(await widthOf()).toBeLessThanOrEqual(360);
        expect(await faultsOf(page)).toEqual([]);
      });
    }
  });
}
