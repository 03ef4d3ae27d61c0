/**
 * Making links: which class stands for which kind, and what `ip link add` checks (rtnl_newlink, veth_newlink, br_dev_newlink).
 *
 * Kinds that Linux has and this kernel does not say so.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { isUnicast, type Mac, randomMac } from "@/lib/sim/net/mac";
import { Bridge } from "./bridge";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import { Dummy } from "./plain-links";
import type { NewLink, RtnlError } from "./rtnetlink";
import { Veth } from "./veth";

const ETHERNET_MTU = 1_500;

/** Makes the link (and a veth's peer) and puts it where it belongs. The first one is what was asked for. */
export function createLink(netns: NetworkNamespace, wanted: NewLink): Result<Device, RtnlError> {
  const refusal = checkNew(netns, wanted);
  if (refusal) return fail(refusal);
  switch (wanted.kind) {
    case "veth":
      return createVethPair(netns, wanted);
    case "bridge": {
      const bridge = new Bridge(init(netns, wanted), { mac: wanted.mac !== undefined, mtu: wanted.mtu !== undefined });
      netns.devices.register(bridge);
      return ok(bridge);
    }
    case "dummy": {
      const dummy = new Dummy(init(netns, wanted));
      netns.devices.register(dummy);
      return ok(dummy);
    }
    case "vxlan":
    case "macvlan":
    case "ipvlan":
    case "vlan":
      return fail({ errno: "EOPNOTSUPP", extack: notSimulated(`a link of type ${wanted.kind}`) });
  }
}

/** The name rule of dev_valid_name. */
export function isValidName(name: string): boolean {
  return name !== "" && name.length < 16 && name !== "." && name !== ".." && !/[/:\s]/.test(name);
}

/** What netlink says of a name that no link can have: an attribute longer than IFNAMSIZ never gets as far as dev_valid_name. */
export function nameRefusal(name: string): RtnlError {
  return { errno: name.length < 16 ? "EINVAL" : "ERANGE" };
}

function createVethPair(netns: NetworkNamespace, wanted: Extract<NewLink, { kind: "veth" }>): Result<Device, RtnlError> {
  const { peer } = wanted;
  const home = peer.netns === undefined ? netns : netns.stack.namespace(peer.netns);
  if (!home) return fail({ errno: "EINVAL" });
  const refusal = checkNew(home, peer);
  if (refusal) return fail(refusal);
  if (home === netns && peer.name === wanted.name) return fail({ errno: "EEXIST" });

  // The peer is registered first, so it has the lower number when both are in one namespace.
  const serial = netns.stack.takeSerial();
  const other = new Veth(init(home, peer), netns.stack.random.fork(`veth/${serial}/peer`));
  home.devices.register(other);
  const self = new Veth(init(netns, wanted), netns.stack.random.fork(`veth/${serial}`));
  Veth.pair(self, other);
  netns.devices.register(self);
  if (home !== netns) {
    home.nsidOf(netns);
    netns.nsidOf(home);
  }
  return ok(self);
}

function checkNew(
  netns: NetworkNamespace,
  wanted: { readonly name: string; readonly mac?: Mac; readonly mtu?: number },
): RtnlError | undefined {
  if (!isValidName(wanted.name)) return nameRefusal(wanted.name);
  if (netns.devices.byName(wanted.name)) return { errno: "EEXIST" };
  if (wanted.mac !== undefined && !isUnicast(wanted.mac)) return { errno: "EADDRNOTAVAIL" };
  return mtuRefusal(wanted.mtu, { min: 68, max: 65_535 });
}

export function mtuRefusal(mtu: number | undefined, limits: { readonly min: number; readonly max: number }): RtnlError | undefined {
  if (mtu === undefined) return undefined;
  if (mtu < limits.min) return { errno: "EINVAL", extack: "mtu less than device minimum." };
  if (mtu > limits.max) return { errno: "EINVAL", extack: "mtu greater than device maximum." };
  return undefined;
}

function init(
  netns: NetworkNamespace,
  wanted: { readonly name: string; readonly mac?: Mac; readonly mtu?: number },
): ConstructorParameters<typeof Dummy>[0] {
  const mac = wanted.mac ?? randomMac(netns.macs);
  return { netns, index: netns.devices.takeIndex(), name: wanted.name, mac, mtu: wanted.mtu ?? ETHERNET_MTU };
}
