/** What can be found, and how well something typed fits it. */

export type EntryKind = "page" | "lesson" | "lab" | "command" | "belief" | "question";

export type Entry = {
  readonly kind: EntryKind;
  readonly title: string;
  /** One line below the title: found as well, but worth less. */
  readonly about: string;
  /** Found like `about`, but not shown: the flags of a command. */
  readonly words?: string;
  readonly href: string;
};

/** The few that explain come before the many that ask, unless these hold more of what was typed. */
const WORTH: Record<EntryKind, number> = { page: 13, lesson: 12, lab: 11, command: 8, belief: 4, question: 0 };

/** Listed before anything is typed. */
const FIRST_SEEN: ReadonlySet<EntryKind> = new Set(["page", "lesson", "lab"]);

/** An entry with its words, made once. */
export type Prepared = { readonly entry: Entry; readonly title: string; readonly about: string };

export function prepare(entries: readonly Entry[]): readonly Prepared[] {
  return entries.map((entry) => ({ entry, title: fold(entry.title), about: fold(`${entry.about} ${entry.words ?? ""}`) }));
}

/** The entries that hold every word of `query`, the best first. */
export function search(prepared: readonly Prepared[], query: string, limit: number): readonly Entry[] {
  const terms = fold(query).split(" ").filter(Boolean);
  if (terms.length === 0)
    return prepared
      .filter(({ entry }) => FIRST_SEEN.has(entry.kind))
      .slice(0, limit)
      .map(({ entry }) => entry);
  return prepared
    .flatMap((candidate, at) => {
      const score = scoreOf(candidate, terms);
      return score > 0 ? [{ entry: candidate.entry, at, score }] : [];
    })
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, limit)
    .map(({ entry }) => entry);
}

function scoreOf({ entry, title, about }: Prepared, terms: readonly string[]): number {
  let score = 0;
  for (const term of terms) {
    const best = Math.max(4 * fitOf(title, term), fitOf(about, term));
    if (best === 0) return 0;
    score += best;
  }
  const phrase = terms.join(" ");
  // Of a long text one word says little; a title that begins with what was typed is meant.
  const opens = title.startsWith(phrase) ? 12 : title.includes(phrase) || (terms.length > 1 && about.includes(phrase)) ? 4 : 0;
  return score + opens + WORTH[entry.kind] + 4 / (1 + title.length / 20);
}

/** 3: a whole word. 2: a word's beginning. 1: inside a word. */
function fitOf(text: string, term: string): number {
  let best = 0;
  for (let at = text.indexOf(term); at >= 0 && best < 3; at = text.indexOf(term, at + 1)) {
    const begins = at === 0 || !isWord(text[at - 1]);
    const end = at + term.length;
    const ends = end === text.length || !isWord(text[end]);
    best = Math.max(best, begins ? (ends ? 3 : 2) : 1);
  }
  return best;
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Case and runs of blanks do not matter. Signs do: `--ip` and `127.0.0.11` are words here. */
const fold = (text: string): string => text.toLowerCase().replace(/\s+/g, " ").trim();
