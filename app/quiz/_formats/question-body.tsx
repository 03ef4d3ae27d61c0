import type { Question } from "@/lib/practice/items";
import type { Feedback } from "@/lib/progress";
import type { FormatProps } from "./answering";
import { Choice } from "./choice";
import { Command } from "./command";
import { Match } from "./match";
import { Numeric } from "./numeric";
import { Order } from "./order";
import { Spot } from "./spot";

type Props = Omit<FormatProps<Question["format"]>, "question" | "told"> & {
  readonly question: Question;
  readonly feedback: Feedback | undefined;
};

/** The part of the card that depends on the format. */
export function QuestionBody({ question, feedback: told, ...rest }: Props) {
  switch (question.format) {
    case "choice":
      return <Choice {...rest} question={question} told={told?.format === "choice" ? told : undefined} />;
    case "order":
      return <Order {...rest} question={question} told={told?.format === "order" ? told : undefined} />;
    case "match":
      return <Match {...rest} question={question} told={told?.format === "match" ? told : undefined} />;
    case "command":
      return <Command {...rest} question={question} told={told?.format === "command" ? told : undefined} />;
    case "number":
      return <Numeric {...rest} question={question} told={told?.format === "number" ? told : undefined} />;
    case "spot":
      return <Spot {...rest} question={question} told={told?.format === "spot" ? told : undefined} />;
  }
}
