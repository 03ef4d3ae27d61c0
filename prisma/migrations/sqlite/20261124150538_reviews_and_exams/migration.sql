-- CreateTable
CREATE TABLE "Review" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "learnerId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "card" TEXT NOT NULL,
    "grade" TEXT NOT NULL,
    "at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answerId" INTEGER,
    CONSTRAINT "Review_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Review_answerId_fkey" FOREIGN KEY ("answerId") REFERENCES "Answer" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Exam" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "learnerId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "seed" TEXT NOT NULL,
    "items" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "startedAt" DATETIME NOT NULL,
    "endsAt" DATETIME NOT NULL,
    "finishedAt" DATETIME,
    CONSTRAINT "Exam_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ExamReply" (
    "examId" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "chosen" TEXT NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("examId", "place", "step"),
    CONSTRAINT "ExamReply_examId_fkey" FOREIGN KEY ("examId") REFERENCES "Exam" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- AlterTable
-- Written by hand: a new table in place of the old one would have to be dropped, and what learners did hangs on it.
ALTER TABLE "Learner" ADD COLUMN "reviewsPerDay" INTEGER NOT NULL DEFAULT 40;
ALTER TABLE "Learner" ADD COLUMN "passMark" INTEGER NOT NULL DEFAULT 65;

-- CreateIndex
CREATE INDEX "Review_answerId_idx" ON "Review"("answerId");

-- CreateIndex
CREATE UNIQUE INDEX "Review_learnerId_kind_card_at_key" ON "Review"("learnerId", "kind", "card", "at");

-- CreateIndex
CREATE UNIQUE INDEX "Exam_learnerId_seed_startedAt_key" ON "Exam"("learnerId", "seed", "startedAt");
