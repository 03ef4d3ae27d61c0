/** The check of sources: what content names is in the list, with its section, and what is in the list is named. */

import type { Fault } from "./document";
import type { Content, Located } from "./load";
import { type Source, splitReference } from "./reference-schema";
import { optionsOf } from "./schema";

const FORM = /^(docs|cli|moby|swarmkit|go-connections|kubernetes|mirantis|rfc|linux|gh):\S+$/;

type Use = { readonly reference: string; readonly file: string; readonly line: number };

export function checkSources(content: Content): readonly Fault[] {
  const faults: Fault[] = [];
  const sources = new Map<string, Source>();
  for (const { value, document, path } of content.sources) {
    if (sources.has(value.at)) faults.push({ file: document.file, line: document.lineOf(path), message: `${value.at} is there twice` });
    sources.set(value.at, value);
  }
  const named = new Set<string>();
  for (const { reference, file, line } of usesOf(content)) {
    named.add(splitReference(reference).at);
    const message = faultOf(reference, sources);
    if (message !== undefined) faults.push({ file, line, message });
  }
  // A file that cannot be read may name it.
  if (content.faults.length > 0) return faults;
  for (const { value, document, path } of content.sources)
    if (!named.has(value.at)) faults.push({ file: document.file, line: document.lineOf(path), message: `nothing names ${value.at}` });
  return faults;
}

function faultOf(reference: string, sources: ReadonlyMap<string, Source>): string | undefined {
  if (!FORM.test(reference))
    return `${JSON.stringify(reference)} is no reference of the form docs:PATH#SECTION, cli:PATH, moby:PATH, gh:OWNER/REPO#N, rfc:N`;
  const { at, section } = splitReference(reference);
  const source = sources.get(at);
  if (!source) return `${at} is not in the list of sources (references.yaml)`;
  return section === undefined || source.sections.includes(section)
    ? undefined
    : `${at} has no section ${section} in the list of sources (references.yaml)`;
}

function usesOf({ items, labs, misconceptions, lessons }: Content): readonly Use[] {
  return [
    ...items.flatMap((item) => [
      ...usesAt(item, ["refs"], item.value.refs),
      ...optionsOf(item.value).flatMap(({ refs }, at) => usesAt(item, ["options", at, "refs"], refs ?? [])),
    ]),
    ...labs.flatMap((lab) => usesAt(lab, ["references"], lab.value.references)),
    ...misconceptions.flatMap((one) => usesAt(one, ["refs"], one.value.refs)),
    // A lesson's document is Markdown: its head has no places of its own.
    ...lessons.flatMap(({ value, file }) => value.references.map((reference) => ({ reference, file, line: 2 }))),
  ];
}

function usesAt({ document, path }: Located<unknown>, below: readonly PropertyKey[], references: readonly string[]): readonly Use[] {
  return references.map((reference, at) => ({ reference, file: document.file, line: document.lineOf([...path, ...below, at]) }));
}
