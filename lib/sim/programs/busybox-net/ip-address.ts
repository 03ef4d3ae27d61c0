/** busybox's `ip link show` and `ip address` (networking/libiproute/ipaddress.c). */

import { fail, ok, type Result } from "@/lib/base/result";
import { strerror } from "@/lib/sim/core/errno";
import { contains, familyOf, isV4, lastOf, parseIp, type Prefix } from "@/lib/sim/net/address";
import type { AddressView, LinkView, NewAddress, Scope } from "@/lib/sim/kernel";
import { type Failure, notHere, rtnetlinkAnswer } from "./busybox";
import type { Done, IpSettings } from "./ip";
import { familyNumber, readPrefix, Words } from "./ip-words";

type Filter = {
  device: LinkView | undefined;
  family: 4 | 6 | undefined;
  scope: Scope | undefined;
  to: Prefix | undefined;
  label: string | undefined;
  onlyUp: boolean;
  secondary: boolean | undefined;
};

const SCOPES: readonly Scope[] = ["global", "link", "host", "site", "nowhere"];

function readFilter(list: readonly string[], settings: IpSettings, status: number): Result<Filter, Failure> {
  const words = new Words(list, status);
  const filter: Filter = {
    device: undefined,
    family: familyNumber(settings.family),
    scope: undefined,
    to: undefined,
    label: undefined,
    onlyUp: false,
    secondary: undefined,
  };
  let name: string | undefined;
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (word === "up") {
      filter.onlyUp = true;
      continue;
    }
    if (word === "primary" || word === "secondary") {
      filter.secondary = word === "secondary";
      continue;
    }
    const isOption = word === "to" || word === "scope" || word === "label" || word === "dev";
    const text = isOption ? words.value() : ok(word);
    if (!text.ok) return text;
    switch (word) {
      case "to": {
        const prefix = readPrefix(text.value, filter.family);
        if (!prefix) return words.invalid(text.value, "prefix");
        filter.to = prefix;
        filter.family ??= familyOf(prefix.address);
        break;
      }
      case "scope": {
        const scope = SCOPES.find((one) => one === text.value);
        if (!scope && text.value !== "all") return words.invalid(text.value, "scope");
        filter.scope = scope;
        break;
      }
      case "label":
        filter.label = text.value;
        break;
      default:
        if (name !== undefined) return words.duplicate("dev", text.value);
        name = text.value;
    }
  }
  if (name !== undefined) {
    const link = words.link(settings.netns, name);
    if (!link.ok) return link;
    filter.device = link.value;
  }
  return ok(filter);
}

function hasLink({ device, onlyUp }: Filter, link: LinkView): boolean {
  return (!device || device.index === link.index) && (!onlyUp || link.isUp);
}

function hasAddress(filter: Filter, { prefix, scope, label, isSecondary }: AddressView): boolean {
  return (
    (filter.family === undefined || filter.family === familyOf(prefix.address)) &&
    (filter.scope === undefined || filter.scope === scope) &&
    (!filter.to || contains(filter.to, prefix.address)) &&
    (filter.label === undefined || !isV4(prefix.address) || filter.label === label) &&
    (filter.secondary === undefined || filter.secondary === isSecondary)
  );
}

export function listLinks(words: readonly string[], settings: IpSettings): Done {
  const filter = readFilter(words, settings, 2);
  if (!filter.ok) return filter;
  return ok(
    settings.netns.links
      .links()
      .filter((link) => hasLink(filter.value, link))
      .map((link) => `${linkText(link, settings, true)}\n`)
      .join(""),
  );
}

