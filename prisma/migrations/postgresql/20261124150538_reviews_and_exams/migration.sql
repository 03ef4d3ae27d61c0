-- CreateEnum
CREATE TYPE "CardKind" AS ENUM ('item', 'misconception', 'lab');

-- CreateEnum
CREATE TYPE "Grade" AS ENUM ('again', 'hard', 'good', 'easy');

-- CreateEnum
CREATE TYPE "ExamKind" AS ENUM ('full', 'networking', 'drill');

-- CreateEnum
CREATE TYPE "ExamState" AS ENUM ('open', 'finished', 'abandoned');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "AnswerMode" ADD VALUE 'review';
ALTER TYPE "AnswerMode" ADD VALUE 'exam';

-- AlterTable
ALTER TABLE "Learner" ADD COLUMN     "passMark" INTEGER NOT NULL DEFAULT 65,
ADD COLUMN     "reviewsPerDay" INTEGER NOT NULL DEFAULT 40;

-- CreateTable
CREATE TABLE "Review" (
    "id" SERIAL NOT NULL,
    "learnerId" TEXT NOT NULL,
    "kind" "CardKind" NOT NULL,
    "card" TEXT NOT NULL,
    "grade" "Grade" NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answerId" INTEGER,

    CONSTRAINT "Review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Exam" (
    "id" TEXT NOT NULL,
    "learnerId" TEXT NOT NULL,
    "kind" "ExamKind" NOT NULL,
    "seed" TEXT NOT NULL,
    "items" TEXT NOT NULL,
    "state" "ExamState" NOT NULL DEFAULT 'open',
    "startedAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "Exam_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ExamReply" (
    "examId" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "chosen" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ExamReply_pkey" PRIMARY KEY ("examId","place","step")
);

-- CreateIndex
CREATE INDEX "Review_answerId_idx" ON "Review"("answerId");

-- CreateIndex
CREATE UNIQUE INDEX "Review_learnerId_kind_card_at_key" ON "Review"("learnerId", "kind", "card", "at");

-- CreateIndex
CREATE UNIQUE INDEX "Exam_learnerId_seed_startedAt_key" ON "Exam"("learnerId", "seed", "startedAt");

-- AddForeignKey
ALTER TABLE "Review" ADD CONSTRAINT "Review_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Review" ADD CONSTRAINT "Review_answerId_fkey" FOREIGN KEY ("answerId") REFERENCES "Answer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Exam" ADD CONSTRAINT "Exam_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ExamReply" ADD CONSTRAINT "ExamReply_examId_fkey" FOREIGN KEY ("examId") REFERENCES "Exam"("id") ON DELETE CASCADE ON UPDATE CASCADE;
