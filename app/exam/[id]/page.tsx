import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { EXAM_NAMES } from "../exam-names";
import { allItems, allLabs } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { findLearner } from "@/app/_server/session";
import { readSettings } from "@/lib/db";
import { readExam, reportOf, viewOf } from "@/lib/progress";
import { ExamRoom } from "./exam-room";
import { Report } from "./report";
import styles from "../exam.module.css";

export const metadata: Metadata = { title: "Exam" };

/** An exam: what is asked now, or what came of it. */
export default async function OneExamPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  const [items, labs, db, learner] = await Promise.all([allItems(), allLabs(), database(), findLearner()]);
  if (learner === undefined) notFound();
  const now = new Date();
  const read = await readExam(db, items, learner, id, now);
  if (!read.ok) notFound();
  const { exam } = read.value;
  if (exam.state === "open") return <ExamRoom name={EXAM_NAMES[exam.kind]} first={viewOf(read.value, now)} />;
  if (exam.state === "finished") {
    const { passMark } = await readSettings(db, learner);
    return <Report report={reportOf(read.value, labs)} passMark={passMark} />;
  }
  return (
    <div className={`page ${styles.narrow}`}>
      <h1>{EXAM_NAMES[exam.kind]}</h1>
      <p className="lead">You abandoned this exam. It was not marked, and its answers count for nothing.</p>
      <p className={styles.note}>
        <Link href="/exam">All exams</Link>
      </p>
    </div>
  );
}
