import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkSources } from "@/lib/content/check-sources";
import { readContent } from "@/lib/content/load";
import { splitReference } from "@/lib/content/reference-schema";

/** What is wrong when a belief names `refs`, an item's option names `optionRefs`, and the list is `sources`. */
async function faultsOf({ refs, optionRefs = [], sources }: { refs: string[]; optionRefs?: string[]; sources: string }): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), "references-"));
  await mkdir(join(root, "items"));
  await writeFile(
    join(root, "misconceptions.yaml"),
    `- { id: M01, topic: T02, belief: One., truth: Another.,\n    refs: ${JSON.stringify(refs)} }\n`,
  );
  await writeFile(join(root, "references.yaml"), sources);
  if (optionRefs.length > 0)
    await writeFile(
      join(root, "items", "test.yaml"),
      `- id: net-test-0001
  rev: 1
  format: mc
  topic: T01
  objectives: [D4.1]
  difficulty: 1
  stem: Which one?
  options:
    - {id: a, text: this, key: true, why: because, refs: ${JSON.stringify(optionRefs)}}
    - {id: b, text: that, key: false, near: this, why: because not}
    - {id: c, text: another, key: false, near: that, why: because not}
  refs: ${JSON.stringify(refs)}
  provenance: {author: someone, method: original-from-docs}
`,
    );
  const content = await readContent(root);
  return [...content.faults, ...checkSources(content)].map(
    ({ file, line, message }) => `${file.slice(root.length + 1)}:${line}: ${message}`,
  );
}

const BRIDGE = "- { at: docs:engine/network/drivers/bridge.md, title: Bridge network driver, sections: [options] }\n";

test("a document of the list may be named, with a section of the list or none", async () => {
  expect(
    await faultsOf({ refs: ["docs:engine/network/drivers/bridge.md", "docs:engine/network/drivers/bridge.md#options"], sources: BRIDGE }),
  ).toEqual([]);
});

test("a document that is not in the list is told with file and line", async () => {
  expect(await faultsOf({ refs: ["docs:engine/network/drivers/bridge.md", "cli:nowhere.md"], sources: BRIDGE })).toEqual([
    "misconceptions.yaml:2: cli:nowhere.md is not in the list of sources (references.yaml)",
  ]);
});

test("a section that is not in the list is told with file and line", async () => {
  expect(await faultsOf({ refs: ["docs:engine/network/drivers/bridge.md#option"], sources: BRIDGE })).toEqual([
    "misconceptions.yaml:2: docs:engine/network/drivers/bridge.md has no section option in the list of sources (references.yaml)",
  ]);
});

test("what an option names is looked up too", async () => {
  expect(await faultsOf({ refs: ["docs:engine/network/drivers/bridge.md"], optionRefs: ["gh:moby/moby#1"], sources: BRIDGE })).toEqual([
    "items/test.yaml:9: gh:moby/moby#1 is not in the list of sources (references.yaml)",
  ]);
});

test("a source that nothing names is told with its line", async () => {
  expect(
    await faultsOf({ refs: ["docs:engine/network/drivers/bridge.md"], sources: `${BRIDGE}- { at: rfc:7348, title: VXLAN }\n` }),
  ).toEqual(["references.yaml:2: nothing names rfc:7348"]);
});

test("a source that is there twice is told", async () => {
  expect(await faultsOf({ refs: ["docs:engine/network/drivers/bridge.md"], sources: BRIDGE + BRIDGE })).toEqual([
    "references.yaml:2: docs:engine/network/drivers/bridge.md is there twice",
  ]);
});

test("an entry of another form is refused with its line", async () => {
  expect(await faultsOf({ refs: ["rfc:7348"], sources: "- { at: https://example.com, title: X }\n" })).toMatchObject([
    expect.stringMatching(/^references.yaml:1: 0.at: /),
    "misconceptions.yaml:2: rfc:7348 is not in the list of sources (references.yaml)",
  ]);
});

test("the number of an issue is no section, that of a file is one", () => {
  expect(splitReference("gh:moby/moby#32681")).toEqual({ at: "gh:moby/moby#32681", section: undefined });
  expect(splitReference("gh:moby/moby:README.md#x")).toEqual({ at: "gh:moby/moby:README.md", section: "x" });
  expect(splitReference("docs:a.md#b")).toEqual({ at: "docs:a.md", section: "b" });
});
