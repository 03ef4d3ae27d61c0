/**
 * A bridge's forwarding database: which port leads to which Ethernet address.
 * It is the table that `bridge fdb show` prints.
 *
 * A bridge learns from the source of each frame and forwards by the destination of the next. Everything below follows
 * from that one rule.
 *
 * Modelled on Linux's net/bridge/br_fdb.c. It differs in two ways:
 * - It knows no VLANs.
 * - An entry dies on the dot. Linux may use a dead one until its next sweep.
 */

import { invariant } from "@/lib/base/invariant";
import { fail, ok, type Result } from "@/lib/base/result";
import { type Duration, elapsed, type Instant, seconds } from "@/lib/sim/core/time";
import { isUnicast, type Mac } from "@/lib/sim/net/mac";
import type { IfIndex } from "./rtnetlink";

export type FdbEntry = {
  /**
   * local: an address of a port or of the bridge itself; frames to it go up this host's own stack (`permanent`).
   * static: added by hand, does not age. learned: heard in a frame, or added `dynamic`; it ages unless it is heard again.
   */
  readonly kind: "local" | "static" | "learned";
  readonly address: Mac;
  /** The bridge's own index for its own address. */
  readonly port: IfIndex;
  /** When it was heard, added or looked up for forwarding. */
  readonly usedAt: Instant;
  readonly updatedAt: Instant;
};

/** What one frame taught the bridge. */
export type LearnOutcome = "new" | "moved" | "refreshed" | "own-address";

export type FdbError = { readonly errno: "EEXIST"; readonly entry: FdbEntry } | { readonly errno: "ENOENT"; readonly address: Mac };

/** Linux's default: five minutes. */
export const DEFAULT_AGEING: Duration = seconds(300);

type MutableEntry = { -readonly [K in keyof FdbEntry]: FdbEntry[K] };

export class Fdb {
  ageing: Duration;
  readonly #entries = new Map<Mac, MutableEntry>();

  constructor(ageing: Duration = DEFAULT_AGEING) {
    this.ageing = ageing;
  }

  /** Notes that a frame from `source` came in at `port`. */
  learn(source: Mac, port: IfIndex, now: Instant): LearnOutcome {
    invariant(isUnicast(source), `a frame from group address ${source} is dropped before it is learned`);

    const known = this.#live(source, now);
    if (!known) {
      // A dead entry's place in the list is not inherited.
      this.#entries.delete(source);
      this.#entries.set(source, { kind: "learned", address: source, port, usedAt: now, updatedAt: now });
      return "new";
    }
    // Another station uses our address, or our own frame came back through a loop. Linux logs a warning and keeps its entry.
    if (known.kind === "local") return "own-address";

    // Static means that it never ages, not that it never moves: Linux pins an entry only when it was added as `sticky`.
    const moved = known.port !== port;
    known.port = port;
    known.updatedAt = now;
    return moved ? "moved" : "refreshed";
  }

  /** The entry for `destination`. When there is none, the bridge must flood. */
  find(destination: Mac, now: Instant): FdbEntry | undefined {
    return this.#live(destination, now);
  }

  /** Notes that a frame was forwarded by this entry. */
  touch(destination: Mac, now: Instant): void {
    const entry = this.#entries.get(destination);
    if (entry) entry.usedAt = now;
  }

  add(entry: { readonly kind: FdbEntry["kind"]; readonly address: Mac; readonly port: IfIndex }, now: Instant): Result<void, FdbError> {
    const known = this.#live(entry.address, now);
    if (known) return fail({ errno: "EEXIST", entry: known });

    this.#entries.delete(entry.address);
    this.#entries.set(entry.address, { ...entry, usedAt: now, updatedAt: now });
    return ok(undefined);
  }

  remove(address: Mac, now: Instant): Result<FdbEntry, FdbError> {
    const known = this.#live(address, now);
    if (!known) return fail({ errno: "ENOENT", address });

    this.#entries.delete(address);
    return ok(known);
  }

  /** Drops every address that leads to `port`, which is leaving the bridge. */
  forgetPort(port: IfIndex): void {
    for (const entry of this.#entries.values()) if (entry.port === port) this.#entries.delete(entry.address);
  }

  /** Drops what was learned at `port`, which went down. */
  forgetLearned(port: IfIndex): void {
    for (const entry of this.#entries.values()) {
      if (entry.port === port && entry.kind === "learned") this.#entries.delete(entry.address);
    }
  }

  /** The newest first, as Linux keeps its list. */
  list(now: Instant): readonly FdbEntry[] {
    const live: FdbEntry[] = [];
    for (const entry of this.#entries.values()) if (this.#isLive(entry, now)) live.push({ ...entry });
    return live.reverse();
  }

  #live(address: Mac, now: Instant): MutableEntry | undefined {
    const entry = this.#entries.get(address);
    return entry && this.#isLive(entry, now) ? entry : undefined;
  }

  /**
   * An entry dies once a whole ageing time has passed in silence. With an ageing time of zero it dies at once, and the
   * bridge floods every frame.
   */
  #isLive(entry: MutableEntry, now: Instant): boolean {
    return entry.kind !== "learned" || elapsed(entry.updatedAt, now) < this.ageing;
  }
}
