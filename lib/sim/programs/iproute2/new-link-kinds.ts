/** Options of `ip link add … type vlan`, `macvlan`, `ipvlan` and `vxlan` (ip/iplink_vlan.c, iplink_macvlan.c, iplink_ipvlan.c, iplink_vxlan.c). */

import { ok } from "@/lib/base/result";
import { familyOf, type Ip, isMulticast, parseIp } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";
import type { NewLink, NewOnParent } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { readNumber } from "./link-change";
import { IPVLAN_USAGE, MACVLAN_USAGE, VLAN_USAGE, VXLAN_USAGE } from "./link-usage";
import { type Checked, failed, invalid, noDevice, notHere } from "./outcome";

export type NamedLink = { readonly name: string; readonly mac?: Mac; readonly mtu?: number };
type Stacked = NamedLink & NewOnParent;

/** Types that `ip link add` knows and the simulator does not. */
const KNOWN_TYPES = new Set([
  "bond",
  "geneve",
  "gre",
  "gretap",
  "ifb",
  "ip6gre",
  "ip6tnl",
  "ipip",
  "ipvtap",
  "macsec",
  "macvtap",
  "netkit",
  "nlmon",
  "sit",
  "team",
  "vcan",
  "vrf",
  "vti",
  "wireguard",
  "xfrm",
]);

export function isKnownType(type: string): boolean {
  return KNOWN_TYPES.has(type);
}

const VLAN_OPTIONS = new Set([
  "protocol",
  "reorder_hdr",
  "gvrp",
  "mvrp",
  "loose_binding",
  "bridge_binding",
  "ingress-qos-map",
  "egress-qos-map",
]);

export function readVlan(argv: Argv, stacked: Stacked): Checked<NewLink> {
  let id: number | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (VLAN_OPTIONS.has(word)) return notHere(`the option ${word} of a new vlan`);
    if (word === "help") return failed(VLAN_USAGE, 1);
    if (word !== "id") return failed(`vlan: unknown command "${word}"?\n${VLAN_USAGE}`, 1);
    const text = argv.value();
    if (!text.ok) return text;
    id = readNumber(text.value);
    if (id === undefined || id > 65_535) return invalid(text.value, "id is invalid");
  }
  return ok({ ...stacked, kind: "vlan", ...(id === undefined ? {} : { id }) });
}

const MACVLAN_MODES = ["private", "vepa", "bridge", "passthru"] as const;
const MACVLAN_OPTIONS = new Set(["flag", "macaddr", "bcqueuelen", "bclim"]);

export function readMacvlan(argv: Argv, stacked: Stacked): Checked<NewLink> {
  let mode: (typeof MACVLAN_MODES)[number] = "vepa";
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (MACVLAN_OPTIONS.has(word)) return notHere(`the option ${word} of a new macvlan`);
    if (word === "help") return failed(MACVLAN_USAGE, 1);
    if (word !== "mode") return failed(`macvlan: unknown option "${word}"?\n${MACVLAN_USAGE}`, 1);
    const text = argv.value();
    if (!text.ok) return text;
    if (text.value === "source") return notHere("a macvlan in source mode");
    const known = MACVLAN_MODES.find((one) => one === text.value);
    if (!known)
      return failed(`Error: argument of "mode" must be "private", "vepa", "bridge", "passthru" or "source", not "${text.value}"`, 1);
    mode = known;
  }
  return ok({ ...stacked, kind: "macvlan", mode });
}

const IPVLAN_MODES = ["l2", "l3", "l3s"] as const;
const IPVLAN_FLAGS = ["bridge", "private", "vepa"] as const;

export function readIpvlan(argv: Argv, stacked: Stacked): Checked<NewLink> {
  let mode: (typeof IPVLAN_MODES)[number] = "l3";
  let flag: (typeof IPVLAN_FLAGS)[number] | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "help") return failed(IPVLAN_USAGE, 1);
    const known = IPVLAN_FLAGS.find((one) => one === word);
    if (known) {
      flag = known;
      continue;
    }
    if (word !== "mode") return failed(`ipvlan: unknown option "${word}"?\n${IPVLAN_USAGE}`, 1);
    const text = argv.value();
    if (!text.ok) return text;
    const wanted = IPVLAN_MODES.find((one) => one === text.value);
    if (!wanted) return failed('Error: argument of "mode" must be either "l2", "l3" or "l3s"', 1);
    mode = wanted;
  }
  return ok({ ...stacked, kind: "ipvlan", mode, ...(flag === undefined ? {} : { flag }) });
}

