"use client";

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { SearchIcon } from "../_components/icons";
import { Palette } from "./palette";
import styles from "./search.module.css";

const never = (): (() => void) => () => undefined;
const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** Opens the palette, by itself or by Ctrl/⌘ K. */
export function SearchButton() {
  const [isOpen, setIsOpen] = useState(false);
  const apple = useSyncExternalStore(never, isApple, () => false);
  const close = useCallback(() => setIsOpen(false), []);

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return;
      // In a terminal Ctrl K belongs to the shell: it cuts the rest of the line.
      if (event.ctrlKey && event.target instanceof Element && event.target.closest(".xterm")) return;
      event.preventDefault();
      setIsOpen((before) => !before);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);

  return (
    <>
      <button
        type="button"
        className={styles.open}
        aria-label="Search"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setIsOpen(true)}
      >
        <SearchIcon />
        <span aria-hidden="true">Search</span>
        <kbd aria-hidden="true">{apple ? "⌘ K" : "Ctrl K"}</kbd>
      </button>
      {isOpen && <Palette onClose={close} />}
    </>
  );
}
