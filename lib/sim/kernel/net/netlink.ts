/**
 * The netlink socket of one namespace: the whole of its links, addresses, routes, neighbours and forwarding entries as one
 * contract. Each question and change is answered by the part that knows; here they are only brought together.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import { WaitQueue } from "@/lib/sim/core/task";
import { type Family, type Ip, isV4, type Prefix } from "@/lib/sim/net/address";
import { announce } from "./arp";
import type { Device } from "./device";
import { addForwardingEntry, deleteForwardingEntry, forwardingEntries } from "./forwarding";
import { changeLink } from "./link-changes";
import { createLink } from "./link-kinds";
import type { NetworkNamespace } from "./namespace";
import type {
  AddressView,
  FdbView,
  FoundRoute,
  IfIndex,
  LinkChange,
  LinkView,
  NeighbourView,
  NewAddress,
  NewFdbEntry,
  NewLink,
  NewRoute,
  RouteLookup,
  RouteMode,
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
    return device ? changeLink(device, change) : fail(NO_DEVICE);
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
  addRoute(route: NewRoute, mode: RouteMode = "add"): Result<void, RtnlError> {
    return this.#netns.routes.add(route, mode);
  }

  deleteRoute(route: NewRoute): Result<void, RtnlError> {
    return this.#netns.routes.delete(route);
  }

  routes(family: Family, table: RouteTable | "all" = "main"): readonly RouteView[] {
    return this.#netns.routes.list(family, table);
  }

  lookup(destination: Ip, lookup: RouteLookup = {}): Result<FoundRoute, RtnlError> {
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
    return addForwardingEntry(this.#netns, entry);
  }

  deleteFdb(entry: Parameters<Rtnetlink["deleteFdb"]>[0]): Result<void, RtnlError> {
    return deleteForwardingEntry(this.#netns, entry);
  }

  fdb(link?: IfIndex): readonly FdbView[] {
    return this.#devices(link).flatMap(forwardingEntries);
  }

  #devices(link: IfIndex | undefined): readonly Device[] {
    if (link === undefined) return this.#netns.devices.all();
    const device = this.#netns.devices.byIndex(link);
    return device ? [device] : [];
  }
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
    promiscuity: device.wholePromiscuity,
    minMtu: device.mtuLimits.min,
    maxMtu: Number.isFinite(device.mtuLimits.max) ? device.mtuLimits.max : 0,
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
