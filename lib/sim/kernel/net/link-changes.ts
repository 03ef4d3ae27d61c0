/**
 * What `ip link set` changes on a link (net/core/rtnetlink.c do_setlink, net/bridge/br_netlink.c): checked, done, and told to the
 * links and tables that depend on it.
 */

import { DONE, fail, type Result } from "@/lib/base/result";
import { isUnicast, type Mac } from "@/lib/sim/net/mac";
import { Bridge, MAX_PORTS } from "./bridge";
import type { Device } from "./device";
import { mtuRefusal } from "./link-kinds";
import { Macvlan } from "./macvlan";
import type { IfIndex, LinkChange, RtnlError } from "./rtnetlink";
import { Vlan } from "./vlan";

type PortChange = Extract<LinkChange, { set: "port" }>;
type BridgeChange = Extract<LinkChange, { set: "bridge" }>;

export function changeLink(device: Device, change: LinkChange): Result<void, RtnlError> {
  const { netns } = device;
  switch (change.set) {
    case "up":
      return netns.devices.setUp(device, change.up);
    case "mtu":
      return setMtu(device, change.mtu);
    case "mac":
      return setMac(device, change.mac);
    case "name":
      return netns.devices.rename(device, change.name);
    case "master":
      return setMaster(device, change.master);
    case "netns":
      return netns.devices.move(device, change.netns, change.name);
    case "port":
      return setPort(device, change);
    case "bridge":
      return setBridge(device, change);
    case "promiscuous":
      device.isPromiscuous = change.on;
      break;
    case "arp":
      device.arp = change.on;
      break;
    case "multicast":
      device.multicast = change.on;
      break;
    case "alias":
      if (change.alias.length > 255) return fail({ errno: "EINVAL" });
      device.alias = change.alias === "" ? undefined : change.alias;
      break;
    case "queue-length":
      if (change.length < 0) return fail({ errno: "EINVAL" });
      device.queueLength = change.length;
      break;
  }
  netns.changed("link", device.where);
  return DONE;
}

function setMtu(device: Device, mtu: number): Result<void, RtnlError> {
  const refusal = mtuRefusal(mtu, device.mtuLimits) ?? device.refuseMtu(mtu);
  if (refusal) return fail(refusal);
  if (device instanceof Bridge) device.keepMtu();
  device.netns.devices.applyMtu(device, mtu);
  return DONE;
}

function setMac(device: Device, mac: Mac): Result<void, RtnlError> {
  if (device.kind === "loopback") return fail({ errno: "EOPNOTSUPP" });
  if (!isUnicast(mac)) return fail({ errno: "EADDRNOTAVAIL" });
  // What passes all through has the address of what it stands on, also when it is changed.
  if (device instanceof Macvlan && device.followsMac) return setMac(device.lower, mac);
  const refusal = device.refuseMac(mac);
  if (refusal) return fail(refusal);
  const before = device.mac;
  if (device instanceof Vlan) device.keepMac();
  if (device instanceof Bridge) device.setMac(mac);
  else device.mac = mac;
  device.port?.bridge.portMacChanged(device.port, before);
  device.netns.addressOfLinkChanged(device);
  return DONE;
}

function setMaster(device: Device, master: IfIndex | undefined): Result<void, RtnlError> {
  const { netns } = device;
  const bridge = master === undefined ? undefined : netns.devices.byIndex(master);
  if (master !== undefined && !bridge) return fail({ errno: "EINVAL" });
  if (bridge && !(bridge instanceof Bridge)) return fail({ errno: "EOPNOTSUPP" });
  if (bridge && device instanceof Bridge) return fail({ errno: "ELOOP", extack: "Can not enslave a bridge to a bridge." });
  if (bridge && device.kind === "loopback") return fail({ errno: "EINVAL", extack: "Can not enslave a loopback device." });
  if (device.port) device.port.bridge.removePort(device.port);
  if (bridge) {
    if (bridge.ports.length >= MAX_PORTS) return fail({ errno: "EXFULL" });
    // Macvlans or ipvlans take its frames already.
    if (device.handler) return fail({ errno: "EBUSY" });
    bridge.addPort(device);
  }
  netns.changed("link", device.where);
  return DONE;
}

function setPort(device: Device, change: PortChange): Result<void, RtnlError> {
  const { port, netns } = device;
  if (!port) return fail({ errno: "EINVAL" });
  if (change.hairpin !== undefined) port.hairpin = change.hairpin;
  if (change.isolated !== undefined) port.isolated = change.isolated;
  if (change.learning !== undefined) port.learning = change.learning;
  if (change.flood !== undefined) port.flood = change.flood;
  if (change.cost !== undefined) port.cost = change.cost;
  if (change.priority !== undefined) port.priority = change.priority;
  if (change.state !== undefined) {
    if (!device.isRunning || !port.bridge.isUp) return fail({ errno: "ENETDOWN" });
    port.state = change.state;
    netns.devices.carrierChanged(port.bridge);
  }
  netns.changed("link", device.where);
  return DONE;
}

function setBridge(device: Device, change: BridgeChange): Result<void, RtnlError> {
  if (!(device instanceof Bridge)) return fail({ errno: "EOPNOTSUPP" });
  if (change.ageingSeconds !== undefined) device.setAgeing(change.ageingSeconds);
  if (change.stp !== undefined) device.stp = change.stp;
  if (change.vlanFiltering !== undefined) device.vlanFiltering = change.vlanFiltering;
  device.netns.changed("link", device.where);
  return DONE;
}
