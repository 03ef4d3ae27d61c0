/** `ip link add`: new links of every type that is simulated (ip/iplink.c, iplink_vxlan.c, iplink_macvlan.c …). */

import { ok } from "@/lib/base/result";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import { type Mac, parseMac } from "@/lib/sim/net/mac";
import type { IfIndex, Netns, NewLink } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { applyAll, readNetns, readNumber } from "./link-change";
import { type Checked, failed, garbage, invalid, kernelRefusal, noDevice, notHere } from "./outcome";

/** What stands before `type` when a link is made. */
type NewLinkBase = {
  name: string | undefined;
  parent: string | undefined;
  mac: Mac | undefined;
  mtu: number | undefined;
  queueLength: number | undefined;
  netns: Netns | undefined;
  type: string | undefined;
  up: boolean;
  master: string | undefined;
};

export function addLink(argv: Argv, context: Context): Checked<void> {
  const base: NewLinkBase = {
    name: undefined,
    parent: undefined,
    mac: undefined,
    mtu: undefined,
    queueLength: undefined,
    netns: undefined,
    type: undefined,
    up: false,
    master: undefined,
  };
  const read = readBase(argv, context, base);
  if (!read.ok) return read;
  if (base.type === undefined) return failed('Not enough information: "type" argument is required', 1);
  const parent = base.parent === undefined ? undefined : context.findLink(base.parent);
  if (base.parent !== undefined && !parent) return noDevice(base.parent);
  const link = readKind(base.type, argv, context, base, parent?.index);
  if (!link.ok) return link;

  const home = base.netns ?? context.netns;
  const made = home.links.addLink(link.value);
  if (!made.ok) return kernelRefusal(made.error);
  return applyAll(made.value, home, [
    ...(base.queueLength === undefined ? [] : [{ set: "queue-length" as const, length: base.queueLength }]),
    ...(base.up ? [{ set: "up" as const, up: true }] : []),
  ]);
}

function readBase(argv: Argv, context: Context, base: NewLinkBase): Checked<void> {
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    switch (word) {
      case "up":
        base.up = true;
        continue;
      case "link":
      case "name":
      case "dev":
      case "address":
      case "mtu":
      case "txqueuelen":
      case "txqlen":
      case "qlen":
      case "netns":
      case "type":
      case "master": {
        const text = argv.value();
        if (!text.ok) return text;
        const done = setBase(word, text.value, context, base);
        if (!done.ok) return done;
        if (word === "type") return ok(undefined);
        continue;
      }
      case "index":
      case "numtxqueues":
      case "numrxqueues":
      case "broadcast":
      case "brd":
      case "group":
      case "alias":
        return notHere(`ip link add's option ${word}`);
    }
    if (base.name !== undefined) return garbage("name", word);
    base.name = word;
  }
  return ok(undefined);
}

function setBase(word: string, text: string, context: Context, base: NewLinkBase): Checked<void> {
  switch (word) {
    case "link":
      base.parent = text;
      break;
    case "name":
    case "dev":
      base.name = text;
      break;
    case "type":
      base.type = text;
      break;
    case "master":
      base.master = text;
      return notHere("ip link add's option master");
    case "address": {
      const mac = parseMac(text);
      if (!mac) return failed(`"${text}" is invalid lladdr.`, 1);
      base.mac = mac;
      break;
    }
    case "netns": {
      const netns = readNetns(text, context);
      if (!netns.ok) return netns;
      base.netns = netns.value;
      break;
    }
    default: {
      const number = readNumber(text);
      if (number === undefined) return invalid(text, `Invalid "${word}" value\n`);
      if (word === "mtu") base.mtu = number;
      else base.queueLength = number;
    }
  }
  return ok(undefined);
}

function readKind(type: string, argv: Argv, context: Context, base: NewLinkBase, parent: IfIndex | undefined): Checked<NewLink> {
  const name = base.name ?? freeName(type, context);
  const common = { name, ...(base.mac ? { mac: base.mac } : {}), ...(base.mtu === undefined ? {} : { mtu: base.mtu }) };
  switch (type) {
    case "bridge":
    case "dummy":
      return argv.isEmpty ? ok({ ...common, kind: type }) : notHere(`the option ${argv.word} of a new ${type}`);
    case "veth":
      return readVeth(argv, context, common);
    case "vxlan":
      return readVxlan(argv, context, common);
    case "macvlan":
    case "ipvlan":
    case "vlan":
      return parent === undefined ? failed("RTNETLINK answers: Operation not supported", 2) : readStacked(type, argv, common, parent);
    default:
      return KNOWN_TYPES.includes(type) ? notHere(`a link of type ${type}`) : failed("Error: Unknown device type.", 2);
  }
}

type Common = { readonly name: string; readonly mac?: Mac; readonly mtu?: number };

