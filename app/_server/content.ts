/** The content, read once; in development at each request, so that a changed file shows at once. */

import "server-only";
import { type Item, type Lab, loadItems, loadLabs } from "@/lib/content";

let items: Promise<readonly Item[]> | undefined;
let labs: Promise<readonly Lab[]> | undefined;

export function allItems(): Promise<readonly Item[]> {
  if (process.env.NODE_ENV !== "production") return loadItems();
  return (items ??= loadItems());
}

export function allLabs(): Promise<readonly Lab[]> {
  if (process.env.NODE_ENV !== "production") return orderedLabs();
  return (labs ??= orderedLabs());
}

/** The easier first; equals by topic. */
async function orderedLabs(): Promise<readonly Lab[]> {
  return [...(await loadLabs())].sort((a, b) => a.difficulty - b.difficulty || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0));
}
