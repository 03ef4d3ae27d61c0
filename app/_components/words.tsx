import { Fragment } from "react";
import { MarkdownBlock, MarkdownLine } from "./markdown";
import { type Block, parseMarkdown } from "./markdown-parse";
import styles from "./words.module.css";

/** `node1$ docker ps`, `/ # ping web`: what stands before a line that was typed, and the line. */
const TYPED = /^((?:[\w.-]+|\/) ?[$#]|\$) (.*)$/;

/** A text of a question. What is one paragraph stays a line, so that it fits into a label; a console block shows what was typed. */
export function Words({ text }: { readonly text: string }) {
  const blocks = parseMarkdown(text);
  const [only] = blocks;
  if (blocks.length === 1 && only?.kind === "paragraph") return <MarkdownLine>{only.children}</MarkdownLine>;
  return (
    <div className={styles.words}>
      {blocks.map((block, at) =>
        block.kind === "code" ? <ConsoleBlock key={at} text={block.text} /> : <MarkdownBlock key={at} block={block} />,
      )}
    </div>
  );
}

/** The paragraph of a text that asks: its last one. */
export function LastParagraph({ text }: { readonly text: string }) {
  const paragraph = parseMarkdown(text).findLast((block): block is Extract<Block, { kind: "paragraph" }> => block.kind === "paragraph");
  return paragraph ? <MarkdownLine>{paragraph.children}</MarkdownLine> : text;
}

/** Lines of a terminal: what was typed stands out from what was printed. Without prompts all lines are alike. */
export function ConsoleBlock({ text }: { readonly text: string }) {
  const lines = text.split("\n");
  const hasPrompts = lines.some((line) => TYPED.test(line));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways
    <pre className={styles.console} tabIndex={0} data-prompts={hasPrompts ? "" : undefined}>
      <code>
        {lines.map((line, at) => {
          const [, prompt, typed] = TYPED.exec(line) ?? [];
          return (
            <Fragment key={at}>
              {at > 0 && "\n"}
              {prompt === undefined ? (
                line
              ) : (
                <>
                  <span>{prompt} </span>
                  <b>{typed}</b>
                </>
              )}
            </Fragment>
          );
        })}
      </code>
    </pre>
  );
}
