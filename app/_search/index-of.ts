/** The index that the palette fetches: what stands in content/, in the words that a learner would look for. */

import { paragraphsOf } from "@/app/_components/markdown-parse";
import type { CommandBook, CommandRow } from "@/app/commands/commands";
import { type Item, type Lab, type Lesson, type Misconception, TOPICS } from "@/lib/content";
import type { Entry } from "./entries";

const PAGES: readonly Entry[] = [
  { kind: "page", title: "Lessons", about: "Learn: all lessons by topic", href: "/learn" },
  { kind: "page", title: "Quiz", about: "Practise by topic, difficulty and objective", href: "/quiz" },
  { kind: "page", title: "Labs", about: "Tasks on a simulated host", href: "/labs" },
  { kind: "page", title: "Review", about: "What is due for repetition", href: "/review" },
  { kind: "page", title: "Exam", about: "The exam's form and its clock", href: "/exam" },
  { kind: "page", title: "Progress", about: "Where you stand, by topic and lab", href: "/progress" },
  { kind: "page", title: "Statistics of questions", about: "How hard each question is, and how well it tells", href: "/statistics" },
  { kind: "page", title: "Misconceptions", about: "What people believe of Docker that is not so, and what is", href: "/misconceptions" },
  { kind: "page", title: "Notes", about: "What you wrote to questions", href: "/notes" },
  { kind: "page", title: "Commands", about: "What you can type on a simulated host, and what is simulated of it", href: "/commands" },
  { kind: "page", title: "Coverage", about: "What there is for each objective of the exam", href: "/coverage" },
];

type Sources = {
  readonly lessons: readonly Lesson[];
  readonly labs: readonly Lab[];
  readonly items: readonly Item[];
  readonly misconceptions: readonly Misconception[];
  readonly commands: CommandBook;
};

export function indexOf({ lessons, labs, items, misconceptions, commands }: Sources): readonly Entry[] {
  const topics = new Map<string, string>(TOPICS.map(({ id, title }) => [id, title]));
  return [
    ...PAGES,
    ...lessons.map(({ id, title, about }): Entry => ({ kind: "lesson", title, about, href: `/learn/${id}` })),
    ...labs.map(({ id, title, goal }): Entry => ({ kind: "lab", title, about: asText(goal), href: `/labs/${id}` })),
    ...[...commands.docker, ...commands.tools].flatMap(({ rows }) => rows.map(toCommand)),
    ...misconceptions.map(
      ({ id, belief, truth }): Entry => ({ kind: "belief", title: asText(belief), about: asText(truth), href: `/misconceptions#${id}` }),
    ),
    ...items.map(({ id, stem, topic }): Entry => {
      // Of a stem the last paragraph asks; what stands above it says of what.
      const [question = "", ...before] = paragraphsOf(stem).reverse();
      const about = [topics.get(topic) ?? topic, ...before.reverse()].join(": ");
      return { kind: "question", title: question, about, href: `/quiz/item-${id}` };
    }),
  ];
}

function toCommand({ id, name, also, about, flags, simulated }: CommandRow): Entry {
  return {
    kind: "command",
    title: name,
    about: simulated === "no" ? `${about}. Not simulated` : about,
    ...(also.length + flags.length > 0 ? { words: [...also, ...flags].join(" ") } : {}),
    href: `/commands#${id}`,
  };
}

const asText = (markdown: string): string => paragraphsOf(markdown).join(" ");
