"use client";

import { type ReactNode, useId, useState } from "react";
import styles from "./progress.module.css";

type Panel = { readonly id: string; readonly title: string; readonly content: ReactNode };
type Props = { readonly label: string; readonly panels: readonly Panel[]; readonly first: string };

/** One of several contents, chosen by name. */
export function Panels({ label, panels, first }: Props) {
  const [shown, setShown] = useState(first);
  const id = useId();
  return (
    <>
      <p className={styles.choice}>
        <label htmlFor={id}>{label}</label>
        <select id={id} value={shown} onChange={(event) => setShown(event.target.value)}>
          {panels.map((panel) => (
            <option key={panel.id} value={panel.id}>
              {panel.title}
            </option>
          ))}
        </select>
      </p>
      <div key={shown}>{panels.find((panel) => panel.id === shown)?.content}</div>
    </>
  );
}
