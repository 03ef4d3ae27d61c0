import styles from "./standing-bar.module.css";

type Props = { readonly right: number; readonly wrong: number; readonly unseen: number };

/** Items of a topic by their last answer. The numbers stand beside it as text. */
export function StandingBar({ right, wrong, unseen }: Props) {
  const all = Math.max(right + wrong + unseen, 1);
  const share = (count: number): string => `${(100 * count) / all}%`;
  return (
    <span className={styles.bar} aria-hidden="true">
      {right > 0 && <span className={styles.right} style={{ width: share(right) }} />}
      {wrong > 0 && <span className={styles.wrong} style={{ width: share(wrong) }} />}
    </span>
  );
}