export function listAddresses(words: readonly string[], settings: IpSettings): Done {
  const read = readFilter(words, settings, 1);
  if (!read.ok) return read;
  const filter = read.value;
  const { links } = settings.netns;
  let text = "";
  for (const link of links.links()) {
    if (!hasLink(filter, link)) continue;
    const addresses = settings.family === "link" ? [] : links.addresses(link.index).filter((address) => hasAddress(filter, address));
    // Only a family leaves links out; a scope alone leaves their headings.
    if (filter.family !== undefined && addresses.length === 0) continue;
    if (settings.oneline && settings.family !== "link")
      text += addresses.map((address) => `${link.index}: ${link.name}${addressText(address, "\\")}`).join("");
    else
      text += `${linkText(link, settings, filter.family === undefined, filter.family === 6)}\n${addresses.map((address) => addressText(address, "\n")).join("")}`;
  }
  return ok(text);
}

/** The link's number and, unless a family was asked for, its Ethernet address on a second line. */
function linkText(link: LinkView, settings: IpSettings, withMac: boolean, isIpv6List = false): string {
  const other = otherEnd(link);
  const known = other === undefined ? undefined : settings.netns.links.links().find(({ index }) => index === other);
  const at = other === undefined ? "" : `@${known?.name ?? `if${other}`}`;
  const isLoopback = link.detail.kind === "loopback";
  const flags: readonly (readonly [boolean, string])[] = [
    [link.isUp && !link.hasCarrier, "NO-CARRIER"],
    [isLoopback, "LOOPBACK"],
    [!isLoopback, "BROADCAST"],
    [!isLoopback && link.multicast, "MULTICAST"],
    [!link.arp, "NOARP"],
    [link.isUp, "UP"],
    [link.isUp && link.hasCarrier, "LOWER_UP"],
  ];
  const names = flags.flatMap(([isSet, flag]) => (isSet ? [flag] : []));
  // PROMISC has no name here: what is left of the flags is added as a number.
  if (link.isPromiscuous) names.push(`${names.pop() ?? ""}100`);
  if (other !== undefined && !known?.isUp) names.push("M-DOWN");
  const master = link.port ? `master ${settings.netns.links.link(link.port.bridge)?.name ?? `if${link.port.bridge}`} ` : "";
  const head = `${link.index}: ${link.name}${at}: <${names.join(",")}> mtu ${link.mtu} ${isIpv6List ? "" : `qdisc ${link.qdisc} `}${master}${link.queueLength > 0 ? `qlen ${link.queueLength}` : ""}`;
  if (!withMac) return head;
  const type = isLoopback ? "loopback" : "ether";
  return `${head}${settings.oneline ? "\\" : "\n"}    link/${type} ${link.mac} brd ${isLoopback ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff"}`;
}

/** IFLA_LINK, wherever that link may be. */
function otherEnd({ detail }: LinkView): number | undefined {
  switch (detail.kind) {
    case "veth":
      return detail.peerIndex;
    case "macvlan":
    case "ipvlan":
    case "vlan":
      return detail.parent;
    default:
      return undefined;
  }
}

function addressText(address: AddressView, lineEnd: string): string {
  const { prefix, peer, broadcast, scope, isSecondary, noDad, label } = address;
  const isIpv4 = isV4(prefix.address);
  return [
    `    ${isIpv4 ? "inet" : "inet6"} ${prefix.address}${peer === undefined ? "" : ` peer ${peer}`}/${prefix.length} `,
    broadcast === undefined ? "" : `brd ${broadcast} `,
    `scope ${scope} `,
    isSecondary ? "secondary " : "",
    address.validSeconds === undefined ? "" : "dynamic ",
    // IFA_F_NODAD has no name here.
    noDad ? "flags 02 " : "",
    isIpv4 ? label : "",
    `${lineEnd}       valid_lft ${life(address)} preferred_lft ${life(address)}\n`,
  ].join("");
}

function life({ validSeconds }: AddressView): string {
  return validSeconds === undefined ? "forever" : `${Math.floor(validSeconds)}sec`;
}

