/**
 * The drivers `macvlan` and `ipvlan`: networks on an interface of the host (`-o parent=eth0`).
 *
 * Such networks can be created, with all checks, listed and removed; a parent `eth0.50` or none at all makes a VLAN or
 * dummy link. Joining a container to one is not simulated yet. Modelled on moby's daemon/libnetwork/drivers/macvlan and
 * drivers/ipvlan, which are two copies of nearly the same code.
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { IfIndex, Netns } from "@/lib/sim/kernel";
import type { CnmError } from "../contract";
import { goErrno, internal, invalid, missing, system } from "../error";
import { atoi } from "../go-value";
import type { DriverEndpoint, DriverNetwork, DriverPool, JoinInfo } from "./contract";
import { PlainDriver } from "./plain";

type Kind = "macvlan" | "ipvlan";

type Options = {
  /** Empty: a dummy link of its own. */
  readonly parent: string;
  readonly mode: string;
  /** Nothing leaves it: asked for, or for want of a parent. */
  readonly internal: boolean;
};

type ParentNetwork = { readonly id: string; readonly parent: string; readonly mode: string; readonly madeParent: boolean };

const MODES = {
  macvlan: { option: "macvlan_mode", default: "bridge", valid: ["bridge", "private", "passthru", "vepa"] },
  ipvlan: { option: "ipvlan_mode", default: "l2", valid: ["l2", "l3", "l3s"] },
} as const;
const IPVLAN_FLAGS = ["bridge", "private", "vepa"];

export class ParentLinkDriver extends PlainDriver {
  readonly name: Kind;
  readonly dataScope = "local";
  readonly #host: Netns;
  readonly #networks = new Map<string, ParentNetwork>();

  constructor(name: Kind, host: Netns) {
    super();
    this.name = name;
    this.#host = host;
  }

  override skipGateway(
    network: Omit<DriverNetwork, "ipv4" | "ipv6">,
  ): Result<{ readonly ipv4: boolean; readonly ipv6: boolean }, CnmError> {
    const options = this.#parse(network);
    if (!options.ok) return options;
    const { mode, internal: isInternal } = options.value;
    const skip = isInternal || mode === "l3" || mode === "l3s";
    return ok({ ipv4: skip, ipv6: skip });
  }

  createNetwork(network: DriverNetwork): Result<void, CnmError> {
    if (network.enableIpv4 && isEmptyPool(network.ipv4)) return invalid("ipv4 pool is empty");
    if (network.enableIpv6 && isEmptyPool(network.ipv6)) return invalid("ipv6 pool is empty");
    const options = this.#parse(network);
    if (!options.ok) return options;
    const parent = options.value.parent === "" ? this.#dummyName(network.id) : options.value.parent;
    const { mode } = options.value;
    const shared = this.#checkShared(parent, mode);
    if (!shared.ok) return shared;
    const made = this.#host.links.linkByName(parent) ? ok(this.#isOurs(parent, network.id)) : this.#makeParent(parent, network.id);
    if (!made.ok) return made;
    this.#networks.set(network.id, { id: network.id, parent, mode, madeParent: made.value });
    return DONE;
  }

  deleteNetwork(networkId: string): Result<void, CnmError> {
    const network = this.#networks.get(networkId);
    if (!network) return internal(`network id ${networkId} not found`);
    this.#networks.delete(networkId);
    const isShared = [...this.#networks.values()].some(({ parent }) => parent === network.parent);
    const link = this.#host.links.linkByName(network.parent);
    if (link && network.madeParent && !isShared) this.#host.links.deleteLink(link.index);
    return DONE;
  }

  createEndpoint(_endpoint: DriverEndpoint): Result<void, CnmError> {
    return missing(`joining a container to a network of the driver ${this.name}`);
  }

  join(_networkId: string, _endpointId: string): Result<JoinInfo, CnmError> {
    return missing(`joining a container to a network of the driver ${this.name}`);
  }

  #parse({ options, internal: isInternal }: Pick<DriverNetwork, "options" | "internal">): Result<Options, CnmError> {
    const modes = MODES[this.name];
    const parent = options["parent"] ?? "";
    const asked = options[modes.option] ?? "";
    const mode = asked === "" ? modes.default : asked;
    if (!modes.valid.some((valid) => valid === mode)) {
      return internal(`requested ${this.name} mode '${mode}' is not valid, '${modes.default}' mode is the ${this.name} driver default`);
    }
    const flag = options["ipvlan_flag"] ?? "";
    if (this.name === "ipvlan" && flag !== "" && !IPVLAN_FLAGS.includes(flag)) {
      return internal(`requested ipvlan flag '${flag}' is not valid, 'bridge' is the ipvlan driver default`);
    }
    if (parent === "lo") return internal(`loopback interface is not a valid ${this.name} parent link`);
    return ok({ parent, mode, internal: isInternal || parent === "" });
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
    if (parent === this.#dummyName(networkId)) return true;
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
    if (added.error.errno === "EOPNOTSUPP") return missing("a VLAN link as parent of a network");
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

function isEmptyPool(pools: readonly DriverPool[]): boolean {
  const [pool] = pools;
  return !pool || pool.subnet.length === 0;
}
