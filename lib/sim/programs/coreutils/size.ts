/** Sizes for people: `-h` of ls, du, df and free. */

import type { Flavour } from "../command/command";

/** GNU rounds up and shows one decimal below ten; busybox rounds to nearest and always shows one decimal. */
export function humanSize(bytes: number, flavour: Flavour, options: { readonly base?: 1000 | 1024 } = {}): string {
  const base = options.base ?? 1_024;
  const units = ["", base === 1_000 ? "k" : "K", "M", "G", "T", "P", "E"];
  let value = bytes;
  let power = 0;
  while (value >= base && power < units.length - 1) {
    value /= base;
    power++;
  }
  if (flavour === "busybox") return power === 0 ? String(bytes) : `${(Math.round(value * 10) / 10).toFixed(1)}${units[power]}`;
  if (power === 0) return String(bytes);
  const rounded = value < 10 ? Math.ceil(value * 10 - 1e-9) / 10 : Math.ceil(value - 1e-9);
  // 1023.5K rounds up to 1.0M.
  if (rounded >= base && power < units.length - 1) return `1.0${units[power + 1]}`;
  return `${value < 10 && rounded < 10 ? rounded.toFixed(1) : rounded.toFixed(0)}${units[power]}`;
}

/** `10`, `4K`, `1M`, `1MB`: bytes. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)([bkKMGT]?)(B|iB)?$/.exec(text);
  if (!match) return undefined;
  const unit = match[2] ?? "";
  const power = unit === "" || unit === "b" ? 0 : "KMGT".indexOf(unit.toUpperCase()) + 1;
  return Number(match[1]) * (unit === "b" ? 512 : (match[3] === "B" ? 1_000 : 1_024) ** power);
}
