/**
 * What the server process hands to the pages and route handlers, which Next.js bundles apart from it: one process, two sets
 * of modules, so the joint is a global.
 */

import type { CommandRunner, Grader } from "@/lib/progress";
import type { Env } from "./env";

export type Services = { readonly env: Env; readonly grade: Grader; readonly run: CommandRunner };

const KEY = Symbol.for("drydock.services");
type Holder = typeof globalThis & { [KEY]?: Services };

export function provideServices(services: Services): void {
  (globalThis as Holder)[KEY] = services;
}

export function services(): Services {
  const found = (globalThis as Holder)[KEY];
  if (!found) throw new Error("the pages run inside server/main.ts: start them with `npm start` or `npm run dev`");
  return found;
}
