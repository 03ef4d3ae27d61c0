/**
 * The forwarding table of a VXLAN: behind which tunnel end, or ends, an Ethernet address is. `bridge fdb show dev vxlan42` prints it.
 *
 * Modelled on drivers/net/vxlan/vxlan_core.c (vxlan_fdb_update, vxlan_fdb_delete, vxlan_snoop). The entry of 00:00:00:00:00:00
 * says where everything goes that no other entry knows: to each of its ends a copy. An entry dies on the dot; Linux may use a dead
 * one until its next sweep.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import { elapsed, type Instant, seconds } from "@/lib/sim/core/time";
import type { Ip } from "@/lib/sim/net/address";
import { isUnicast, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import type { IfIndex, RtnlError } from "./rtnetlink";

/** A tunnel end. `via`: the underlay's link to it, if the route does not decide. */
export type TunnelEnd = { readonly address: Ip; readonly via: IfIndex | undefined };

export type VxlanFdbEntry = {
  readonly mac: Mac;
  /** permanent and static ones were added by hand and do not age; learned ones were heard in a frame, or added `dynamic`. */
  state: "permanent" | "static" | "learned";
  ends: readonly TunnelEnd[];
  usedAt: Instant;
  updatedAt: Instant;
};

export class VxlanFdb {
  readonly ageingSeconds: number;
  readonly #entries = new Map<Mac, VxlanFdbEntry>();

  constructor(ageingSeconds: number) {
    this.ageingSeconds = ageingSeconds;
  }

  /** The tunnel ends for a frame, and that they were used. None: nobody knows, and it is lost. */
  use(destination: Mac, now: Instant): readonly TunnelEnd[] {
    const entry = this.#live(destination, now) ?? this.#live(NO_MAC, now);
    if (!entry) return [];
    entry.usedAt = now;
    return entry.ends;
  }

  /** A frame of `source` came from `from`. What was put in by hand does not move: then the frame is a fake. */
  learn(source: Mac, from: Ip, now: Instant): "new" | "moved" | "refreshed" | "fake" {
    const known = this.#live(source, now);
    if (!known) {
      this.#put(source, "learned", [{ address: from, via: undefined }], now);
      return "new";
    }
    const isSame = known.ends[0]?.address === from;
    if (!isSame && known.state !== "learned") return "fake";
    known.updatedAt = now;
    if (isSame) return "refreshed";
    known.ends = [{ address: from, via: undefined }];
    return "moved";
  }

  add(mac: Mac, state: VxlanFdbEntry["state"], end: TunnelEnd, mode: "add" | "append" | "replace", now: Instant): Result<void, RtnlError> {
    const known = this.#live(mac, now);
    const isForMany = mac === NO_MAC || !isUnicast(mac);
    if (mode === "replace" && isForMany)
      return fail({ errno: "EOPNOTSUPP", ...(known ? { extack: "Cannot replace non-unicast fdb entries." } : {}) });
    if (!known) {
      this.#put(mac, state, [end], now);
      return DONE;
    }
    if (mode === "add") return fail({ errno: "EEXIST" });
    known.state = state;
    known.updatedAt = now;
    if (mode === "replace") known.ends = [end];
    else if (isForMany && !known.ends.some((other) => isSameEnd(other, end))) known.ends = [...known.ends, end];
    return DONE;
  }

  /** One end of the entry, or the entry. */
  remove(mac: Mac, end: TunnelEnd | undefined, now: Instant): Result<void, RtnlError> {
    const known = this.#live(mac, now);
    if (!known || (end && !known.ends.some((other) => isSameEnd(other, end)))) return fail({ errno: "ENOENT" });
    if (end && known.ends.length > 1) known.ends = known.ends.filter((other) => !isSameEnd(other, end));
    else this.#entries.delete(mac);
    return DONE;
  }

  /** The link went down. */
  forgetLearned(): void {
    for (const [mac, { state }] of this.#entries) if (state === "learned") this.#entries.delete(mac);
  }

  /** The newest first. */
  list(now: Instant): readonly VxlanFdbEntry[] {
    return [...this.#entries.values()].filter((entry) => this.#isLive(entry, now)).reverse();
  }

  #put(mac: Mac, state: VxlanFdbEntry["state"], ends: readonly TunnelEnd[], now: Instant): void {
    this.#entries.delete(mac);
    this.#entries.set(mac, { mac, state, ends, usedAt: now, updatedAt: now });
  }

  #live(mac: Mac, now: Instant): VxlanFdbEntry | undefined {
    const entry = this.#entries.get(mac);
    return entry && this.#isLive(entry, now) ? entry : undefined;
  }

  #isLive({ state, updatedAt }: VxlanFdbEntry, now: Instant): boolean {
    return state !== "learned" || this.ageingSeconds === 0 || elapsed(updatedAt, now) < seconds(this.ageingSeconds);
  }
}

function isSameEnd(a: TunnelEnd, b: TunnelEnd): boolean {
  return a.address === b.address && a.via === b.via;
}
