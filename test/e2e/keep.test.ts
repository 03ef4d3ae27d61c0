import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { answerByKeyboard, VERDICT } from "./answering";
import { expect, test } from "./bench";

/** One question alone; its options are chosen by their numbers. */
const ADDRESS = "/quiz/item-net-bridge-0001";
const bookmark = (page: Page) => page.getByRole("button", { name: "Bookmark this question" });

async function answer(page: Page, path = ADDRESS): Promise<void> {
  await page.goto(path);
  await expect(page.getByText(/^Question 1 of/)).toBeVisible();
  await answerByKeyboard(page);
  await expect(page.getByRole("heading", { name: VERDICT })).toBeVisible();
}

async function violations(page: Page): Promise<readonly string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}

test("B bookmarks a question, which is then a set of its own, and B again takes that back", async ({ page }) => {
  await page.goto(ADDRESS);
  await expect(bookmark(page)).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("b");
  await expect(bookmark(page)).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("Bookmarked.", { exact: true })).toBeAttached();

  await page.goto("/quiz");
  await page.getByRole("link", { name: "Bookmarks (1)" }).click();
  await expect(page.getByRole("heading", { name: "Bookmarks" })).toBeVisible();
  await expect(bookmark(page)).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("b");
  await expect(bookmark(page)).toHaveAttribute("aria-pressed", "false");

  await page.reload();
  await expect(page.getByText("You have no bookmarks.")).toBeVisible();
});

test("a note is written after the answer, says when it is saved, and is there the next time and among the notes", async ({ page }) => {
  await answer(page);
  await page.getByRole("button", { name: "Write a note" }).click();
  const field = page.getByRole("textbox", { name: "Your note" });
  await expect(field).toBeFocused();
  await page.keyboard.type("The **veth** pair, 1 of 2.\nEnter does not send.");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Edit" })).toBeFocused();
  await expect(page.locator("strong", { hasText: "veth" })).toBeVisible();

  await answer(page);
  await expect(page.getByText("Enter does not send.")).toBeVisible();
  await page.goto("/notes");
  await page.getByLabel("Search your notes").fill("VETH");
  await expect(page.getByText("1 of 1")).toBeVisible();
  await page.getByLabel("Search your notes").fill("macvlan");
  await expect(page.getByText("0 of 1")).toBeVisible();
  await expect(page.getByText("Enter does not send.")).toBeHidden();
});

test("a note says that it is not saved while the server does not answer, and loses nothing", async ({ page }) => {
  await answer(page);
  await page.getByRole("button", { name: "Write a note" }).click();
  await page.route("**/api/notes", (route) => route.abort());
  await page.keyboard.type("Kept here");
  await expect(page.getByText("Not saved: the server does not answer")).toBeVisible();

  await page.unroute("**/api/notes");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  await answer(page);
  await expect(page.getByText("Kept here")).toBeVisible();
});

test("a note that is left for the next question right after typing is saved all the same", async ({ page }) => {
  await answer(page);
  await page.getByRole("button", { name: "Write a note" }).click();
  await page.keyboard.type("In a hurry");
  await page.getByRole("button", { name: /^See the result/ }).click();
  await expect(page.getByRole("heading", { name: /of 1 right/ })).toBeVisible();

  await answer(page);

  await expect(page.getByText("In a hurry")).toBeVisible();
});

test("a note changed in two windows holds both texts", async ({ page, context }) => {
  await answer(page);
  const other = await context.newPage();
  await answer(other);
  for (const [window, text] of [
    [page, "from the first"],
    [other, "from the second"],
  ] as const) {
    await window.getByRole("button", { name: "Write a note" }).click();
    await window.keyboard.type(text);
    await expect(window.getByText("Saved", { exact: true })).toBeVisible();
  }

  await answer(page);

  await expect(page.getByText("from the first")).toBeVisible();
  await expect(page.getByText("from the second")).toBeVisible();
});

test("a question is reported with the keyboard alone, and its keys do not reach the question", async ({ page }) => {
  await page.goto(ADDRESS);
  await page.getByRole("button", { name: "Report a fault in this question" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "What is wrong with this question?" })).toBeVisible();
  await page.getByRole("radio", { name: "Docker no longer behaves like this" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("2");
  await page.getByLabel("More, if you like").fill("Since 28 it warns.");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Send" }).focus();
  await page.keyboard.press("Enter");

  await expect(page.getByText("Your report was kept.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Close" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Report a fault in this question" })).toBeFocused();
  await expect(page.getByRole("button", { name: "Answer" })).toBeDisabled();
});

test("a wrong answer is among one's mistakes and shows its belief, which has a page", async ({ page }) => {
  await page.goto("/quiz");
  await expect(page.getByRole("heading", { name: "Yours" })).toBeHidden();
  // Options are shuffled at each visit; three of four first ones are wrong, and of these most stand for a belief.
  const isWrong = page.getByRole("heading", { name: "Wrong." });
  const belief = page.getByText("The belief behind it:");
  for (let tries = 0; tries < 30 && (await isWrong.count()) * (await belief.count()) === 0; tries++) await answer(page);

  await page.goto("/quiz");
  await page.getByRole("link", { name: "My mistakes (1)" }).click();
  await expect(page.getByRole("heading", { name: "My mistakes" })).toBeVisible();
  await page.goto("/misconceptions");
  await expect(page.getByText(/^Your answers showed it/).first()).toBeVisible();
  await page
    .getByRole("link", { name: /^Practise: / })
    .first()
    .click();
  await expect(page.getByText(/^Question 1 of/)).toBeVisible();
});

test("a command is found with the palette, and leads to what is simulated of it and where it is used", async ({ page }) => {
  await page.goto("/labs");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("docker network create");
  await expect(page.getByRole("option", { selected: true })).toContainText("Create a network");
  await page.keyboard.press("Enter");

  await expect(page).toHaveURL(/\/commands#docker-network-create$/);
  const row = page.locator("#docker-network-create");
  await expect(row).toBeInViewport();
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/(learn|labs)\//);
});

test("typing in the palette keeps up with the whole bank", async ({ page }) => {
  await page.goto("/labs");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option").first()).toBeVisible();
  const field = page.getByRole("combobox", { name: /^Search/ });
  const spent = await field.evaluate(async (input: HTMLInputElement) => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
    const times: number[] = [];
    for (let length = 1; length <= 20; length++) {
      const started = performance.now();
      set?.call(input, "docker network create".slice(0, length));
      input.dispatchEvent(new Event("input", { bubbles: true }));
      times.push(performance.now() - started);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  });

  expect(spent).toBeLessThan(100);
});

for (const theme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test.describe(`in the ${theme} theme, ${width} wide`, () => {
      test.use({ colorScheme: theme, viewport: { width, height: 800 } });
      test("what is kept has no fault that axe can find, and does not scroll sideways", async ({ page }) => {
        await answer(page);
        await page.keyboard.press("b");
        await expect(bookmark(page)).toHaveAttribute("aria-pressed", "true");
        await page.getByRole("button", { name: "Write a note" }).click();
        await page.keyboard.type("A `veth` pair");
        await expect(page.getByText("Saved", { exact: true })).toBeVisible();
        expect(await violations(page)).toEqual([]);
        for (const path of ["/quiz", "/notes", "/misconceptions", "/commands"]) {
          await page.goto(path);
          expect(await violations(page), path).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
        }
      });
    });
  }
}
