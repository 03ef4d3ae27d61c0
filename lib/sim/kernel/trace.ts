/**
 * What the kernel tells about frames and links while they happen: the raw material of the picture, of "where did it
 * die and why", and of lessons. Nothing in the simulator reads it back.
 */

import type { Instant } from "@/lib/sim/core/time";
import type { Frame, IpPacket } from "@/lib/sim/net/frame";
import type { RuleLocation } from "./netfilter/rule";

/** A place in the world. `netns` is the kernel's id of it, `link` the interface's name there. */
export type Where = { readonly host: string; readonly netns: string; readonly link?: string };

/** Why a frame or packet went no further. The words are the lab's; the picture and the checks translate them. */
export type DropReason =
  | { readonly kind: "rule"; readonly rule: RuleLocation }
  | { readonly kind: "policy"; readonly table: string; readonly chain: string }
  | { readonly kind: "no-route"; readonly destination: string }
  | { readonly kind: "no-neighbour"; readonly address: string }
  | { readonly kind: "link-down" }
  | { readonly kind: "no-carrier" }
  | { readonly kind: "not-for-us" }
  | { readonly kind: "forwarding-off" }
  | { readonly kind: "ttl-exceeded" }
  | { readonly kind: "too-big"; readonly mtu: number }
  | { readonly kind: "no-socket"; readonly protocol: "tcp" | "udp"; readonly port: number }
  /** Two connections would get the same answers: netfilter found no free port, or another packet was first. */
  | { readonly kind: "connection-clash" }
  | { readonly kind: "martian"; readonly why: string }
  | { readonly kind: "port-isolated" }
  | { readonly kind: "port-blocked" };

export type KernelEvent =
  | { readonly kind: "frame"; readonly at: Instant; readonly where: Where; readonly direction: "in" | "out"; readonly frame: Frame }
  | { readonly kind: "drop"; readonly at: Instant; readonly where: Where; readonly reason: DropReason; readonly packet: Frame | IpPacket }
  /** DNAT, SNAT, MASQUERADE, REDIRECT rewrote a packet. */
  | { readonly kind: "rewrite"; readonly at: Instant; readonly where: Where; readonly before: IpPacket; readonly after: IpPacket }
  | {
      readonly kind: "changed";
      readonly at: Instant;
      readonly where: Where;
      readonly what: "link" | "address" | "route" | "neighbour" | "fdb" | "rule" | "netns";
    };

/** Where events go. Must not throw and must not change the world. */
export type KernelTrace = (event: KernelEvent) => void;
