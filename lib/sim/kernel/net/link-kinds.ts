/**
 * Making links: which class stands for which kind, and what `ip link add` checks (rtnl_newlink, veth_newlink, br_dev_newlink).
 * Links that stand on others are in stacked-kinds.ts.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { isMulticast } from "@/lib/sim/net/address";
import { isUnicast, type Mac, randomMac } from "@/lib/sim/net/mac";
import { Bridge } from "./bridge";
import type { Device } from "./device";
import type { NetworkNamespace } from "./namespace";
import { Dummy } from "./plain-links";
import type { NewLink, RtnlError } from "./rtnetlink";
import { createStackedLink } from "./stacked-kinds";
import { Veth } from "./veth";
import { Vxlan, VXLAN_OVERHEAD, vxlanFamily } from "./vxlan";

const ETHERNET_MTU = 1_500;
/** Linux's own, from before IANA gave 4789. */
const DEFAULT_VXLAN_PORT = 8_472;
const DEFAULT_VXLAN_AGEING = 300;
/** 4095 is reserved. */
const MAX_VLAN_ID = 4_095;

/** Makes the link (and a veth's peer) and puts it where it belongs. The first one is what was asked for. */
export function createLink(netns: NetworkNamespace, wanted: NewLink): Result<Device, RtnlError> {
  const refusal = optionsRefusal(wanted) ?? checkNew(netns, wanted);
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
    case "vlan":
    case "macvlan":
    case "ipvlan":
      return createStackedLink(netns, wanted);
    case "vxlan":
      return createVxlan(netns, wanted);
  }
}

/** The name rule of dev_valid_name. */
export function isValidName(name: string): boolean {
  return name !== "" && name.length < 16 && name !== "." && name !== ".." && !/[/:\s]/.test(name);
}

/** What netlink says of a name that no link can have: an attribute longer than IFNAMSIZ never gets as far as dev_valid_name. */
export function nameRefusal(name: string): RtnlError {
  return name.length < 16 ? { errno: "EINVAL" } : { errno: "ERANGE", extack: "Attribute failed policy validation." };
}

function createVxlan(netns: NetworkNamespace, wanted: Extract<NewLink, { kind: "vxlan" }>): Result<Device, RtnlError> {
  const { vni = 0, local, remote, port = DEFAULT_VXLAN_PORT, learning = true, proxy = false, l2miss = false, l3miss = false } = wanted;
  const underlay = wanted.underlayNetns === undefined ? netns : netns.stack.namespace(wanted.underlayNetns);
  const lower = wanted.device === undefined ? undefined : underlay?.devices.byIndex(wanted.device);
  if (!underlay || (wanted.device !== undefined && !lower))
    return fail({ errno: "ENODEV", extack: "Invalid local interface, device not found." });
  const family = vxlanFamily({ local, remote });
  if (remote !== undefined && isMulticast(remote)) {
    if (family === 6) return fail({ errno: "EOPNOTSUPP", extack: notSimulated("a VXLAN with a group over IPv6") });
    if (!lower) return fail({ errno: "EINVAL", extack: "Local interface required for multicast remote destination." });
  }
  if (underlay.vxlans.isTaken({ vni, udpPort: port, family }))
    return fail({ errno: "EEXIST", extack: "A VXLAN device with the specified VNI already exists." });

  const largest = lower ? lower.mtu - VXLAN_OVERHEAD[family] : Number.POSITIVE_INFINITY;
  const mtu = Math.min(wanted.mtu ?? (lower ? largest : ETHERNET_MTU), largest);
  const { ttl = 0, ageingSeconds = DEFAULT_VXLAN_AGEING } = wanted;
  const options = { vni, port, local, remote, learning, proxy, l2miss, l3miss, ttl, ageingSeconds };
  const vxlan = new Vxlan({ ...init(netns, wanted), mtu }, underlay, lower, options);
  netns.devices.register(vxlan);
  return ok(vxlan);
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

/** What is wrong with a request whatever links there are (rtnl_link_ops' validate). */
function optionsRefusal(wanted: NewLink): RtnlError | undefined {
  if (wanted.kind === "vxlan" && wanted.vni === undefined)
    return { errno: "EINVAL", extack: "Required attributes not provided to perform the operation." };
  if (wanted.kind !== "vlan") return undefined;
  if (wanted.id === undefined) return { errno: "EINVAL", extack: "8021q: VLAN properties not specified." };
  return wanted.id < MAX_VLAN_ID ? undefined : { errno: "ERANGE", extack: "8021q: Invalid VLAN id." };
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
