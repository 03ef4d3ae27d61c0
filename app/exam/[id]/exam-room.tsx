"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { InlineMarkdown, Markdown } from "@/app/_components/markdown";
import { postJson } from "@/app/_components/post-json";
import { useKeys } from "@/app/_components/use-keys";
import practice from "@/app/quiz/[set]/practice-set.module.css";
import type { Ask, ExamView, ReplyBody } from "@/lib/progress";
import { ChoiceAsk } from "./choice-ask";
import { TimeLeft } from "./time-left";
import styles from "../exam.module.css";

type Props = { readonly name: string; readonly first: ExamView };

/** A running exam. The server says what is asked; this shows it and sends the reply. */
export function ExamRoom({ name, first }: Props) {
  const [view, setView] = useState(first);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const router = useRouter();
  const { ask } = view;

  const reply = async (body: ReplyBody): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    const next = await postJson<ExamView>(`/api/exams/${view.id}/replies`, body);
    setBusy(false);
    if (next.ok) {
      setProblem(undefined);
      setView(next.value);
      if (!next.value.ask) router.refresh();
    } else if (next.error.code === "exam-over") router.refresh();
    else if (next.error.code === "not-asked") window.location.reload();
    else setProblem(`Your reply was not kept: ${next.error.message}`);
  };

  return (
    <div className={`page ${styles.narrow}`}>
      <header className={practice.head}>
        <h1>{name}</h1>
        <p className={practice.count}>
          {ask ? `Question ${ask.place + 1} of ${view.total}` : "Over"} · <TimeLeft view={view} onUp={() => router.refresh()} />
        </p>
        <div className={styles.bar} aria-hidden="true">
          <span style={{ width: `${(100 * (ask ? ask.place : view.total)) / view.total}%` }} />
        </div>
      </header>
      {ask && <Question key={`${ask.place}`} ask={ask} isBusy={isBusy} onReply={(body) => void reply(body)} />}
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.leave}>
        <Link href="/exam">Leave; the time runs on</Link>
        <EndButton id={view.id} />
      </div>
    </div>
  );
}

type QuestionProps = { readonly ask: Ask; readonly isBusy: boolean; readonly onReply: (body: ReplyBody) => void };

function Question({ ask, isBusy, onReply }: QuestionProps) {
  const stem = useRef<HTMLDivElement>(null);
  useEffect(() => {
    stem.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, []);
  return (
    <article className={practice.card}>
      <div className={practice.stem} ref={stem} tabIndex={-1}>
        <Markdown text={ask.stem} />
      </div>
      {ask.format === "choice" ? (
        <ChoiceAsk ask={ask} isBusy={isBusy} onReply={onReply} />
      ) : (
        <OptionAsk key={ask.step} ask={ask} isBusy={isBusy} onReply={onReply} />
      )}
    </article>
  );
}

type OptionProps = Omit<QuestionProps, "ask"> & { readonly ask: Extract<Ask, { readonly format: "one-by-one" }> };

/** One option: yes or no, and no way back. */
function OptionAsk({ ask, isBusy, onReply }: OptionProps) {
  const say = (accept: boolean): void => {
    if (!isBusy) onReply({ place: ask.place, step: ask.step, accept });
  };
  useKeys((key) => {
    const accept = key === "y" || key === "1" ? true : key === "n" || key === "2" ? false : undefined;
    if (accept !== undefined) say(accept);
    return accept !== undefined;
  });
  return (
    <section className={styles.option} aria-label={`Option ${ask.step + 1}`}>
      <p className={styles.asked}>Is this a right answer?</p>
      <p className={styles.text} aria-live="polite">
        <InlineMarkdown text={ask.option} />
      </p>
      <div className={styles.replies}>
        <button type="button" className="button quiet" aria-disabled={isBusy} onClick={() => say(true)}>
          Yes <kbd>y</kbd>
        </button>
        <button type="button" className="button quiet" aria-disabled={isBusy} onClick={() => say(false)}>
          No <kbd>n</kbd>
        </button>
      </div>
    </section>
  );
}

function EndButton({ id }: { readonly id: string }) {
  const [isSure, setSure] = useState(false);
  const router = useRouter();
  const end = async (): Promise<void> => {
    if (!isSure) return setSure(true);
    await postJson<unknown>(`/api/exams/${id}/end`, { state: "finished" });
    router.refresh();
  };
  return (
    <button type="button" onClick={() => void end()} onBlur={() => setSure(false)}>
      {isSure ? "End now; what is not answered counts as wrong" : "End the exam"}
    </button>
  );
}
