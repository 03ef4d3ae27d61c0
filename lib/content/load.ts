/** Reads content/ (server only). A file that breaks the schema is refused with its path and the place in it. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type ContentDocument, type Fault, parseContent, readDocument } from "./document";
import { type Item, itemSchema, type Lab, labSchema } from "./schema";

/** A thing of content/ and where it stands. */
export type Located<T> = { readonly value: T; readonly document: ContentDocument; readonly path: readonly PropertyKey[] };

export type Content = { readonly items: readonly Located<Item>[]; readonly labs: readonly Located<Lab>[]; readonly faults: readonly Fault[] };

/** Everything that can be read, and the faults of what cannot. */
export async function readContent(root = "content"): Promise<Content> {
  const faults: Fault[] = [];
  const items: Located<Item>[] = [];
  const labs: Located<Lab>[] = [];
  for (const file of await yamlFiles(join(root, "items"))) {
    const value = await read(file, z.array(itemSchema), faults);
    value?.value.forEach((item, index) => items.push({ value: item, document: value.document, path: [index] }));
  }
  for (const file of await yamlFiles(join(root, "labs"))) {
    const value = await read(file, labSchema, faults);
    if (value) labs.push({ value: value.value, document: value.document, path: [] });
  }
  return { items, labs, faults };
}

export async function loadItems(root = "content"): Promise<readonly Item[]> {
  return (await readAll(root)).items.map((item) => item.value);
}

export async function loadLabs(root = "content"): Promise<readonly Lab[]> {
  return (await readAll(root)).labs.map((lab) => lab.value);
}

async function readAll(root: string): Promise<Content> {
  const content = await readContent(root);
  const [fault] = content.faults;
  if (fault) throw new Error(`${fault.file}:${fault.line}: ${fault.message}`);
  return content;
}

async function yamlFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith(".yaml")).map((entry) => join(entry.parentPath, entry.name)).sort();
}

async function read<T>(file: string, schema: z.ZodType<T>, faults: Fault[]): Promise<{ readonly value: T; readonly document: ContentDocument } | undefined> {
  const { document, faults: syntax } = await readDocument(file);
  faults.push(...syntax);
  if (syntax.length > 0) return undefined;
  const parsed = parseContent(document, schema);
  if (parsed.ok) return { value: parsed.value, document };
  faults.push(...parsed.faults);
  return undefined;
}
