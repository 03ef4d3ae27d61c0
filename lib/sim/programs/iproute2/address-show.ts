/** `ip link show` and `ip address show` (ip/ipaddress.c, ipaddr_list_flush_or_save): which links and addresses, and how they look. */

import { ok } from "@/lib/base/result";
import { contains, type Family, familyOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import type { AddressView, LinkView, Scope } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { printBriefLink, printBriefName, printIpv6Heading, printLink } from "./link-text";
import { type Checked, failed, invalid, notHere } from "./outcome";
import { addressColor } from "./printer";
import { printStats } from "./stats";

/** The words with which listings, and `flush`, choose. */
export type AddressFilter = {
  readonly device: LinkView | undefined;
  readonly family: Family | undefined;
  readonly scope: Scope | undefined;
  readonly to: Prefix | undefined;
  readonly label: string | undefined;
  readonly state: "up" | "down" | undefined;
  readonly master: LinkView | undefined;
  readonly noMaster: boolean;
  readonly type: string | undefined;
  readonly flags: readonly ((address: AddressView) => boolean)[];
};

const SCOPES: ReadonlyMap<string, Scope | "any"> = new Map<string, Scope | "any">([
  ["global", "global"],
  ["link", "link"],
  ["host", "host"],
  ["site", "site"],
  ["nowhere", "nowhere"],
  ["all", "any"],
  ["0", "global"],
  ["253", "link"],
  ["254", "host"],
]);

const FLAGS: ReadonlyMap<string, (address: AddressView) => boolean> = new Map<string, (address: AddressView) => boolean>([
  ["permanent", (address) => address.validSeconds === undefined],
  ["dynamic", (address) => address.validSeconds !== undefined],
  ["primary", (address) => !address.isSecondary],
  ["secondary", (address) => address.isSecondary],
  ["temporary", () => false],
  ["tentative", () => false],
  ["-tentative", () => true],
  ["deprecated", () => false],
  ["-deprecated", () => true],
  ["dadfailed", () => false],
  ["-dadfailed", () => true],
  ["nodad", (address) => address.noDad === true],
]);

export function readFilter(argv: Argv, context: Context): Checked<AddressFilter> {
  const { family } = context.options;
  let filter: AddressFilter = {
    device: undefined,
    family: family === "inet" ? 4 : family === "inet6" ? 6 : undefined,
    scope: undefined,
    to: undefined,
    label: undefined,
    state: undefined,
    master: undefined,
    noMaster: false,
    type: undefined,
    flags: [],
  };
  let deviceName: string | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    switch (word) {
      case "to": {
        const text = argv.value();
        if (!text.ok) return text;
        const to = parsePrefix(text.value) ?? hostPrefix(text.value);
        if (!to) return failed(`Error: any valid prefix is expected rather than "${text.value}".`, 1);
        filter = { ...filter, to, family: filter.family ?? familyOf(to.address) };
        break;
      }
      case "scope": {
        const text = argv.value();
        if (!text.ok) return text;
        const scope = SCOPES.get(text.value);
        if (scope === undefined) return invalid(text.value, 'invalid "scope"\n');
        filter = { ...filter, scope: scope === "any" ? undefined : scope };
        break;
      }
      case "up":
      case "down":
        filter = { ...filter, state: word };
        break;
      case "label": {
        const text = argv.value();
        if (!text.ok) return text;
        filter = { ...filter, label: text.value };
        break;
      }
      case "master":
      case "vrf": {
        const text = argv.value();
        if (!text.ok) return text;
        // There are none.
        if (word === "vrf") return invalid(text.value, "Not a valid VRF name\n");
        const master = context.findLink(text.value);
        if (!master) return invalid(text.value, "Device does not exist\n");
        filter = { ...filter, master };
        break;
      }
      case "nomaster":
        filter = { ...filter, noMaster: true };
        break;
      case "type": {
        const text = argv.value();
        if (!text.ok) return text;
        filter = { ...filter, type: text.value };
        break;
      }
      case "group": {
        const text = argv.value();
        if (!text.ok) return text;
        if (text.value !== "default" && text.value !== "0") return notHere("a group of links other than default");
        break;
      }
      case "help":
        return notHere("the help text of ip address");
      default: {
        const flag = FLAGS.get(word);
        if (flag) {
          filter = { ...filter, flags: [...filter.flags, flag] };
          break;
        }
        let name = word;
        if (word === "dev") {
          const text = argv.value();
          if (!text.ok) return text;
          name = text.value;
        }
        if (deviceName !== undefined) return failed(`Error: either "dev" is duplicate, or "${name}" is a garbage.`, 255);
        deviceName = name;
      }
    }
  }
  if (deviceName === undefined) return ok(filter);
  const device = context.findLink(deviceName);
  return device ? ok({ ...filter, device }) : failed(`Device "${deviceName}" does not exist.`, 1);
}

function hostPrefix(text: string): Prefix | undefined {
  const address = parseIp(text);
  return address && { address, length: familyOf(address) === 4 ? 32 : 128 };
}

export function matchesLink(filter: AddressFilter, link: LinkView): boolean {
  const { device, state, master, noMaster, type } = filter;
  if (device && device.index !== link.index) return false;
  if (state && (state === "up") !== link.isUp) return false;
  if (master && link.port?.bridge !== master.index) return false;
  if (noMaster && link.port) return false;
  return type === undefined || hasType(link, type);
}

