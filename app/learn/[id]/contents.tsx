"use client";

import { useEffect, useState } from "react";
import styles from "./lesson.module.css";

type Props = { readonly sections: readonly { readonly id: string; readonly title: string }[] };

/** The sections of a lesson; the one being read is marked. */
export function Contents({ sections }: Props) {
  const [current, setCurrent] = useState<string>();

  useEffect(() => {
    const update = (): void => {
      const top = 0.3 * window.innerHeight;
      const above = sections.filter(({ id }) => (document.getElementById(id)?.getBoundingClientRect().top ?? Infinity) < top);
      setCurrent(above.at(-1)?.id);
    };
    update();
    window.addEventListener("scroll", update, { passive: true });
    return () => window.removeEventListener("scroll", update);
  }, [sections]);

  return (
    <nav className={styles.contents} aria-labelledby="contents">
      <h2 id="contents">On this page</h2>
      <ol>
        {sections.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={id === current ? "location" : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
