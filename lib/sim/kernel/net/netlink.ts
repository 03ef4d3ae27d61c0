/**
 * The netlink socket of one namespace: the whole of its links, addresses, routes, neighbours and forwarding entries as one
 * contract. Each question and change is answered by the part that knows; here they are only brought together.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import { WaitQueue } from "@/lib/sim/core/task";
import { elapsed } from "@/lib/sim/core/time";
import { type Family, type Ip, isV4, type Prefix } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import { announce } from "./arp";
import { Bridge } from "./bridge";
import type { Device } from "./device";
import type { FdbEntry } from "./fdb";
import { createLink } from "./link-kinds";
import type { NetworkNamespace } from "./namespace";
import type {
  AddressView,
  FdbView,
  IfIndex,
  LinkChange,
  LinkView,
  NeighbourView,
  NewAddress,
  NewFdbEntry,
  NewLink,
  NewRoute,
  RouteLookup,
  RouteTable,
  RouteView,
  Rtnetlink,
  RtnlError,
  RuleView,
} from "./rtnetlink";

const NO_DEVICE: RtnlError = { errno: "ENODEV" };

export class Netlink implements Rtnetlink {
  readonly changed = new WaitQueue();
  readonly #netns: NetworkNamespace;

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  // --- links ----------------------------------------------------------------------------------------------------------
  addLink(link: NewLink): Result<IfIndex, RtnlError> {
    const made = createLink(this.#netns, link);
    return made.ok ? ok(made.value.index) : made;
  }

  change(link: IfIndex, change: LinkChange): Result<void, RtnlError> {
    const device = this.#netns.devices.byIndex(link);
    return device ? this.#netns.devices.change(device, change) : fail(NO_DEVICE);
  }

  deleteLink(link: IfIndex): Result<void, RtnlError> {
    const device = this.#netns.devices.byIndex(link);
    return device ? this.#netns.devices.delete(device) : fail(NO_DEVICE);
  }

  links(): readonly LinkView[] {
    return this.#netns.devices.all().map(linkView);
  }

  link(index: IfIndex): LinkView | undefined {
    const device = this.#netns.devices.byIndex(index);
    return device && linkView(device);
  }

  linkByName(name: string): LinkView | undefined {
    const device = this.#netns.devices.byName(name);
    return device && linkView(device);
  }

  // --- addresses ------------------------------------------------------------------------------------------------------
  addAddress(link: IfIndex, address: NewAddress): Result<void, RtnlError> {
    const device = this.#netns.devices.byIndex(link);
    if (!device) return fail(NO_DEVICE);
    return isV4(address.prefix.address) ? this.#netns.ipv4.add(device, address) : this.#netns.ipv6.add(device, address);
  }

  deleteAddress(link: IfIndex, prefix: Prefix): Result<void, RtnlError> {
    const device = this.#netns.devices.byIndex(link);
    if (!device) return fail(NO_DEVICE);
    return isV4(prefix.address) ? this.#netns.ipv4.remove(device, prefix) : this.#netns.ipv6.remove(device, prefix);
  }

  addresses(link?: IfIndex): readonly AddressView[] {
    return this.#devices(link).flatMap((device) => [...this.#netns.ipv4.views(device), ...this.#netns.ipv6.views(device)]);
  }

  // --- routes ---------------------------------------------------------------------------------------------------------
  addRoute(route: NewRoute, mode: "add" | "replace" | "append" = "add"): Result<void, RtnlError> {
    return this.#netns.routes.add(route, mode);
  }

  deleteRoute(route: NewRoute): Result<void, RtnlError> {
    return this.#netns.routes.delete(route);
  }

  routes(family: Family, table: RouteTable | "all" = "main"): readonly RouteView[] {
    return this.#netns.routes.list(family, table);
  }

  lookup(destination: Ip, lookup: RouteLookup = {}): Result<RouteView, RtnlError> {
    return this.#netns.routes.lookup(destination, lookup);
  }

  rules(family: Family): readonly RuleView[] {
    return this.#netns.fib.rules(family);
  }

  addRule(family: Family, rule: RuleView): Result<void, RtnlError> {
    const isSame = (other: RuleView): boolean =>
      other.priority === rule.priority &&
      other.table === rule.table &&
      other.mark === rule.mark &&
      other.source?.address === rule.source?.address;
    if (this.rules(family).some(isSame)) return fail({ errno: "EEXIST" });
    this.#netns.fib.addRule(family, rule);
    return DONE;
  }

  deleteRule(family: Family, rule: RuleView): Result<void, RtnlError> {
    return this.#netns.fib.removeRule(family, rule) ? DONE : fail({ errno: "ENOENT" });
  }

  // --- neighbours -----------------------------------------------------------------------------------------------------
  addNeighbour(entry: Parameters<Rtnetlink["addNeighbour"]>[0], mode: "add" | "replace" = "add"): Result<void, RtnlError> {
    const device = this.#netns.devices.byIndex(entry.link);
    if (!device) return fail(NO_DEVICE);
    return this.#netns.neighbours.add({ device, address: entry.address, mac: entry.mac, state: entry.state }, mode === "replace");
  }

  deleteNeighbour(link: IfIndex, address: Ip): Result<void, RtnlError> {
    const device = this.#netns.devices.byIndex(link);
    return device ? this.#netns.neighbours.remove(device, address) : fail(NO_DEVICE);
  }

  neighbours(link?: IfIndex): readonly NeighbourView[] {
    return this.#devices(link).flatMap((device) => this.#netns.neighbours.views(device));
  }

  flushNeighbours(link?: IfIndex): void {
    const device = link === undefined ? undefined : this.#netns.devices.byIndex(link);
    if (link === undefined || device) this.#netns.neighbours.flush(device);
  }

  announce(link: IfIndex, address: Ip): void {
    const device = this.#netns.devices.byIndex(link);
    if (device && isV4(address)) announce(device, address);
  }

  // --- forwarding entries ---------------------------------------------------------------------------------------------
  addFdb(entry: NewFdbEntry): Result<void, RtnlError> {
    const target = this.#fdbTarget(entry.link, entry.on);
    if (!target.ok) return target;
    const { bridge, device } = target.value;
    const kind = entry.state === "permanent" ? "local" : entry.state === "static" ? "static" : "learned";
    const added = bridge.fdb.add({ kind, address: entry.mac, port: device.index }, this.#netns.scheduler.now);
    if (!added.ok) return fail({ errno: "EEXIST" });
    this.#netns.changed("fdb", device.where);
    return DONE;
  }

  deleteFdb(entry: Parameters<Rtnetlink["deleteFdb"]>[0]): Result<void, RtnlError> {
    const target = this.#fdbTarget(entry.link, entry.on);
    if (!target.ok) return target;
    const { bridge, device } = target.value;
    const known = bridge.fdb.find(entry.mac, this.#netns.scheduler.now);
    if (!known || known.port !== device.index) return fail({ errno: "ENOENT" });
    bridge.fdb.remove(entry.mac, this.#netns.scheduler.now);
    this.#netns.changed("fdb", device.where);
    return DONE;
  }

  fdb(link?: IfIndex): readonly FdbView[] {
    return this.#devices(link).flatMap((device) => this.#fdbOf(device));
  }

  /** A port's entries in its bridge's table, then the group addresses that the link itself listens to; a bridge's the other way round. */
  #fdbOf(device: Device): readonly FdbView[] {
    const bridge = device instanceof Bridge ? device : device.port?.bridge;
    const { now } = this.#netns.scheduler;
    const entries = (bridge?.fdb.list(now) ?? []).filter((entry) => entry.port === device.index);
    const master = entries.map(
      (entry): FdbView => ({
        port: device.index,
        mac: entry.address,
        ...(bridge ? { bridge: bridge.index } : {}),
        state: STATES[entry.kind],
        isSelf: false,
        isMaster: true,
        usedSecondsAgo: Math.floor(elapsed(entry.usedAt, now) / 1_000_000),
        updatedSecondsAgo: Math.floor(elapsed(entry.updatedAt, now) / 1_000_000),
      }),
    );
    const own = this.#groupsOf(device).map(
      (mac): FdbView => ({
        port: device.index,
        mac,
        state: "permanent",
        isSelf: true,
        isMaster: false,
        usedSecondsAgo: 0,
        updatedSecondsAgo: 0,
      }),
    );
    return device instanceof Bridge ? [...own, ...master] : [...master, ...own];
  }

  /** All hosts, all nodes, all snoopers (bridges), and the solicited-node group of each IPv6 address. */
  #groupsOf(device: Device): readonly FdbView["mac"][] {
    if (device.kind === "loopback" || !device.multicast) return [];
    const groups = ["33:33:00:00:00:01"];
    if (device.kind === "bridge" && device.hasBeenUp) groups.push("01:00:5e:00:00:6a", "33:33:00:00:00:6a");
    if (device.isUp) groups.push("01:00:5e:00:00:01");
    for (const { address } of this.#netns.ipv6.of(device)) groups.push(`33:33:ff:${solicited(address)}`);
    return [...new Set(groups)].map(parseMac).filter((mac) => mac !== undefined);
  }

  #fdbTarget(link: IfIndex, on: "master" | "self"): Result<{ readonly bridge: Bridge; readonly device: Device }, RtnlError> {
    const device = this.#netns.devices.byIndex(link);
    if (!device) return fail(NO_DEVICE);
    const bridge = on === "master" ? device.port?.bridge : device instanceof Bridge ? device : undefined;
    return bridge ? ok({ bridge, device }) : fail({ errno: "EOPNOTSUPP" });
  }

  #devices(link: IfIndex | undefined): readonly Device[] {
    if (link === undefined) return this.#netns.devices.all();
    const device = this.#netns.devices.byIndex(link);
    return device ? [device] : [];
  }
}

const STATES = { local: "permanent", static: "static", learned: "reachable" } as const satisfies Record<FdbEntry["kind"], FdbView["state"]>;

/** The last 24 bits of an IPv6 address as Ethernet digits. */
function solicited(address: Ip): string {
  const groups = address.split(":");
  const low = (groups.at(-1) ?? "").padStart(4, "0");
  const high = (groups.at(-2) ?? "").padStart(4, "0");
  return `${high.slice(2)}:${low.slice(0, 2)}:${low.slice(2)}`;
}

export function linkView(device: Device): LinkView {
  return {
    index: device.index,
    name: device.name,
    detail: device.detail(),
    mac: device.mac,
    mtu: device.mtu,
    isUp: device.isUp,
    hasCarrier: device.hasCarrier,
    operState: device.operState,
    isPromiscuous: device.isPromiscuous,
    arp: device.arp,
    multicast: device.multicast,
    queueLength: device.queueLength,
    qdisc: !device.hasBeenUp ? "noop" : device.kind === "physical" ? "fq_codel" : "noqueue",
    ...(device.alias !== undefined ? { alias: device.alias } : {}),
    altnames: [...device.altnames],
    ...(device.port ? { port: device.port.view() } : {}),
    stats: { ...device.stats },
  };
}
