/**
 * The LAN between the hosts: a learning Ethernet switch with a cable to each network card.
 *
 * It is not a Linux machine and has no address; hosts meet only here. A frame takes `CABLE` from card to card. Broadcast,
 * multicast and unknown destinations go to all other ports. Addresses do not age: nothing moves on this LAN unless a host
 * speaks, and then it is learned again.
 */

import type { Scheduler } from "@/lib/sim/core/scheduler";
import { micros } from "@/lib/sim/core/time";
import type { Frame } from "@/lib/sim/net/frame";
import { isUnicast, type Mac } from "@/lib/sim/net/mac";

const CABLE = micros(60);

type Port = { deliver: (frame: Frame) => void };

export class Lan {
  readonly #scheduler: Scheduler;
  readonly #ports: Port[] = [];
  readonly #learned = new Map<Mac, Port>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** A new port. What the card sends goes to `send`; `onFrame` gets what arrives for it. */
  connect(): { readonly send: (frame: Frame) => void; onFrame: (deliver: (frame: Frame) => void) => void } {
    const port: Port = { deliver: () => {} };
    this.#ports.push(port);
    return {
      send: (frame) => this.#forward(port, frame),
      onFrame: (deliver) => {
        port.deliver = deliver;
      },
    };
  }

  #forward(from: Port, frame: Frame): void {
    if (isUnicast(frame.source)) this.#learned.set(frame.source, from);
    const known = isUnicast(frame.destination) ? this.#learned.get(frame.destination) : undefined;
    const targets = known ? [known] : this.#ports;
    for (const port of targets) {
      if (port !== from) this.#scheduler.after(CABLE, () => port.deliver(frame));
    }
  }
}
