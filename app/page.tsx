import Link from "next/link";
import { ArrowIcon } from "./_components/icons";
import { LazySandbox } from "./_lab/lazy-sandbox";
import { allItems, allLabs, allLessons } from "./_server/content";
import { database } from "./_server/database";
import { findLearner } from "./_server/session";
import { TOPICS } from "@/lib/content";
import { readOverview } from "@/lib/progress";
import { ONE_HOST } from "@/lib/sim";
import styles from "./home.module.css";

const TRIES = [
  "docker network create app",
  "docker run -d --name web --network app nginx",
  "docker run --rm --network app alpine ping -c 2 web",
];

export default async function HomePage() {
  const [items, labs, lessons, db, learner] = await Promise.all([allItems(), allLabs(), allLessons(), database(), findLearner()]);
  const overview = await readOverview(db, items, labs, learner);
  const done = overview.labs.filter((lab) => lab.state === "done").length;
  const seen = overview.topics.reduce((sum, topic) => sum + topic.right + topic.wrong, 0);
  const topics = TOPICS.filter(({ id }) => items.some((item) => item.topic === id));
  return (
    <div className="page">
      <div className={styles.head}>
        <h1>Learn Docker networking on a host you can see into</h1>
        <p>
          Drydock prepares you for the networking domain of the Docker Certified Associate exam. You read, answer questions, work on
          simulated Docker hosts, and watch each frame arrive or die.
        </p>
      </div>
      <div className={styles.bench}>
        <LazySandbox world={{ topology: ONE_HOST, setup: [] }} host="node1" tries={TRIES} />
      </div>
      <div className={styles.ways}>
        <section>
          <h2>
            <Link href="/learn">
              Learn <ArrowIcon />
            </Link>
          </h2>
          <p>{lessons.length} lessons, from the three nouns of container networking to VXLAN. Each ends with three questions.</p>
          <ul>
            {lessons.slice(0, 4).map(({ id, title, minutes }) => (
              <li key={id}>
                <Link href={`/learn/${id}`}>{title}</Link> <span>{minutes} min</span>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>
            <Link href="/quiz">
              Quiz <ArrowIcon />
            </Link>
          </h2>
          <p>
            {items.length} questions on {topics.length} topics. Every option says why it is right or wrong, and where that is written.
          </p>
          <ul>
            {topics.slice(0, 4).map(({ id, title }) => (
              <li key={id}>
                <Link href={`/quiz/${id}`}>{title}</Link>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>
            <Link href="/labs">
              Labs <ArrowIcon />
            </Link>
          </h2>
          <p>A task, a terminal, and goals checked on the state you leave behind. Any way that leads there counts.</p>
          <ul>
            {labs.slice(0, 4).map(({ id, title, minutes }) => (
              <li key={id}>
                <Link href={`/labs/${id}`}>{title}</Link> <span>{minutes} min</span>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h2>
            <Link href="/progress">
              Progress <ArrowIcon />
            </Link>
          </h2>
          <p>
            {seen + done === 0
              ? "What you answer and solve is kept for this browser. There is nothing to sign up for."
              : `You have answered ${seen} of ${items.length} questions and finished ${done} of ${labs.length} labs.`}
          </p>
        </section>
      </div>
    </div>
  );
}