type NewVxlan = { -readonly [K in keyof Extract<NewLink, { kind: "vxlan" }>]: Extract<NewLink, { kind: "vxlan" }>[K] };
const VXLAN_FLAGS = ["learning", "proxy", "l2miss", "l3miss"] as const;
const VXLAN_OPTIONS = new Set(
  "tos df flowlabel srcport reserved_bits rsc maxaddress udpcsum udp6zerocsumtx udp6zerocsumrx remcsumtx remcsumrx localbypass external gbp gpe vnifilter mcroute".split(
    " ",
  ),
);

export function readVxlan(argv: Argv, context: Context, common: NamedLink & { readonly underlayNetns?: string }): Checked<NewLink> {
  const link: NewVxlan = { ...common, kind: "vxlan" };
  if (argv.isEmpty) return ok(link);
  let isPortGiven = false;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    const flag = VXLAN_FLAGS.find((one) => word === one || word === `no${one}`);
    if (flag) {
      link[flag] = word === flag;
      continue;
    }
    if (VXLAN_OPTIONS.has(word.replace(/^no/, ""))) return notHere(`the option ${word} of a new vxlan`);
    if (word === "help") return failed(VXLAN_USAGE, 1);
    if (!VALUED.has(word)) return failed(`vxlan: unknown command "${word}"?\n${VXLAN_USAGE}`, 1);
    const text = argv.value();
    if (!text.ok) return text;
    const read = readVxlanOption(word, text.value, context, link);
    if (!read.ok) return read;
    if (word === "dstport" || word === "port") isPortGiven = true;
  }
  if (link.vni === undefined) return failed("vxlan: missing virtual network identifier", 1);
  if (link.remote !== undefined && isMulticast(link.remote) && link.device === undefined)
    return failed("vxlan: 'group' requires 'dev' to be specified", 1);
  // Port 0 stands for the kernel's own choice.
  if (isPortGiven && link.port === 0) link.port = KERNEL_VXLAN_PORT;
  return ok(link);
}

const VALUED = new Set(["id", "vni", "dstport", "port", "local", "remote", "group", "dev", "ttl", "hoplimit", "ageing"]);
/** What Linux takes when it is not told: older than the number that IANA gave. */
const KERNEL_VXLAN_PORT = 8_472;

function readVxlanOption(word: string, text: string, context: Context, link: NewVxlan): Checked<void> {
  const number = readNumber(text);
  switch (word) {
    case "id":
    case "vni":
      if (number === undefined || number >= 1 << 24) return invalid(text, "invalid id");
      link.vni = number;
      break;
    case "dstport":
    case "port":
      if (number === undefined || number > 65_535) return invalid(text, "dst port");
      link.port = number;
      break;
    case "ttl":
    case "hoplimit":
      if (text === "inherit") return notHere("a vxlan that inherits its TTL");
      if (text === "auto") break;
      if (number === undefined || number > 255) return invalid(text, number === undefined ? "invalid TTL" : "TTL must be <= 255");
      link.ttl = number;
      break;
    case "ageing":
      if (number === undefined) return invalid(text, "ageing timer");
      link.ageingSeconds = number;
      break;
    case "dev": {
      const device = context.findLink(text);
      if (!device) return noDevice(text, 255);
      link.device = device.index;
      break;
    }
    default:
      return readVxlanAddress(word, text, link);
  }
  return ok(undefined);
}

function readVxlanAddress(word: string, text: string, link: NewVxlan): Checked<void> {
  if (word !== "local" && link.remote !== undefined) return failed("vxlan: both group and remote cannot be specified", 1);
  const address = parseIp(text);
  const other: Ip | undefined = word === "local" ? link.remote : link.local;
  if (!address || (other !== undefined && familyOf(other) !== familyOf(address))) {
    const family = other === undefined ? "any valid" : familyOf(other) === 4 ? "inet" : "inet6";
    return failed(`Error: ${family} address is expected rather than "${text}".`, 1);
  }
  if (word === "local") {
    if (isMulticast(address)) return invalid(text, "invalid local address");
    link.local = address;
    return ok(undefined);
  }
  if (isMulticast(address) !== (word === "group")) return invalid(text, `invalid ${word} address`);
  link.remote = address;
  return ok(undefined);
}