function hasType(link: LinkView, type: string): boolean {
  if (type === "bridge_slave") return link.port !== undefined;
  // Neither loopback nor a plain network card has a kind.
  return link.detail.kind !== "loopback" && link.detail.kind !== "physical" && link.detail.kind === type;
}

export function matchesAddress(filter: AddressFilter, address: AddressView): boolean {
  const { prefix, scope, label } = address;
  if (filter.family !== undefined && filter.family !== familyOf(prefix.address)) return false;
  if (filter.scope !== undefined && filter.scope !== scope) return false;
  if (filter.to && !contains(filter.to, prefix.address)) return false;
  if (filter.label !== undefined && !matchesPattern(filter.label, label)) return false;
  return filter.flags.every((flag) => flag(address));
}

/** fnmatch with `*` and `?`. */
function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}

export function showLinks(argv: Argv, context: Context): Checked<void> {
  const filter = readFilter(argv, context);
  if (!filter.ok) return filter;
  const { out, options, netns } = context;
  out.array(() => {
    for (const link of netns.links.links()) {
      if (!matchesLink(filter.value, link)) continue;
      out.object(() => {
        if (options.brief) return printBriefLink(link, context);
        printLink(link, context, { for: "link", family: "any" });
        out.text("\n");
        if (options.stats > 0) printStats(link, context);
      });
    }
  });
  return ok(undefined);
}

export function showAddresses(argv: Argv, context: Context): Checked<void> {
  const read = readFilter(argv, context);
  if (!read.ok) return read;
  const filter = read.value;
  const { out, options, netns } = context;
  const choosesAddresses =
    filter.family !== undefined ||
    filter.scope !== undefined ||
    filter.to !== undefined ||
    filter.label !== undefined ||
    filter.flags.length > 0;
  const family = filter.family === undefined ? "any" : filter.family === 4 ? "inet" : "inet6";
  out.array(() => {
    for (const link of netns.links.links()) {
      if (!matchesLink(filter, link)) continue;
      const addresses =
        options.family === "link" ? [] : netns.links.addresses(link.index).filter((address) => matchesAddress(filter, address));
      if (choosesAddresses && addresses.length === 0) continue;
      out.object(() => {
        if (options.brief) return printBriefAddresses(link, addresses, context);
        // One line for each address, none for its link.
        if (options.oneline && options.family !== "link") {
          for (const address of addresses) printAddress(address, link, context);
          return;
        }
        // Asked for by label, addresses stand without their links.
        if (filter.label === undefined) printHeading(link, context, family, filter.device !== undefined);
        out.array(() => {
          for (const address of addresses) out.object(() => printAddress(address, link, context));
        }, "addr_info");
        if (options.stats > 0) printStats(link, context);
      });
    }
  });
  return ok(undefined);
}

function printHeading(link: LinkView, context: Context, family: "any" | "inet" | "inet6", isOne: boolean): void {
  // A list of IPv6 addresses takes its headings from the IPv6 side of links, which knows less.
  if (family === "inet6" && context.options.family === "inet6" && !isOne) printIpv6Heading(link, context);
  else printLink(link, context, { for: "address", family });
  context.out.text("\n");
}

function printAddress(address: AddressView, link: LinkView, context: Context): void {
  const { out, options } = context;
  const { prefix, peer, broadcast, scope, label } = address;
  const isV4 = familyOf(prefix.address) === 4;
  if (options.oneline) out.text(`${link.index}: ${link.name}`);
  out.put("family", isV4 ? "inet" : "inet6", `    ${isV4 ? "inet" : "inet6"} `);
  const color = addressColor(prefix.address);
  out.putColoured("local", prefix.address, "", color, prefix.address);
  if (peer !== undefined) out.putColoured("address", peer, " peer ", color, peer);
  out.put("prefixlen", prefix.length, `/${prefix.length} `);
  if (broadcast !== undefined) out.putColoured("broadcast", broadcast, "brd ", color, `${broadcast} `);
  out.put("scope", scope, `scope ${scope} `);
  const flags: readonly (readonly [boolean, string])[] = [
    [address.isSecondary, "secondary"],
    [address.noDad === true, "nodad"],
    [address.noPrefixRoute === true, "noprefixroute"],
    [address.validSeconds !== undefined, "dynamic"],
  ];
  for (const [isSet, flag] of flags) if (isSet) out.put(flag, true, `${flag} `);
  if (address.protocol !== undefined) out.put("protocol", address.protocol, `proto ${address.protocol} `);
  if (isV4) out.put("label", label, label);
  const life = address.validSeconds;
  const lifeText = life === undefined ? "forever" : `${Math.floor(life)}sec`;
  out.put("valid_life_time", life ?? 4_294_967_295, `${out.lineEnd}       valid_lft ${lifeText} `);
  out.put("preferred_life_time", life ?? 4_294_967_295, `preferred_lft ${lifeText}\n`);
}

function printBriefAddresses(link: LinkView, addresses: readonly AddressView[], context: Context): void {
  const { out } = context;
  printBriefName(link, context);
  out.array(() => {
    for (const { prefix, peer } of addresses) {
      out.object(() => {
        const color = addressColor(prefix.address);
        out.putColoured("local", prefix.address, "", color, prefix.address);
        if (peer !== undefined) out.putColoured("address", peer, " peer ", color, peer);
        out.put("prefixlen", prefix.length, `/${prefix.length} `);
      });
    }
  }, "addr_info");
  out.text("\n");
}
