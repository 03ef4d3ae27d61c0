/**
 * The links of one namespace: their numbers and names, and what follows when one comes, goes, changes or moves.
 *
 * Modelled on net/core/dev.c, rtnetlink.c (do_setlink) and the notifier chain: what listens to NETDEV_UP there is called
 * here by name. Numbers count up and are not used again soon; a link that moves to another namespace keeps its number if
 * that is free there.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { DONE, fail, type Result } from "@/lib/base/result";
import { isUnicast } from "@/lib/sim/net/mac";
import { Bridge, MAX_PORTS } from "./bridge";
import type { Device } from "./device";
import { isValidName, mtuRefusal, nameRefusal } from "./link-kinds";
import type { NetworkNamespace } from "./namespace";
import type { IfIndex, LinkChange, RtnlError } from "./rtnetlink";
import { Veth } from "./veth";

type PortChange = Extract<LinkChange, { set: "port" }>;
type BridgeChange = Extract<LinkChange, { set: "bridge" }>;

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
    this.#unregister(device);
    device.onRemove();
    if (!peer || !(device instanceof Veth)) return;
    device.detach();
    peer.detach();
    peer.netns.devices.#unregister(peer);
  }

  change(device: Device, change: LinkChange): Result<void, RtnlError> {
    switch (change.set) {
      case "up":
        this.setUp(device, change.up);
        return DONE;
      case "mtu":
        return this.#setMtu(device, change.mtu);
      case "mac":
        return this.#setMac(device, change.mac);
      case "name":
        return this.#rename(device, change.name);
      case "master":
        return this.#setMaster(device, change.master);
      case "netns":
        return this.#move(device, change.netns, change.name);
      case "port":
        return this.#setPort(device, change);
      case "bridge":
        return this.#setBridge(device, change);
      case "promiscuous":
        device.isPromiscuous = change.on;
        break;
      case "arp":
        device.arp = change.on;
        break;
      case "multicast":
        device.multicast = change.on;
        break;
      case "alias":
        if (change.alias.length > 255) return fail({ errno: "EINVAL" });
        device.alias = change.alias === "" ? undefined : change.alias;
        break;
      case "queue-length":
        if (change.length < 0) return fail({ errno: "EINVAL" });
        device.queueLength = change.length;
        break;
    }
    this.#netns.changed("link", device.where);
    return DONE;
  }

  setUp(device: Device, up: boolean): void {
    if (device.isUp === up) return;
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
    this.#netns.changed("link", device.where);
  }

  /** Called by the kinds of links as their carrier comes or goes. */
  carrierChanged(device: Device): void {
    const { ipv6, neighbours, settings } = this.#netns;
    if (device.port) device.port.bridge.refreshPort(device.port);
    if (device.hasCarrier) ipv6.linkReady(device);
    else if (settings.of(device, "arp_evict_nocarrier") !== 0) neighbours.linkDown(device, false);
    this.#netns.changed("link", device.where);
  }

  /** Ends the namespace: network cards go home, the rest goes. */
  close(home: NetworkNamespace | undefined): void {
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

  #setMtu(device: Device, mtu: number): Result<void, RtnlError> {
    const refusal = mtuRefusal(mtu, device.mtuLimits);
    if (refusal) return fail(refusal);
    if (device instanceof Bridge) device.setMtu(mtu);
    else device.mtu = mtu;
    device.port?.bridge.portMtuChanged();
    this.#netns.changed("link", device.where);
    return DONE;
  }

  #setMac(device: Device, mac: Device["mac"]): Result<void, RtnlError> {
    if (device.kind === "loopback") return fail({ errno: "EOPNOTSUPP" });
    if (!isUnicast(mac)) return fail({ errno: "EADDRNOTAVAIL" });
    const before = device.mac;
    if (device instanceof Bridge) device.setMac(mac);
    else device.mac = mac;
    if (device.port) device.port.bridge.portMacChanged(device.port, before);
    this.#netns.addressOfLinkChanged(device);
    return DONE;
  }

  #rename(device: Device, name: string): Result<void, RtnlError> {
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

  #setMaster(device: Device, master: IfIndex | undefined): Result<void, RtnlError> {
    const bridge = master === undefined ? undefined : this.byIndex(master);
    if (master !== undefined && !bridge) return fail({ errno: "EINVAL" });
    if (bridge && !(bridge instanceof Bridge)) return fail({ errno: "EOPNOTSUPP" });
    if (bridge && device instanceof Bridge) return fail({ errno: "ELOOP", extack: "Can not enslave a bridge to a bridge." });
    if (bridge && device.kind === "loopback") return fail({ errno: "EINVAL", extack: "Can not enslave a loopback device." });
    if (device.port) device.port.bridge.removePort(device.port);
    if (bridge) {
      if (bridge.ports.length >= MAX_PORTS) return fail({ errno: "EXFULL" });
      bridge.addPort(device);
    }
    this.#netns.changed("link", device.where);
    return DONE;
  }

  #move(device: Device, to: string, name: string | undefined): Result<void, RtnlError> {
    const target = this.#netns.stack.namespace(to);
    if (!target) return fail({ errno: "EINVAL" });
    if (target === this.#netns) return name === undefined ? DONE : this.#rename(device, name);
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
    const peer = device instanceof Veth ? device.peer : undefined;
    if (peer && peer.netns !== target) {
      target.nsidOf(peer.netns);
      peer.netns.nsidOf(target);
    }
  }

  #setPort(device: Device, change: PortChange): Result<void, RtnlError> {
    const { port } = device;
    if (!port) return fail({ errno: "EINVAL" });
    if (change.hairpin !== undefined) port.hairpin = change.hairpin;
    if (change.isolated !== undefined) port.isolated = change.isolated;
    if (change.learning !== undefined) port.learning = change.learning;
    if (change.flood !== undefined) port.flood = change.flood;
    if (change.cost !== undefined) port.cost = change.cost;
    if (change.priority !== undefined) port.priority = change.priority;
    if (change.state !== undefined) {
      if (!device.isRunning || !port.bridge.isUp) return fail({ errno: "ENETDOWN" });
      port.state = change.state;
      this.carrierChanged(port.bridge);
    }
    this.#netns.changed("link", device.where);
    return DONE;
  }

  #setBridge(device: Device, change: BridgeChange): Result<void, RtnlError> {
    if (!(device instanceof Bridge)) return fail({ errno: "EOPNOTSUPP" });
    if (change.ageingSeconds !== undefined) device.setAgeing(change.ageingSeconds);
    if (change.stp !== undefined) device.stp = change.stp;
    if (change.vlanFiltering !== undefined) device.vlanFiltering = change.vlanFiltering;
    this.#netns.changed("link", device.where);
    return DONE;
  }
}
