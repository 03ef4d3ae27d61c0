/** A DNS message in one line (print-domain.c). */

import type { DnsCode, DnsMessage, DnsRecord } from "@/lib/sim/net/dns";
import { dnsLength } from "@/lib/sim/net/dns-wire";

const CODES: Readonly<Record<DnsCode, string>> = {
  NOERROR: "",
  FORMERR: " FormErr",
  SERVFAIL: " ServFail",
  NXDOMAIN: " NXDomain",
  NOTIMP: " NotImp",
  REFUSED: " Refused",
};

export function printDns(message: DnsMessage, verbosity: number): string {
  const { question, answers } = message;
  const length = dnsLength(message);
  const asked = `${question.type}? ${dotted(question.name)}`;
  if (!message.isResponse) return `${message.id}${message.recursionDesired ? "+" : ""} ${asked} (${length})`;
  const flags = `${message.isAuthoritative ? "*" : ""}${message.recursionAvailable ? "" : "-"}`;
  const shownQuestion = verbosity > 1 ? ` q: ${asked}` : "";
  const records = answers.map((record, index) => `${index === 0 ? " " : ", "}${printRecord(record, verbosity)}`).join("");
  return `${message.id}${CODES[message.code]}${flags}${shownQuestion} ${answers.length}/0/0${records} (${length})`;
}

function printRecord(record: DnsRecord, verbosity: number): string {
  const name = verbosity > 0 ? `${dotted(record.name)} ` : "";
  const ttl = verbosity > 2 ? `[${shortTime(record.ttl)}] ` : "";
  return `${name}${ttl}${record.type} ${"address" in record ? record.address : dotted(record.target)}`;
}

function dotted(name: string): string {
  return name.endsWith(".") ? name : `${name}.`;
}

/** `10m`, `1h30m`. */
function shortTime(seconds: number): string {
  const units = [
    ["w", 604_800],
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const;
  let rest = seconds;
  let text = "";
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === "" ? "0s" : text;
}
