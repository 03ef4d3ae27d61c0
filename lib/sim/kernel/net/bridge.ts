/**
 * An Ethernet bridge: the switch that Docker makes for each bridge network. `docker0` is one.
 *
 * Modelled on net/bridge (br_input.c, br_forward.c, br_device.c, br_if.c, br_stp_if.c). A frame that comes in at a port is
 * learned from, then goes to the port where its destination was heard, to all ports when it was not, or up to this host.
 * Bridged IP packets pass netfilter when net.bridge.bridge-nf-call-iptables is 1 (bridge-netfilter.ts).
 *
 * It differs in that there is no spanning tree protocol (`stp` is a flag that is kept, and ports forward at once), no VLAN
 * filtering and no multicast snooping: group frames go to all ports.
 */

import { seconds } from "@/lib/sim/core/time";
import type { Frame } from "@/lib/sim/net/frame";
import { ETHERNET_HEADER, frameLength } from "@/lib/sim/net/length";
import { BROADCAST, isUnicast, type Mac, NO_MAC } from "@/lib/sim/net/mac";
import type { Skb } from "../netfilter/hook";
import { filterBridged, filterForwarded } from "./bridge-netfilter";
import { BridgePort } from "./bridge-port";
import { Device, type DeviceInit } from "./device";
import { Fdb } from "./fdb";
import type { IfIndex, LinkDetail } from "./rtnetlink";
import type { StackSkb } from "./skb";

/** A port's number takes ten bits. */
export const MAX_PORTS = 1_023;

export class Bridge extends Device {
  readonly kind = "bridge" as const;
  protected readonly reportsCarrier = true;
  readonly fdb = new Fdb();
  readonly ports: BridgePort[] = [];
  ageingSeconds = 300;
  stp = false;
  vlanFiltering = false;
  #hasOwnMac: boolean;
  /** The address in its bridge id: none until it has had a port, or was given one. */
  #idMac: Mac;
  #hasOwnMtu: boolean;

  constructor(init: DeviceInit, given: { readonly mac: boolean; readonly mtu: boolean }) {
    super(init);
    this.#hasOwnMac = given.mac;
    this.#idMac = given.mac ? init.mac : NO_MAC;
    this.#hasOwnMtu = given.mtu;
    this.#learnOwnAddress();
  }

  /** A bridge has carrier while a port forwards. */
  get hasCarrier(): boolean {
    return this.isUp && this.ports.some((port) => port.state === "forwarding");
  }

  get linkedIndex(): IfIndex | undefined {
    return undefined;
  }

  detail(): LinkDetail {
    return {
      kind: "bridge",
      ageingSeconds: this.ageingSeconds,
      stp: this.stp,
      vlanFiltering: this.vlanFiltering,
      ports: this.ports.map((port) => port.device.index).sort((a, b) => a - b),
      rootId: `8000.${this.#idMac}`,
    };
  }

  setAgeing(wholeSeconds: number): void {
    this.ageingSeconds = wholeSeconds;
    this.fdb.ageing = seconds(wholeSeconds);
  }

  // --- ports ----------------------------------------------------------------------------------------------------------
  addPort(device: Device): BridgePort {
    const taken = new Set(this.ports.map((port) => port.number));
    let number = 1;
    while (taken.has(number)) number++;
    const port = new BridgePort(this, device, number);
    this.ports.push(port);
    device.handler = port;
    device.promiscuity++;
    this.fdb.add({ kind: "local", address: device.mac, port: device.index }, this.netns.scheduler.now);
    this.#followPorts();
    this.refreshPort(port);
    return port;
  }

  removePort(port: BridgePort): void {
    this.ports.splice(this.ports.indexOf(port), 1);
    port.device.handler = undefined;
    port.device.promiscuity--;
    const hadCarrier = this.hasCarrier || port.state === "forwarding";
    this.fdb.forgetPort(port.device.index);
    this.#learnOwnAddress();
    this.#followPorts();
    if (hadCarrier !== this.hasCarrier) this.netns.devices.carrierChanged(this);
  }

