"use client";

import Link from "next/link";
import { useCallback, useEffect, useRef, useState } from "react";
import { postJson, type Refusal } from "@/app/_components/post-json";
import { Picture } from "@/app/_lab/picture/picture";
import { Splitter } from "@/app/_lab/splitter";
import { Terminals } from "@/app/_lab/terminals";
import { type Session, useSession, useWorldState } from "@/app/_lab/use-session";
import type { Lab } from "@/lib/content";
import type { AttemptView } from "@/lib/progress";
import { TaskPanel } from "./task-panel";
import styles from "./workspace.module.css";

export type LabFacts = Pick<Lab, "id" | "title" | "kind" | "minutes" | "topic">;
export type NextLab = { readonly id: string; readonly title: string };

type Props = { readonly lab: LabFacts; readonly attempt: AttemptView | undefined; readonly next: NextLab | undefined };

/** A lab at work. Without an attempt to go on with it begins one. */
export function Workspace({ lab, attempt: before, next }: Props) {
  const [attempt, setAttempt] = useState(before);
  const [problem, setProblem] = useState<Refusal>();
  const isStarting = useRef(false);

  const start = useCallback(async () => {
    if (isStarting.current) return;
    isStarting.current = true;
    const started = await postJson<AttemptView>("/api/attempts", { lab: lab.id });
    isStarting.current = false;
    if (started.ok) {
      setProblem(undefined);
      setAttempt(started.value);
    } else setProblem(started.error);
  }, [lab.id]);

  useEffect(() => {
    if (!attempt) void start();
  }, [attempt, start]);

  if (attempt) return <AttemptAtWork key={attempt.id} lab={lab} attempt={attempt} next={next} onReset={start} />;
  return (
    <div className="page" data-workspace="">
      <h1>{lab.title}</h1>
      {problem ? (
        <>
          <p className="lead" role="alert">
            The lab could not begin: {problem.message}
          </p>
          <p className={styles.retry}>
            <button type="button" className="button" onClick={() => void start()}>
              Try again
            </button>
          </p>
        </>
      ) : (
        <p className="lead">The lab begins.</p>
      )}
    </div>
  );
}

type AtWorkProps = {
  readonly lab: LabFacts;
  readonly attempt: AttemptView;
  readonly next: NextLab | undefined;
  readonly onReset: () => Promise<void>;
};

function AttemptAtWork({ lab, attempt, next, onReset }: AtWorkProps) {
  const session = useSession(attempt);
  return session ? (
    <Bench lab={lab} attempt={attempt} session={session} next={next} onReset={onReset} />
  ) : (
    <div data-workspace="" className={styles.workspace} />
  );
}

const TABS = ["Task", "Terminal", "Picture"] as const;
type Tab = (typeof TABS)[number];

function Bench({ lab, attempt, session, next, onReset }: AtWorkProps & { readonly session: Session }) {
  const world = useWorldState(session.client);
  const [tab, setTab] = useState<Tab>("Task");
  const check = useRef<HTMLButtonElement>(null);
  const names = attempt.lab.world.topology.hosts.map(({ name }) => name);
  const hosts = [attempt.lab.host, ...names.filter((name) => name !== attempt.lab.host)];

  return (
    <div data-workspace="" className={styles.workspace} data-tab={tab}>
      <div className={styles.switch} role="group" aria-label="Part of the workspace">
        {TABS.map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {name}
          </button>
        ))}
      </div>
      <div className={styles.task} data-part="Task">
        <p className={styles.back}>
          <Link href="/labs">All labs</Link>
          <span>
            {lab.topic}, {lab.minutes} min
          </span>
        </p>
        <TaskPanel attempt={attempt} session={session} next={next} check={check} onReset={onReset} />
      </div>
      <div className={styles.right}>
        <div className={styles.pictureArea} data-part="Picture">
          <Picture client={session.client} snapshot={world.snapshot} />
        </div>
        <Splitter label="Height of the picture" storageKey="drydock:split" initial={46} />
        <div className={styles.terminalArea} data-part="Terminal">
          {world.status.kind === "ready" && (
            <Terminals
              client={session.client}
              state={world}
              hosts={hosts}
              takesFocus={false}
              onLeave={() =>
                check.current?.offsetParent
                  ? check.current.focus()
                  : document.querySelector<HTMLElement>(`.${styles.switch} button`)?.focus()
              }
            />
          )}
          {world.status.kind === "booting" && (
            <p className={styles.booting}>{hosts.length === 1 ? `${hosts[0]} is booting.` : "The hosts are booting."}</p>
          )}
          {world.status.kind === "broken" && <Broken message={world.status.message} seed={attempt.seed} />}
        </div>
      </div>
    </div>
  );
}

function Broken({ message, seed }: { readonly message: string; readonly seed: string }) {
  return (
    <div className={styles.broken} role="alert">
      <h2>The simulated host broke</h2>
      <p>That is a bug of Drydock&apos;s. What you typed is kept; resetting the lab begins again. For a report:</p>
      <pre>
        seed {seed}
        {"\n"}
        {message}
      </pre>
    </div>
  );
}
