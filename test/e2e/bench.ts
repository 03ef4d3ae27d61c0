/** A lab's workspace and a learner at it. */

import { expect, type Locator, type Page, test as base } from "@playwright/test";
import type { Terminal } from "@xterm/xterm";

export { expect };

/** A test fails when its pages complain, or ask another site for anything. */
export const test = base.extend<{ strict: undefined }>({
  strict: [
    async ({ page, baseURL }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (["http:", "https:"].includes(url.protocol) && url.origin !== baseURL) complaints.push(`request to ${url.origin}`);
      });
      await use(undefined);
      const isExpected = (text: string): boolean => /Failed to load resource/.test(text);
      expect(complaints.filter((text) => !isExpected(text))).toEqual([]);
    },
    { auto: true },
  ],
});

/** The input of the terminal that is shown. */
export function terminalInput(page: Page): Locator {
  return page.locator(".xterm-helper-textarea:visible").first();
}

/** What stands on the terminal `id`, without the lines' trailing blanks. */
export async function screen(page: Page, id = "t1"): Promise<string> {
  return page.evaluate((name) => {
    const element = document.querySelector<HTMLElement & { terminal?: Terminal }>(`[data-terminal="${name}"]`);
    const buffer = element?.terminal?.buffer.active;
    if (!buffer) return "";
    const lines: string[] = [];
    for (let i = 0; i < buffer.length; i++) {
      const line = buffer.getLine(i);
      const text = line?.translateToString(true) ?? "";
      // A line that was wrapped is one line.
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return lines.join("\n").trimEnd();
  }, id);
}

const PROMPT = /[#$] $|[#$]$/;

/** Waits until the shell asks for the next line. */
export async function promptIn(page: Page, id = "t1"): Promise<void> {
  await expect.poll(async () => PROMPT.test(await screen(page, id)), { message: "the shell's prompt", timeout: 30_000 }).toBe(true);
}

/** Opens a lab and waits for its shell. */
export async function openLab(page: Page, id: string): Promise<void> {
  await page.goto(`/labs/${id}`);
  await promptIn(page);
}

/** Types a line, waits until it is done, and answers the whole screen. */
export async function typeLine(page: Page, line: string, id = "t1"): Promise<string> {
  await terminalInput(page).focus();
  await page.keyboard.type(line);
  await expect.poll(() => screen(page, id)).toContain(line);
  await page.keyboard.press("Enter");
  await expect.poll(async () => !(await screen(page, id)).endsWith(line), { message: `${line} is taken` }).toBe(true);
  await promptIn(page, id);
  return screen(page, id);
}

/** Waits until the server has acknowledged everything. */
export async function saved(page: Page): Promise<void> {
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
}
