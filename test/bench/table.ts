/** Rows of figures, and how they are printed. */

export type Row = { readonly what: string; readonly value: string; readonly aim: string };

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

export function printRows(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  for (const { what, value, aim } of rows) console.log(`  ${what.padEnd(64)} ${value.padStart(22)}${aim === "" ? "" : `   aim ${aim}`}`);
}
