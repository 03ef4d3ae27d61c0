/**
 * A link that stands on another one: VLANs, macvlans and ipvlans. `ip link` shows them as `eth0.10@eth0`.
 *
 * What they have in common (net/core/dev.c, netif_stacked_transfer_operstate): the carrier is the lower link's, the MTU cannot be
 * larger than the lower link's, and with the lower link they go. The two may be in different namespaces.
 */

import type { Device as LowerDevice, DeviceInit } from "./device";
import { Device } from "./device";
import type { IfIndex, RtnlError } from "./rtnetlink";

export abstract class StackedLink extends Device {
  readonly lower: LowerDevice;

  constructor(init: DeviceInit, lower: LowerDevice) {
    super(init);
    this.lower = lower;
    lower.uppers.push(this);
  }

  get linkedIndex(): IfIndex | undefined {
    return this.lower.index;
  }

  get hasCarrier(): boolean {
    return this.lower.hasCarrier;
  }

  /** Whether the lower link must take frames for an Ethernet address that is not its own. */
  abstract readonly wantsOwnAddress: boolean;
  /** Whether its Ethernet address is the lower link's, and changes with it. */
  abstract readonly followsMac: boolean;

  /** The MTU it has when the lower link's is this. */
  mtuOver(lowerMtu: number): number {
    return Math.min(this.mtu, lowerMtu);
  }

  override refuseMtu(mtu: number): RtnlError | undefined {
    return mtu > this.lower.mtu ? { errno: "EINVAL" } : undefined;
  }

  /** The lower link was set up or down by the administrator. */
  lowerUpChanged(): void {}

  /** The lower link got or lost its carrier. */
  lowerCarrierChanged(): void {}

  /** Its own namespace sees the lower link by this number and, when it is in another one, by that namespace's. */
  protected parentView(): { readonly parent: IfIndex; readonly linkNetnsId?: number } {
    const { index, netns } = this.lower;
    return netns === this.netns ? { parent: index } : { parent: index, linkNetnsId: this.netns.nsidOf(netns) };
  }

  override onRemove(): void {
    const { uppers } = this.lower;
    uppers.splice(uppers.indexOf(this), 1);
  }
}
