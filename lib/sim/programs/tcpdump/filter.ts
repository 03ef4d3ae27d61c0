/**
 * Filter expressions as values (pcap-filter(7)): what `tcpdump host web and tcp port 80` selects.
 *
 * Differs from libpcap: there is no optimiser and no byte code, and of the protocols only those that exist here are known.
 */

import type { Ip, Prefix } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";

export type Direction = "source" | "destination" | "either" | "both";
export type Layer = "ether" | "arp" | "ip" | "ip6" | "tcp" | "udp" | "icmp" | "icmp6";

export type Filter =
  | { readonly kind: "all" }
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "layer"; readonly layer: Layer }
  /** `protocol`: restricts it to one kind of packet (`arp host 10.0.0.1`). */
  | { readonly kind: "host"; readonly direction: Direction; readonly addresses: readonly Ip[]; readonly within: Layer | undefined }
  | { readonly kind: "net"; readonly direction: Direction; readonly prefix: Prefix; readonly within: Layer | undefined }
  | {
      readonly kind: "port";
      readonly direction: Direction;
      readonly from: number;
      readonly to: number;
      readonly within: "tcp" | "udp" | undefined;
    }
  | { readonly kind: "ether-host"; readonly direction: Direction; readonly mac: Mac }
  | { readonly kind: "ether-type"; readonly type: number }
  | { readonly kind: "ip-protocol"; readonly protocol: number; readonly family: 4 | 6 | undefined }
  | { readonly kind: "broadcast" | "multicast"; readonly of: "ether" | "ip" | "ip6" }
  | { readonly kind: "in-or-out"; readonly direction: "in" | "out" }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Arithmetic; readonly right: Arithmetic };

export type Comparison = "=" | "!=" | "<" | ">" | "<=" | ">=";

export type Arithmetic =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "length" }
  /** `tcp[13]`, `ip[2:2]`: bytes of a header, counted from its start. */
  | { readonly kind: "bytes"; readonly layer: Layer; readonly at: Arithmetic; readonly size: 1 | 2 | 4 }
  | {
      readonly kind: "binary";
      readonly operator: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>";
      readonly left: Arithmetic;
      readonly right: Arithmetic;
    };
