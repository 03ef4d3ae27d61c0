import Link from "next/link";
import { InlineMarkdown } from "@/app/_components/markdown";
import type { Feedback } from "@/lib/progress";
import styles from "./formats.module.css";

/** The misconceptions that an answer speaks of, in words. */
export function Beliefs({ misconceptions }: Pick<Feedback, "misconceptions">) {
  return misconceptions.map(({ id, belief, truth }) => (
    <div key={id} className={styles.belief}>
      <p>
        <strong>The belief behind it:</strong> <InlineMarkdown text={belief} />
      </p>
      <p>
        <strong>What is so:</strong> <InlineMarkdown text={truth} /> <Link href={`/misconceptions#${id}`}>{"More\u00a0on\u00a0this"}</Link>
      </p>
    </div>
  ));
}
