/**
 * The links without a partner on this host: `lo` (drivers/net/loopback.c), dummies (drivers/net/dummy.c) and the
 * machine's network card on a cable.
 *
 * What is sent to `lo` comes back at once, and keeps its connection-tracking entry on the way. A dummy swallows everything.
 */

import { micros } from "@/lib/sim/core/time";
import type { Frame } from "@/lib/sim/net/frame";
import { ETHERNET_HEADER, frameLength } from "@/lib/sim/net/length";
import type { Skb } from "../netfilter/hook";
import { Device, type DeviceInit } from "./device";
import type { IfIndex, LinkDetail } from "./rtnetlink";

const LOOP = micros(14);

export class Loopback extends Device {
  readonly kind = "loopback" as const;
  override readonly mtuLimits = { min: 0, max: Number.POSITIVE_INFINITY };
  readonly hasCarrier = true;
  protected readonly reportsCarrier = false;

  detail(): LinkDetail {
    return { kind: "loopback" };
  }

  get linkedIndex(): IfIndex | undefined {
    return undefined;
  }

  /** The loopback driver counts after it has taken the Ethernet header off. */
  protected override countedLength(frame: Frame): number {
    return frameLength(frame) - ETHERNET_HEADER;
  }

  protected transmit(frame: Frame, skb: Skb | undefined): void {
    this.netns.scheduler.after(LOOP, () => this.receive(frame, skb));
  }
}

export class Dummy extends Device {
  readonly kind = "dummy" as const;
  override readonly mtuLimits = { min: 0, max: Number.POSITIVE_INFINITY };
  override arp = false;
  override multicast = false;
  readonly hasCarrier = true;
  protected readonly reportsCarrier = false;

  detail(): LinkDetail {
    return { kind: "dummy" };
  }

  get linkedIndex(): IfIndex | undefined {
    return undefined;
  }

  protected transmit(): void {}
}

export class NetworkCard extends Device {
  readonly kind = "physical" as const;
  protected readonly reportsCarrier = true;
  readonly #cable: (frame: Frame) => void;

  constructor(init: DeviceInit, cable: (frame: Frame) => void) {
    super(init);
    this.#cable = cable;
  }

  get hasCarrier(): boolean {
    return this.isUp;
  }

  detail(): LinkDetail {
    return { kind: "physical" };
  }

  get linkedIndex(): IfIndex | undefined {
    return undefined;
  }

  override onUpChanged(): void {
    this.netns.devices.carrierChanged(this);
  }

  protected transmit(frame: Frame): void {
    this.#cable(frame);
  }
}
