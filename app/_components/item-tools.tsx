"use client";

import { useState } from "react";
import { BookmarkIcon, FlagIcon } from "./icons";
import { useBookmark } from "./keepsakes";
import { ReportDialog } from "./report-dialog";
import { useKeys } from "./use-keys";
import styles from "./item-tools.module.css";

type Props = { readonly item: string; readonly rev: number };

/** Beside a question: its bookmark (B) and a way to say what is wrong with it. */
export function ItemTools({ item, rev }: Props) {
  const { isMarked, mark } = useBookmark(item);
  const [note, setNote] = useState<{ readonly text: string; readonly isRefused: boolean }>();
  const [isBusy, setBusy] = useState(false);
  const [isReporting, setReporting] = useState(false);

  const toggle = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const answer = await mark(item, !isMarked);
    setBusy(false);
    if (answer.ok) setNote({ text: answer.value.marked ? "Bookmarked." : "Bookmark removed.", isRefused: false });
    else setNote({ text: `The bookmark was not kept: ${answer.error.message}`, isRefused: true });
  };

  useKeys((key) => {
    if (key !== "b" && key !== "B") return false;
    void toggle();
    return true;
  });

  return (
    <div className={styles.tools}>
      <button
        type="button"
        className={styles.tool}
        aria-label="Bookmark this question"
        aria-pressed={isMarked}
        aria-keyshortcuts="B"
        title="Bookmark (B)"
        onClick={() => void toggle()}
      >
        <BookmarkIcon isFull={isMarked} />
        <span>{isMarked ? "Bookmarked" : "Bookmark"}</span>
      </button>
      <button
        type="button"
        className={styles.tool}
        aria-label="Report a fault in this question"
        aria-haspopup="dialog"
        title="Report a fault"
        onClick={() => setReporting(true)}
      >
        <FlagIcon />
        <span>Report</span>
      </button>
      <span role="status" className={note?.isRefused ? styles.refused : "visually-hidden"}>
        {note?.text}
      </span>
      {isReporting && <ReportDialog item={item} rev={rev} onClose={() => setReporting(false)} />}
    </div>
  );
}
