import { MarkdownBlock, MarkdownLine } from "@/app/_components/markdown";
import { Console } from "./console";
import { DrawnNetwork } from "./drawn-network";
import type { Part } from "./outline";
import styles from "./lesson.module.css";

export function LessonText({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <div className={styles.text}>
      {parts.map((part, key) => {
        switch (part.kind) {
          case "heading": {
            const Heading = part.level <= 2 ? "h2" : "h3";
            return (
              <Heading key={key} id={part.section.id}>
                <MarkdownLine>{part.section.children}</MarkdownLine>
                <a className={styles.anchor} href={`#${part.section.id}`} aria-label="Link to this section">
                  #
                </a>
              </Heading>
            );
          }
          case "console":
            return <Console key={key} block={part.console} />;
          case "drawing":
            return <DrawnNetwork key={key} drawing={part.drawing} />;
          case "prose":
            return <MarkdownBlock key={key} block={part.block} />;
        }
      })}
    </div>
  );
}
