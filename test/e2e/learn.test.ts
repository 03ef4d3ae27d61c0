import { answerByKeyboard, VERDICT } from "./answering";
import { expect, test } from "./bench";

test("a lesson is read from its contents on, and its three questions follow", async ({ page }) => {
  await page.goto("/learn");
  await page.getByRole("link", { name: "The path of a packet" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The path of a packet" })).toBeVisible();

  await page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "For the exam, and today" }).click();
  await expect(page.getByRole("heading", { name: "For the exam, and today" })).toBeInViewport();
  await expect(page).toHaveURL(/#for-the-exam-and-today$/);
  await expect(page.getByRole("link", { name: "For the exam, and today", exact: true })).toHaveAttribute("aria-current", "location");

  await page.getByRole("link", { name: "Answer three questions" }).click();
  await expect(page.getByText("Question 1 of 3")).toBeVisible();
  for (let number = 1; number <= 3; number++) {
    await expect(page.getByText(`Question ${number} of 3`)).toBeVisible();
    await answerByKeyboard(page);
    await expect(page.getByRole("heading", { name: VERDICT })).toBeFocused();
    await page.keyboard.press("Enter");
  }
  await expect(page.getByRole("heading", { name: /of 3 right$/ })).toBeVisible();

  await page.getByRole("link", { name: "Back to the lesson" }).click();
  await expect(page.getByText(/of the 3 questions right so far/)).toBeVisible();
  await page.goto("/learn");
  await expect(page.getByRole("listitem").filter({ hasText: "The path of a packet" }).last()).toContainText(/\d of 3 right/);
});

test("a command of a lesson is copied with the keyboard, without its prompt", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/learn/packet-path");
  const copy = page.getByRole("button", { name: "Copy docker exec client ip route" });
  await copy.focus();
  await page.keyboard.press("Enter");

  await expect(copy).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("docker exec client ip route");
});

test("questions can be chosen by difficulty and by objective", async ({ page }) => {
  await page.goto("/quiz");
  await page.getByRole("link", { name: "1 recall" }).click();
  await expect(page.getByRole("heading", { name: "Level 1: recall" })).toBeVisible();

  await page.goto("/quiz");
  await page.locator("summary", { hasText: "Networking" }).click();
  await page.getByRole("link", { name: "Publish a port" }).click();
  await expect(page.getByRole("heading", { name: "Publish a port" })).toBeVisible();
});
