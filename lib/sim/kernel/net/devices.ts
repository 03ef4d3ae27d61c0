/**
 * The links of one namespace: their numbers and names, and what follows when one comes, goes, moves, or goes up or down.
 *
 * Modelled on net/core/dev.c and the notifier chain: what listens to NETDEV_UP there is called here by name. Numbers count up and
 * are not used again soon; a link that moves to another namespace keeps its number if that is free there. With a link go those
 * that stand on it.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { DONE, fail, type Result } from "@/lib/base/result";
import type { Device } from "./device";
import { isValidName, nameRefusal } from "./link-kinds";
import type { NetworkNamespace } from "./namespace";
import type { IfIndex, RtnlError } from "./rtnetlink";
import { StackedLink } from "./stacked-link";
import { Veth } from "./veth";
import { Vxlan } from "./vxlan";

export class Devices {
  readonly #netns: NetworkNamespace;
  readonly #byIndex = new Map<IfIndex, Device>();
  readonly #byName = new Map<string, Device>();
  #sorted: readonly Device[] | undefined;
  #nextIndex = 1;

  constructor(netns: NetworkNamespace) {
    this.#netns = netns;
  }

  get loopback(): Device {
    const lo = this.#byIndex.get(1 as IfIndex);
    if (!lo) throw new InvariantViolation("a namespace has a loopback link as long as it exists");
    return lo;
  }

  /** By number. */
  all(): readonly Device[] {
    this.#sorted ??= [...this.#byIndex.values()].sort((a, b) => a.index - b.index);
    return this.#sorted;
  }

  byIndex(index: IfIndex): Device | undefined {
    return this.#byIndex.get(index);
  }

  /** By name or alternative name. */
  byName(name: string): Device | undefined {
    return this.#byName.get(name) ?? this.all().find((device) => device.altnames.includes(name));
  }

  takeIndex(): IfIndex {
    while (this.#byIndex.has(this.#nextIndex as IfIndex)) this.#nextIndex++;
    return this.#nextIndex++ as IfIndex;
  }

  register(device: Device): void {
    this.#byIndex.set(device.index, device);
    this.#byName.set(device.name, device);
    this.#sorted = undefined;
    this.#netns.settings.addLink(device.name, device.kind);
    this.#netns.changed("link", device.where);
  }

  /** `ip link delete`. A veth takes its peer along. */
  delete(device: Device): Result<void, RtnlError> {
    if (device.kind === "loopback" || device.kind === "physical") return fail({ errno: "EOPNOTSUPP" });
    this.destroy(device);
    return DONE;
  }

  destroy(device: Device): void {
    const peer = device instanceof Veth ? device.peer : undefined;
    for (const { uppers, tunnels } of peer ? [device, peer] : [device])
      for (const dependant of [...uppers, ...tunnels]) dependant.netns.devices.destroy(dependant);
    this.#unregister(device);
    device.onRemove();
    if (!peer || !(device instanceof Veth)) return;
    device.detach();
    peer.detach();
    peer.netns.devices.#unregister(peer);
  }

  setUp(device: Device, up: boolean): Result<void, RtnlError> {
    if (device.isUp === up) return DONE;
    const refusal = up ? device.refuseUp() : undefined;
    if (refusal) return fail(refusal);
    const { ipv4, ipv6, kernelRoutes, neighbours } = this.#netns;
    device.isUp = up;
    if (up) device.hasBeenUp = true;
    else {
      ipv6.linkDown(device);
      kernelRoutes.linkDown(device);
      neighbours.linkDown(device, true);
    }
    if (up) {
      ipv4.linkUp(device);
      kernelRoutes.linkUp(device);
    }
    device.onUpChanged();
    if (device.port) device.port.bridge.refreshPort(device.port);
    if (up) ipv6.linkReady(device);
    for (const upper of [...device.uppers]) upper.lowerUpChanged();
    this.#netns.changed("link", device.where);
    return DONE;
  }

  /** Called by the kinds of links as their carrier comes or goes. */
  carrierChanged(device: Device): void {
    const { ipv6, neighbours, settings } = this.#netns;
    if (device.port) device.port.bridge.refreshPort(device.port);
    if (device.hasCarrier) ipv6.linkReady(device);
    else if (settings.of(device, "arp_evict_nocarrier") !== 0) neighbours.linkDown(device, false);
    for (const upper of [...device.uppers]) {
      upper.lowerCarrierChanged();
      upper.netns.devices.carrierChanged(upper);
    }
    this.#netns.changed("link", device.where);
  }

  /** The link has another MTU now; those that stand on it follow. */
  applyMtu(device: Device, mtu: number): void {
    device.mtu = mtu;
    device.port?.bridge.portMtuChanged();
    for (const upper of device.uppers) {
      const follows = upper.mtuOver(mtu);
      if (follows !== upper.mtu) upper.netns.devices.applyMtu(upper, follows);
    }
    this.#netns.changed("link", device.where);
  }

  /** Ends the namespace: network cards go home, the rest goes. */
  close(home: NetworkNamespace | undefined): void {
    for (const vxlan of this.#netns.vxlans.all) vxlan.netns.devices.destroy(vxlan);
    for (const device of [...this.all()].reverse()) {
      if (!this.#byIndex.has(device.index)) continue;
      if (device.kind === "physical" && home) this.#moveTo(device, home, home.devices.freeName(device.name));
      else if (device.kind !== "loopback") this.destroy(device);
    }
    this.setUp(this.loopback, false);
    this.loopback.taps.forEach((tap) => tap.linkGone());
  }

  freeName(name: string): string {
    if (!this.#byName.has(name)) return name;
    let number = 0;
    while (this.#byName.has(`dev${number}`)) number++;
    return `dev${number}`;
  }

  #unregister(device: Device): void {
    this.setUp(device, false);
    if (device.port) device.port.bridge.removePort(device.port);
    const { ipv4, ipv6, kernelRoutes, neighbours, settings } = this.#netns;
    ipv4.forgetLink(device);
    ipv6.forgetLink(device);
    kernelRoutes.forgetLink(device);
    neighbours.forgetLink(device);
    settings.removeLink(device.name);
    this.#byIndex.delete(device.index);
    this.#byName.delete(device.name);
    this.#sorted = undefined;
    for (const tap of device.taps) tap.linkGone();
    this.#netns.changed("link", device.where);
  }

  rename(device: Device, name: string): Result<void, RtnlError> {
    if (name === device.name) return DONE;
    if (!isValidName(name)) return fail(nameRefusal(name));
    if (this.byName(name)) return fail({ errno: "EEXIST" });
    const before = device.name;
    this.#byName.delete(before);
    device.place(this.#netns, device.index, name);
    this.#byName.set(name, device);
    this.#netns.settings.renameLink(before, name);
    this.#netns.ipv4.renameLink(device, before);
    this.#netns.changed("link", device.where);
    return DONE;
  }

  move(device: Device, to: string, name: string | undefined): Result<void, RtnlError> {
    const target = this.#netns.stack.namespace(to);
    if (!target) return fail({ errno: "EINVAL" });
    if (target === this.#netns) return name === undefined ? DONE : this.rename(device, name);
    if (device.kind === "loopback" || device.kind === "bridge")
      return fail({ errno: "EINVAL", extack: "The interface netns is immutable." });
    const newName = name ?? device.name;
    if (!isValidName(newName)) return fail(nameRefusal(newName));
    if (target.devices.byName(newName)) return fail({ errno: "EEXIST" });
    this.#moveTo(device, target, newName);
    return DONE;
  }

  #moveTo(device: Device, target: NetworkNamespace, name: string): void {
    this.#unregister(device);
    device.taps.clear();
    device.hasBeenUp = false;
    const index = target.devices.#byIndex.has(device.index) ? target.devices.takeIndex() : device.index;
    device.place(target, index, name);
    target.devices.register(device);
    const other =
      device instanceof Veth
        ? device.peer?.netns
        : device instanceof StackedLink
          ? device.lower.netns
          : device instanceof Vxlan
            ? device.underlay
            : undefined;
    if (other && other !== target) {
      target.nsidOf(other);
      other.nsidOf(target);
    }
  }
}
