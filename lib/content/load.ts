/** Reads content/ (server only). A file that breaks the schema is refused with its path and the place in it. */

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type ContentDocument, type Fault, parseContent, readDocument } from "./document";
import { readLesson } from "./lesson";
import type { Lesson } from "./lesson-schema";
import { type Misconception, misconceptionSchema } from "./misconception-schema";
import { referenceSchema, type Source } from "./reference-schema";
import { type Item, itemSchema, type Lab, labSchema } from "./schema";

/** A thing of content/ and where it stands. */
export type Located<T> = { readonly value: T; readonly document: ContentDocument; readonly path: readonly PropertyKey[] };

export type LocatedLesson = { readonly value: Lesson; readonly file: string };

export type Content = {
  readonly items: readonly Located<Item>[];
  readonly labs: readonly Located<Lab>[];
  readonly lessons: readonly LocatedLesson[];
  readonly misconceptions: readonly Located<Misconception>[];
  readonly sources: readonly Located<Source>[];
  readonly faults: readonly Fault[];
};

/** Everything that can be read, and the faults of what cannot. */
export async function readContent(root = "content"): Promise<Content> {
  const faults: Fault[] = [];
  const items: Located<Item>[] = [];
  const labs: Located<Lab>[] = [];
  for (const file of await filesOf(join(root, "items"), ".yaml")) {
    const value = await read(file, z.array(itemSchema), faults);
    value?.value.forEach((item, index) => items.push({ value: item, document: value.document, path: [index] }));
  }
  for (const file of await filesOf(join(root, "labs"), ".yaml")) {
    const value = await read(file, labSchema, faults);
    if (value) labs.push({ value: value.value, document: value.document, path: [] });
  }
  const misconceptions = await readList(join(root, "misconceptions.yaml"), misconceptionSchema, faults);
  const sources = await readList(join(root, "references.yaml"), referenceSchema, faults);
  const lessons: LocatedLesson[] = [];
  for (const file of await filesOf(join(root, "lessons"), ".md")) {
    const { lesson, faults: wrong } = await readLesson(file);
    faults.push(...wrong);
    if (lesson) lessons.push({ value: lesson, file });
  }
  return { items, labs, lessons, misconceptions, sources, faults };
}

export async function loadItems(root = "content"): Promise<readonly Item[]> {
  return (await readAll(root)).items.map((item) => item.value);
}

export async function loadLabs(root = "content"): Promise<readonly Lab[]> {
  return (await readAll(root)).labs.map((lab) => lab.value);
}

export async function loadLessons(root = "content"): Promise<readonly Lesson[]> {
  return (await readAll(root)).lessons.map((lesson) => lesson.value);
}

export async function loadMisconceptions(root = "content"): Promise<readonly Misconception[]> {
  return (await readAll(root)).misconceptions.map((one) => one.value);
}

export async function loadSources(root = "content"): Promise<readonly Source[]> {
  return (await readAll(root)).sources.map((one) => one.value);
}

async function readAll(root: string): Promise<Content> {
  const content = await readContent(root);
  const [fault] = content.faults;
  if (fault) throw new Error(`${fault.file}:${fault.line}: ${fault.message}`);
  return content;
}

async function filesOf(folder: string, ending: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The members of a file that is one list; none when there is no such file. */
async function readList<T>(file: string, schema: z.ZodType<T>, faults: Fault[]): Promise<readonly Located<T>[]> {
  if (!existsSync(file)) return [];
  const list = await read(file, z.array(schema), faults);
  return list?.value.map((value, index) => ({ value, document: list.document, path: [index] })) ?? [];
}

async function read<T>(
  file: string,
  schema: z.ZodType<T>,
  faults: Fault[],
): Promise<{ readonly value: T; readonly document: ContentDocument } | undefined> {
  const { document, faults: syntax } = await readDocument(file);
  faults.push(...syntax);
  if (syntax.length > 0) return undefined;
  const parsed = parseContent(document, schema);
  if (parsed.ok) return { value: parsed.value, document };
  faults.push(...parsed.faults);
  return undefined;
}
