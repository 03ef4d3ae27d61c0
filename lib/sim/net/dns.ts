/** DNS messages as values (RFC 1035). They travel in UDP; over TCP they are not simulated. */

import type { Ipv4, Ipv6 } from "./address";

export type DnsType = "A" | "AAAA" | "PTR" | "SRV" | "CNAME" | "MX" | "TXT" | "NS" | "SOA" | "ANY";

export type DnsQuestion = { readonly name: string; readonly type: DnsType };

/** Names are without the trailing dot and keep the case in which they were asked. TTL in seconds. */
export type DnsRecord =
  | { readonly type: "A"; readonly name: string; readonly ttl: number; readonly address: Ipv4 }
  | { readonly type: "AAAA"; readonly name: string; readonly ttl: number; readonly address: Ipv6 }
  | { readonly type: "PTR"; readonly name: string; readonly ttl: number; readonly target: string }
  | { readonly type: "CNAME"; readonly name: string; readonly ttl: number; readonly target: string };

export type DnsCode = "NOERROR" | "FORMERR" | "SERVFAIL" | "NXDOMAIN" | "NOTIMP" | "REFUSED";

export type DnsMessage = {
  readonly id: number;
  readonly isResponse: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  readonly isAuthoritative: boolean;
  readonly code: DnsCode;
  readonly question: DnsQuestion;
  readonly answers: readonly DnsRecord[];
  /** Names are written out each time (Docker's own answers). */
  readonly isUncompressed?: true;
};
