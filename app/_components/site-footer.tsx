import Link from "next/link";
import styles from "./site-footer.module.css";

export function SiteFooter() {
  return (
    <footer className={styles.footer}>
      <div className={styles.inner}>
        <p>Hosts are simulated in your browser, after Docker Engine 28.5.2. Nothing on these pages is loaded from elsewhere.</p>
        <p>
          Not affiliated with Docker, Inc. or Mirantis. No question is taken from a real exam. <Link href="/coverage">Coverage</Link> ·{" "}
          <Link href="/statistics">Statistics</Link>
        </p>
      </div>
    </footer>
  );
}
