/** One captured frame as text: time, link header and packet, then bytes if asked for (print.c, print-sll.c). */

import { dateMs, type Instant } from "@/lib/sim/core/time";
import { encodeFrame } from "@/lib/sim/net/encode";
import type { Frame } from "@/lib/sim/net/frame";
import { ETHERNET_HEADER, frameLength } from "@/lib/sim/net/length";
import { BROADCAST, isUnicast, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import { tagsLength } from "@/lib/sim/net/vlan";
import { ascii, hexDump } from "./hexdump";
import { printEthernet, printPayload, typeName } from "./print-ether";
import type { Style } from "./style";

/** `default` 14:14:07.881894, `none` (-t), `epoch` (-tt), `delta` (-ttt), `date` (-tttt), `since-first` (-ttttt). */
export type TimeStyle = "default" | "none" | "epoch" | "delta" | "date" | "since-first";
export type BytesStyle = "none" | "ascii" | "hex" | "hex-link" | "both" | "both-link";

export type LineStyle = Style & {
  readonly time: TimeStyle;
  readonly bytes: BytesStyle;
  /** Capturing on `any`: lines begin with the link's name. */
  readonly isAny: boolean;
  readonly numbers: boolean;
};

export type Line = {
  readonly at: Instant;
  readonly frame: Frame;
  readonly direction: "in" | "out";
  readonly link: string;
  readonly linkIndex: number;
  readonly linkMac: Mac | undefined;
};

export function printFrame(
  line: Line,
  style: LineStyle,
  times: { readonly first: Instant; readonly last: Instant },
  number: number,
): string {
  const head = `${style.numbers ? `${String(number).padStart(5)}  ` : ""}${time(line.at, style.time, times)}`;
  return `${head}${style.isAny ? cookedHeader(line, style) : ""}${body(line.frame, style)}${bytes(line.frame, style)}\n`;
}

/** A cooked capture's own header has said what is in it. */
function body(frame: Frame, style: LineStyle): string {
  return style.isAny && style.showsLink ? printPayload(frame, style) : printEthernet(frame, style);
}

/** Linux cooked capture v2: the link, and to whom the frame was addressed. */
function cookedHeader(line: Line, style: LineStyle): string {
  const { frame } = line;
  const kind =
    line.direction === "out"
      ? "Out"
      : frame.destination === BROADCAST
        ? "B"
        : !isUnicast(frame.destination)
          ? "M"
          : frame.destination === line.linkMac || frame.destination === NO_MAC
            ? "In"
            : "P";
  const head = `${line.link.padEnd(5)} ${kind.padEnd(3)} `;
  if (!style.showsLink) return head;
  const length = frameLength(frame) - ETHERNET_HEADER + 20;
  return `${head}ifindex ${line.linkIndex} ${frame.source} ethertype ${typeName(frame)}, length ${length}: `;
}

function bytes(frame: Frame, style: LineStyle): string {
  if (style.bytes === "none") return "";
  const all = encodeFrame(frame);
  const packet = all.subarray(ETHERNET_HEADER + tagsLength(frame));
  switch (style.bytes) {
    case "ascii":
      return ascii(packet);
    case "hex":
      return hexDump(packet, false);
    case "hex-link":
      return hexDump(all, false);
    case "both":
      return hexDump(packet, true);
    case "both-link":
      return hexDump(all, true);
  }
}

function time(at: Instant, style: TimeStyle, times: { readonly first: Instant; readonly last: Instant }): string {
  const micros = Math.round(dateMs(at) * 1_000);
  switch (style) {
    case "none":
      return "";
    case "epoch":
      return `${Math.floor(micros / 1_000_000)}.${fraction(micros)} `;
    case "default":
      return `${clock(micros)} `;
    case "date":
      return `${calendar(micros)} ${clock(micros)} `;
    case "delta":
      return ` ${clock(at - times.last)} `;
    case "since-first":
      return ` ${clock(at - times.first)} `;
  }
}

function clock(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000) % 86_400;
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction(micros)}`;
}

function fraction(micros: number): string {
  return String(micros % 1_000_000).padStart(6, "0");
}

/** `2026-01-05`: the day of a proleptic Gregorian calendar (H. Hinnant's civil_from_days). */
function calendar(micros: number): string {
  const days = Math.floor(micros / 86_400_000_000) + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
