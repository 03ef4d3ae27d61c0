import Link from "next/link";
import { SearchButton } from "../_search/search-button";
import { Logo } from "./logo";
import { NavLinks } from "./nav-links";
import styles from "./site-header.module.css";
import { ThemeToggle } from "./theme-toggle";

export function SiteHeader() {
  return (
    <header className={styles.header}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <div className={styles.inner}>
        <Link className={styles.brand} href="/" aria-label="Drydock, home">
          <Logo />
          <span>Drydock</span>
        </Link>
        <NavLinks />
        <div className={styles.tools}>
          <SearchButton />
          <ThemeToggle />
        </div>
      </div>
    </header>
  );
}
