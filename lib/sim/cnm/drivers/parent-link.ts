/**
 * The drivers `macvlan` and `ipvlan`: networks on an interface of the host (`-o parent=eth0`).
 *
 * Their containers are stations on the LAN of that interface. A parent `eth0.50` that does not exist is made, and no parent at
 * all makes a dummy link; both go with the last network on them. Ports are not published: nothing stands between such a container
 * and the LAN. Modelled on moby's daemon/libnetwork/drivers/macvlan and drivers/ipvlan, which are two copies of nearly the same
 * code.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import { contains, type Family, type Ip, type Prefix } from "@/lib/sim/net/address";
import type { IfIndex, Netns, NewLink } from "@/lib/sim/kernel";
import type { CnmError } from "../contract";
import { goErrno, internal, invalid, system } from "../error";
import { atoi } from "../go-value";
import type { DriverEndpoint, DriverNetwork, DriverPool, JoinInfo } from "./contract";
import { PlainDriver } from "./plain";
import { freeVethName } from "./veth-name";

type Kind = "macvlan" | "ipvlan";

type Mode = "bridge" | "private" | "passthru" | "vepa" | "l2" | "l3" | "l3s";
type Flag = "bridge" | "private" | "vepa";

type Options = {
  /** Empty: a dummy link of its own. */
  readonly parent: string;
  readonly mode: Mode;
  /** Of ipvlan. */
  readonly flag: Flag;
  /** Nothing leaves it: asked for, or for want of a parent. */
  readonly internal: boolean;
};

type ParentEndpoint = {
  readonly endpoint: DriverEndpoint;
  /** The name of its link on the host, before and after it is a container's. */
  source: string | undefined;
};

type ParentNetwork = Options & {
  readonly id: string;
  readonly madeParent: boolean;
  readonly ipv4: DriverNetwork["ipv4"];
  readonly ipv6: DriverNetwork["ipv6"];
  readonly endpoints: Map<string, ParentEndpoint>;
};

const MODES = {
  macvlan: { option: "macvlan_mode", default: "bridge", valid: ["bridge", "private", "passthru", "vepa"] },
  ipvlan: { option: "ipvlan_mode", default: "l2", valid: ["l2", "l3", "l3s"] },
} as const;
const IPVLAN_FLAGS = ["bridge", "private", "vepa"] as const;
export class ParentLinkDriver extends PlainDriver {
  readonly name: Kind;
  readonly dataScope = "local";
  readonly hasOwnMacs: boolean;
  readonly #host: Netns;
  readonly #random: Random;
  readonly #networks = new Map<string, ParentNetwork>();
  /** Parents that an engine before made. */
  readonly #madeBefore = new Set<string>();

  constructor(name: Kind, host: Netns, random: Random) {
    super();
    this.name = name;
    this.hasOwnMacs = name === "macvlan";
    this.#host = host;
    this.#random = random;
  }

