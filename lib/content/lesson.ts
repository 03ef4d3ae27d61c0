/**
 * Reads a lesson's file: a YAML head between `---` lines, then Markdown.
 *
 * Console blocks are fenced as `console` (run by the check) or `console later`. A line `node1$ COMMAND` is typed, what follows is its
 * output. In expected output, `…` stands for any text within a line, and a line that is only `…` for any number of lines.
 * A block fenced as `drawing` holds a drawing in YAML.
 */

import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { documentOf, type Fault, parseContent } from "./document";
import { type Drawing, drawingFaults, drawingSchema } from "./drawing-schema";
import { type ConsoleBlock, type ConsoleStep, type Lesson, lessonHeadSchema } from "./lesson-schema";

const PROMPT = /^(node[1-9])\$ (.*)$/;

export async function readLesson(file: string): Promise<{ readonly lesson: Lesson | undefined; readonly faults: readonly Fault[] }> {
  const text = await readFile(file, "utf8");
  const head = /^---\n([^]*?)\n---\n/.exec(text);
  if (!head) return { lesson: undefined, faults: [{ file, line: 1, message: "a lesson begins with its head between two lines of ---" }] };
  let facts: unknown;
  try {
    facts = parse(head[1] ?? "");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { lesson: undefined, faults: [{ file, line: 2, message: error.message.split("\n")[0] ?? error.message }] };
  }
  const parsed = lessonHeadSchema.safeParse(facts);
  if (!parsed.success)
    return {
      lesson: undefined,
      faults: parsed.error.issues.map((issue) => ({
        file,
        line: 2,
        message: `${issue.path.map(String).join(".") || "the head"}: ${issue.message}`,
      })),
    };
  const body = text.slice(head[0].length);
  const firstLine = head[0].split("\n").length;
  const { blocks, faults } = consoleBlocks(body, firstLine, file);
  const { drawings, faults: drawn } = drawingBlocks(body, firstLine, file);
  return { lesson: { ...parsed.data, body, blocks, drawings }, faults: [...faults, ...drawn] };
}

/** Each drawing, or the faults of what is none, with their lines. */
function drawingBlocks(
  body: string,
  firstLine: number,
  file: string,
): { readonly drawings: readonly Drawing[]; readonly faults: readonly Fault[] } {
  const drawings: Drawing[] = [];
  const faults: Fault[] = [];
  for (const { 1: text = "", index } of body.matchAll(/^```drawing\n([^]*?)^```$/gm)) {
    const line = firstLine + body.slice(0, index).split("\n").length;
    const { document, faults: syntax } = documentOf(file, text);
    const place = (fault: Fault): Fault => ({ ...fault, line: fault.line + line - 1 });
    faults.push(...syntax.map(place));
    if (syntax.length > 0) continue;
    const read = parseContent(document, drawingSchema);
    if (!read.ok) faults.push(...read.faults.map(place));
    else {
      drawings.push(read.value);
      faults.push(...drawingFaults(read.value).map(({ path, message }) => place({ file, line: document.lineOf(path), message })));
    }
  }
  return { drawings, faults };
}

function consoleBlocks(
  body: string,
  firstLine: number,
  file: string,
): { readonly blocks: readonly ConsoleBlock[]; readonly faults: readonly Fault[] } {
  const blocks: ConsoleBlock[] = [];
  const faults: Fault[] = [];
  const lines = body.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const fence = /^```console(?: (\w+))?\s*$/.exec(lines[i] ?? "");
    if (!fence) continue;
    const line = firstLine + i;
    if (fence[1] !== undefined && fence[1] !== "later")
      faults.push({ file, line, message: `a console block is plain or "later", not ${fence[1]}` });
    const steps: { host: string; command: string; output: string[]; line: number }[] = [];
    for (i++; i < lines.length && !/^```\s*$/.test(lines[i] ?? ""); i++) {
      const text = lines[i] ?? "";
      const prompt = PROMPT.exec(text);
      if (prompt) steps.push({ host: prompt[1] ?? "", command: prompt[2] ?? "", output: [], line: firstLine + i });
      else if (steps.length > 0) steps.at(-1)?.output.push(text);
      else faults.push({ file, line: firstLine + i, message: "a console block begins with a prompt: node1$ COMMAND" });
    }
    blocks.push({ mode: fence[1] === "later" ? "later" : "run", steps, line });
  }
  return { blocks, faults };
}

/** Whether the lines printed are those that the lesson shows. */
export function matchesOutput(expected: readonly string[], actual: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return actual.length === 0;
  if (first.trim() === "…") {
    for (let skip = 0; skip <= actual.length; skip++) if (matchesOutput(rest, actual.slice(skip))) return true;
    return false;
  }
  const [line, ...others] = actual;
  return line !== undefined && lineMatches(first, line) && matchesOutput(rest, others);
}

function lineMatches(expected: string, actual: string): boolean {
  const parts = expected.trimEnd().split("…");
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${pattern}$`).test(actual.trimEnd());
}

export type { ConsoleBlock, ConsoleStep };