  /** Puts the port into the state that its link's and the bridge's own allow (br_port_carrier_check). */
  refreshPort(port: BridgePort): void {
    const before = this.hasCarrier;
    const isLive = this.isUp && port.device.isUp && port.device.isRunning;
    if (!isLive) {
      if (port.state !== "disabled") this.fdb.forgetLearned(port.device.index);
      port.state = "disabled";
    } else if (port.state === "disabled") port.state = "forwarding";
    if (before !== this.hasCarrier) this.netns.devices.carrierChanged(this);
  }

  override onUpChanged(): void {
    const carrierWas = !this.isUp && this.ports.some((port) => port.state === "forwarding");
    for (const port of this.ports) this.refreshPort(port);
    if (carrierWas) this.netns.devices.carrierChanged(this);
  }

  override onRemove(): void {
    for (const port of [...this.ports]) this.removePort(port);
  }

  /** The address that the administrator chose; from now on it does not follow the ports. */
  setMac(mac: Mac): void {
    this.#hasOwnMac = true;
    this.#idMac = mac;
    this.#changeMac(mac);
  }

  /** The administrator chose the MTU: from now on it does not follow the ports. */
  keepMtu(): void {
    this.#hasOwnMtu = true;
  }

  /** A port's own address changed. */
  portMacChanged(port: BridgePort, before: Mac): void {
    const { now } = this.netns.scheduler;
    const known = this.fdb.find(before, now);
    if (known?.kind === "local" && known.port === port.device.index) this.fdb.remove(before, now);
    this.fdb.add({ kind: "local", address: port.device.mac, port: port.device.index }, now);
    this.#learnOwnAddress();
    this.#followPorts();
  }

  portMtuChanged(): void {
    this.#followPorts();
  }

  #followPorts(): void {
    const mtu = this.ports.length === 0 ? 1_500 : Math.min(...this.ports.map((port) => port.device.mtu));
    if (!this.#hasOwnMtu && mtu !== this.mtu) this.netns.devices.applyMtu(this, mtu);
    if (this.#hasOwnMac) return;
    let lowest: Mac | undefined;
    for (const { device } of this.ports) if (lowest === undefined || device.mac < lowest) lowest = device.mac;
    const mac = lowest ?? NO_MAC;
    this.#idMac = mac;
    if (mac !== this.mac) this.#changeMac(mac);
  }

  #changeMac(mac: Mac): void {
    const { now } = this.netns.scheduler;
    const known = this.fdb.find(this.mac, now);
    if (known?.kind === "local" && known.port === this.index) this.fdb.remove(this.mac, now);
    this.mac = mac;
    this.#learnOwnAddress();
    this.netns.addressOfLinkChanged(this);
  }

