/**
 * Where an IPv4 packet goes: out of which link and to which neighbour, up to this host, or nowhere.
 *
 * Modelled on net/ipv4/route.c (ip_route_output_key_hash_rcu, ip_route_input_slow) and fib_frontend.c
 * (fib_validate_source, inet_addr_type). There is no route cache, and one path per route.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { ANY_V4, BROADCAST_V4, type Ipv4, isMulticast, isV4, LOOPBACK_V4 } from "@/lib/sim/net/address";
import type { Ipv4Packet, UnreachableCode } from "@/lib/sim/net/frame";
import type { AddressType } from "../netfilter/rule";
import type { DropReason } from "../trace";
import type { Device } from "./device";
import { type Route, SCOPE_NUMBERS } from "./fib";
import { isZeroNet } from "./ipv4-addresses";
import type { NetworkNamespace } from "./namespace";
import type { StackSkb } from "./skb";

/** The way out for a packet of this host's own. */
export type OutputRoute = {
  readonly family: 4;
  readonly type: "unicast" | "local" | "broadcast" | "multicast";
  readonly out: Device;
  readonly nextHop: Ipv4;
  readonly source: Ipv4;
  readonly mtu: number;
  /** Undefined where none decided (limited broadcast, multicast). */
  readonly route: Route | undefined;
};

export type OutputQuery = { readonly source?: Ipv4; readonly out?: Device; readonly mark?: number };

/** What becomes of a packet that came in. */
export type InputDecision =
  | { readonly kind: "local"; readonly type: "local" | "broadcast" | "multicast"; readonly route: Route | undefined }
  | {
      readonly kind: "forward";
      readonly out: Device;
      readonly nextHop: Ipv4;
      readonly mtu: number;
      readonly redirects: boolean;
      readonly route: Route;
    };

/** `answer`: the ICMP error that the sender gets. */
export type InputRefusal = { readonly reason: DropReason; readonly answer?: UnreachableCode; readonly errno: Errno };

const ROUTE_ERRORS = { unreachable: "EHOSTUNREACH", blackhole: "EINVAL", prohibit: "EACCES" } as const satisfies Partial<
  Record<Route["type"], Errno>
>;

