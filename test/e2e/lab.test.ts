import { expect, openLab, promptIn, saved, screen, terminalInput, test, typeLine } from "./bench";

test("a lab is done to its end by typing, and the goals say what is missing on the way", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("0 of 3 hold.")).toBeVisible();

  await typeLine(page, "docker network create shop");
  await expect(page.getByRole("img", { name: /^Network shop/ })).toBeVisible();
  await typeLine(page, "docker run -d --name page --network shop nginx");
  await expect(page.getByRole("img", { name: /^Container page, nginx, running, eth0 .* on shop/ })).toBeVisible();
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText("Expected").first()).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "There is a bridge network called" })).toContainText("holds");

  await typeLine(page, "docker run -d --name cache --network shop redis");
  await page.getByRole("button", { name: "Check" }).click();

  await expect(page.getByText("All goals hold.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Done" })).toBeVisible();
  await page.goto("/progress");
  await expect(page.getByRole("row", { name: /Two containers that find each other/ })).toContainText("done on");
});

test("after a reload in the middle the terminal and the picture are as they were", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await typeLine(page, "docker network create shop");
  await typeLine(page, "docker run -d --name page --network shop nginx");
  await typeLine(page, "X=kept");
  const before = await typeLine(page, "docker ps --format '{{.Names}} {{.Image}}'");
  await saved(page);

  await page.reload();
  await promptIn(page);

  expect(await screen(page)).toBe(before);
  await expect(page.getByRole("img", { name: /^Container page, nginx, running/ })).toBeVisible();
  expect(await typeLine(page, "echo $X")).toMatch(/\nkept\n/);
});

test("what runs goes on while the page is away, and Ctrl-C ends it", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await terminalInput(page).focus();
  await page.keyboard.type("ping 192.168.56.1");
  await page.keyboard.press("Enter");
  await expect.poll(() => screen(page)).toContain("icmp_seq=2");
  await saved(page);

  await page.reload();

  await expect.poll(() => screen(page)).toContain("icmp_seq=4");
  await terminalInput(page).focus();
  await page.keyboard.press("Control+c");
  await expect.poll(() => screen(page)).toContain("packets transmitted");
  await promptIn(page);
});

test("a second terminal on the same host sees what the first one did", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await typeLine(page, "docker network create shop");
  await page.getByRole("button", { name: "Open another terminal" }).click();
  await promptIn(page, "t2");

  expect(await typeLine(page, "docker network ls --format '{{.Name}}'", "t2")).toContain("shop");
});

test("resetting asks first, and gives a fresh host", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await typeLine(page, "docker network create shop");
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("button", { name: "Keep working" }).click();
  expect(await screen(page)).toContain("docker network create shop");

  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await page.getByRole("button", { name: "Reset the lab" }).click();

  await expect.poll(() => screen(page)).not.toContain("docker network create shop");
  await promptIn(page);
  expect(await typeLine(page, "docker network ls --format '{{.Name}}'")).not.toContain("\nshop");
});

test("hints come one by one", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  const goal = page.getByRole("listitem").filter({ hasText: "There is a bridge network called" });

  await goal.getByRole("button", { name: /^Hint/ }).click();
  await expect(goal.getByText("Which networks are there from the start?")).toBeVisible();
  await expect(goal.getByText("A network of your own has a name service")).toBeHidden();
  await goal.getByRole("button", { name: /^Another hint/ }).click();

  await expect(goal.getByText("A network of your own has a name service")).toBeVisible();
});

test("the keyboard can leave the terminal", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await terminalInput(page).focus();

  await page.keyboard.press("Control+Shift+ArrowDown");

  await expect(page.getByRole("button", { name: "Check" })).toBeFocused();
});

test("typing goes on while the server is away, and is stored when it is back", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  await saved(page);
  await page.route("**/entries", (route) => route.abort());
  await typeLine(page, "docker network create shop");
  await expect(page.getByText("Offline")).toBeVisible();

  await page.unroute("**/entries");

  await saved(page);
  await page.reload();
  await promptIn(page);
  expect(await screen(page)).toContain("docker network create shop");
});

test("the home page's host answers at once", async ({ page }) => {
  await page.goto("/");
  await promptIn(page);
  await page.getByRole("button", { name: "docker network create app" }).click();

  await expect(page.getByRole("img", { name: /^Network app, driver bridge/ })).toBeVisible();
  await page.getByRole("button", { name: "Text" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Network app" })).toContainText("172.18.0.0/16");
});

test("a page whose attempt went on in another page stores nothing any more, and says so", async ({ page, context }) => {
  await openLab(page, "L-BRG-1");
  await saved(page);
  const other = await context.newPage();
  await openLab(other, "L-BRG-1");
  await typeLine(other, "echo other");
  await saved(other);

  await typeLine(page, "echo first");

  await expect(page.getByText("Not saved any more")).toBeVisible();
  await page.reload();
  await promptIn(page);
  expect(await screen(page)).toContain("echo other");
  await other.close();
});

test("a program that floods or spins is stopped by Ctrl-C, and the terminal lives on", async ({ page }) => {
  await openLab(page, "L-BRG-1");
  for (const line of ["yes", "while true; do :; done"]) {
    await terminalInput(page).focus();
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(1_500);
    await page.keyboard.press("Control+c");
    await promptIn(page);
  }

  expect(await typeLine(page, "echo still here")).toMatch(/\nstill here\n/);
});
