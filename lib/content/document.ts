/** A YAML file with its places: what fails in it is told with file and line. */

import { readFile } from "node:fs/promises";
import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { z } from "zod";

export type Fault = { readonly file: string; readonly line: number; readonly message: string };

export type ContentDocument = {
  readonly file: string;
  readonly value: unknown;
  /** The line of what stands at a path, or of the nearest thing above it. From 1. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
};

export async function readDocument(file: string): Promise<{ readonly document: ContentDocument; readonly faults: readonly Fault[] }> {
  return documentOf(file, await readFile(file, "utf8"));
}

/** The document that a text is; `file`: where it stands. */
export function documentOf(file: string, text: string): { readonly document: ContentDocument; readonly faults: readonly Fault[] } {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const faults = parsed.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    message: error.message.split("\n")[0] ?? error.message,
  }));
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length--) {
      const node = parsed.getIn(path.slice(0, length), true) as Node | undefined;
      const key = length > 0 ? keyNode(parsed.getIn(path.slice(0, length - 1), true), path[length - 1]) : undefined;
      const range = key?.range ?? node?.range;
      if (range) return lines.linePos(range[0]).line;
    }
    return 1;
  };
  return { document: { file, value: faults.length === 0 ? parsed.toJS() : undefined, lineOf }, faults };
}

/** What the schema says of a document: its value, or all faults with their lines. */
export function parseContent<T>(
  document: ContentDocument,
  schema: z.ZodType<T>,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly Fault[] } {
  const parsed = schema.safeParse(document.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues
      .flatMap((issue) => describe(issue, []))
      .map(({ path, message }) => ({
        file: document.file,
        line: document.lineOf(path),
        message: `${path.map(String).join(".") || "the file"}: ${message}`,
      })),
  };
}

type Described = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Of a union, the branch that came furthest speaks: the others fail at their first key. */
function describe(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Described[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key ${JSON.stringify(key)}` }));
  if (issue.code === "invalid_union") {
    const branches = issue.errors.map((errors) => errors.flatMap((error) => describe(error, path)));
    const depth = (branch: readonly Described[]): number => Math.max(0, ...branch.map((one) => one.path.length));
    const best = [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
    return best && best.length > 0 ? best : [{ path, message: issue.message }];
  }
  return [{ path, message: issue.message }];
}

function keyNode(map: unknown, key: PropertyKey | undefined): Node | undefined {
  if (!isMap(map)) return undefined;
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? pair.key : undefined;
}
