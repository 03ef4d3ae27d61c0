/** Where content uses a command: in the console blocks of a lesson, in the set-up and the solutions of a lab. */

import type { Lab, Lesson } from "@/lib/content";
import { simpleCommandsIn } from "@/lib/sim";

export type Place = { readonly title: string; readonly href: string };
/** By a command's name, as it is typed. What uses it most comes first. */
export type Usage = { readonly lessons: readonly Place[]; readonly labs: readonly Place[] };

/** Of each command under the first of its names. `names` holds each command's names. */
export function usageOf(
  names: readonly (readonly string[])[],
  lessons: readonly Pick<Lesson, "id" | "title" | "blocks">[],
  labs: readonly Pick<Lab, "id" | "title" | "body" | "choose">[],
): ReadonlyMap<string, Usage> {
  const known = new Map(names.flatMap((all) => all.map((name) => [name, all[0] ?? name])));
  const inLessons = lessons.map(({ id, title, blocks }) => ({
    place: { title, href: `/learn/${id}` },
    counts: countIn(
      blocks.flatMap(({ steps }) => steps.map(({ command }) => command)),
      known,
    ),
  }));
  const inLabs = labs.map(({ id, title, body, choose }) => ({
    place: { title, href: `/labs/${id}` },
    counts: countIn([body, ...choose.map((branch) => branch.body)].flatMap(linesIn), known),
  }));
  return new Map(names.map(([name = ""]) => [name, { lessons: placesOf(name, inLessons), labs: placesOf(name, inLabs) }]));
}

type Counted = { readonly place: Place; readonly counts: ReadonlyMap<string, number> };

function placesOf(name: string, counted: readonly Counted[]): readonly Place[] {
  return counted
    .filter(({ counts }) => counts.has(name))
    .sort((a, b) => (b.counts.get(name) ?? 0) - (a.counts.get(name) ?? 0))
    .map(({ place }) => place);
}

function countIn(lines: readonly string[], known: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const commands = simpleCommandsIn(line);
    for (const words of commands.ok ? commands.value : []) {
      for (const name of namesIn(words, known)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

/** What one command runs: itself, and inside of a container what `docker exec` is given. */
function namesIn(words: readonly string[], known: ReadonlyMap<string, string>): readonly string[] {
  const [first = "", ...rest] = words;
  if (first === "sudo") return namesIn(rest, known);
  if (first !== "docker") return known.has(first) ? [known.get(first) ?? first] : [];
  const [two, three] = [words.slice(0, 2).join(" "), words.slice(0, 3).join(" ")];
  const name = known.get(three) ?? known.get(two);
  if (name === undefined) return [];
  // Options of `exec` that take a value are rare in content, and a value that is also a program's name rarer.
  const inner = name === "docker exec" ? rest.slice(1).filter((word) => !word.startsWith("-"))[1] : undefined;
  const tool = inner === undefined ? undefined : known.get(inner);
  return tool === undefined ? [name] : [name, tool];
}

/** The command lines under `setup` and `solutions`, however deep: a lab's body is a pattern before it is drawn. */
function linesIn(body: Readonly<Record<string, unknown>>): readonly string[] {
  return [body["setup"], body["solutions"]].flatMap(runsIn);
}

function runsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(runsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== "run") return runsIn(inner);
    if (typeof inner === "string") return [inner];
    return Array.isArray(inner) ? inner.flatMap((line) => (typeof line === "string" ? [line] : runsIn(line))) : [];
  });
}
