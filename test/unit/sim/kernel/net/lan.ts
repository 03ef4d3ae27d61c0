import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import type { IpPacket, Udp } from "@/lib/sim/net/frame";
import type { NewLink } from "@/lib/sim/kernel";
import { NetworkStack } from "@/lib/sim/kernel/net/stack";
import type { Netns } from "@/lib/sim/kernel/netns";
import type { KernelEvent } from "@/lib/sim/kernel/trace";
import { Lan } from "@/lib/sim/world/lan";
import { address, byName, Lab, up } from "./lab";

type OnParent = Extract<NewLink, { kind: "vlan" | "macvlan" | "ipvlan" }>;
/** What is particular to a link on another one. */
export type Kind = OnParent extends infer K ? (K extends OnParent ? Omit<K, "name" | "parent"> : never) : never;

/** Two hosts on one LAN: 192.168.56.11, which is the lab's own, and 192.168.56.12. */
export class TwoHosts extends Lab {
  /** What happened on the second host. */
  readonly seen: KernelEvent[] = [];
  readonly #other: NetworkStack;

  constructor() {
    super();
    const lan = new Lan(this.scheduler);
    this.#other = new NetworkStack({
      host: "node2",
      scheduler: this.scheduler,
      random: new Random("node2"),
      trace: (event) => this.seen.push(event),
    });
    for (const [stack, digit] of [
      [this.stack, 1],
      [this.#other, 2],
    ] as const) {
      const cable = lan.connect();
      cable.onFrame(stack.plugIn({ name: "eth0", mac: `02:00:00:00:00:0${digit}` }, cable.send));
      up(stack.root.links, "lo");
      up(stack.root.links, "eth0");
      unwrap(stack.root.links.addAddress(byName(stack.root.links, "eth0"), address(`192.168.56.1${digit}/24`)));
    }
  }

  get node2(): Netns {
    return this.#other.root;
  }

  /** Adds a link on another one. */
  addOn(netns: Netns, name: string, kind: Kind, parent = "eth0") {
    return netns.links.addLink({ ...kind, name, parent: byName(netns.links, parent) } as NewLink);
  }

  /** A namespace with such a link on the first host's eth0, up and with an address. */
  guest(name: string, kind: Kind, cidr: string): Netns {
    const netns = this.stack.create();
    const link = unwrap(this.addOn(this.root, name, kind));
    unwrap(this.root.links.change(link, { set: "netns", netns: netns.id }));
    unwrap(netns.links.addAddress(byName(netns.links, name), address(cidr)));
    up(netns.links, "lo");
    up(netns.links, name);
    return netns;
  }

  /** UDP packets that came in at the second host's card. */
  udpSeen(): (IpPacket & { readonly payload: Udp })[] {
    return this.seen.flatMap((event) => {
      if (event.kind !== "frame" || event.where.link !== "eth0" || event.direction !== "in") return [];
      const { payload } = event.frame;
      return payload.kind !== "arp" && payload.payload.kind === "udp" ? [payload as IpPacket & { readonly payload: Udp }] : [];
    });
  }
}
