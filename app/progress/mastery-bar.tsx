import styles from "./mastery-bar.module.css";

type Props = {
  readonly mean: number;
  readonly low: number;
  readonly high: number /** A line to compare with, 0 to 1. */;
  readonly mark?: number;
};

/** An estimate from 0 to 1 with the interval in which it lies four times in five. The numbers stand beside it as text. */
export function MasteryBar({ mean, low, high, mark }: Props) {
  const at = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return (
    <span className={styles.track} aria-hidden="true">
      <span className={styles.mean} style={{ width: at(mean) }} />
      <span className={styles.whisker} style={{ left: at(low), width: at(high - low) }} />
      {mark !== undefined && <span className={styles.mark} style={{ left: at(mark) }} />}
    </span>
  );
}
