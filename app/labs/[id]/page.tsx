import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { allLabs } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import { findLearner } from "@/app/_server/session";
import { currentAttempt } from "@/lib/progress";
import { Workspace } from "./workspace";

type Props = { readonly params: Promise<{ readonly id: string }> };

const findLab = async (id: string) => (await allLabs()).find((lab) => lab.id === id);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await findLab((await params).id))?.title ?? "Lab" };
}

export default async function LabPage({ params }: Props) {
  const { id } = await params;
  const labs = await allLabs();
  const index = labs.findIndex((candidate) => candidate.id === id);
  const lab = labs[index];
  if (!lab) notFound();
  const learner = await findLearner();
  const attempt = learner === undefined ? undefined : await currentAttempt(await database(), labs, learner, lab.id);
  const next = labs[index + 1];
  return (
    <Workspace
      lab={{ id: lab.id, title: lab.title, kind: lab.kind, minutes: lab.minutes, topic: lab.topic }}
      attempt={attempt}
      next={next ? { id: next.id, title: next.title } : undefined}
    />
  );
}
