/** `bridge fdb`: which address is behind which port, or behind which tunnel end (bridge/fdb.c). */

import { ok } from "@/lib/base/result";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import type { FdbView, IfIndex, LinkView } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { type Checked, failed, kernelRefusal, noDevice, notHere } from "./outcome";
import { addressColor } from "./printer";

type FdbFilter = {
  readonly device: LinkView | undefined;
  readonly bridge: LinkView | undefined;
  readonly port: LinkView | undefined;
  readonly state: string | undefined;
  readonly dynamic: boolean;
};

export function showFdb(argv: Argv, context: Context): Checked<void> {
  let filter: FdbFilter = { device: undefined, bridge: undefined, port: undefined, state: undefined, dynamic: false };
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "dynamic") {
      filter = { ...filter, dynamic: true };
      continue;
    }
    const text = argv.value();
    if (!text.ok) return text;
    if (word === "vlan") return notHere("bridge fdb's selector vlan");
    if (word === "state") {
      filter = { ...filter, state: text.value };
      continue;
    }
    const link = context.findLink(text.value);
    if (!link) return word === "br" ? failed(`Cannot find bridge device "${text.value}"`, 255) : noDevice(text.value, 255);
    if (word === "br") filter = { ...filter, bridge: link };
    else if (word === "brport") filter = { ...filter, port: link };
    else filter = { ...filter, device: link };
  }
  const { out, netns } = context;
  out.array(() => {
    for (const entry of netns.links.fdb()) {
      if (matches(filter, entry, netns.links.link(entry.port)?.port?.bridge))
        out.object(() => printEntry(entry, context, !filter.device && !filter.port));
    }
  });
  return ok(undefined);
}

/** `master`: the bridge that the entry's link is a port of; what the link keeps itself is listed with it. */
function matches({ device, bridge, port, state, dynamic }: FdbFilter, entry: FdbView, master: IfIndex | undefined): boolean {
  if (device && entry.port !== device.index) return false;
  if (port && entry.port !== port.index) return false;
  if (bridge && entry.bridge !== bridge.index && entry.port !== bridge.index && master !== bridge.index) return false;
  if (dynamic && entry.state === "permanent") return false;
  // A state is asked of the bridge; what a tunnel keeps itself is listed all the same.
  return state === undefined || entry.state === state || entry.remote !== undefined;
}

function printEntry(entry: FdbView, context: Context, withDevice: boolean): void {
  const { out, options } = context;
  const { mac, port, bridge, remote, isSelf, isMaster, extern, state } = entry;
  out.putColoured("mac", mac, "", "mac", `${mac} `);
  if (withDevice) out.putColoured("ifname", context.nameOf(port), "dev ", "interface", `${context.nameOf(port)} `);
  if (remote !== undefined) out.putColoured("dst", remote, "dst ", addressColor(remote), `${remote} `);
  const { via, viaNetnsId } = entry;
  if (via !== undefined && viaNetnsId !== undefined) {
    out.put("viaIfIndex", via, `via ifindex ${via} `);
    out.put("linkNetNsId", viaNetnsId, `link-netnsid ${viaNetnsId} `);
  } else if (via !== undefined) out.putColoured("viaIf", context.nameOf(via), "via ", "interface", `${context.nameOf(via)} `);
  if (options.stats > 0 && (isMaster || remote !== undefined)) {
    const [used, updated] = [Math.floor(entry.usedSecondsAgo), Math.floor(entry.updatedSecondsAgo)];
    out.put("used", used, `used ${used}`);
    out.put("updated", updated, `/${updated} `);
  }
  const flags = [...(isSelf ? ["self"] : []), ...(extern ? ["extern_learn"] : [])];
  out.put("flags", flags, flags.map((flag) => `${flag} `).join(""));
  if (isMaster && bridge !== undefined) out.put("master", context.nameOf(bridge), `master ${context.nameOf(bridge)} `);
  const word = state === "permanent" || state === "static" || state === "stale" ? state : "";
  out.put("state", word, `${word}\n`);
}