export function changeAddress(verb: "add" | "change" | "replace" | "delete", list: readonly string[], settings: IpSettings): Done {
  const words = new Words(list, 1);
  let [local, peer]: [Prefix | undefined, Prefix | undefined] = [undefined, undefined];
  let [name, broadcast, label, scope]: [string | undefined, string | undefined, string | undefined, Scope | undefined] = [
    undefined,
    undefined,
    undefined,
    undefined,
  ];
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (word === "anycast" || word === "valid_lft" || word === "preferred_lft") return fail(notHere(`ip address' option ${word}`));
    const isOption = ["peer", "remote", "broadcast", "brd", "scope", "dev", "label", "local"].includes(word);
    const text = isOption ? words.value() : ok(word);
    if (!text.ok) return text;
    switch (word) {
      case "peer":
      case "remote":
        peer = readPrefix(text.value, familyNumber(settings.family));
        if (!peer) return fail(rtnetlinkAnswer("ERANGE"));
        break;
      case "broadcast":
      case "brd":
        broadcast = text.value;
        break;
      case "scope":
        scope = SCOPES.find((one) => one === text.value);
        if (!scope) return words.invalid(text.value, "scope");
        break;
      case "dev":
        name = text.value;
        break;
      case "label":
        label = text.value;
        break;
      default:
        if (local) return words.duplicate("local", text.value);
        local = readPrefix(text.value, familyNumber(settings.family));
        if (!local) return fail(rtnetlinkAnswer("ERANGE"));
    }
  }
  if (name === undefined) return fail({ message: 'need "dev IFACE"', status: 1 });
  const link = words.link(settings.netns, name);
  if (!link.ok) return link;
  if (!local) return fail(rtnetlinkAnswer("EOPNOTSUPP"));

  const { links } = settings.netns;
  const wanted: Prefix = { address: local.address, length: peer?.length ?? local.length };
  if (verb === "delete") {
    const bare = local.length === (isV4(local.address) ? 32 : 128);
    const known = bare ? links.addresses(link.value.index).find(({ prefix }) => prefix.address === local.address) : undefined;
    const done = links.deleteAddress(link.value.index, known?.prefix ?? wanted);
    return done.ok ? ok("") : fail(rtnetlinkAnswer(done.error.errno));
  }
  const all =
    broadcast === "+" ? (wanted.length < 31 ? lastOf(wanted) : undefined) : broadcast === undefined ? undefined : parseIp(broadcast);
  const isHost = link.value.detail.kind === "loopback" && isV4(wanted.address);
  const address: NewAddress = {
    prefix: wanted,
    ...(peer ? { peer: peer.address } : {}),
    ...(all ? { broadcast: all } : {}),
    ...(label === undefined ? {} : { label }),
    ...(scope ? { scope } : isHost ? { scope: "host" as const } : {}),
  };
  const exists = links
    .addresses(link.value.index)
    .some(({ prefix }) => prefix.address === wanted.address && prefix.length === wanted.length);
  if (verb !== "add" && exists) return ok("");
  const done = links.addAddress(link.value.index, address);
  return done.ok ? ok("") : fail(rtnetlinkAnswer(done.error.errno));
}

export function flushAddresses(words: readonly string[], settings: IpSettings): Done {
  if (words.length === 0) return fail({ message: "flush requires an argument", status: 1 });
  const filter = readFilter(words, settings, 1);
  if (!filter.ok) return filter;
  const { links } = settings.netns;
  for (const link of links.links()) {
    if (!hasLink(filter.value, link)) continue;
    for (const address of links.addresses(link.index)) {
      if (!hasAddress(filter.value, address)) continue;
      const isThere = links
        .addresses(link.index)
        .some(({ prefix }) => prefix.address === address.prefix.address && prefix.length === address.prefix.length);
      const done = isThere ? links.deleteAddress(link.index, address.prefix) : ok(undefined);
      if (!done.ok) return fail({ message: `can't send flush request: ${strerror(done.error.errno)}`, status: 1 });
    }
  }
  return ok("");
}
