"use client";

import { type Theme, THEME_COOKIE } from "./theme";
import styles from "./site-header.module.css";

/** Changes to the other theme and remembers it for a year. */
export function ThemeToggle() {
  const change = (): void => {
    const next: Theme = currentTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset["theme"] = next;
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`;
  };
  return (
    <button type="button" className={styles.toggle} onClick={change} aria-label="Change between light and dark" title="Light or dark">
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" fill="currentColor" />
      </svg>
    </button>
  );
}

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