export function changeFdb(verb: "add" | "append" | "replace" | "delete", argv: Argv, context: Context): Checked<void> {
  let [address, name]: [string | undefined, string | undefined] = [undefined, undefined];
  let remote: Ip | undefined;
  let via: IfIndex | undefined;
  let state: "permanent" | "static" | "dynamic" = "permanent";
  let [toSelf, toMaster] = [false, false];
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    switch (word) {
      case "self":
        toSelf = true;
        continue;
      case "master":
        toMaster = true;
        continue;
      case "local":
      case "permanent":
        state = "permanent";
        continue;
      case "static":
      case "temp":
        state = "static";
        continue;
      case "dynamic":
        state = "dynamic";
        continue;
      case "use":
      case "router":
      case "extern_learn":
      case "sticky":
      case "vlan":
      case "port":
      case "vni":
      case "nhid":
      case "src_vni":
      case "activity_notify":
      case "inactive":
      case "norefresh":
        return notHere(`bridge fdb's option ${word}`);
      case "dev":
      case "dst":
      case "via":
      case "to": {
        const text = argv.value();
        if (!text.ok) return text;
        if (word === "dev") name = text.value;
        else if (word === "to") address = text.value;
        else if (word === "via") {
          via = context.findLink(text.value)?.index;
          if (via === undefined) return noDevice(text.value, 255);
        } else {
          remote = parseIp(text.value);
          if (!remote) return failed(`Error: any valid address is expected rather than "${text.value}".`, 1);
        }
        continue;
      }
      default:
        if (address !== undefined) return failed(`Error: either "to" is duplicate, or "${word}" is a garbage.`, 255);
        address = word;
    }
  }
  if (name === undefined || address === undefined) return failed("Device and address are required arguments.", 255);
  const mac = parseMac(address);
  if (!mac) return failed(`Invalid mac address ${address}`, 255);
  const link = context.findLink(name);
  if (!link) return noDevice(name, 255);

  const { links } = context.netns;
  // Without a word, the entry is the device's own.
  const on = toMaster && !toSelf ? ("master" as const) : ("self" as const);
  const key = { link: link.index, mac, on, ...(remote === undefined ? {} : { remote }), ...(via === undefined ? {} : { via }) };
  const done = verb === "delete" ? links.deleteFdb(key) : links.addFdb({ ...key, state, mode: verb });
  return done.ok ? ok(undefined) : kernelRefusal(done.error, 255);
}

export function getFdb(argv: Argv, context: Context): Checked<void> {
  let [address, bridgeName, portName]: [string | undefined, string | undefined, string | undefined] = [undefined, undefined, undefined];
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "self" || word === "master" || word === "dynamic") continue;
    const text = word === "br" || word === "dev" || word === "brport" || word === "to" ? argv.value() : ok(word);
    if (!text.ok) return text;
    if (word === "br") bridgeName = text.value;
    else if (word === "dev" || word === "brport") portName = text.value;
    else address = text.value;
  }
  const mac = address === undefined ? undefined : parseMac(address);
  if (address === undefined || (bridgeName === undefined && portName === undefined))
    return failed("Device and address are required arguments.", 255);
  if (!mac) return failed(`Invalid address "${address}"`, 255);
  const links = [bridgeName, portName].map((name) => (name === undefined ? undefined : context.findLink(name)));
  const [bridge, port] = links;
  const found = context.netns.links
    .fdb()
    .find((entry) => entry.mac === mac && (!bridge || entry.bridge === bridge.index) && (!port || entry.port === port.index));
  if (!found) return kernelRefusal({ errno: "ENOENT", extack: "Fdb entry not found" }, 255);
  context.out.array(() => context.out.object(() => printEntry(found, context, true)));
  return ok(undefined);
}

export function flushFdb(argv: Argv, context: Context): Checked<void> {
  if (!argv.takeIf("dev")) return failed("Device is a required argument", 255);
  const name = argv.value();
  if (!name.ok) return name;
  if (!argv.isEmpty) return notHere(`bridge fdb flush's selector ${argv.word}`);
  const link = context.findLink(name.value);
  if (!link) return noDevice(name.value, 255);
  const { links } = context.netns;
  for (const { mac, remote, via, isSelf, port, bridge, state } of links.fdb()) {
    if (port !== link.index && bridge !== link.index) continue;
    // Addresses of the ports themselves stay.
    if (state === "permanent" && remote === undefined) continue;
    const end = { ...(remote === undefined ? {} : { remote }), ...(via === undefined ? {} : { via }) };
    links.deleteFdb({ link: port, mac, on: isSelf ? "self" : "master", ...end });
  }
  return ok(undefined);
}
