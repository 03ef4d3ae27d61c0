import { Fragment, type ReactNode } from "react";
import { type Block, type Inline, parseInline, parseMarkdown } from "./markdown-parse";
import styles from "./markdown.module.css";

/** Code up to this length is not broken: `--network-alias` would be, after its hyphens. */
const SHORT = 24;

/** Paragraphs, tables and code blocks, as questions and labs are written. */
export function Markdown({ text }: { readonly text: string }) {
  return <div className={styles.prose}>{parseMarkdown(text).map(toBlock)}</div>;
}

/** One line of it, inside a label or a heading. */
export function InlineMarkdown({ text }: { readonly text: string }) {
  return <>{parseInline(text.trim().replaceAll("\n", " ")).map(toInline)}</>;
}

/** Inside a text that a page sets itself. */
export function MarkdownBlock({ block }: { readonly block: Block }) {
  return toBlock(block);
}

export function MarkdownLine({ children }: { readonly children: readonly Inline[] }) {
  return children.map(toInline);
}

function toBlock(block: Block, key?: number): ReactNode {
  switch (block.kind) {
    case "paragraph":
      return <p key={key}>{block.children.map(toInline)}</p>;
    case "heading":
      return <h3 key={key}>{block.children.map(toInline)}</h3>;
    case "code":
      // A region that scrolls can be reached with the keyboard.
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways
        <pre key={key} tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "table":
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways
        <div key={key} className={styles.table} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, at) => (
                  <th key={at} scope="col">
                    {cell.map(toInline)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={column}>{cell.map(toInline)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "list": {
      const items = block.items.map((item, at) => <li key={at}>{toItem(item)}</li>);
      return block.ordered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
  }
}

function toItem(blocks: readonly Block[]): ReactNode {
  const [only] = blocks;
  return blocks.length === 1 && only?.kind === "paragraph" ? only.children.map(toInline) : blocks.map(toBlock);
}

function toInline(inline: Inline, key: number): ReactNode {
  switch (inline.kind) {
    case "text":
      return <Fragment key={key}>{inline.text}</Fragment>;
    case "code":
      return (
        <code key={key} data-short={inline.text.length <= SHORT ? "" : undefined}>
          {inline.text}
        </code>
      );
    case "strong":
      return <strong key={key}>{inline.children.map(toInline)}</strong>;
    case "emphasis":
      return <em key={key}>{inline.children.map(toInline)}</em>;
    case "link":
      return (
        <a key={key} href={inline.href}>
          {inline.children.map(toInline)}
        </a>
      );
  }
}
