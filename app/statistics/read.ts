/** The statistics of the bank, reckoned anew only when somebody has answered since. */

import "server-only";
import { allItems } from "@/app/_server/content";
import { database } from "@/app/_server/database";
import type { Item } from "@/lib/content";
import { readPoolVersion } from "@/lib/db";
import { type BankStatistics, readBankStatistics } from "@/lib/progress";

let kept: { readonly version: string; readonly items: readonly Item[]; readonly statistics: Promise<BankStatistics> } | undefined;

export async function bankStatistics(): Promise<BankStatistics> {
  const [items, db] = await Promise.all([allItems(), database()]);
  const version = await readPoolVersion(db);
  if (kept?.version === version && kept.items === items) return kept.statistics;
  const statistics = readBankStatistics(db, items);
  kept = { version, items, statistics };
  statistics.catch(() => {
    kept = undefined;
  });
  return statistics;
}
