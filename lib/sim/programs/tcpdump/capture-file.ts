/**
 * Capture files (`-w`, `-r`). A file holds text here, so frames are kept as values, one a line, after a first line that says
 * what the file is. net/pcap.ts makes libpcap's bytes of them.
 */

import { instantAt } from "@/lib/sim/core/time";
import type { Line } from "./print-frame";

const FIRST_LINE = "\u00d4\u00c3\u00b2\u00a1 capture of drydock";

export type CaptureFile = { readonly linkType: "EN10MB" | "LINUX_SLL2"; readonly lines: readonly Line[] };

export function captureHeader(linkType: CaptureFile["linkType"]): string {
  return `${FIRST_LINE} ${linkType}\n`;
}

export function captureRecord(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/** `truncated`: not a capture file of ours. */
export function readCapture(text: string): CaptureFile | undefined {
  const [first = "", ...records] = text.split("\n");
  if (!first.startsWith(FIRST_LINE)) return undefined;
  const lines: Line[] = [];
  for (const record of records) {
    if (record === "") continue;
    const parsed: unknown = JSON.parse(record);
    if (!isLine(parsed)) return undefined;
    lines.push({ ...parsed, at: instantAt(parsed.at) });
  }
  return { linkType: first.endsWith("LINUX_SLL2") ? "LINUX_SLL2" : "EN10MB", lines };
}

function isLine(value: unknown): value is Line {
  return (
    typeof value === "object" && value !== null && "frame" in value && "at" in value && typeof value.at === "number" && "link" in value
  );
}
