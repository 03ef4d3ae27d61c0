/** 802.1Q tags on frames: how a trunk carries several VLANs (IEEE 802.1Q, clause 9). `tcpdump -e` shows them as `vlan 10, p 0`. */

import type { Frame } from "./frame";

export const VLAN_HEADER = 4;

/** The frame with one more tag in front. */
export function tagged(frame: Frame, id: number): Frame {
  return { ...frame, vlan: { id, priority: 0, ...(frame.vlan ? { inner: frame.vlan } : {}) } };
}

/** The frame without its first tag. */
export function untagged({ vlan, ...frame }: Frame): Frame {
  return vlan?.inner ? { ...frame, vlan: vlan.inner } : frame;
}

/** Bytes that its tags take. */
export function tagsLength(frame: Frame): number {
  let length = 0;
  for (let tag = frame.vlan; tag; tag = tag.inner) length += VLAN_HEADER;
  return length;
}
