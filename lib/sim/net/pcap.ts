/**
 * Capture files as libpcap writes them (the classic format, microseconds, link type EN10MB): what Wireshark opens.
 */

import { dateMs, type Instant } from "@/lib/sim/core/time";
import { encodeFrame } from "./encode";
import type { Frame } from "./frame";

const MAGIC = 0xa1b2c3d4;
const SNAPSHOT_LENGTH = 262_144;
const ETHERNET = 1;

export function encodePcap(frames: readonly { readonly at: Instant; readonly frame: Frame }[]): Uint8Array {
  const encoded = frames.map(({ at, frame }) => ({ micros: Math.round(dateMs(at) * 1_000), bytes: encodeFrame(frame) }));
  const size = encoded.reduce((sum, { bytes }) => sum + 16 + bytes.length, 24);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAPSHOT_LENGTH, true);
  view.setUint32(20, ETHERNET, true);
  let offset = 24;
  for (const { micros, bytes } of encoded) {
    view.setUint32(offset, Math.floor(micros / 1_000_000), true);
    view.setUint32(offset + 4, micros % 1_000_000, true);
    view.setUint32(offset + 8, bytes.length, true);
    view.setUint32(offset + 12, bytes.length, true);
    out.set(bytes, offset + 16);
    offset += 16 + bytes.length;
  }
  return out;
}
