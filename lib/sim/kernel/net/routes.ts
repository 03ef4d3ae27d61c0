/**
 * Routes as netlink adds, deletes and shows them: the checks that `ip route add` meets.
 *
 * Modelled on net/ipv4/fib_semantics.c (fib_create_info, fib_check_nh), fib_trie.c (fib_table_insert, fib_table_delete) and
 * net/ipv6/route.c. What is left out of a request is what iproute2 fills in.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import { bitsOf, type Family, familyOf, isLinkLocal, isV4, networkOf } from "@/lib/sim/net/address";
import type { Device } from "./device";
import type { Route } from "./fib";
import { canonicalTable } from "./fib-tables";
import type { NetworkNamespace } from "./namespace";
import type { FoundRoute, NewRoute, RouteLookup, RouteMode, RouteTable, RouteView, RtnlError, Scope } from "./rtnetlink";

const DEFAULT_METRIC_V6 = 1_024;
const BAD_GATEWAY = "Nexthop has invalid gateway.";

export class Routes {
  readonly #netns: NetworkNamespace;

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  add(wanted: NewRoute, mode: RouteMode): Result<void, RtnlError> {
    const family = familyOf(wanted.destination.address);
    if (wanted.destination.length > bitsOf(wanted.destination.address)) return fail({ errno: "EINVAL" });
    if (networkOf(wanted.destination).address !== wanted.destination.address)
      return fail({ errno: "EINVAL", extack: "Invalid prefix for given prefix length." });
    const checked = family === 4 ? this.#checkV4(wanted) : this.#checkV6(wanted);
    if (!checked.ok) return checked;
    const route = checked.value;

    const table = this.#netns.fib.table(family, route.table);
    const rivals = table.at(route.destination).filter((known) => known.metric === route.metric);
    const [first] = rivals;
    if (!first && mode === "change") return fail({ errno: "ENOENT" });
    if (first && mode === "add" && (family === 4 || rivals.some((known) => known.protocol !== "kernel" || sameWay(known, route))))
      return fail({ errno: "EEXIST" });
    if (mode === "append" && rivals.some((known) => sameWay(known, route) && known.type === route.type)) return fail({ errno: "EEXIST" });
    if (first && (mode === "replace" || mode === "change")) {
      table.remove(first);
      table.add(route, true);
    } else table.add(route);
    this.#netns.changed("route", route.device?.where);
    return DONE;
  }

  delete(wanted: NewRoute): Result<void, RtnlError> {
    const family = familyOf(wanted.destination.address);
    const device = wanted.link === undefined ? undefined : this.#netns.devices.byIndex(wanted.link);
    if (wanted.link !== undefined && !device) return fail({ errno: "ENODEV" });
    const table = this.#netns.fib.find(family, wanted.table ?? "main");
    const route = table
      ?.at(wanted.destination)
      .find(
        (known) =>
          (wanted.type === undefined || known.type === wanted.type) &&
          (wanted.scope === undefined || known.scope === wanted.scope) &&
          (wanted.protocol === undefined || known.protocol === wanted.protocol) &&
          (wanted.source === undefined || known.source === wanted.source) &&
          (wanted.gateway === undefined || known.gateway === wanted.gateway) &&
          (wanted.metric === undefined || wanted.metric === 0 || known.metric === wanted.metric) &&
          (device === undefined || known.device === device),
      );
    if (!table || !route) return fail({ errno: "ESRCH" });
    table.remove(route);
    this.#netns.changed("route", route.device?.where);
    return DONE;
  }

  list(family: Family, table: RouteTable | "all"): readonly RouteView[] {
    const { fib } = this.#netns;
    const names = table === "all" ? fib.names(family) : [canonicalTable(table)];
    return names.flatMap((name) => (fib.find(family, name)?.list() ?? []).map(routeView));
  }

  lookup(destination: Parameters<NetworkNamespace["links"]["lookup"]>[0], query: RouteLookup): Result<FoundRoute, RtnlError> {
    if (!isV4(destination)) return this.#lookupV6(destination);
    const { devices, routing } = this.#netns;
    const out = query.out === undefined ? undefined : devices.byIndex(query.out);
    if (query.out !== undefined && !out) return fail({ errno: "ENODEV" });
    if (query.in !== undefined) return this.#lookupInput(destination, query);
    const source = query.from !== undefined && isV4(query.from) ? query.from : undefined;
    const found = routing.output(destination, {
      ...(source !== undefined ? { source } : {}),
      ...(out ? { out } : {}),
      ...(query.mark !== undefined ? { mark: query.mark } : {}),
    });
    if (!found.ok) return fail({ errno: found.error });
    const { value } = found;
    const learnedMtu = value.type === "unicast" ? this.#netns.pathMtus.find(destination) : undefined;
    return ok({
      type: value.type,
      destination: { address: destination, length: 32 },
      ...(value.nextHop !== destination ? { gateway: value.nextHop } : {}),
      link: value.out.index,
      source: value.source,
      scope: "global",
      protocol: "kernel",
      metric: 0,
      table: value.type === "local" || value.type === "broadcast" ? "local" : (value.route?.table ?? "main"),
      onlink: false,
      ...(learnedMtu ? { learnedMtu } : {}),
    });
  }

  #lookupInput(destination: NonNullable<RouteLookup["from"]>, query: RouteLookup): Result<RouteView, RtnlError> {
    const device = query.in === undefined ? undefined : this.#netns.devices.byIndex(query.in);
    if (!device) return fail({ errno: "ENODEV" });
    if (!isV4(destination)) return fail({ errno: "EAFNOSUPPORT" });
    const source = query.from !== undefined && isV4(query.from) ? query.from : undefined;
    const packet = {
      kind: "ipv4",
      source: source ?? ("0.0.0.0" as typeof destination),
      destination,
      ttl: 64,
      tos: 0,
      id: 0,
      dontFragment: false,
      payload: { kind: "raw", protocol: 0, length: 0 },
    } as const;
    const decision = this.#netns.routing.input(packet, device, {
      mark: query.mark ?? 0,
      connection: undefined,
      untracked: false,
      prerouted: false,
    });
    if (!decision.ok) return fail({ errno: decision.error.errno });
    const { value } = decision;
    const out = value.kind === "forward" ? value.out : this.#netns.devices.loopback;
    return ok({
      type: value.kind === "forward" ? "unicast" : value.type,
      destination: { address: destination, length: 32 },
      ...(value.kind === "forward" && value.nextHop !== destination ? { gateway: value.nextHop } : {}),
      link: out.index,
      scope: "global",
      protocol: "kernel",
      metric: 0,
      table: value.kind === "forward" ? value.route.table : "local",
      onlink: false,
    });
  }

  #lookupV6(destination: NonNullable<RouteLookup["from"]>): Result<RouteView, RtnlError> {
    const route = this.#netns.fib.lookup(6, destination, { isUsable: (candidate) => candidate.device?.isUp !== false });
    if (!route || route.type === "unreachable") return fail({ errno: "ENETUNREACH" });
    const source = isV4(destination)
      ? undefined
      : route.type === "local"
        ? destination
        : this.#netns.ipv6.select(route.device, destination);
    return ok({ ...routeView(route), destination: { address: destination, length: 128 }, ...(source !== undefined ? { source } : {}) });
  }

  #checkV4(wanted: NewRoute): Result<Route, RtnlError> {
    const { devices, ipv4, routing } = this.#netns;
    const type = wanted.type ?? "unicast";
    let device = wanted.link === undefined ? undefined : devices.byIndex(wanted.link);
    if (wanted.link !== undefined && !device) return fail({ errno: "ENODEV" });
    if (wanted.source !== undefined && (!isV4(wanted.source) || !ipv4.has(wanted.source)))
      return fail({ errno: "EINVAL", extack: "Invalid prefsrc address." });
    const scope = wanted.scope ?? defaultScope(type, wanted.gateway !== undefined);
    if (needsLink(type)) {
      if (wanted.gateway !== undefined) {
        if (!isV4(wanted.gateway)) return fail({ errno: "EINVAL", extack: BAD_GATEWAY });
        if (scope === "host" || scope === "nowhere" || scope === "link")
          return fail({ errno: "EINVAL", extack: "Nexthop has invalid scope." });
        if (wanted.onlink === true) {
          if (!device) return fail({ errno: "ENODEV", extack: "Nexthop device required for onlink." });
          if (!device.isUp) return fail({ errno: "ENETDOWN", extack: "Nexthop device is not up." });
          if (routing.addressType(wanted.gateway) !== "UNICAST") return fail({ errno: "EINVAL", extack: BAD_GATEWAY });
        } else {
          const way = routing.lookupNeighbour(wanted.gateway, device, scope);
          if (!way) return fail({ errno: "ENETUNREACH", extack: BAD_GATEWAY });
          if (way.type !== "unicast" && way.type !== "local") return fail({ errno: "EINVAL", extack: BAD_GATEWAY });
          device ??= way.device;
          if (device?.isUp === false) return fail({ errno: "ENETDOWN" });
        }
      } else {
        if (!device) return fail({ errno: "ENODEV" });
        if (!device.isUp) return fail({ errno: "ENETDOWN", extack: "Device for nexthop is not up." });
      }
    }
    return ok(makeRoute(wanted, type, device, scope, wanted.metric ?? 0));
  }

  #checkV6(wanted: NewRoute): Result<Route, RtnlError> {
    const { devices, fib } = this.#netns;
    const type = wanted.type ?? "unicast";
    let device: Device | undefined = wanted.link === undefined ? undefined : devices.byIndex(wanted.link);
    if (wanted.link !== undefined && !device) return fail({ errno: "ENODEV" });
    if (needsLink(type)) {
      if (wanted.gateway !== undefined) {
        if (isV4(wanted.gateway)) return fail({ errno: "EINVAL", extack: BAD_GATEWAY });
        if (isLinkLocal(wanted.gateway)) {
          if (!device) return fail({ errno: "EINVAL" });
        } else if (wanted.onlink !== true) {
          const way = fib.lookup(6, wanted.gateway, { isUsable: (route) => !device || route.device === device });
          if (!way?.device || way.gateway !== undefined) return fail({ errno: "EHOSTUNREACH" });
          device ??= way.device;
        }
      }
      if (!device) return fail({ errno: "ENODEV" });
      if (!device.isUp) return fail({ errno: "ENETDOWN", extack: "Nexthop device is not up." });
      if (!this.#netns.ipv6.isEnabled(device)) return fail({ errno: "EACCES" });
    }
    return ok(
      makeRoute(
        wanted,
        type,
        device,
        wanted.scope ?? "global",
        wanted.metric === undefined || wanted.metric === 0 ? DEFAULT_METRIC_V6 : wanted.metric,
      ),
    );
  }
}

function makeRoute(wanted: NewRoute, type: Route["type"], device: Device | undefined, scope: Scope, metric: number): Route {
  return {
    type,
    destination: wanted.destination,
    gateway: wanted.gateway,
    device: needsLink(type) ? device : undefined,
    source: wanted.source,
    scope,
    protocol: wanted.protocol ?? "boot",
    metric,
    table: canonicalTable(wanted.table ?? (type === "local" || type === "broadcast" ? "local" : "main")),
    mtu: wanted.mtu,
    onlink: wanted.onlink === true,
  };
}

export function routeView(route: Route): RouteView {
  const { device } = route;
  const isLinkDown = device !== undefined && !device.hasCarrier && route.type !== "local";
  return {
    type: route.type,
    destination: route.destination,
    ...(route.gateway !== undefined ? { gateway: route.gateway } : {}),
    ...(device ? { link: device.index } : {}),
    ...(route.source !== undefined ? { source: route.source } : {}),
    scope: route.scope,
    protocol: route.protocol,
    metric: route.metric,
    table: route.table,
    ...(route.mtu !== undefined ? { mtu: route.mtu } : {}),
    onlink: route.onlink,
    ...(isLinkDown ? { state: "linkdown" as const } : {}),
  };
}

function needsLink(type: Route["type"]): boolean {
  return type !== "unreachable" && type !== "blackhole" && type !== "prohibit" && type !== "throw";
}

/** As iproute2 chooses when none is given. */
function defaultScope(type: Route["type"], hasGateway: boolean): Scope {
  switch (type) {
    case "local":
      return "host";
    case "broadcast":
    case "multicast":
      return "link";
    case "unicast":
      return hasGateway ? "global" : "link";
    case "unreachable":
    case "blackhole":
    case "prohibit":
    case "throw":
      return "global";
  }
}

function sameWay(a: Route, b: Route): boolean {
  return a.gateway === b.gateway && a.device === b.device;
}
