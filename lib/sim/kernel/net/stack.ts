/**
 * All network namespaces of one host, and the cables of its network cards.
 *
 * A namespace's id looks like the inode number that `readlink /proc/self/ns/net` shows; the machine's own is the one that the
 * first namespace after boot has.
 */

import { invariant } from "@/lib/base/invariant";
import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import type { Frame } from "@/lib/sim/net/frame";
import { parseMac } from "@/lib/sim/net/mac";
import { createNetfilter } from "../netfilter";
import type { PacketHooks, StackForHooks } from "../netfilter/hook";
import type { Netfilter } from "../netfilter/rule";
import type { Conntrack, Netns } from "../netns";
import type { KernelTrace } from "../trace";
import { NetworkNamespace } from "./namespace";
import { NetworkCard } from "./plain-links";

/** What builds the packet filter of one namespace. */
export type NetfilterFactory = (
  stack: StackForHooks,
  environment: {
    readonly scheduler: Scheduler;
    readonly random: Random;
    readonly host: string;
    readonly netnsId: string;
    readonly trace: KernelTrace;
  },
) => { readonly hooks: PacketHooks; readonly iptables: Netfilter; readonly ip6tables: Netfilter; readonly conntrack: Conntrack };

export type NetworkEnvironment = {
  readonly host: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: KernelTrace;
  /** Default: the kernel's own (netfilter/index). */
  readonly netfilter?: NetfilterFactory;
};

/** PROC_DYNAMIC_FIRST's neighbour: what Linux shows for the initial network namespace. */
const ROOT_ID = 4_026_531_840;
/** Later namespaces are numbered from here, with gaps for the namespaces of other kinds. */
const FIRST_ID = 4_026_532_200;
const ID_STEP = 5;

export class NetworkStack {
  readonly random: Random;
  readonly #environment: NetworkEnvironment;
  readonly #namespaces = new Map<string, NetworkNamespace>();
  readonly #root: NetworkNamespace;
  #made = 0;
  #serial = 0;

  constructor(environment: NetworkEnvironment) {
    this.#environment = environment;
    this.random = environment.random.fork("links");
    this.#root = this.#make(String(ROOT_ID));
  }

  /** The machine's own namespace. */
  get root(): Netns {
    return this.#root;
  }

  /** A namespace with nothing but a `lo` that is down. */
  create(): Netns {
    return this.#make(String(FIRST_ID + ID_STEP * this.#made++));
  }

  /** All that exist, the root first, then in the order of their making. */
  list(): readonly Netns[] {
    return [...this.#namespaces.values()];
  }

  byId(id: string): Netns | undefined {
    return this.#namespaces.get(id);
  }

  /** Removes its links (peers of veths too) and ends its sockets. A network card goes back to the root namespace. */
  destroy(netns: Netns): void {
    const namespace = this.#namespaces.get(netns.id);
    if (!namespace) return;
    invariant(namespace !== this.#root, "the machine's own namespace lives as long as the machine");
    namespace.close(this.#root);
    this.#namespaces.delete(netns.id);
    for (const other of this.#namespaces.values()) other.forgetNamespace(namespace);
    namespace.changed("netns");
  }

  /** Puts a network card on a cable: frames go to `send` and come back by calling what this returns. */
  plugIn(
    card: { readonly name: string; readonly mac: string; readonly mtu?: number },
    send: (frame: Frame) => void,
  ): (frame: Frame) => void {
    const mac = parseMac(card.mac);
    invariant(mac !== undefined, `a network card has an Ethernet address, and ${card.mac} is none`);
    const device = new NetworkCard(
      { netns: this.#root, index: this.#root.devices.takeIndex(), name: card.name, mac, mtu: card.mtu ?? 1_500 },
      send,
    );
    this.#root.devices.register(device);
    return (frame) => device.receive(frame);
  }

  /** @internal for the parts of a namespace. */
  namespace(id: string): NetworkNamespace | undefined {
    return this.#namespaces.get(id);
  }

  /** @internal Numbers what needs a stream of random numbers of its own. */
  takeSerial(): number {
    return this.#serial++;
  }

  #make(id: string): NetworkNamespace {
    const { host, scheduler, random, trace, netfilter } = this.#environment;
    const namespace = new NetworkNamespace({
      id,
      stack: this,
      host,
      scheduler,
      random: random.fork(`netns/${id}`),
      trace,
      netfilter: netfilter ?? createNetfilter,
      inherit: this.#namespaces.get(String(ROOT_ID))?.settings,
    });
    this.#namespaces.set(id, namespace);
    namespace.changed("netns");
    return namespace;
  }
}
