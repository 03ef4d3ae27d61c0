/**
 * Simulated time.
 *
 * Every clock in the simulator (`date`, `uptime`, timers, DNS TTLs, `Up 3 seconds`) reads this one. It starts at 0
 * when a world boots and moves only when the scheduler says so. Nothing here knows the wall clock.
 */

declare const instant: unique symbol;
declare const duration: unique symbol;

/** Simulated time: whole microseconds since the world booted. */
export type Instant = number & { readonly [instant]: never };
/** A span of simulated time, in whole microseconds. */
export type Duration = number & { readonly [duration]: never };

export const BOOT = 0 as Instant;

/**
 * What `date` says at `BOOT`, in milliseconds since 1970: Monday 5 January 2026, 09:00:00 UTC.
 * A constant, so that the same transcript prints the same dates on every machine and day.
 */
export const BOOT_DATE_MS = 1_767_603_600_000;

export function seconds(count: number): Duration {
  return Math.round(count * 1_000_000) as Duration;
}

export function millis(count: number): Duration {
  return Math.round(count * 1_000) as Duration;
}

export function micros(count: number): Duration {
  return Math.round(count) as Duration;
}

export function instantAt(microseconds: number): Instant {
  return Math.round(microseconds) as Instant;
}

export function after(start: Instant, span: Duration): Instant {
  return (start + span) as Instant;
}

export function elapsed(from: Instant, to: Instant): Duration {
  return (to - from) as Duration;
}

/** The simulated date at `now`, in milliseconds since 1970 (UTC), with microseconds as its fraction. */
export function dateMs(now: Instant): number {
  return BOOT_DATE_MS + now / 1_000;
}