  #learnOwnAddress(): void {
    if (this.mac === NO_MAC) return;
    const { now } = this.netns.scheduler;
    const known = this.fdb.find(this.mac, now);
    if (known?.kind === "learned") this.fdb.remove(this.mac, now);
    this.fdb.add({ kind: "local", address: this.mac, port: this.index }, now);
  }

  // --- frames ---------------------------------------------------------------------------------------------------------
  /** br_handle_frame. */
  receiveAt(port: BridgePort, frame: Frame): void {
    if (port.state === "disabled" || !this.isUp) return port.device.drop(frame, { kind: "port-blocked" });
    if (!isUnicast(frame.source)) return port.device.drop(frame, { kind: "martian", why: "a group address as source" });
    // 802.1D: these are for the bridge itself, and no protocol listens to them here.
    if (frame.destination.startsWith("01:80:c2:00:00:0")) return port.device.drop(frame, { kind: "not-for-us" });

    const { payload } = frame;
    const { settings } = this.netns;
    const isFiltered = payload.kind === "ipv4" ? settings.bridgeCallsIptables : payload.kind === "ipv6" && settings.bridgeCallsIp6tables;
    // Tagged packets are not shown to iptables (net.bridge.bridge-nf-filter-vlan-tagged = 0).
    if (payload.kind === "arp" || !isFiltered || frame.vlan) return this.#finish(port, frame, undefined);
    const filtered = filterBridged(this, port, { ...frame, payload });
    if (filtered) this.#finish(port, filtered.frame, filtered.skb);
  }

  /** br_handle_frame_finish. */
  #finish(port: BridgePort, frame: Frame, skb: StackSkb | undefined): void {
    const { now } = this.netns.scheduler;
    if (port.learning && port.state !== "blocking" && port.state !== "listening") {
      const outcome = this.fdb.learn(frame.source, port.device.index, now);
      if (outcome === "new" || outcome === "moved") this.netns.changed("fdb", port.device.where);
    }
    if (port.state !== "forwarding") return port.device.drop(frame, { kind: "port-blocked" });

    const isPromiscuous = this.wholePromiscuity > 0;
    if (!isUnicast(frame.destination)) {
      this.#flood(port, frame, skb);
      this.#passUp(frame, skb);
      return;
    }
    const entry = this.fdb.find(frame.destination, now);
    if (entry?.kind === "local") return this.#passUp(frame, skb);
    if (isPromiscuous) this.#passUp(frame, skb);
    if (!entry) {
      this.#flood(port, frame, skb);
      return;
    }
    this.fdb.touch(frame.destination, now);
    const out = this.ports.find((candidate) => candidate.device.index === entry.port);
    if (!out) return;
    const refusal = this.#refusal(port, out);
    if (refusal) out.device.drop(frame, refusal);
    else this.#forward(port, out, frame, skb);
  }

  /** Copies of a frame that nobody is known to want, or that everybody wants, to all other ports. */
  #flood(from: BridgePort | undefined, frame: Frame, skb: StackSkb | undefined): void {
    const isUnknownUnicast = isUnicast(frame.destination);
    for (const out of this.ports) {
      if (isUnknownUnicast && !out.flood) continue;
      if (from && this.#refusal(from, out)) continue;
      if (!from && out.state !== "forwarding") continue;
      // Each copy is a packet of its own for netfilter.
      if (from) this.#forward(from, out, frame, skb && { ...skb });
      else out.device.send(frame);
    }
  }

  /** Why a frame may not go from one port to another (should_deliver). */
  #refusal(from: BridgePort, out: BridgePort): { readonly kind: "port-blocked" } | { readonly kind: "port-isolated" } | undefined {
    if (from === out && !from.hairpin) return { kind: "port-blocked" };
    if (out.state !== "forwarding") return { kind: "port-blocked" };
    if (from.isolated && out.isolated) return { kind: "port-isolated" };
    return undefined;
  }

  #forward(from: BridgePort, out: BridgePort, frame: Frame, skb: StackSkb | undefined): void {
    if (skb && frame.payload.kind !== "arp") {
      filterForwarded(this, { from, out }, { ...frame, payload: frame.payload }, skb);
      return;
    }
    this.transmitTo(out, frame);
  }

  /** The last step of a bridged frame. What does not fit the port is lost. */
  transmitTo(out: BridgePort, frame: Frame): void {
    if (!out.device.fits(frame)) {
      out.device.stats.txDropped++;
      return out.device.drop(frame, { kind: "too-big", mtu: out.device.mtu });
    }
    out.device.send(frame);
  }

  /** To this host's own stack, as if the frame had come in at the bridge (br_pass_frame_up). */
  #passUp(frame: Frame, skb: StackSkb | undefined): void {
    const passed: StackSkb | undefined = skb && { ...skb, prerouted: true };
    this.receive(frame, passed);
  }

  protected override countedLength(frame: Frame, direction: "in" | "out"): number {
    return frameLength(frame) - (direction === "in" ? ETHERNET_HEADER : 0);
  }

  /** br_dev_xmit: this host itself sends. */
  protected transmit(frame: Frame, skb: Skb | undefined): void {
    void skb;
    const { now } = this.netns.scheduler;
    if (frame.destination === BROADCAST || !isUnicast(frame.destination)) return this.#flood(undefined, frame, undefined);
    const entry = this.fdb.find(frame.destination, now);
    if (!entry || entry.kind === "local")
      return entry ? this.drop(frame, { kind: "not-for-us" }) : this.#flood(undefined, frame, undefined);
    this.fdb.touch(frame.destination, now);
    const out = this.ports.find((candidate) => candidate.device.index === entry.port);
    if (!out) return;
    if (out.state !== "forwarding") return out.device.drop(frame, { kind: "port-blocked" });
    this.transmitTo(out, frame);
  }
}
