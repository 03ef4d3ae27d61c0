import styles from "./mastery-bar.module.css";

type Props = {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
};

/** An estimate from 0 to 1 with the interval in which it lies four times in five. The numbers stand beside it as text. */
export function MasteryBar({ mean, low, high }: Props) {
  const at = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return (
    <span className={styles.track} aria-hidden="true">
      <span className={styles.mean} style={{ width: at(mean) }} />
      <span className={styles.whisker} style={{ left: at(low), width: at(high - low) }} />
    </span>
  );
}
