/**
 * Where an IPv6 packet goes: out of which link and to which neighbour, up to this host, or nowhere.
 *
 * Modelled on net/ipv6/route.c. A link-local destination needs a link to be named. Sources are chosen by scope and link, not
 * by all of RFC 6724.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import {
  ALL_NODES_V6,
  ALL_ROUTERS_V6,
  ANY_V6,
  type Ipv6,
  isLinkLocal,
  isMulticast,
  isV4,
  LOOPBACK_V6,
  solicitedNodeGroup,
} from "@/lib/sim/net/address";
import type { Ipv6Packet, UnreachableCode6 } from "@/lib/sim/net/frame";
import type { AddressType } from "../netfilter/rule";
import type { DropReason } from "../trace";
import type { Device } from "./device";
import type { Route } from "./fib";
import type { NetworkNamespace } from "./namespace";
import type { StackSkb } from "./skb";

export type OutputRoute6 = {
  readonly family: 6;
  readonly type: "unicast" | "local" | "multicast";
  readonly out: Device;
  readonly nextHop: Ipv6;
  readonly source: Ipv6;
  readonly mtu: number;
  /** Of the route's destination. */
  readonly prefixLength: number;
};

export type InputDecision6 =
  | { readonly kind: "local" }
  | { readonly kind: "forward"; readonly out: Device; readonly nextHop: Ipv6; readonly mtu: number };
export type InputRefusal6 = { readonly reason: DropReason; readonly answer?: UnreachableCode6 };

export class Routing6 {
  readonly #netns: NetworkNamespace;

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  output(
    destination: Ipv6,
    query: { readonly source?: Ipv6; readonly out?: Device; readonly mark?: number } = {},
  ): Result<OutputRoute6, Errno> {
    const { devices, ipv6, fib, pathMtus } = this.#netns;
    const { source, out } = query;
    if (source !== undefined && !ipv6.has(source)) return fail("EADDRNOTAVAIL");
    const target = destination === ANY_V6 ? LOOPBACK_V6 : destination;
    const route = fib.lookup(6, target, {
      ...(query.mark !== undefined ? { mark: query.mark } : {}),
      ...(source !== undefined ? { source } : {}),
      isUsable: (candidate) => allows(candidate, out),
    });
    if (!route) return fail("ENETUNREACH");
    if (route.type === "local") {
      return ok({
        family: 6,
        type: "local",
        out: devices.loopback,
        nextHop: target,
        source: source ?? target,
        mtu: devices.loopback.mtu,
        prefixLength: 128,
      });
    }
    if (route.type !== "unicast" && route.type !== "multicast") return fail(route.type === "prohibit" ? "EACCES" : "ENETUNREACH");
    const via = route.device;
    if (!via) return fail("ENETUNREACH");
    const self = source ?? preferred(route) ?? ipv6.select(via, target);
    if (self === undefined) return fail("EADDRNOTAVAIL");
    const gateway = route.gateway !== undefined && !isV4(route.gateway) ? route.gateway : undefined;
    return ok({
      family: 6,
      type: isMulticast(target) ? "multicast" : "unicast",
      out: via,
      nextHop: gateway ?? target,
      source: self,
      mtu: pathMtus.limit(target, route.mtu ?? via.mtu),
      prefixLength: route.destination.length,
    });
  }

  input(packet: Ipv6Packet, device: Device, skb: StackSkb): Result<InputDecision6, InputRefusal6> {
    const { fib, ipv6, settings } = this.#netns;
    const { source, destination } = packet;
    if (isMulticast(source)) return fail({ reason: { kind: "martian", why: `source ${source}` } });
    if ((destination === LOOPBACK_V6 || source === LOOPBACK_V6) && device.kind !== "loopback")
      return fail({ reason: { kind: "martian", why: `${LOOPBACK_V6} from outside` } });
    if (isMulticast(destination)) {
      return this.#listensTo(device, destination) ? ok({ kind: "local" }) : fail({ reason: { kind: "not-for-us" } });
    }
    if (ipv6.has(destination)) return ok({ kind: "local" });
    if (!settings.forwards6) return fail({ reason: { kind: "forwarding-off" } });
    if (isLinkLocal(destination) || isLinkLocal(source)) return fail({ reason: { kind: "not-for-us" } });
    const route = fib.lookup(6, destination, { source, mark: skb.mark, isUsable: (candidate) => allows(candidate, undefined) });
    if (!route || route.type === "unreachable") return fail({ reason: { kind: "no-route", destination }, answer: "no-route" });
    if (route.type === "prohibit") return fail({ reason: { kind: "no-route", destination }, answer: "admin-prohibited" });
    if (route.type !== "unicast" || !route.device) return fail({ reason: { kind: "no-route", destination } });
    const gateway = route.gateway !== undefined && !isV4(route.gateway) ? route.gateway : undefined;
    return ok({ kind: "forward", out: route.device, nextHop: gateway ?? destination, mtu: route.mtu ?? route.device.mtu });
  }

  addressType(address: Ipv6): AddressType {
    if (isMulticast(address)) return "MULTICAST";
    return this.#netns.ipv6.has(address) ? "LOCAL" : "UNICAST";
  }

  #listensTo(device: Device, group: Ipv6): boolean {
    if (group === ALL_NODES_V6) return true;
    if (group === ALL_ROUTERS_V6) return this.#netns.settings.forwards6;
    return this.#netns.ipv6.of(device).some((own) => solicitedNodeGroup(own.address) === group);
  }
}

function allows(route: Route, out: Device | undefined): boolean {
  if (route.type === "throw") return true;
  if (out && route.device !== out && route.type !== "local") return false;
  return route.device?.isUp !== false || route.type === "local";
}

function preferred(route: Route): Ipv6 | undefined {
  return route.source !== undefined && !isV4(route.source) ? route.source : undefined;
}