export class Routing {
  readonly #netns: NetworkNamespace;
  readonly #isUsable = (route: Route): boolean => this.#allows(route, undefined, 0);

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  output(destination: Ipv4, query: OutputQuery = {}): Result<OutputRoute, Errno> {
    const { devices, ipv4, fib } = this.#netns;
    const { source } = query;
    let out = query.out;
    if (source !== undefined) {
      if (isMulticast(source) || source === BROADCAST_V4 || isZeroNet(source)) return fail("EINVAL");
      if (!ipv4.has(source) && !this.isLocal(source)) return fail("EINVAL");
      if (!out && (isMulticast(destination) || destination === BROADCAST_V4)) out = ipv4.ownerOf(source);
    }
    if (out && !out.isUp) return fail("ENETUNREACH");
    if (out && (isMulticast(destination) || destination === BROADCAST_V4)) return this.#toGroup(destination, out, source);
    if (destination === ANY_V4) {
      const self = source ?? LOOPBACK_V4;
      return ok({
        family: 4,
        type: "local",
        out: devices.loopback,
        nextHop: self,
        source: self,
        mtu: devices.loopback.mtu,
        route: undefined,
      });
    }

    const bound = out;
    const route = fib.lookup(4, destination, {
      ...(source !== undefined ? { source } : {}),
      ...(query.mark !== undefined ? { mark: query.mark } : {}),
      isUsable: bound ? (candidate) => this.#allows(candidate, bound, 0) : this.#isUsable,
    });
    if (!route) {
      if (!out) return fail("ENETUNREACH");
      // Bound to a link without a route there: the kernel takes the destination to be on that link.
      const self = source ?? ipv4.select(out, undefined, "link") ?? ANY_V4;
      return ok({ family: 4, type: "unicast", out, nextHop: destination, source: self, mtu: out.mtu, route: undefined });
    }
    switch (route.type) {
      case "local": {
        const self = source ?? sourceOf(route) ?? destination;
        return ok({
          family: 4,
          type: "local",
          out: devices.loopback,
          nextHop: destination,
          source: self,
          mtu: devices.loopback.mtu,
          route,
        });
      }
      case "unicast":
      case "broadcast":
      case "multicast": {
        const via = route.device;
        if (!via) return fail("ENETUNREACH");
        const type = isMulticast(destination) ? "multicast" : destination === BROADCAST_V4 ? "broadcast" : route.type;
        if (source?.startsWith("127.") && via.kind !== "loopback" && this.#netns.settings.max(via, "route_localnet") === 0)
          return fail("EINVAL");
        const self = source ?? sourceOf(route) ?? ipv4.select(via, gatewayOf(route) ?? destination, route.scope) ?? ANY_V4;
        return ok({
          family: 4,
          type,
          out: via,
          nextHop: this.nextHop(route, destination),
          source: self,
          mtu: this.#netns.pathMtus.limit(destination, route.mtu ?? via.mtu),
          route,
        });
      }
      case "unreachable":
      case "blackhole":
      case "prohibit":
        return fail(ROUTE_ERRORS[route.type]);
      case "throw":
        return fail("ENETUNREACH");
    }
  }

  input(packet: Ipv4Packet, device: Device, skb: StackSkb): Result<InputDecision, InputRefusal> {
    const { settings, fib, ipv4 } = this.#netns;
    const { source, destination } = packet;
    if (isMulticast(source) || source === BROADCAST_V4) return martian(`source ${source}`);
    if (destination === BROADCAST_V4 || (source === ANY_V4 && destination === ANY_V4))
      return ok({ kind: "local", type: "broadcast", route: undefined });
    if (isMulticast(destination)) return ok({ kind: "local", type: "multicast", route: undefined });
    if (isZeroNet(source)) return martian(`source ${source}`);
    if (isZeroNet(destination)) return martian(`destination ${destination}`);
    const lets127 = settings.max(device, "route_localnet") !== 0;
    if (destination.startsWith("127.") && !lets127) return martian(`destination ${destination} from outside`);
    if (source.startsWith("127.") && !lets127) return martian(`source ${source} from outside`);

    const route = fib.lookup(4, destination, { source, mark: skb.mark, isUsable: this.#isUsable });
    const forwards = settings.of(device, "forwarding") !== 0;
    if (!route) return this.#noRoute(destination, forwards, "net");
    if (route.type === "local" || route.type === "broadcast") {
      const doubt = this.#doubtSource(source, device, skb);
      if (doubt) return doubt;
      return ok({ kind: "local", type: route.type, route });
    }
    if (!forwards) return fail({ reason: { kind: "forwarding-off" }, errno: "EHOSTUNREACH" });
    switch (route.type) {
      case "unreachable":
        return this.#noRoute(destination, forwards, "host");
      case "prohibit":
        return fail({ reason: { kind: "no-route", destination }, answer: "admin-prohibited", errno: "EACCES" });
      case "blackhole":
      case "throw":
      case "multicast":
        return fail({ reason: { kind: "no-route", destination }, errno: "EINVAL" });
      case "unicast":
        break;
    }
    const doubt = this.#doubtSource(source, device, skb);
    if (doubt) return doubt;
    const out = route.device;
    if (!out) return this.#noRoute(destination, forwards, "net");
    const nextHop = this.nextHop(route, destination);
    const redirects =
      out === device &&
      settings.max(device, "send_redirects") !== 0 &&
      ipv4.isOnLink(out, source) &&
      (settings.max(out, "shared_media") !== 0 || ipv4.isOnLink(out, nextHop));
    return ok({ kind: "forward", out, nextHop, mtu: route.mtu ?? out.mtu, redirects, route });
  }

  /** The neighbour to give the packet to. A gateway that is this host itself does not count as one. */
  nextHop(route: Route, destination: Ipv4): Ipv4 {
    const gateway = gatewayOf(route);
    return gateway !== undefined && !this.#netns.ipv4.has(gateway) ? gateway : destination;
  }

  /** The kind of an address for this host (inet_addr_type), as `-m addrtype` asks. */
  addressType(address: Ipv4, only?: Device): AddressType {
    if (isZeroNet(address) || address === BROADCAST_V4) return "BROADCAST";
    if (isMulticast(address)) return "MULTICAST";
    const local = this.#netns.fib.find(4, "local");
    const route = local?.lookup(address, (candidate) => only === undefined || candidate.device === only);
    if (route?.type === "local") return "LOCAL";
    if (route?.type === "broadcast") return "BROADCAST";
    return "UNICAST";
  }

  isLocal(address: Ipv4): boolean {
    return this.#netns.fib.find(4, "local")?.lookup(address, (route) => route.type === "local") !== undefined;
  }

  /** A route that leads to a gateway's address directly, for checking new routes (fib_check_nh). */
  lookupNeighbour(address: Ipv4, out: Device | undefined, narrowerThan: keyof typeof SCOPE_NUMBERS): Route | undefined {
    const scope = Math.max(SCOPE_NUMBERS[narrowerThan] + 1, SCOPE_NUMBERS.link);
    return this.#netns.fib.lookup(4, address, { isUsable: (route) => this.#allows(route, out, scope) });
  }

  #toGroup(destination: Ipv4, out: Device, source: Ipv4 | undefined): Result<OutputRoute, Errno> {
    const self = source ?? this.#netns.ipv4.select(out, undefined, "link") ?? ANY_V4;
    const type = destination === BROADCAST_V4 ? "broadcast" : "multicast";
    return ok({ family: 4, type, out, nextHop: destination, source: self, mtu: out.mtu, route: undefined });
  }

  #allows(route: Route, out: Device | undefined, scope: number): boolean {
    if (SCOPE_NUMBERS[route.scope] < scope) return false;
    const { device } = route;
    if (out && device !== out) return false;
    if (!device || device.hasCarrier || route.type === "local") return true;
    return this.#netns.settings.max(device, "ignore_routes_with_linkdown") === 0;
  }

  #noRoute(destination: Ipv4, forwards: boolean, answer: UnreachableCode): Result<never, InputRefusal> {
    if (!forwards) return fail({ reason: { kind: "forwarding-off" }, errno: "EHOSTUNREACH" });
    return fail({ reason: { kind: "no-route", destination }, answer, errno: answer === "net" ? "ENETUNREACH" : "EHOSTUNREACH" });
  }

