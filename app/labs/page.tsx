import type { Metadata } from "next";
import Link from "next/link";
import { RightIcon } from "../_components/icons";
import { InlineMarkdown } from "../_components/markdown";
import { allItems, allLabs } from "../_server/content";
import { database } from "../_server/database";
import { findLearner } from "../_server/session";
import type { Lab } from "@/lib/content";
import { type LabState, readOverview } from "@/lib/progress";
import styles from "./labs.module.css";

export const metadata: Metadata = { title: "Labs" };

const KINDS: Record<Lab["kind"], string> = { build: "Build", fix: "Repair", predict: "Predict", explore: "Explore" };
const STATES: Record<LabState, string> = { new: "", begun: "begun", done: "done" };

export default async function LabsPage() {
  const [items, labs, db, learner] = await Promise.all([allItems(), allLabs(), database(), findLearner()]);
  const standings = new Map((await readOverview(db, items, labs, learner)).labs.map((standing) => [standing.id, standing]));
  return (
    <div className="page">
      <h1>Labs</h1>
      <p className="lead">
        Each lab is a task on a simulated Docker host: a terminal, the network as a drawing, and goals that are checked on the state you
        leave behind. Any way that leads there counts.
      </p>
      <ol className={styles.labs}>
        {labs.map((lab) => {
          const state = standings.get(lab.id)?.state ?? "new";
          return (
            <li key={lab.id} className={styles.lab}>
              <span className={styles.kind}>{KINDS[lab.kind]}</span>
              <div>
                <h2>
                  <Link href={`/labs/${lab.id}`}>{lab.title}</Link>
                </h2>
                <p>
                  <InlineMarkdown text={lab.goal} />
                </p>
              </div>
              <p className={styles.facts}>
                <span>{lab.minutes} min</span>
                <span>level {lab.difficulty} of 5</span>
                <span className={styles.topic}>{lab.topic}</span>
              </p>
              <span className={styles.state} data-state={state}>
                {state === "done" && <RightIcon />}
                {STATES[state]}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
