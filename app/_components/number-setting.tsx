"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import styles from "./number-setting.module.css";
import { postJson } from "./post-json";

type Props = {
  readonly name: "reviewsPerDay" | "passMark";
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
};

/** One number that the learner sets; what depends on it is shown anew. */
export function NumberSetting({ name, label, value, min, max, unit }: Props) {
  const [text, setText] = useState(String(value));
  const [note, setNote] = useState<string>();
  const router = useRouter();
  const id = useId();

  const keep = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const kept = await postJson<unknown>("/api/settings", { [name]: Number(text) });
    setNote(kept.ok ? "Kept." : `Not kept: ${kept.error.message}`);
    if (kept.ok) router.refresh();
  };

  return (
    <form className={styles.form} onSubmit={(event) => void keep(event)}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        required
        min={min}
        max={max}
        step={1}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setNote(undefined);
        }}
      />
      {unit && <span>{unit}</span>}
      <button type="submit" className="button quiet" disabled={text === String(value)}>
        Keep
      </button>
      <span role="status" className={styles.note}>
        {note}
      </span>
    </form>
  );
}
