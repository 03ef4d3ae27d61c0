/** Bodies that a real engine answered (28.5.2), ids, times and sizes masked, and how to mask ours. */

import { readFileSync } from "node:fs";

export function recorded(name: string): string {
  return readFileSync(new URL(`recorded/${name}.txt`, import.meta.url), "utf8").trimEnd();
}

export function masked(text: string): string {
  return text
    .trimEnd()
    .replace(/[0-9a-f]{64}/g, "<id>")
    .replace(/\b[0-9a-f]{12}\b/g, "<short>")
    .replace(/20\d\d-\d\d-\d\dT[0-9:.]+Z/g, "<time>")
    .replace(/"(Created|Size|SizeRootFs|Pid|system_cpu_usage)":\d+/g, '"$1":0')
    .replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, "<mac>");
}
