-- CreateTable
CREATE TABLE "Bookmark" (
    "learnerId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "marked" BOOLEAN NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("learnerId", "item"),
    CONSTRAINT "Bookmark_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Note" (
    "learnerId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "earlier" TEXT NOT NULL DEFAULT '[]',
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("learnerId", "item"),
    CONSTRAINT "Note_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Report" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "learnerId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "rev" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "Report_learnerId_fkey" FOREIGN KEY ("learnerId") REFERENCES "Learner" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Report_learnerId_at_idx" ON "Report"("learnerId", "at");

-- CreateIndex
CREATE INDEX "Report_item_id_idx" ON "Report"("item", "id");
