/**
 * A VLAN sub-interface: `eth0.10` sends its frames out of eth0 with the tag 10, and gets those that come in with it. It is what
 * `docker network create -d macvlan -o parent=eth0.10` makes.
 *
 * Modelled on net/8021q (vlan_dev.c, vlan_core.c, vlan.c). A VLAN goes down with its lower link, and comes up with it. It differs
 * in that there is no 802.1ad, no GVRP, no loose binding and no mapping of priorities.
 */

import type { Frame } from "@/lib/sim/net/frame";
import { tagged } from "@/lib/sim/net/vlan";
import type { Device, DeviceInit } from "./device";
import type { LinkDetail, RtnlError } from "./rtnetlink";
import { StackedLink } from "./stacked-link";

export class Vlan extends StackedLink {
  readonly kind = "vlan" as const;
  override readonly mtuLimits = { min: 0, max: 65_535 };
  protected readonly reportsCarrier = true;
  readonly #id: number;
  #hasOwnMac: boolean;

  constructor(init: DeviceInit, lower: Device, options: { readonly id: number; readonly hasOwnMac: boolean }) {
    super(init, lower);
    this.#id = options.id;
    this.#hasOwnMac = options.hasOwnMac;
    this.arp = lower.arp;
    this.multicast = lower.multicast;
    lower.vlans.set(options.id, this);
  }

  get followsMac(): boolean {
    return !this.#hasOwnMac;
  }

  get wantsOwnAddress(): boolean {
    return this.isUp && (this.mac !== this.lower.mac || this.uppers.some((upper) => upper.wantsOwnAddress));
  }

  /** It listens to single addresses, and so need not hear everything itself. */
  override get wholePromiscuity(): number {
    return this.promiscuity + Number(this.isPromiscuous);
  }

  /** The administrator chose the address: from now on it does not follow the lower link's. */
  keepMac(): void {
    this.#hasOwnMac = true;
  }

  detail(): LinkDetail {
    return { kind: "vlan", ...this.parentView(), id: this.#id };
  }

  override refuseUp(): RtnlError | undefined {
    return this.lower.isUp ? undefined : { errno: "ENETDOWN" };
  }

  override refuseMtu(mtu: number): RtnlError | undefined {
    return mtu > this.lower.mtu ? { errno: "ERANGE" } : undefined;
  }

  override lowerUpChanged(): void {
    this.netns.devices.setUp(this, this.lower.isUp);
  }

  override onRemove(): void {
    super.onRemove();
    this.lower.vlans.delete(this.#id);
  }

  protected transmit(frame: Frame): void {
    this.lower.send(tagged(frame, this.#id));
  }
}
