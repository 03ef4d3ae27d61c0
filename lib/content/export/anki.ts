/**
 * The bank as an Anki package: a ZIP with a SQLite collection. A deck for each domain below `Drydock`, a card for each item.
 *
 * Anki knows a note by its GUID and takes it over again when its `mod` is later. The first follows from the item's id, the second
 * from its revision: a second import changes what was revised, and keeps what was learnt.
 */

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient, type InStatement } from "@libsql/client";
import { unreachable } from "@/lib/base/invariant";
import { DOMAIN_TITLES } from "../objectives";
import type { Item } from "../schema";
import { configuration, deck, noteType, PRESET, TABLES } from "./anki-schema";
import { arrange } from "./arrange";
import { escapeMarkup, type Presentation, sourcesOf, textOf, truthOf } from "./markup";
import { partnerOf, type Portable, reasonsOf, toPortable } from "./portable";
import { zip } from "./zip";

/** 2026-01-01 00:00 UTC. Ids of Anki are times in milliseconds; all of ours are counted from here. */
const EPOCH_S = 1_767_225_600;
const EPOCH_MS = EPOCH_S * 1000;
/** For ever: another id would be another note type, and every note of an earlier import would stay behind. */
const NOTE_TYPE = EPOCH_MS + 1;
const ROOT_DECK = EPOCH_MS + 10;

export async function toAnki(items: readonly Item[], presentation: Presentation): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), "drydock-anki-"));
  try {
    const file = join(folder, "collection.anki2");
    await writeCollection(file, items, presentation);
    return zip({ "collection.anki2": await readFile(file), media: "{}" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeCollection(file: string, items: readonly Item[], presentation: Presentation): Promise<void> {
  const placed = arrange(items).flatMap(({ domain, items: members }) => members.map((item) => ({ item, domain })));
  const ids = stableIds(placed.map(({ item }) => item.id));
  const client = createClient({ url: pathToFileURL(file).href });
  try {
    await client.executeMultiple(TABLES);
    await client.batch(
      [collection(placed), ...placed.flatMap((one, at) => rows(one, at, ids.get(one.item.id) ?? 0, presentation))],
      "write",
    );
  } finally {
    client.close();
  }
}

type Placed = { readonly item: Item; readonly domain: string };

const deckOf = (domain: string): number => ROOT_DECK + Number(domain.slice(1));

function collection(placed: readonly Placed[]): InStatement {
  const domains = [...new Set(placed.map(({ domain }) => domain))];
  const decks = [
    deck(1, "Default", EPOCH_S),
    deck(ROOT_DECK, "Drydock", EPOCH_S),
    ...domains.map((domain) => deck(deckOf(domain), `Drydock::${domain} ${DOMAIN_TITLES[domain] ?? domain}`, EPOCH_S)),
  ];
  return {
    sql: "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')",
    args: [
      EPOCH_S,
      EPOCH_MS,
      EPOCH_MS,
      JSON.stringify(configuration(NOTE_TYPE, placed.length + 1)),
      JSON.stringify({ [NOTE_TYPE]: noteType(NOTE_TYPE, ROOT_DECK, EPOCH_S) }),
      JSON.stringify(Object.fromEntries(decks.map((one) => [String(one.id), one]))),
      JSON.stringify({ 1: PRESET }),
    ],
  };
}

/** A note and its card. */
function rows({ item, domain }: Placed, at: number, id: number, presentation: Presentation): InStatement[] {
  const fields = fieldsOf(item, presentation);
  const sortField = textOf(fields[0] ?? "");
  const modified = EPOCH_S + item.rev;
  const tags = [item.topic, ...item.objectives, `difficulty-${item.difficulty}`, ...item.tags].map(
    (tag) => `drydock::${tag.replace(/\s+/g, "-")}`,
  );
  return [
    {
      sql: "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
      args: [id, guidOf(item.id), NOTE_TYPE, modified, ` ${tags.join(" ")} `, fields.join("\u001F"), sortField, checksumOf(sortField)],
    },
    {
      sql: "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
      args: [id, id, deckOf(domain), modified, at + 1],
    },
  ];
}

/** In the order of the note type: question, what is given, answer, reasons, sources. */
function fieldsOf(item: Item, presentation: Presentation): readonly string[] {
  const portable = toPortable(item);
  const { given, answer, reasons } = cardOf(portable, (markdown) => presentation.markup(markdown).xhtml);
  return [
    presentation.markup(portable.stem).xhtml,
    given,
    answer,
    `${reasons}${truthOf(item, presentation)}`,
    sourcesOf(item, presentation),
  ];
}

type CardText = { readonly given: string; readonly answer: string; readonly reasons: string };

function cardOf(portable: Portable, html: (markdown: string) => string): CardText {
  const list = (lines: readonly string[], type = "A"): string => `<ol type="${type}">${lines.join("")}</ol>`;
  const lines = (all: readonly string[]): string => all.map((line) => `<div>${html(line)}</div>`).join("");
  // Options are lettered by their place, which the answer and the reasons keep.
  if (portable.kind === "choice")
    return {
      given: list(portable.options.map(({ text }) => `<li>${html(text)}</li>`)),
      answer: list(portable.options.flatMap(({ key, text }, at) => (key ? [`<li value="${at + 1}">${html(text)}</li>`] : []))),
      reasons: list(portable.options.map(({ why }) => `<li>${html(why)}</li>`)),
    };
  const reasons = lines(reasonsOf(portable));
  switch (portable.kind) {
    case "order": {
      // By their text: the order in the file is the answer.
      const shown = portable.item.steps.map(({ text }) => text).sort();
      return {
        given: `<ul>${shown.map((text) => `<li>${html(text)}</li>`).join("")}</ul>`,
        answer: list(
          portable.item.steps.map(({ text }) => `<li>${html(text)}</li>`),
          "1",
        ),
        reasons,
      };
    }
    case "match": {
      const { left, right } = portable.item;
      const side = (texts: readonly string[]): string => `<ul>${texts.map((text) => `<li>${html(text)}</li>`).join("")}</ul>`;
      return {
        given: `${side(left.map(({ text }) => text))}${side(right.map(({ text }) => text).sort())}`,
        answer: lines(left.map(({ text, match }) => `${text.trim()} → ${partnerOf(portable.item, match).trim()}`)),
        reasons,
      };
    }
    case "command":
      return { given: "", answer: `<pre><code>${escapeMarkup(portable.item.accept[0] ?? "")}</code></pre>`, reasons };
    case "number":
      return { given: "", answer: escapeMarkup(`${portable.item.answer} ${portable.item.unit}`.trim()), reasons };
    default:
      return unreachable(portable);
  }
}

const hashOf = (id: string): Buffer => createHash("sha256").update(`drydock item ${id}`).digest();

export function guidOf(id: string): string {
  return hashOf(id).toString("base64url").slice(0, 16);
}

/** What Anki finds twins of a first field by. */
function checksumOf(sortField: string): number {
  return Number.parseInt(createHash("sha1").update(sortField).digest("hex").slice(0, 8), 16);
}

/** An id for each item, which doesn't change when others come or go (but for two that meet, of which one moves on). */
function stableIds(items: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  const ids = new Map<string, number>();
  for (const item of [...items].sort()) {
    let id = EPOCH_MS + 1000 + hashOf(item).readUInt32BE(0);
    while (taken.has(id)) id++;
    taken.add(id);
    ids.set(item, id);
  }
  return ids;
}