  /** The parents that were made for networks, by this engine or one before. */
  get madeParents(): readonly string[] {
    return [...this.#networks.values()].flatMap(({ madeParent, parent }) => (madeParent ? [parent] : []));
  }

  rememberParents(names: readonly string[]): void {
    for (const name of names) this.#madeBefore.add(name);
  }

  override skipGateway(
    network: Omit<DriverNetwork, "ipv4" | "ipv6">,
  ): Result<{ readonly ipv4: boolean; readonly ipv6: boolean }, CnmError> {
    const options = this.#parse(network);
    if (!options.ok) return options;
    const skip = options.value.internal || isRouted(options.value);
    return ok({ ipv4: skip, ipv6: skip });
  }

  createNetwork(network: DriverNetwork): Result<void, CnmError> {
    if (network.enableIpv4 && isEmptyPool(network.ipv4)) return invalid("ipv4 pool is empty");
    if (network.enableIpv6 && isEmptyPool(network.ipv6)) return invalid("ipv6 pool is empty");
    const options = this.#parse(network);
    if (!options.ok) return options;
    const parent = options.value.parent === "" ? this.#dummyName(network.id) : options.value.parent;
    const shared = this.#checkShared(parent, options.value.mode);
    if (!shared.ok) return shared;
    const made = this.#host.links.linkByName(parent) ? ok(this.#isOurs(parent, network.id)) : this.#makeParent(parent, network.id);
    if (!made.ok) return made;
    const { id, ipv4, ipv6 } = network;
    this.#networks.set(id, { ...options.value, id, parent, madeParent: made.value, ipv4, ipv6, endpoints: new Map() });
    return DONE;
  }

  deleteNetwork(networkId: string): Result<void, CnmError> {
    const network = this.#networks.get(networkId);
    if (!network) return internal(`network id ${networkId} not found`);
    this.#networks.delete(networkId);
    const isShared = [...this.#networks.values()].some(({ parent }) => parent === network.parent);
    const link = this.#host.links.linkByName(network.parent);
    if (isShared) return DONE;
    this.#madeBefore.delete(network.parent);
    if (link && network.madeParent) this.#host.links.deleteLink(link.index);
    return DONE;
  }

  createEndpoint(endpoint: DriverEndpoint): Result<void, CnmError> {
    const network = this.#networks.get(endpoint.networkId);
    if (!network) return internal(`network id "${endpoint.networkId}" not found`);
    if (!this.hasOwnMacs && endpoint.mac !== "") return internal("ipvlan interfaces do not support custom mac address assignment");
    network.endpoints.set(endpoint.id, { endpoint, source: undefined });
    return DONE;
  }

  /** The link goes; it is back on the host by now. */
  override deleteEndpoint(networkId: string, endpointId: string): void {
    const endpoints = this.#networks.get(networkId)?.endpoints;
    const source = endpoints?.get(endpointId)?.source;
    endpoints?.delete(endpointId);
    const link = source === undefined ? undefined : this.#host.links.linkByName(source);
    if (link) this.#host.links.deleteLink(link.index);
  }

  join(networkId: string, endpointId: string): Result<JoinInfo, CnmError> {
    const network = this.#networks.get(networkId);
    const found = network?.endpoints.get(endpointId);
    if (!network || !found) return internal(`could not find endpoint with id ${endpointId}`);
    const made = this.#makeLink(network, found.endpoint.netns);
    if (!made.ok) return made;
    found.source = made.value;
    const { ipv4, ipv6 } = found.endpoint;
    const leadsOut: readonly Family[] =
      network.internal || !isRouted(network) ? [] : [...(ipv4 ? [4 as const] : []), ...(ipv6 ? [6 as const] : [])];
    const hasGateways = !network.internal && !isRouted(network);
    return ok({
      interface: { source: made.value, prefix: "eth", leadsOut },
      gateway: hasGateways ? gatewayFor(ipv4, network.ipv4) : undefined,
      gatewayV6: hasGateways ? gatewayFor(ipv6, network.ipv6) : undefined,
    });
  }

  /** A link on the parent, under a name for the time being, and into the container's namespace. */
  #makeLink({ parent, mode, flag }: ParentNetwork, netns: Netns): Result<string, CnmError> {
    const { links } = this.#host;
    const below = links.linkByName(parent);
    if (!below) return internal(`the requested parent interface ${parent} was not found on the Docker host`);
    const name = freeVethName(this.#host, this.#random);
    const added = links.addLink(newLink(name, below.index, mode, flag));
    // Macvlans and ipvlans cannot be on one parent at the same time.
    if (!added.ok) return internal(`failed to create the ${this.name} port: ${goErrno(added.error.errno)}`);
    const moved = links.change(added.value, { set: "netns", netns: netns.id });
    if (moved.ok) return ok(name);
    links.deleteLink(added.value);
    return internal(`failed to add interface ${name} to sandbox: failed to set namespace on link "${name}": ${goErrno(moved.error.errno)}`);
  }

  #parse({ options, internal: isInternal }: Pick<DriverNetwork, "options" | "internal">): Result<Options, CnmError> {
    const modes = MODES[this.name];
    const parent = options["parent"] ?? "";
    const askedMode = options[modes.option] ?? "";
    const mode = askedMode === "" ? modes.default : modes.valid.find((valid) => valid === askedMode);
    if (mode === undefined) {
      return internal(
        `requested ${this.name} mode '${askedMode}' is not valid, '${modes.default}' mode is the ${this.name} driver default`,
      );
    }
    const askedFlag = this.name === "ipvlan" ? (options["ipvlan_flag"] ?? "") : "";
    const flag = askedFlag === "" ? "bridge" : IPVLAN_FLAGS.find((valid) => valid === askedFlag);
    if (flag === undefined) return internal(`requested ipvlan flag '${askedFlag}' is not valid, 'bridge' is the ipvlan driver default`);
    if (parent === "lo") return internal(`loopback interface is not a valid ${this.name} parent link`);
    return ok({ parent, mode, flag, internal: isInternal || parent === "" });
  }

  /** Macvlan networks may share a parent, unless one of them passes it through; ipvlan networks may not. */
  #checkShared(parent: string, mode: string): Result<void, CnmError> {
    for (const other of this.#networks.values()) {
      if (other.parent !== parent) continue;
      if (this.name === "ipvlan") return internal(`network ${this.#dummyName(other.id)} is already using parent interface ${parent}`);
      if (mode === "passthru")
        return internal(`cannot use mode passthru, macvlan network ${other.id} is already using parent interface ${parent}`);
      if (other.mode === "passthru")
        return internal(`macvlan network ${other.id} is already using parent interface ${parent} in mode passthru`);
    }
    return DONE;
  }

