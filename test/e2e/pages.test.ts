import AxeBuilder from "@axe-core/playwright";
import { expect, promptIn, test } from "./bench";

const PAGES = [
  { path: "/", title: /Drydock/, isReady: "terminal" },
  { path: "/learn", title: /Learn/ },
  { path: "/learn/packet-path", title: /The path of a packet/ },
  { path: "/coverage", title: /Coverage/ },
  { path: "/statistics", title: /Statistics of questions/ },
  { path: "/statistics/net-enc-0001", title: /Statistics of net-enc-0001/ },
  { path: "/quiz", title: /Quiz/ },
  { path: "/quiz/T02", title: /User-defined bridges/ },
  { path: "/labs", title: /Labs/ },
  { path: "/labs/L-BRG-1", title: /Two containers/, isReady: "terminal" },
  { path: "/progress", title: /Progress/ },
  { path: "/review", title: /Review/ },
  { path: "/exam", title: /Exam/ },
  { path: "/no-such-page", title: /No such page/ },
] as const;

for (const theme of ["light", "dark"] as const) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });
    for (const { path, title, ...rest } of PAGES) {
      test(`${path} has no fault that axe can find`, async ({ page }) => {
        await page.goto(path);
        await expect(page).toHaveTitle(title);
        if ("isReady" in rest) await promptIn(page);

        const { violations } = await new AxeBuilder({ page }).analyze();

        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual([]);
      });
    }
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 } });
  for (const { path } of PAGES) {
    test(`${path} does not scroll sideways`, async ({ page }) => {
      await page.goto(path);
      await page.waitForTimeout(500);

      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
  }

  test("a lab shows task, terminal and picture in turn", async ({ page }) => {
    await page.goto("/labs/L-BRG-1");
    await expect(page.getByRole("heading", { name: "Goals" })).toBeVisible();

    await page.getByRole("button", { name: "Terminal", exact: true }).click();
    await promptIn(page);
    await expect(page.getByRole("heading", { name: "Goals" })).toBeHidden();
    await page.getByRole("button", { name: "Picture" }).click();

    await expect(page.getByRole("img", { name: /^Network bridge/ })).toBeVisible();
  });
});

test("a chosen theme is there in the first paint of the next page", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/labs");
  await page.getByRole("button", { name: "Change between light and dark" }).click();

  const response = await page.reload();

  expect(await response?.text()).toContain('data-theme="dark"');
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe("dark");
});

test("the keyboard reaches the content past the header", async ({ page }) => {
  await page.goto("/quiz");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");

  await expect(page.locator("main")).toBeFocused();
});
