/**
 * Options of a network that libnetwork itself reads, whatever its driver: how often a new address is announced.
 *
 * Modelled on moby's daemon/libnetwork/network_unix.go (validatedAdvertiseAddrNMsgs, …Interval).
 */

import { DONE, type Result } from "@/lib/base/result";
import { millis } from "@/lib/sim/core/time";
import type { CnmError } from "./contract";
import { internal } from "./error";
import { atoi } from "./go-value";
import { ADVERTISE, type Advertisement } from "./interfaces";

const COUNT = "com.docker.network.advertise_addr_nmsgs";
const INTERVAL = "com.docker.network.advertise_addr_ms";
const LIMITS = { count: { min: 0, max: 3 }, interval: { min: 100, max: 2_000 } } as const;

export function checkAdvertisement(options: Readonly<Record<string, string>>): Result<void, CnmError> {
  const complaints: string[] = [];
  const count = options[COUNT];
  if (count !== undefined) {
    const value = atoi(count);
    if (!value.ok) complaints.push(`value for option ${COUNT} ${JSON.stringify(count)} must be an integer`);
    else if (isOutside(value.value, LIMITS.count))
      complaints.push(`${COUNT} must be in the range ${LIMITS.count.min} to ${LIMITS.count.max}`);
  }
  const interval = options[INTERVAL];
  if (interval !== undefined) {
    const value = atoi(interval);
    if (!value.ok) complaints.push(`value for option ${INTERVAL} ${JSON.stringify(interval)} must be integer milliseconds`);
    else if (isOutside(value.value, LIMITS.interval))
      complaints.push(`${INTERVAL} must be in the range ${LIMITS.interval.min} to ${LIMITS.interval.max}`);
  }
  return complaints.length === 0 ? DONE : internal(complaints.join("\n"));
}

/** The checked options' values. */
export function advertisementOf(options: Readonly<Record<string, string>>): Advertisement {
  const count = atoi(options[COUNT] ?? "");
  const interval = atoi(options[INTERVAL] ?? "");
  return { count: count.ok ? count.value : ADVERTISE.count, interval: interval.ok ? millis(interval.value) : ADVERTISE.interval };
}

function isOutside(value: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return value < min || value > max;
}
