/** `ip neighbour` (ip/ipneigh.c). */

import { ok } from "@/lib/base/result";
import { contains, type Family, familyOf, type Ip, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import type { LinkView, NeighbourState, NeighbourView } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { type Checked, failed, garbage, kernelRefusal, noDevice, notHere } from "./outcome";
import { addressColor } from "./printer";

const STATES: ReadonlyMap<string, readonly NeighbourState[]> = new Map<string, readonly NeighbourState[]>([
  ["permanent", ["PERMANENT"]],
  ["reachable", ["REACHABLE"]],
  ["probe", ["PROBE"]],
  ["failed", ["FAILED"]],
  ["incomplete", ["INCOMPLETE"]],
  ["stale", ["STALE"]],
  ["delay", ["DELAY"]],
  ["noarp", ["NOARP"]],
  ["none", []],
  ["all", ["PERMANENT", "REACHABLE", "PROBE", "FAILED", "INCOMPLETE", "STALE", "DELAY", "NOARP"]],
]);

/** Without a word about states, addresses that need no resolution are not listed. */
const SHOWN: readonly NeighbourState[] = ["PERMANENT", "REACHABLE", "PROBE", "FAILED", "INCOMPLETE", "STALE", "DELAY"];

type NeighbourFilter = {
  readonly device: LinkView | undefined;
  readonly to: Prefix | undefined;
  readonly states: readonly NeighbourState[];
  readonly family: Family | undefined;
};

function readFilter(argv: Argv, context: Context, states: readonly NeighbourState[]): Checked<NeighbourFilter> {
  const family: Family | undefined = context.options.family === "inet" ? 4 : context.options.family === "inet6" ? 6 : undefined;
  let [deviceName, to]: [string | undefined, Prefix | undefined] = [undefined, undefined];
  let chosen: NeighbourState[] | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "unused" || word === "unresolved" || word === "proxy" || word === "nomaster")
      return notHere(`ip neigh's selector ${word}`);
    if (word === "dev" || word === "nud" || word === "master" || word === "vrf") {
      const text = argv.value();
      if (!text.ok) return text;
      if (word === "dev") deviceName = text.value;
      else if (word === "nud") {
        const named = STATES.get(text.value);
        if (!named) return failed(`Error: argument "${text.value}" is wrong: nud state is bad`, 255);
        chosen = [...(chosen ?? []), ...named];
      } else return notHere(`ip neigh's selector ${word}`);
      continue;
    }
    const text = word === "to" ? argv.value() : ok(word);
    if (!text.ok) return text;
    const address = parseIp(text.value);
    const prefix = parsePrefix(text.value) ?? (address && { address, length: familyOf(address) === 4 ? 32 : 128 });
    if (!prefix) return failed(`Error: any valid prefix is expected rather than "${text.value}".`, 1);
    to = prefix;
  }
  const device = deviceName === undefined ? undefined : context.findLink(deviceName);
  if (deviceName !== undefined && !device) return noDevice(deviceName);
  return ok({ device, to, states: chosen ?? states, family });
}

function chosenNeighbours({ device, to, states, family }: NeighbourFilter, { netns }: Context): readonly NeighbourView[] {
  return netns.links
    .neighbours(device?.index)
    .filter(
      ({ address, state }) =>
        states.includes(state) && (family === undefined || familyOf(address) === family) && (!to || contains(to, address)),
    );
}

export function showNeighbours(argv: Argv, context: Context): Checked<void> {
  if (context.options.stats > 0) return notHere("how often a neighbour was used (ip -s neigh)");
  const filter = readFilter(argv, context, SHOWN);
  if (!filter.ok) return filter;
  const { out } = context;
  out.array(() => {
    for (const neighbour of chosenNeighbours(filter.value, context)) {
      out.object(() => printNeighbour(neighbour, context, filter.value.device === undefined));
    }
  });
  return ok(undefined);
}

export function printNeighbour({ address, link, mac, state, isRouter, proxy }: NeighbourView, context: Context, withDevice: boolean): void {
  const { out } = context;
  out.putColoured("dst", address, "", addressColor(address), `${address} `);
  if (withDevice) out.putColoured("dev", context.nameOf(link), "dev ", "interface", `${context.nameOf(link)} `);
  if (mac !== undefined) out.putColoured("lladdr", mac, "lladdr ", "mac", `${mac} `);
  if (isRouter) out.put("router", true, "router ");
  if (proxy) out.put("proxy", true, "proxy ");
  out.put("state", [state], `${state} \n`);
}

