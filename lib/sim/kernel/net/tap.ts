/**
 * A packet socket (AF_PACKET): sees every frame of one link, or of all links of a namespace. It is what `tcpdump` reads.
 *
 * Modelled on net/packet/af_packet.c. A tap on one link makes that link promiscuous, so that a tap on a bridge also sees
 * what its ports say to each other. The queue holds as many frames as libpcap's ring would hold small ones.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { type Routine, WaitQueue } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import type { Frame } from "@/lib/sim/net/frame";
import type { Device } from "./device";
import type { Captured, PacketTap } from "./socket";

const QUEUE_LIMIT = 4_096;

export class Tap implements PacketTap {
  readonly readable = new WaitQueue();
  readonly #queue: Captured[] = [];
  readonly #onClose: () => void;
  #head = 0;
  #received = 0;
  #dropped = 0;
  #isClosed = false;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  get received(): number {
    return this.#received;
  }

  get droppedByKernel(): number {
    return this.#dropped;
  }

  capture(device: Device, direction: "in" | "out", frame: Frame): void {
    if (this.#queue.length - this.#head >= QUEUE_LIMIT) {
      this.#dropped++;
      return;
    }
    this.#received++;
    this.#queue.push({ at: device.netns.scheduler.now, link: device.name, direction, frame, linkIndex: device.index });
    this.readable.wake();
  }

  *receive(until?: Instant): Routine<Result<Captured, Errno>> {
    for (;;) {
      const next = this.#queue[this.#head];
      if (next) {
        this.#head++;
        if (this.#head > 256 && this.#head * 2 > this.#queue.length) {
          this.#queue.splice(0, this.#head);
          this.#head = 0;
        }
        return ok(next);
      }
      if (this.#isClosed) return fail("ENETDOWN");
      const wake = yield until === undefined ? { on: [this.readable] } : { on: [this.readable], until };
      if (wake.kind === "timeout") return fail("EAGAIN");
      if (wake.kind === "signal") return fail("EINTR");
    }
  }

  /** The link went away or down: what is queued can still be read. */
  linkGone(): void {
    this.#isClosed = true;
    this.readable.wake();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    this.readable.wake();
  }
}
