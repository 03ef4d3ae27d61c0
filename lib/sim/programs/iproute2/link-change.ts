/** `ip link set`, `delete` and `property` (ip/iplink.c). */

import { ok } from "@/lib/base/result";
import { parseMac } from "@/lib/sim/net/mac";
import type { IfIndex, LinkChange, Netns } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import { type Context, NETNS_DIRECTORY } from "./context";
import { type Checked, failed, garbage, invalid, kernelRefusal, noDevice, notHere } from "./outcome";

export function setLink(argv: Argv, context: Context): Checked<void> {
  let name: string | undefined;
  const changes: LinkChange[] = [];
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "up" || word === "down") {
      changes.push({ set: "up", up: word === "up" });
      continue;
    }
    if (word === "nomaster") {
      changes.push({ set: "master", master: undefined });
      continue;
    }
    if (word === "type") {
      const typed = readTypeChange(argv);
      if (!typed.ok) return typed;
      if (typed.value) changes.push(typed.value);
      continue;
    }
    if (UNSIMULATED_SETTINGS.includes(word)) return notHere(`ip link set's option ${word}`);
    if (word !== "dev" && !SETTINGS.includes(word)) {
      if (name !== undefined) return garbage("dev", word);
      name = word;
      continue;
    }
    const text = argv.value();
    if (!text.ok) return text;
    if (word === "dev") {
      name = text.value;
      continue;
    }
    const change = readSetting(word, text.value, context);
    if (!change.ok) return change;
    changes.push(change.value);
  }
  if (name === undefined) return failed('Not enough information: "dev" argument is required.', 255);
  const link = context.findLink(name);
  if (!link) return noDevice(name);
  return applyAll(link.index, context.netns, ordered(changes));
}

const SETTINGS: readonly string[] = [
  "mtu",
  "address",
  "name",
  "master",
  "promisc",
  "arp",
  "multicast",
  "alias",
  "txqueuelen",
  "txqlen",
  "qlen",
  "netns",
];
const UNSIMULATED_SETTINGS: readonly string[] = [
  "broadcast",
  "brd",
  "allmulticast",
  "dynamic",
  "trailers",
  "carrier",
  "group",
  "vf",
  "xdp",
  "xdpgeneric",
  "vrf",
  "addrgenmode",
  "protodown",
  "mode",
  "state",
  "link-netnsid",
  "gso_max_size",
  "gso_max_segs",
  "gro_max_size",
];

/** Up comes last: a link is named and placed before it runs; down comes first (do_setlink). */
function ordered(changes: readonly LinkChange[]): readonly LinkChange[] {
  const rank = (change: LinkChange): number => (change.set === "netns" ? 3 : change.set === "up" ? (change.up ? 2 : 0) : 1);
  return [...changes].sort((a, b) => rank(a) - rank(b));
}

function readSetting(word: string, text: string, context: Context): Checked<LinkChange> {
  switch (word) {
    case "mtu":
    case "txqueuelen":
    case "txqlen":
    case "qlen": {
      const number = readNumber(text);
      if (number === undefined) return invalid(text, `Invalid "${word === "mtu" ? "mtu" : "txqueuelen"}" value\n`);
      return ok(word === "mtu" ? { set: "mtu", mtu: number } : { set: "queue-length", length: number });
    }
    case "address": {
      const mac = parseMac(text);
      return mac ? ok({ set: "mac", mac }) : failed(`"${text}" is invalid lladdr.`, 1);
    }
    case "name":
      return ok({ set: "name", name: text });
    case "alias":
      return ok({ set: "alias", alias: text });
    case "master": {
      const master = context.findLink(text);
      return master ? ok({ set: "master", master: master.index }) : invalid(text, "Device does not exist\n");
    }
    case "netns": {
      const netns = readNetns(text, context);
      return netns.ok ? ok({ set: "netns", netns: netns.value.id }) : netns;
    }
    default: {
      if (text !== "on" && text !== "off") return failed(`Error: argument of "${word}" must be "on" or "off", not "${text}"`, 255);
      const on = text === "on";
      return ok(word === "promisc" ? { set: "promiscuous", on } : word === "arp" ? { set: "arp", on } : { set: "multicast", on });
    }
  }
}

/** `type bridge ageing_time 3000`, `type bridge_slave hairpin on`. */
function readTypeChange(argv: Argv): Checked<LinkChange | undefined> {
  const type = argv.value();
  if (!type.ok) return type;
  if (type.value !== "bridge" && type.value !== "bridge_slave")
    return argv.isEmpty ? ok(undefined) : notHere(`changing a link of type ${type.value}`);
  let change: LinkChange | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    const text = argv.value();
    if (!text.ok) return text;
    const number = readNumber(text.value);
    const isOn = text.value === "on" || text.value === "1";
    if (type.value === "bridge") {
      const before = change?.set === "bridge" ? change : { set: "bridge" as const };
      if (number === undefined) return invalid(text.value, `invalid ${word}\n`);
      if (word === "ageing_time") change = { ...before, ageingSeconds: number / 100 };
      else if (word === "stp_state") change = { ...before, stp: number !== 0 };
      else if (word === "vlan_filtering") change = { ...before, vlanFiltering: number !== 0 };
      else return notHere(`a bridge's option ${word}`);
      continue;
    }
    const before = change?.set === "port" ? change : { set: "port" as const };
    if (word === "hairpin" || word === "isolated" || word === "learning" || word === "flood") change = { ...before, [word]: isOn };
    else if ((word === "cost" || word === "priority") && number !== undefined) change = { ...before, [word]: number };
    else return notHere(`a bridge port's option ${word}`);
  }
  return ok(change);
}

export function applyAll(link: IfIndex, netns: Netns, changes: readonly LinkChange[]): Checked<void> {
  for (const change of changes) {
    const done = netns.links.change(link, change);
    if (!done.ok) return kernelRefusal(done.error);
  }
  return ok(undefined);
}

// --- delete ---------------------------------------------------------------------------------------------------------------

export function deleteLink(argv: Argv, context: Context): Checked<void> {
  let name: string | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "type") {
      argv.take();
      continue;
    }
    if (word === "group") return notHere("deleting a group of links");
    const text = word === "dev" ? argv.value() : ok(word);
    if (!text.ok) return text;
    if (name !== undefined) return garbage("dev", text.value);
    name = text.value;
  }
  if (name === undefined) return failed('Not enough information: "dev" argument is required.', 255);
  const link = context.findLink(name);
  if (!link) return noDevice(name);
  const done = context.netns.links.deleteLink(link.index);
  return done.ok ? ok(undefined) : kernelRefusal(done.error);
}

/** A process's number, or a name under /run/netns. */
export function readNetns(text: string, { sys }: Pick<Context, "sys">): Checked<Netns> {
  const named = sys.netnsByPath(text.startsWith("/") ? text : `${NETNS_DIRECTORY}/${text}`);
  if (named.ok) return named;
  const ofPid = /^\d+$/.test(text) ? sys.netnsOfPid(Number(text)) : named;
  return ofPid.ok ? ofPid : invalid(text, 'Invalid "netns" value\n');
}

export function readNumber(text: string): number | undefined {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : undefined;
}