  /** A source that is our own, or that would not be answered through this link (rp_filter). */
  #doubtSource(source: Ipv4, device: Device, skb: StackSkb): Result<never, InputRefusal> | undefined {
    const { settings, fib } = this.#netns;
    if (source === ANY_V4 || device.kind === "loopback") return undefined;
    if (this.#netns.ipv4.has(source) && settings.max(device, "accept_local") === 0) return martian(`source ${source} is this host's own`);
    const filter = settings.max(device, "rp_filter");
    if (filter === 0) return undefined;
    const mark = settings.max(device, "src_valid_mark") !== 0 ? skb.mark : 0;
    const back = fib.lookup(4, source, { mark, isUsable: this.#isUsable });
    if (!back || (back.type !== "unicast" && back.type !== "local")) return martian(`no way back to ${source}`);
    if (filter === 1 && back.device !== device) return martian(`the way back to ${source} is another link`);
    return undefined;
  }
}

function sourceOf(route: Route): Ipv4 | undefined {
  return route.source !== undefined && isV4(route.source) ? route.source : undefined;
}

function gatewayOf(route: Route): Ipv4 | undefined {
  return route.gateway !== undefined && isV4(route.gateway) ? route.gateway : undefined;
}

function martian(why: string): Result<never, InputRefusal> {
  return fail({ reason: { kind: "martian", why }, errno: "EINVAL" });
}
