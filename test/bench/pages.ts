/**
 * Figures of the pages, in a real Chromium on this machine: from opening a lab to a usable prompt, from a key to its effect, and
 * what is sent. "Cold" is a new browser profile, "warm" the same profile again.
 */

import { gzipSync } from "node:zlib";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import type { Terminal } from "@xterm/xterm";
import { OwnServer } from "../e2e/own-server";
import { percentile, type Row } from "./table";

const PORT = 3190;
const LAB = "/labs/L-BRG-1";
const ROUNDS = 5;

export async function benchPages(): Promise<Row[]> {
  const server = new OwnServer(PORT);
  await server.start();
  const browser = await chromium.launch({
    ...executable(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    return [...(await opening(browser, server.url)), ...(await latency(browser, server.url)), ...(await sizes(browser, server.url))];
  } finally {
    await browser.close();
    await server.kill();
  }
}

function executable(): { readonly executablePath?: string } {
  const path = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((dir) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(dir, name)))
    .find((one) => existsSync(one));
  return path === undefined ? {} : { executablePath: path };
}

/** Milliseconds until the terminal shows the shell's prompt. */
async function openLab(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(`${url}${LAB}`);
  await page.waitForFunction(promptIsThere, undefined, { polling: 10, timeout: 60_000 });
  const ms = performance.now() - started;
  await page.close();
  return ms;
}

function promptIsThere(): boolean {
  const element = document.querySelector<HTMLElement & { terminal?: Terminal }>("[data-terminal]");
  const buffer = element?.terminal?.buffer.active;
  return /# $/.test(
    buffer
      ?.getLine(buffer.baseY + buffer.cursorY)
      ?.translateToString(false)
      .slice(0, buffer.cursorX) ?? "",
  );
}

async function opening(browser: Browser, url: string): Promise<Row[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const context = await browser.newContext();
    cold.push(await openLab(context, url));
    warm.push(await openLab(context, url));
    await context.close();
  }
  return [
    { what: "lab page open to usable prompt, warm (median)", value: `${(percentile(warm, 50) / 1000).toFixed(2)} s`, aim: "1.0 s" },
    { what: "lab page open to usable prompt, cold (median)", value: `${(percentile(cold, 50) / 1000).toFixed(2)} s`, aim: "2.5 s" },
  ];
}

/** From Enter to the next prompt, measured in the page itself, frame by frame. */
async function latency(browser: Browser, url: string): Promise<Row[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  // What runs TypeScript here marks named functions by this; a page does not have it.
  await page.addInitScript("globalThis.__name = (made) => made");
  await page.goto(`${url}${LAB}`);
  await page.waitForFunction(promptIsThere, undefined, { polling: 10, timeout: 60_000 });
  const rows: Row[] = [];
  for (const [what, command] of [
    ["echo hi", "echo hi"],
    ["ip -br addr", "ip -br addr"],
    ["docker network ls", "docker network ls"],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < 30; i++) times.push(await typeAndWait(page, command));
    rows.push({
      what: `command latency in the page: ${what}, p50 / p95`,
      value: `${percentile(times, 50).toFixed(1)} / ${percentile(times, 95).toFixed(1)} ms`,
      aim: what === "echo hi" ? "p95 16 ms" : "",
    });
  }
  await context.close();
  return rows;
}

async function typeAndWait(page: Page, command: string): Promise<number> {
  return page.evaluate(async (text) => {
    const element = document.querySelector<HTMLElement & { terminal?: Terminal }>("[data-terminal]");
    const terminal = element?.terminal;
    if (!terminal) throw new Error("no terminal");
    const atPrompt = (): boolean => {
      const buffer = terminal.buffer.active;
      return /# $/.test(
        buffer
          .getLine(buffer.baseY + buffer.cursorY)
          ?.translateToString(false)
          .slice(0, buffer.cursorX) ?? "",
      );
    };
    const settled = async (condition: () => boolean): Promise<void> => {
      for (let i = 0; i < 2000; i++) {
        if (condition()) return;
        await new Promise<void>((resolve) => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => resolve();
          channel.port2.postMessage(0);
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    terminal.input(text, true);
    await new Promise((resolve) => setTimeout(resolve, 80));
    const before = terminal.buffer.active.baseY + terminal.buffer.active.cursorY;
    const started = performance.now();
    terminal.input("\r", true);
    for (let i = 0; i < 200 && !(atPrompt() && terminal.buffer.active.baseY + terminal.buffer.active.cursorY > before); i++)
      await settled(() => atPrompt() && terminal.buffer.active.baseY + terminal.buffer.active.cursorY > before);
    return performance.now() - started;
  }, command);
}

/** JavaScript that the first visit of a page loads, gzip. */
async function sizes(browser: Browser, url: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [what, path, aim] of [
    ["first route (quiz)", "/quiz", "150 kB"],
    ["home, with its live host", "/", ""],
    ["lab route", LAB, "400 kB"],
  ] as const) {
    const context = await browser.newContext();
    const page = await context.newPage();
    let bytes = 0;
    const pending: Promise<void>[] = [];
    page.on("response", (response) => {
      if (!/javascript/.test(response.headers()["content-type"] ?? "")) return;
      pending.push(
        response.body().then(
          (body) => {
            bytes += gzipSync(body).length;
          },
          () => {},
        ),
      );
    });
    await page.goto(`${url}${path}`);
    await page.waitForLoadState("networkidle");
    if (path !== "/quiz") await page.waitForFunction(promptIsThere, undefined, { polling: 50, timeout: 60_000 });
    await Promise.all(pending);
    rows.push({ what: `JavaScript sent, ${what}`, value: `${(bytes / 1000).toFixed(0)} kB gzip`, aim });
    await context.close();
  }
  return rows;
}
