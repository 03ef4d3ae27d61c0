/** The index that the palette fetches: what stands in content/, in the words that a learner would look for. */

import { parseMarkdown, textOf } from "@/app/_components/markdown-parse";
import { type Item, type Lab, type Lesson, TOPICS } from "@/lib/content";
import type { Entry } from "./entries";

const PAGES: readonly Entry[] = [
  { kind: "page", title: "Lessons", about: "Learn: all lessons by topic", href: "/learn" },
  { kind: "page", title: "Quiz", about: "Practise by topic, difficulty and objective", href: "/quiz" },
  { kind: "page", title: "Labs", about: "Tasks on a simulated host", href: "/labs" },
  { kind: "page", title: "Review", about: "What is due for repetition", href: "/review" },
  { kind: "page", title: "Exam", about: "The exam's form and its clock", href: "/exam" },
  { kind: "page", title: "Progress", about: "Where you stand, by topic and lab", href: "/progress" },
  { kind: "page", title: "Coverage", about: "What there is for each objective of the exam", href: "/coverage" },
];

type Sources = { readonly lessons: readonly Lesson[]; readonly labs: readonly Lab[]; readonly items: readonly Item[] };

export function indexOf({ lessons, labs, items }: Sources): readonly Entry[] {
  const topics = new Map<string, string>(TOPICS.map(({ id, title }) => [id, title]));
  return [
    ...PAGES,
    ...lessons.map(({ id, title, about }): Entry => ({ kind: "lesson", title, about, href: `/learn/${id}` })),
    ...labs.map(({ id, title, goal }): Entry => ({ kind: "lab", title, about: asText(goal), href: `/labs/${id}` })),
    ...items.map(({ id, stem, topic }): Entry => {
      const [question = "", ...before] = paragraphsOf(stem).reverse();
      const about = [topics.get(topic) ?? topic, ...before.reverse()].join(": ");
      return { kind: "question", title: question, about, href: `/quiz/item-${id}` };
    }),
  ];
}

const asText = (markdown: string): string => paragraphsOf(markdown).join(" ");

/** Of a stem the last paragraph asks; what stands above it says of what. */
function paragraphsOf(markdown: string): string[] {
  return parseMarkdown(markdown).flatMap((block) => {
    if (block.kind === "paragraph" || block.kind === "heading") return [textOf(block.children)];
    return block.kind === "code" ? [block.text] : [];
  });
}