function readVeth(argv: Argv, context: Context, common: Common): Checked<NewLink> {
  const peer: NewLinkBase = {
    name: undefined,
    parent: undefined,
    mac: undefined,
    mtu: undefined,
    queueLength: undefined,
    netns: undefined,
    type: undefined,
    up: false,
    master: undefined,
  };
  if (!argv.isEmpty) {
    const word = argv.take();
    if (word !== "peer")
      return failed(
        `veth: unknown option "${word}"?\nUsage: ip link <options> type veth [peer <options>]\nTo get <options> type 'ip link add help'`,
        255,
      );
    const read = readBase(argv, context, peer);
    if (!read.ok) return read;
  }
  const name = peer.name ?? freeName("veth", context, common.name);
  return ok({
    ...common,
    kind: "veth",
    peer: {
      name,
      ...(peer.mac ? { mac: peer.mac } : {}),
      ...(peer.mtu === undefined ? {} : { mtu: peer.mtu }),
      ...(peer.netns ? { netns: peer.netns.id } : {}),
    },
  });
}

function readVxlan(argv: Argv, context: Context, common: Common): Checked<NewLink> {
  let [vni, port]: [number | undefined, number | undefined] = [undefined, undefined];
  let [local, remote]: [Ip | undefined, Ip | undefined] = [undefined, undefined];
  let device: IfIndex | undefined;
  const flags: { learning?: boolean; proxy?: boolean; l2miss?: boolean; l3miss?: boolean } = {};
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    switch (word) {
      case "learning":
      case "nolearning":
        flags.learning = word === "learning";
        continue;
      case "proxy":
      case "l2miss":
      case "l3miss":
        flags[word] = true;
        continue;
      case "noproxy":
      case "nol2miss":
      case "nol3miss":
        continue;
      case "id":
      case "vni":
      case "dstport":
      case "port":
      case "local":
      case "remote":
      case "dev":
        break;
      default:
        return notHere(`the option ${word} of a new vxlan`);
    }
    const text = argv.value();
    if (!text.ok) return text;
    switch (word) {
      case "id":
      case "vni":
        vni = readNumber(text.value);
        if (vni === undefined || vni >= 1 << 24) return invalid(text.value, "invalid id");
        break;
      case "dstport":
      case "port":
        port = readNumber(text.value);
        if (port === undefined || port > 65_535) return invalid(text.value, "dst port");
        break;
      case "local":
      case "remote": {
        const address = parseIp(text.value);
        if (!address) return failed(`Error: any valid address is expected rather than "${text.value}".`, 1);
        if (word === "local") local = address;
        else remote = address;
        break;
      }
      case "dev": {
        const link = context.findLink(text.value);
        if (!link) return noDevice(text.value);
        device = link.index;
      }
    }
  }
  if (vni === undefined) return failed("vxlan: missing virtual network identifier", 255);
  return ok({
    ...common,
    kind: "vxlan",
    vni,
    ...flags,
    ...(port === undefined ? {} : { port }),
    ...(local ? { local } : {}),
    ...(remote ? { remote } : {}),
    ...(device === undefined ? {} : { device }),
  });
}

function readStacked(type: "macvlan" | "ipvlan" | "vlan", argv: Argv, common: Common, parent: IfIndex): Checked<NewLink> {
  let mode: string | undefined;
  let id: number | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    const isKnown = type === "vlan" ? word === "id" : word === "mode";
    if (!isKnown) return notHere(`the option ${word} of a new ${type}`);
    const text = argv.value();
    if (!text.ok) return text;
    if (word === "mode") mode = text.value;
    else {
      id = readNumber(text.value);
      if (id === undefined || id > 4_095) return invalid(text.value, "id is invalid\n");
    }
  }
  switch (type) {
    case "vlan":
      return id === undefined ? failed("RTNETLINK answers: Operation not supported", 2) : ok({ ...common, kind: "vlan", parent, id });
    case "macvlan": {
      const modes = ["bridge", "private", "vepa", "passthru"] as const;
      const wanted = modes.find((one) => one === (mode ?? "vepa"));
      return wanted
        ? ok({ ...common, kind: "macvlan", parent, mode: wanted })
        : failed('Error: argument of "mode" must be "private", "vepa", "bridge", "passthru" or "source", not "' + mode + '"', 255);
    }
    case "ipvlan": {
      const modes = ["l2", "l3", "l3s"] as const;
      const wanted = modes.find((one) => one === (mode ?? "l3"));
      return wanted
        ? ok({ ...common, kind: "ipvlan", parent, mode: wanted })
        : failed(`Error: argument of "mode" must be either "l2", "l3" or "l3s"\n`, 255);
    }
  }
}

/** Types that `ip link add` knows and the simulator does not. */
const KNOWN_TYPES: readonly string[] = [
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
];

/** The first name that the kernel would give: `bridge0`, `veth1`. */
function freeName(type: string, { netns }: Context, except?: string): string {
  for (let number = 0; ; number++) {
    const name = `${type}${number}`;
    if (name !== except && !netns.links.linkByName(name)) return name;
  }
}

// --- set ------------------------------------------------------------------------------------------------------------------
