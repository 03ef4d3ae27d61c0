/** Names of addresses and ports for a capture's lines, looked up before a line is printed. `-n` keeps numbers. */

import type { Routine } from "@/lib/sim/core/task";
import type { Ip } from "@/lib/sim/net/address";
import type { Frame, IpPacket } from "@/lib/sim/net/frame";
import type { NetSys } from "@/lib/sim/kernel";
import { Services } from "../nc/service-port";
import { resolveAddress } from "../resolv/resolve-name";

export class Names {
  readonly #sys: NetSys;
  readonly #isNumeric: boolean;
  readonly #hosts = new Map<Ip, string>();
  readonly #services: Services | undefined;

  constructor(sys: NetSys, isNumeric: boolean) {
    this.#sys = sys;
    this.#isNumeric = isNumeric;
    this.#services = isNumeric ? undefined : new Services(sys);
  }

  get isNumeric(): boolean {
    return this.#isNumeric;
  }

  /** Asks for the names that the frame's line will need. */
  *prepare(frame: Frame): Routine<void> {
    if (this.#isNumeric) return;
    const { payload } = frame;
    if (payload.kind === "arp") {
      yield* this.#lookUp(payload.targetIp);
      yield* this.#lookUp(payload.senderIp);
    } else yield* this.#preparePacket(payload);
  }

  *#preparePacket(packet: IpPacket): Routine<void> {
    yield* this.#lookUp(packet.source);
    yield* this.#lookUp(packet.destination);
    const { payload } = packet;
    if ((payload.kind === "icmp" || payload.kind === "icmp6") && "about" in payload) yield* this.#preparePacket(payload.about);
  }

  *#lookUp(address: Ip): Routine<void> {
    if (this.#hosts.has(address)) return;
    this.#hosts.set(address, address);
    const name = yield* resolveAddress(this.#sys, address);
    if (name !== undefined) this.#hosts.set(address, name);
  }

  host(address: Ip): string {
    return this.#hosts.get(address) ?? address;
  }

  port(port: number, protocol: "tcp" | "udp"): string {
    return this.#services?.name(port, protocol) ?? String(port);
  }
}
