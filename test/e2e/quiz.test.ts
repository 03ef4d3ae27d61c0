import { answerByKeyboard, completeByKeyboard, VERDICT } from "./answering";
import { expect, test } from "./bench";

test("a set is practised to its end with the keyboard alone, and counts", async ({ page }) => {
  await page.goto("/quiz");
  await page.getByRole("link", { name: "User-defined bridges" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Question 1 of \d+$/)).toBeVisible();
  const count = Number((await page.getByText(/^Question 1 of \d+$/).textContent())?.split(" ").at(-1));

  for (let number = 1; number <= count; number++) {
    await expect(page.getByText(`Question ${number} of ${count}`)).toBeVisible();
    await answerByKeyboard(page);

    // Of a choice each option has its verdict and its reason; every question has a source.
    await expect(page.getByRole("heading", { name: VERDICT })).toBeFocused();
    const options = await page
      .getByRole("group", { name: /^Choose (one|two|three|four)$/ })
      .locator("label")
      .count();
    if (options > 0) await expect(page.locator("fieldset p > strong", { hasText: /^(Right|Wrong)$/ })).toHaveCount(options);
    await expect(page.getByText("Read on:")).toBeVisible();
    await page.keyboard.press("Enter");
  }

  await expect(page.getByRole("heading", { name: new RegExp(`^\\d+ of ${count} right$`) })).toBeFocused();
  await page.goto("/progress");
  await expect(page.getByText(`You have given ${count} answers`)).toBeVisible();
});

test("the mixed set draws from several topics", async ({ page }) => {
  await page.goto("/quiz");
  await page.getByRole("link", { name: "Ten from all topics" }).click();

  await expect(page.getByRole("heading", { name: "All topics" })).toBeVisible();
  await expect(page.getByText("Question 1 of 10")).toBeVisible();
});

test("an answer that the server does not get can be sent again", async ({ page }) => {
  await page.goto("/quiz/T01");
  await expect(page.getByText(/^Question 1/)).toBeVisible();
  await page.route("**/api/answers", (route) => route.abort());
  await completeByKeyboard(page);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your answer was not kept")).toBeVisible();

  await page.unroute("**/api/answers");
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { name: VERDICT })).toBeVisible();
});
