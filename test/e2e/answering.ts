/** A learner who answers a question of any format with the keyboard alone. */

import { expect, type Page } from "@playwright/test";

/** What is said first to an answer, in all formats. */
export const VERDICT = /^(Right|Wrong|Not this set|Not in this order|Not all of them)\.$/;

/** Gives some answer that can be sent, right or wrong, and sends it with Enter. */
export async function answerByKeyboard(page: Page): Promise<void> {
  await completeByKeyboard(page);
  await expect(page.getByRole("button", { name: /^Answer/ })).toBeEnabled();
  await page.keyboard.press("Enter");
}

/** Fills in what the question wants, without sending it. */
export async function completeByKeyboard(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: /^Answer/ });
  const card = page.locator("article");
  // Before the card takes the focus there is nobody to hear a key.
  await expect(card.locator(":focus")).toHaveCount(1);
  for (let key = 1; key <= 5 && (await button.isDisabled()); key++) await page.keyboard.press(String(key));
  for (const list of await card.getByRole("combobox").all()) {
    await list.focus();
    await page.keyboard.press("ArrowDown");
  }
  // A list takes Enter for itself.
  if ((await card.getByRole("combobox").count()) > 0) await button.focus();
  const field = card.getByRole("textbox");
  if ((await field.count()) > 0) {
    await field.focus();
    await page.keyboard.type((await page.getByText("Write one docker command").count()) > 0 ? "docker ps" : "12");
  }
  if (await button.isDisabled()) {
    for (const group of await card.locator("fieldset:has([type=radio])").all()) {
      await group.locator("[type=radio]:visible").first().focus();
      await page.keyboard.press("Space");
    }
  }
}
