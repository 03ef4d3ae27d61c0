/** What there is for each objective of the exam's guide: lessons, questions by format, labs. */

import { DOMAIN_TITLES, isChoice, type Item, type ItemFormat, type Lab, type Lesson, OBJECTIVES } from "@/lib/content";

export type Counts = {
  readonly lessons: number;
  /** One right option. */
  readonly single: number;
  /** Several right options. */
  readonly several: number;
  /** Of these, those that can be asked one option at a time as well. */
  readonly oneByOne: number;
  /** What a command prints, or what happens. */
  readonly predict: number;
  readonly command: number;
  readonly order: number;
  readonly match: number;
  readonly spot: number;
  readonly number: number;
  readonly labs: number;
};

export type ObjectiveRow = Counts & { readonly id: string; readonly title: string };

/** `total` counts each thing once, though it may bear on several objectives. */
export type DomainCoverage = {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly ObjectiveRow[];
  readonly total: Counts;
};

export type Coverage = { readonly domains: readonly DomainCoverage[]; readonly total: Counts };

export const COLUMNS: readonly { readonly key: keyof Counts; readonly title: string }[] = [
  { key: "lessons", title: "lessons" },
  { key: "single", title: "one answer" },
  { key: "several", title: "several" },
  { key: "oneByOne", title: "one by one" },
  { key: "predict", title: "predict" },
  { key: "command", title: "command" },
  { key: "order", title: "order" },
  { key: "match", title: "match" },
  { key: "spot", title: "spot" },
  { key: "number", title: "number" },
  { key: "labs", title: "labs" },
];

type Content = { readonly items: readonly Item[]; readonly lessons: readonly Lesson[]; readonly labs: readonly Lab[] };

export function coverageOf(content: Content): Coverage {
  const domains = Object.entries(DOMAIN_TITLES).map(([domain, title]) => {
    const ids = Object.keys(OBJECTIVES).filter((id) => id.startsWith(`${domain}.`));
    const rows = ids.map((id) => ({ id, title: OBJECTIVES[id] ?? id, ...count(content, (objective) => objective === id) }));
    return { id: domain, title, rows, total: count(content, (objective) => objective.startsWith(`${domain}.`)) };
  });
  return { domains, total: count(content, () => true) };
}

function count({ items, lessons, labs }: Content, isMeant: (objective: string) => boolean): Counts {
  const bears = ({ objectives }: { readonly objectives: readonly string[] }): boolean => objectives.some(isMeant);
  const questions = items.filter(bears);
  const of = (wanted: ItemFormat): number => questions.filter(({ format }) => format === wanted).length;
  return {
    lessons: lessons.filter(bears).length,
    single: of("mc"),
    several: of("mr"),
    oneByOne: questions.filter((item) => isChoice(item) && item.one_by_one).length,
    predict: of("out"),
    command: of("cmd"),
    order: of("ord"),
    match: of("mat"),
    spot: of("spot"),
    number: of("num"),
    labs: labs.filter(bears).length,
  };
}

/** The same as a table in Markdown; nothing is shown as nothing. */
export function toMarkdown({ domains, total }: Coverage): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const numbers = (counts: Counts, mark = ""): string[] =>
    COLUMNS.map(({ key }) => (counts[key] === 0 ? "" : `${mark}${counts[key]}${mark}`));
  return [
    row(["", "objective", ...COLUMNS.map(({ title }) => title)]),
    row(["---", "---", ...COLUMNS.map(() => "--:")]),
    ...domains.flatMap((domain) => [
      row([`**${domain.id}**`, `**${domain.title}**`, ...numbers(domain.total, "**")]),
      ...domain.rows.map((objective) => row([objective.id, objective.title, ...numbers(objective)])),
    ]),
    row(["", "**everything**", ...numbers(total, "**")]),
  ].join("\n");
}

const BEGIN = "<!-- coverage -->";
const END = "<!-- /coverage -->";

/** `text` with the table between its marks; undefined when the marks are not there. */
export function withTable(text: string, table: string): string | undefined {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) return undefined;
  return `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`;
}
