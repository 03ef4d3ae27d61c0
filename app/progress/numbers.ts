/** Shares and times as they are written. */

export function percentOf(share: number): number {
  return Math.round(100 * share);
}

export function rangeOf({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${percentOf(low)}–${percentOf(high)} %`;
}

export function timeOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The hyphens do not break. */
export function dateOf(date: string): string {
  return date.replaceAll("-", "‑");
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
