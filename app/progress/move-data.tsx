"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import type { Imported } from "@/lib/progress";
import { plural } from "./numbers";
import styles from "./progress.module.css";

type Outcome = { readonly text: string; readonly isRefused: boolean };

/** All of one's progress as one file, out and in. */
export function MoveData() {
  const [outcome, setOutcome] = useState<Outcome>();
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const router = useRouter();

  const take = async (file: File): Promise<void> => {
    setBusy(true);
    setOutcome(await send(file));
    setBusy(false);
    if (input.current) input.current.value = "";
    router.refresh();
  };

  return (
    <>
      <p className={styles.note}>
        Answers, reviews, exams, labs with everything typed in them, notes, bookmarks and settings, as one JSON file. Reading a file in adds
        what is missing here and goes on with labs and exams that went further there. Nothing is lost, however often it is read; your
        settings stay.
      </p>
      <div className={styles.move}>
        <a className="button quiet" href="/api/progress" download>
          Export
        </a>
        <button type="button" className="button quiet" disabled={isBusy} onClick={() => input.current?.click()}>
          Import a file
        </button>
        <input
          ref={input}
          className="visually-hidden"
          type="file"
          accept="application/json,.json"
          aria-label="File to import"
          tabIndex={-1}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) void take(file);
          }}
        />
      </div>
      <p role="status" className={styles.outcome} data-refused={outcome?.isRefused ? "" : undefined}>
        {outcome?.text}
      </p>
    </>
  );
}

async function send(file: File): Promise<Outcome> {
  let response: Response;
  try {
    response = await fetch("/api/progress", { method: "POST", headers: { "Content-Type": "application/json" }, body: await file.text() });
  } catch {
    return { text: "Nothing was read in: the server does not answer.", isRefused: true };
  }
  const body = (await response.json()) as Imported & { readonly error?: { readonly message: string; readonly path?: string } };
  if (!response.ok) {
    const { message = `status ${response.status}`, path } = body.error ?? {};
    return { text: `Nothing was read in. ${path ? `At ${path}: ` : ""}${message}`, isRefused: true };
  }
  const { answers, reviews, exams, attempts, bookmarks, notes } = body;
  const parts = [
    [answers, "answer"],
    [reviews, "review"],
    [exams, "exam"],
    [attempts, "lab"],
    [bookmarks, "bookmark"],
    [notes, "note"],
  ] as const;
  const added = parts.filter(([count]) => count > 0).map(([count, name]) => plural(count, name));
  return { text: added.length === 0 ? "Everything in this file was here already." : `Added: ${added.join(", ")}.`, isRefused: false };
}