export type NeighbourVerb = "add" | "change" | "replace" | "delete";

export function changeNeighbour(verb: NeighbourVerb, argv: Argv, context: Context): Checked<void> {
  let [address, mac, deviceName]: [Ip | undefined, string | undefined, string | undefined] = [undefined, undefined, undefined];
  let state: NeighbourState = "PERMANENT";
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (["router", "use", "managed", "extern_learn", "extern_valid", "protocol", "proxy"].includes(word))
      return notHere(`ip neigh's option ${word}`);
    const text = word === "lladdr" || word === "nud" || word === "dev" || word === "to" ? argv.value() : ok(word);
    if (!text.ok) return text;
    switch (word) {
      case "lladdr":
        mac = text.value;
        continue;
      case "dev":
        deviceName = text.value;
        continue;
      case "nud": {
        const [named] = STATES.get(text.value) ?? [];
        if (!named) return failed(`Error: argument "${text.value}" is wrong: nud state is bad`, 255);
        state = named;
        continue;
      }
    }
    if (address !== undefined) return garbage("to", text.value);
    const parsed = parseIp(text.value);
    if (!parsed) return failed(`Error: any valid address is expected rather than "${text.value}".`, 1);
    address = parsed;
  }
  if (deviceName === undefined || address === undefined) return failed("Device and destination are required arguments.", 255);
  const link = context.findLink(deviceName);
  if (!link) return noDevice(deviceName);

  const { links } = context.netns;
  if (verb === "delete") {
    const done = links.deleteNeighbour(link.index, address);
    return done.ok ? ok(undefined) : kernelRefusal(done.error);
  }
  const parsedMac = mac === undefined ? undefined : parseMac(mac);
  if (mac !== undefined && !parsedMac) return failed(`"${mac}" is invalid lladdr.`, 1);
  if (!parsedMac) return kernelRefusal({ errno: "EINVAL", extack: "No link layer address given" });
  if (state !== "PERMANENT" && state !== "STALE" && state !== "REACHABLE" && state !== "NOARP")
    return notHere(`adding a neighbour in state ${state}`);
  const exists = links.neighbours(link.index).some((neighbour) => neighbour.address === address);
  if (verb === "change" && !exists) return kernelRefusal({ errno: "ENOENT" });
  const done = links.addNeighbour({ link: link.index, address, mac: parsedMac, state }, verb === "add" ? "add" : "replace");
  return done.ok ? ok(undefined) : kernelRefusal(done.error);
}

/** Forgets what was learned; permanent entries and those of NOARP stay unless asked for. */
export function flushNeighbours(argv: Argv, context: Context): Checked<void> {
  if (argv.isEmpty) return failed("Flush requires arguments.", 1);
  const rest = argv.word === "all" ? (argv.take(), argv) : argv;
  const filter = readFilter(
    rest,
    context,
    SHOWN.filter((state) => state !== "PERMANENT"),
  );
  if (!filter.ok) return filter;
  const doomed = chosenNeighbours(filter.value, context);
  for (const { link, address } of doomed) {
    const done = context.netns.links.deleteNeighbour(link, address);
    if (!done.ok) return kernelRefusal(done.error);
  }
  if (context.options.stats > 0) {
    context.out.text(
      doomed.length === 0
        ? "Nothing to flush.\n"
        : `\n*** Round 1, deleting ${doomed.length} entries ***\n*** Flush is complete after 1 round ***\n`,
    );
  }
  return ok(undefined);
}

export function getNeighbour(argv: Argv, context: Context): Checked<void> {
  const address = parseIp(argv.take() ?? "");
  const deviceName = argv.takeIf("dev") ? argv.take() : undefined;
  if (!address || deviceName === undefined) return failed("Device and address are required arguments.", 255);
  const link = context.findLink(deviceName);
  if (!link) return noDevice(deviceName);
  const found = context.netns.links.neighbours(link.index).find((neighbour) => neighbour.address === address);
  if (!found) return kernelRefusal({ errno: "ENOENT", extack: "Neighbour entry not found" });
  context.out.array(() => context.out.object(() => printNeighbour(found, context, true)));
  return ok(undefined);
}
