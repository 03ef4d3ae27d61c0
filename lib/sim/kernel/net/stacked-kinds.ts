/**
 * Making links on other links: what `ip link add link eth0 … type vlan`, `macvlan` and `ipvlan` check (vlan_newlink,
 * macvlan_common_newlink, ipvlan_link_new).
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { type Mac, randomMac } from "@/lib/sim/net/mac";
import type { Device, DeviceInit } from "./device";
import { Ipvlan, IpvlanPort } from "./ipvlan";
import { Macvlan, MacvlanPort } from "./macvlan";
import type { NetworkNamespace } from "./namespace";
import type { NewLink, RtnlError } from "./rtnetlink";
import { Vlan } from "./vlan";

type NewStacked = Extract<NewLink, { kind: "vlan" | "macvlan" | "ipvlan" }>;
type NewVlan = Extract<NewLink, { kind: "vlan" }>;
type NewMacvlan = Extract<NewLink, { kind: "macvlan" }>;
type NewIpvlan = Extract<NewLink, { kind: "ipvlan" }>;

/** The name, the MTU's limits and the options have been checked. */
export function createStackedLink(netns: NetworkNamespace, wanted: NewStacked): Result<Device, RtnlError> {
  if (wanted.parent === undefined)
    return fail({ errno: "EINVAL", ...(wanted.kind === "vlan" ? { extack: "8021q: link not specified." } : {}) });
  const home = wanted.parentNetns === undefined ? netns : netns.stack.namespace(wanted.parentNetns);
  const lower = home?.devices.byIndex(wanted.parent);
  if (!home || !lower) return fail({ errno: "ENODEV" });
  const made = createOn(lower, netns, wanted);
  if (!made.ok) return made;
  netns.devices.register(made.value);
  if (home !== netns) {
    home.nsidOf(netns);
    netns.nsidOf(home);
  }
  return made;
}

function createOn(lower: Device, netns: NetworkNamespace, wanted: NewStacked): Result<Device, RtnlError> {
  switch (wanted.kind) {
    case "vlan":
      return createVlan(lower, netns, wanted);
    case "macvlan":
      return createMacvlan(lower instanceof Macvlan ? lower.lower : lower, netns, wanted);
    case "ipvlan":
      return createIpvlan(lower instanceof Ipvlan ? lower.lower : lower, netns, wanted);
  }
}

function createVlan(lower: Device, netns: NetworkNamespace, wanted: NewVlan): Result<Device, RtnlError> {
  if (lower.kind === "loopback") return fail({ errno: "EOPNOTSUPP", extack: "8021q: VLANs not supported on device." });
  const { id = 0 } = wanted;
  if (lower.vlans.has(id)) return fail({ errno: "EEXIST", extack: "8021q: VLAN device already exists." });
  if (isTooLarge(wanted, lower)) return fail({ errno: "EINVAL" });
  return ok(new Vlan(init(netns, wanted, lower, wanted.mac ?? lower.mac), lower, { id, hasOwnMac: wanted.mac !== undefined }));
}

function createMacvlan(lower: Device, netns: NetworkNamespace, wanted: NewMacvlan): Result<Device, RtnlError> {
  if (isTooLarge(wanted, lower)) return fail({ errno: "EINVAL" });
  const port = portOn(lower, MacvlanPort);
  if (!port.ok) return port;
  // Who passes all through is alone.
  const isShared = port.value !== undefined && (port.value.isPassthru || wanted.mode === "passthru");
  if (isShared) return fail({ errno: "EINVAL" });
  const mac = wanted.mode === "passthru" ? lower.mac : (wanted.mac ?? randomMac(netns.macs));
  return ok(new Macvlan(init(netns, wanted, lower, mac), port.value ?? new MacvlanPort(lower), wanted.mode));
}

function createIpvlan(lower: Device, netns: NetworkNamespace, wanted: NewIpvlan): Result<Device, RtnlError> {
  const known = portOn(lower, IpvlanPort);
  if (!known.ok) return known;
  const port = known.value ?? new IpvlanPort(lower);
  port.flag = wanted.flag ?? "bridge";
  port.setMode(wanted.mode);
  return ok(new Ipvlan(init(netns, wanted, lower, lower.mac), port));
}

/** What macvlans, or ipvlans, of this lower link have in common so far. Only one kind at a time, and none on a bridge's port. */
function portOn<P>(lower: Device, kind: abstract new (lower: Device) => P): Result<P | undefined, RtnlError> {
  if (lower.kind === "loopback") return fail({ errno: "EINVAL" });
  if (lower.handler === undefined) return ok(undefined);
  return lower.handler instanceof kind ? ok(lower.handler) : fail({ errno: "EBUSY" });
}

function isTooLarge({ mtu }: NewStacked, lower: Device): boolean {
  return mtu !== undefined && mtu > lower.mtu;
}

function init(netns: NetworkNamespace, { name, mtu }: NewStacked, lower: Device, mac: Mac): DeviceInit {
  return { netns, index: netns.devices.takeIndex(), name, mac, mtu: mtu ?? lower.mtu };
}
