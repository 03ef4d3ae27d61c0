import Link from "next/link";
import { InlineMarkdown } from "../_components/markdown";
import type { Suggestion } from "@/lib/progress";
import { percentOf } from "./numbers";
import styles from "./progress.module.css";

/** What to do next, each with its reason. */
export function NextSteps({ steps }: { readonly steps: readonly Suggestion[] }) {
  if (steps.length === 0) return <p className={styles.note}>Nothing presses: every question was last answered rightly.</p>;
  return (
    <ol className={styles.steps}>
      {steps.map((step) => {
        const { href, text, why } = toWords(step);
        return (
          <li key={href}>
            <Link href={href}>
              <InlineMarkdown text={text} />
            </Link>
            <p>{why}</p>
          </li>
        );
      })}
    </ol>
  );
}

function toWords(step: Suggestion): { readonly href: string; readonly text: string; readonly why: string } {
  switch (step.kind) {
    case "exam":
      return { href: `/exam/${step.id}`, text: "Go on with the open exam", why: "Its time is running." };
    case "reviews":
      return {
        href: "/review",
        text: `Review ${step.due} ${step.due === 1 ? "card" : "cards"}`,
        why: "You are about to forget them; a repetition now lasts longest.",
      };
    case "objective":
      return {
        href: `/quiz/objective-${step.id}`,
        text: `Practise ${step.id}: ${step.title}`,
        why: step.answered
          ? `It is your weakest objective, at about ${percentOf(step.mean)} %. ${step.left} of its questions are unseen or were last answered wrongly.`
          : `You have not met it yet; it has ${step.left} questions.`,
      };
    case "lab":
      return {
        href: `/labs/${step.id}`,
        text: `Do the lab: ${step.title}`,
        why: `You chose an option ${step.times === 1 ? "once" : `${step.times} times`} that rests on a misconception which this lab lets you see.`,
      };
    case "sit-exam":
      return {
        href: "/exam",
        text: `Take the ${step.title.toLowerCase()}`,
        why: `From your answers you would score ${percentOf(step.low)} to ${percentOf(step.high)} %. An exam without help shows whether that holds.`,
      };
  }
}
