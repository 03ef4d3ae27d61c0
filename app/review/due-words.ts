/** How long until something is due, in the words of the buttons. */
export function dueIn(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return "now";
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 24) return `in ${hours} h`;
  const days = Math.round(hours / 24);
  if (days < 60) return `in ${days} ${days === 1 ? "day" : "days"}`;
  return `in ${Math.round(days / 30.44)} months`;
}
