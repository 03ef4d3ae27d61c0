"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { postJson } from "../_components/post-json";
import type { ExamKind } from "@/lib/db";
import styles from "./exam.module.css";

type StartProps = { readonly kind: ExamKind; readonly isDisabled: boolean; readonly isFirst: boolean };

export function StartButton({ kind, isDisabled, isFirst }: StartProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const router = useRouter();

  const start = async (): Promise<void> => {
    setBusy(true);
    const started = await postJson<{ readonly id: string }>("/api/exams", { kind });
    if (started.ok) router.push(`/exam/${started.value.id}`);
    else {
      setBusy(false);
      setProblem(started.error.message);
    }
  };

  return (
    <div className={styles.start}>
      <button
        type="button"
        className={isFirst ? "button" : "button quiet"}
        aria-label={`Start: ${NAMES[kind]}`}
        disabled={isDisabled || isBusy}
        onClick={() => void start()}
      >
        Start
      </button>
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}

const NAMES: Readonly<Record<ExamKind, string>> = { full: "full exam", networking: "networking exam", drill: "drill" };

/** Asks once more before it ends an exam without a mark. */
export function AbandonButton({ id }: { readonly id: string }) {
  const [isSure, setSure] = useState(false);
  const router = useRouter();

  const abandon = async (): Promise<void> => {
    if (!isSure) return setSure(true);
    await postJson<unknown>(`/api/exams/${id}/end`, { state: "abandoned" });
    setSure(false);
    router.refresh();
  };

  return (
    <button type="button" className="button quiet" onClick={() => void abandon()} onBlur={() => setSure(false)}>
      {isSure ? "Abandon, without a mark" : "Abandon"}
    </button>
  );
}
