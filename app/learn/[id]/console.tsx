import { CopyButton } from "@/app/_components/copy-button";
import type { ConsoleBlock } from "./outline";
import styles from "./console.module.css";

/** Output this wide may have to be scrolled on a phone: then the keyboard must reach it. */
const NARROWEST = 32;

/** What was typed on a host, and what it printed. */
export function Console({ block }: { readonly block: ConsoleBlock }) {
  return (
    <figure className={styles.console} data-later={block.mode === "later" ? "" : undefined}>
      {block.mode === "later" && <figcaption>several hosts: not simulated yet</figcaption>}
      {block.steps.map(({ host, command, output }, at) => (
        <div key={at} className={styles.step}>
          <div className={styles.typed}>
            <code>
              <span className={styles.prompt}>{host}$ </span>
              {command}
            </code>
            <CopyButton text={command} />
          </div>
          {output.length > 0 && (
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways
            <pre className={styles.output} tabIndex={output.some((line) => line.length > NARROWEST) ? 0 : undefined}>
              <samp>{output.join("\n")}</samp>
            </pre>
          )}
        </div>
      ))}
    </figure>
  );
}
