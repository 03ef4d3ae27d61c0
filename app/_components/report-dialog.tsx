"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { ReportBody } from "@/lib/progress";
import { postJson } from "./post-json";
import { REASON_KEYS, REPORT_REASONS } from "./report-reasons";
import styles from "./report-dialog.module.css";

type Props = { readonly item: string; readonly rev: number; readonly onClose: () => void };

type State = { readonly kind: "open"; readonly problem?: string } | { readonly kind: "sending" } | { readonly kind: "kept" };

/** Asks what is wrong with a question, and says that it was kept. */
export function ReportDialog({ item, rev, onClose }: Props) {
  const [reason, setReason] = useState<ReportBody["reason"]>();
  const [text, setText] = useState("");
  const [state, setState] = useState<State>({ kind: "open" });
  const dialog = useRef<HTMLDialogElement>(null);
  const done = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    if (state.kind === "kept") done.current?.focus();
  }, [state]);

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!reason || state.kind !== "open") return;
    setState({ kind: "sending" });
    const answer = await postJson<unknown>("/api/reports", { item, rev, reason, text } satisfies ReportBody);
    setState(answer.ok ? { kind: "kept" } : { kind: "open", problem: answer.error.message });
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of the question behind it must not hear what is typed here
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={`${id}-title`}
      onCancel={onClose}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={`${id}-title`}>What is wrong with this question?</h2>
      {state.kind === "kept" ? (
        <>
          <p role="status">Your report was kept. Whoever runs this installation can read it.</p>
          <div className={styles.buttons}>
            <button ref={done} type="button" className="button" onClick={onClose}>
              Close
            </button>
          </div>
        </>
      ) : (
        <form onSubmit={(event) => void send(event)}>
          <fieldset className={styles.reasons}>
            <legend className="visually-hidden">What is wrong</legend>
            {REASON_KEYS.map((key) => (
              <label key={key}>
                <input type="radio" name={`${id}-reason`} checked={reason === key} onChange={() => setReason(key)} />
                {REPORT_REASONS[key]}
              </label>
            ))}
          </fieldset>
          <label htmlFor={`${id}-text`} className={styles.label}>
            More, if you like
          </label>
          <textarea id={`${id}-text`} rows={4} value={text} onChange={(event) => setText(event.target.value)} />
          <div className={styles.buttons}>
            <button type="button" className="button quiet" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" className="button" disabled={!reason || state.kind === "sending"}>
              Send
            </button>
          </div>
          {state.kind === "open" && state.problem && (
            <p role="alert" className={styles.problem}>
              Your report was not kept: {state.problem}
            </p>
          )}
        </form>
      )}
    </dialog>
  );
}
