/** What the DNS tools have in common: types by name, and records as their tools print them. */

import { parseIp } from "@/lib/sim/net/address";
import type { DnsQuestion, DnsRecord, DnsType } from "@/lib/sim/net/dns";
import { reverseName } from "../resolv/resolve-name";

const TYPES: readonly DnsType[] = ["A", "AAAA", "PTR", "SRV", "CNAME", "MX", "TXT", "NS", "SOA", "ANY"];

export function dnsType(text: string): DnsType | undefined {
  return TYPES.find((type) => type === text.toUpperCase());
}

/** An address is asked for by its reverse name. */
export function questionFor(name: string, type: DnsType | undefined): DnsQuestion {
  const address = parseIp(name);
  if (address && (type === undefined || type === "PTR")) return { name: reverseName(address), type: "PTR" };
  return { name: name.replace(/\.$/, ""), type: type ?? "A" };
}

/** What stands after the type in a zone file. */
export function recordData(record: DnsRecord): string {
  return "address" in record ? record.address : `${record.target}.`;
}
