/** A link as a port of a bridge (struct net_bridge_port): its options, and the way of frames into the bridge. */

import type { Frame } from "@/lib/sim/net/frame";
import type { Bridge } from "./bridge";
import type { Device, FrameHandler } from "./device";
import type { BridgePortView } from "./rtnetlink";

export type PortState = BridgePortView["state"];

export class BridgePort implements FrameHandler {
  readonly bridge: Bridge;
  readonly device: Device;
  /** Counts from 1; the lowest free one. */
  readonly number: number;
  state: PortState = "disabled";
  priority = 32;
  cost: number;
  hairpin = false;
  isolated = false;
  learning = true;
  flood = true;

  constructor(bridge: Bridge, device: Device, number: number) {
    this.bridge = bridge;
    this.device = device;
    this.number = number;
    // Of a 10 Gbit/s link, which is what a veth says it is.
    this.cost = device.kind === "veth" ? 2 : 100;
  }

  take(frame: Frame): boolean {
    this.bridge.receiveAt(this, frame);
    return true;
  }

  view(): BridgePortView {
    return {
      bridge: this.bridge.index,
      number: this.number,
      state: this.state,
      priority: this.priority,
      cost: this.cost,
      hairpin: this.hairpin,
      isolated: this.isolated,
      learning: this.learning,
      flood: this.flood,
    };
  }
}