  /** A link that is there already: made for this network by an engine before, or for another network. */
  #isOurs(parent: string, networkId: string): boolean {
    if (parent === this.#dummyName(networkId) || this.#madeBefore.has(parent)) return true;
    return this.name === "macvlan" && [...this.#networks.values()].some((other) => other.parent === parent && other.madeParent);
  }

  #makeParent(parent: string, networkId: string): Result<true, CnmError> {
    const { links } = this.#host;
    if (parent === this.#dummyName(networkId)) {
      const added = links.addLink({ kind: "dummy", name: parent });
      return added.ok ? this.#raise(added.value, parent) : system(added.error.errno);
    }
    if (!parent.includes(".")) return internal(`invalid subinterface vlan name ${parent}, example formatting is eth0.10`);
    const vlan = this.#parseVlan(parent);
    if (!vlan.ok) return vlan;
    const { master, id } = vlan.value;
    if (id > 4094 || id < 1) return internal(`vlan id must be between 1-4094, received: ${id}`);
    const added = links.addLink({ kind: "vlan", name: parent, parent: master, id });
    if (added.ok) return this.#raise(added.value, parent);
    return internal(`failed to create ${parent} vlan link: ${goErrno(added.error.errno)}`);
  }

  #parseVlan(name: string): Result<{ readonly master: IfIndex; readonly id: number }, CnmError> {
    const [master, digits, ...others] = name.split(".");
    if (master === undefined || digits === undefined || others.length > 0) {
      return internal(`required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead received ${name}`);
    }
    const id = atoi(digits);
    if (!id.ok) return internal(`unable to parse a valid vlan id from: ${digits} (ex. eth0.10 for vlan 10)`);
    const link = this.#host.links.linkByName(master);
    return link ? ok({ master: link.index, id: id.value }) : internal(`-o parent interface was not found on the host: ${master}`);
  }

  /** The link that stands in for a parent. */
  #dummyName(networkId: string): string {
    return `${this.name === "macvlan" ? "dm" : "di"}-${networkId.slice(0, 12)}`;
  }

  #raise(link: IfIndex, name: string): Result<true, CnmError> {
    const up = this.#host.links.change(link, { set: "up", up: true });
    if (up.ok) return ok(true);
    this.#host.links.deleteLink(link);
    return fail({ kind: "internal", message: `failed to enable ${name} the ${this.name} parent link: ${goErrno(up.error.errno)}` });
  }
}

function newLink(name: string, parent: IfIndex, mode: Mode, flag: Flag): NewLink {
  switch (mode) {
    case "l2":
    case "l3":
    case "l3s":
      return { kind: "ipvlan", name, parent, mode, flag };
    case "bridge":
    case "private":
    case "passthru":
    case "vepa":
      return { kind: "macvlan", name, parent, mode };
  }
}

/** The host routes for its containers; they need no gateway on the LAN. */
function isRouted({ mode }: Options): boolean {
  return mode === "l3" || mode === "l3s";
}

function gatewayFor<A extends Ip>(address: Prefix<A> | undefined, pools: readonly DriverPool<A>[]): A | undefined {
  if (!address) return undefined;
  return pools.find(({ subnet }) => subnet.length === address.length && contains(subnet, address.address))?.gateway;
}

function isEmptyPool(pools: readonly DriverPool[]): boolean {
  const [pool] = pools;
  return !pool || pool.subnet.length === 0;
}
