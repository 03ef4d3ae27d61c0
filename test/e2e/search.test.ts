import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, openLab, terminalInput, test } from "./bench";

const field = (page: Page) => page.getByRole("combobox", { name: /^Search/ });
const dialog = (page: Page) => page.getByRole("dialog", { name: "Search" });

test("a lab is found with the keyboard alone", async ({ page }) => {
  await page.goto("/quiz");
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("who is web");

  const chosen = page.getByRole("option", { selected: true });
  await expect(chosen).toContainText("Who is web?");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await chosen.getAttribute("id")) ?? "");
  await page.keyboard.press("Enter");

  await expect(page).toHaveURL(/\/labs\/L-BRG-2$/);
  await expect(dialog(page)).toBeHidden();
});

test("the arrows go round, Esc closes, and the focus is where it was", async ({ page }) => {
  await page.goto("/quiz");
  const button = page.getByRole("button", { name: "Search" });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("bridge");
  const options = page.getByRole("option");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");

  await page.keyboard.press("ArrowUp");
  await expect(options.last()).toHaveAttribute("aria-selected", "true");
  await expect(options.last()).toBeInViewport();
  await page.keyboard.press("ArrowDown");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");

  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(button).toBeFocused();
});

test("a question that is found is asked alone", async ({ page }) => {
  await page.goto("/labs");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("two statements default bridge");
  const question = page.getByRole("option", { name: /Question/ }).first();
  await question.click();

  await expect(page.getByText("Question 1 of 1")).toBeVisible();
});

test("in a terminal Ctrl K is the shell's", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await terminalInput(page).focus();
  await page.keyboard.press("Control+k");

  await expect(dialog(page)).toBeHidden();
  await expect(terminalInput(page)).toBeFocused();
});

test("the index is asked for once, and not again when it has not changed", async ({ page, request }) => {
  let count = 0;
  page.on("request", (asked) => {
    if (asked.url().endsWith("/api/search")) count++;
  });
  await page.goto("/labs");
  expect(count).toBe(0);
  for (let time = 0; time < 2; time++) {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("option").first()).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog(page)).toBeHidden();
  }
  expect(count).toBe(1);

  const first = await request.get("/api/search");
  const again = await request.get("/api/search", { headers: { "If-None-Match": first.headers()["etag"] ?? "" } });
  expect(again.status()).toBe(304);
});

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme, on a phone`, () => {
    test.use({ colorScheme: theme, viewport: { width: 360, height: 740 } });
    test("the palette has no fault that axe can find, and does not scroll sideways", async ({ page }) => {
      await page.goto("/labs");
      await page.getByRole("button", { name: "Search" }).click();
      await field(page).fill("overlay");
      await expect(page.getByRole("option").first()).toBeVisible();

      const { violations } = await new AxeBuilder({ page }).analyze();

      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
  });
}
