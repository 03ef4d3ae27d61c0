import Link from "next/link";
import styles from "./practice-set.module.css";

type Props = { readonly title: string; readonly text: string; readonly back: { readonly href: string; readonly label: string } };

/** A set of one's own in which nothing is left. */
export function NothingHere({ title, text, back }: Props) {
  return (
    <div className={`page ${styles.narrow}`}>
      <h1>{title}</h1>
      <p className="lead">{text}</p>
      <p className={styles.leave}>
        <Link href={back.href}>{back.label}</Link>
      </p>
    </div>
  );
}
