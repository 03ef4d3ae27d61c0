/** `ip link add`: what stands before `type`, and the request to the kernel (ip/iplink.c). Options of each type: new-link-kinds.ts. */

import { fail, ok } from "@/lib/base/result";
import { type Mac, parseMac } from "@/lib/sim/net/mac";
import type { IfIndex, Netns, NewLink } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { applyAll, readNetns, readNumber } from "./link-change";
import { isKnownType, type NamedLink, readIpvlan, readMacvlan, readVlan, readVxlan } from "./new-link-kinds";
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

const NOTHING_GIVEN: NewLinkBase = {
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

/** A warning for standard error, if there is one. */
export function addLink(argv: Argv, context: Context): Checked<string | void> {
  const base: NewLinkBase = { ...NOTHING_GIVEN };
  const read = readBase(argv, context, base);
  if (!read.ok) return read;
  if (base.type === undefined) return failed('Not enough information: "type" argument is required', 1);
  const parent = base.parent === undefined ? undefined : context.findLink(base.parent);
  if (base.parent !== undefined && !parent) return noDevice(base.parent);
  const link = readKind(base.type, argv, context, base, parent?.index);
  if (!link.ok) return link;

  const home = base.netns ?? context.netns;
  const warning = link.value.kind === "vxlan" && link.value.vni !== undefined && !("port" in link.value) ? PORT_WARNING : "";
  const made = home.links.addLink(link.value);
  if (!made.ok) return warned(kernelRefusal(made.error), warning);
  return warned(
    applyAll(made.value, home, [
      ...(base.queueLength === undefined ? [] : [{ set: "queue-length" as const, length: base.queueLength }]),
      ...(base.up ? [{ set: "up" as const, up: true }] : []),
    ]),
    warning,
  );
}

const PORT_WARNING = `vxlan: destination port not specified
Will use Linux kernel default (non-standard value)
Use 'dstport 4789' to get the IANA assigned value
Use 'dstport 0' to get default and quiet this message
`;

function warned(done: Checked<void>, warning: string): Checked<string | void> {
  if (warning === "") return done;
  return done.ok ? ok(warning) : fail({ ...done.error, stderr: warning + done.error.stderr });
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
  const stacked = { ...common, ...(parent === undefined ? {} : { parent, ...(base.netns ? { parentNetns: context.netns.id } : {}) }) };
  switch (type) {
    case "bridge":
    case "dummy":
      return argv.isEmpty ? ok({ ...common, kind: type }) : notHere(`the option ${argv.word} of a new ${type}`);
    case "veth":
      return readVeth(argv, context, common);
    case "vxlan":
      return readVxlan(argv, context, { ...common, ...(base.netns ? { underlayNetns: context.netns.id } : {}) });
    case "macvlan":
      return readMacvlan(argv, stacked);
    case "ipvlan":
      return readIpvlan(argv, stacked);
    case "vlan":
      return readVlan(argv, stacked);
    default:
      return isKnownType(type) ? notHere(`a link of type ${type}`) : failed("Error: Unknown device type.", 2);
  }
}

function readVeth(argv: Argv, context: Context, common: NamedLink): Checked<NewLink> {
  const peer: NewLinkBase = { ...NOTHING_GIVEN };
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

/** The first name that the kernel would give: `bridge0`, `veth1`. */
function freeName(type: string, { netns }: Context, except?: string): string {
  for (let number = 0; ; number++) {
    const name = `${type}${number}`;
    if (name !== except && !netns.links.linkByName(name)) return name;
  }
}
