/**
 * DNS messages in their wire form (RFC 1035, section 4), with names compressed as BIND does it: a record whose name was
 * written before points there. Docker's own answers are not compressed.
 *
 * A learner meets it as the `length` that `tcpdump` prints and in saved captures.
 */

import { toBigInt, v4ToNumber } from "./address";
import type { DnsCode, DnsMessage, DnsRecord, DnsType } from "./dns";

export const DNS_TYPE_NUMBERS = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  ANY: 255,
} as const satisfies Record<DnsType, number>;

export const DNS_CODE_NUMBERS = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
} as const satisfies Record<DnsCode, number>;

/** How long the message is, without writing it. */
export function dnsLength(message: DnsMessage): number {
  return encodeDns(message).length;
}

export function encodeDns(message: DnsMessage): number[] {
  const out: number[] = [];
  const written = message.isUncompressed ? undefined : new Map<string, number>();
  const flags =
    (message.isResponse ? 0x8000 : 0) |
    (message.isAuthoritative ? 0x0400 : 0) |
    (message.recursionDesired ? 0x0100 : 0) |
    (message.recursionAvailable ? 0x0080 : 0) |
    DNS_CODE_NUMBERS[message.code];
  for (const word of [message.id, flags, 1, message.answers.length, 0, 0]) push16(out, word);
  pushName(out, message.question.name, written);
  push16(out, DNS_TYPE_NUMBERS[message.question.type]);
  push16(out, 1);
  for (const record of message.answers) pushRecord(out, record, written);
  return out;
}

function pushRecord(out: number[], record: DnsRecord, written: Map<string, number> | undefined): void {
  pushName(out, record.name, written);
  push16(out, DNS_TYPE_NUMBERS[record.type]);
  push16(out, 1);
  push16(out, Math.floor(record.ttl / 65_536));
  push16(out, record.ttl & 0xffff);
  const lengthAt = out.length;
  push16(out, 0);
  switch (record.type) {
    case "A": {
      const value = v4ToNumber(record.address);
      push16(out, value >>> 16);
      push16(out, value & 0xffff);
      break;
    }
    case "AAAA": {
      const value = toBigInt(record.address);
      for (let shift = 112n; shift >= 0n; shift -= 16n) push16(out, Number((value >> shift) & 0xffffn));
      break;
    }
    case "PTR":
    case "CNAME":
      pushName(out, record.target, written);
      break;
  }
  const length = out.length - lengthAt - 2;
  out[lengthAt] = length >>> 8;
  out[lengthAt + 1] = length & 0xff;
}

/** Labels, or a pointer to where the rest of the name stands already. The root name is one empty label. */
function pushName(out: number[], name: string, written: Map<string, number> | undefined): void {
  let rest = name.replace(/\.$/, "").toLowerCase();
  while (rest !== "") {
    const known = written?.get(rest);
    if (known !== undefined) return push16(out, 0xc000 | known);
    if (out.length < 0x4000) written?.set(rest, out.length);
    const dot = rest.indexOf(".");
    const label = dot < 0 ? rest : rest.slice(0, dot);
    const bytes = [...label].map((character) => character.charCodeAt(0) & 0xff);
    out.push(bytes.length, ...bytes);
    rest = dot < 0 ? "" : rest.slice(dot + 1);
  }
  out.push(0);
}

function push16(out: number[], word: number): void {
  out.push((word >>> 8) & 0xff, word & 0xff);
}
