"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import type { AttemptView, NumberedEntry } from "@/lib/progress";
import type { Instant, TranscriptEntry } from "@/lib/sim";
import { EntryQueue, type SaveState } from "./entry-queue";
import { WorldClient, type WorldState } from "./world-client";

export type Session = { readonly client: WorldClient; readonly queue: EntryQueue };

/** How often the clock is written down, for the page that comes after this one. */
const CLOCK_INTERVAL = 1_000;

/** The world of an attempt, with everything that happened in it, and the queue that takes what happens next to the server. */
export function useSession(attempt: AttemptView): Session | undefined {
  const [session, setSession] = useState<Session>();
  useEffect(() => {
    const through = attempt.entries.at(-1)?.seq ?? 0;
    const leftOver = EntryQueue.leftOver(attempt.id, through);
    const queue = new EntryQueue(attempt.id, through, leftOver);
    const until = readClock(attempt.id);
    const client = new WorldClient(
      {
        world: attempt.lab.world,
        seed: attempt.seed,
        entries: [...attempt.entries, ...leftOver].map(withoutNumber),
        ...(until === undefined ? {} : { until }),
      },
      { wantsTrace: true },
    );
    client.listenForEntries((entry) => queue.push(entry));
    const clock = setInterval(() => {
      if (client.state().status.kind === "ready") void client.now().then((at) => keepClock(attempt.id, at));
    }, CLOCK_INTERVAL);
    setSession({ client, queue });
    return () => {
      clearInterval(clock);
      client.end();
      queue.close();
      setSession(undefined);
    };
  }, [attempt]);
  return session;
}

export function useWorldState(client: WorldClient): WorldState {
  return useSyncExternalStore(client.subscribe, client.state, client.state);
}

export function useSaveState(queue: EntryQueue): SaveState {
  return useSyncExternalStore(queue.subscribe, queue.state, queue.state);
}

function withoutNumber(numbered: NumberedEntry): TranscriptEntry {
  const { seq: _, ...entry } = numbered;
  return entry;
}

const keyOf = (attempt: string): string => `drydock:clock:${attempt}`;

/** Where virtual time stood when an attempt was last on the screen: what ran then has run on to there. */
function readClock(attempt: string): Instant | undefined {
  try {
    const kept = Number(localStorage.getItem(keyOf(attempt)) ?? "");
    return Number.isSafeInteger(kept) && kept > 0 ? (kept as Instant) : undefined;
  } catch {
    return undefined;
  }
}

function keepClock(attempt: string, at: Instant): void {
  try {
    localStorage.setItem(keyOf(attempt), String(at));
  } catch {
    // Without storage the clock starts again at the last entry.
  }
}
