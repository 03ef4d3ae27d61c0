/** busybox's `ip link set`, `add` and `delete` (networking/libiproute/iplink.c): much of it by ioctls, whose names its errors carry. */

import { fail, ok } from "@/lib/base/result";
import { type Errno, strerror } from "@/lib/sim/core/errno";
import { parseMac } from "@/lib/sim/net/mac";
import type { LinkChange, NewLink } from "@/lib/sim/kernel";
import { notHere, rtnetlinkAnswer } from "./busybox";
import type { Done, IpSettings } from "./ip";
import { Words } from "./ip-words";

const refused = (call: string, errno: Errno): Done => fail({ message: `${call}: ${strerror(errno)}`, status: 2 });

/** The ioctl that makes a change; without one it is a netlink message. */
const CALLS: Readonly<Partial<Record<LinkChange["set"], string>>> = {
  up: "SIOCSIFFLAGS",
  promiscuous: "SIOCSIFFLAGS",
  arp: "SIOCSIFFLAGS",
  multicast: "SIOCSIFFLAGS",
  mtu: "SIOCSIFMTU",
  mac: "SIOCSIFHWADDR",
  name: "SIOCSIFNAME",
  "queue-length": "SIOCSIFTXQLEN",
};

export function setLink(list: readonly string[], settings: IpSettings): Done {
  const words = new Words(list, 2);
  let name: string | undefined;
  const changes: LinkChange[] = [];
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (word === "up" || word === "down") {
      changes.push({ set: "up", up: word === "up" });
      continue;
    }
    if (word === "nomaster") {
      changes.push({ set: "master", master: undefined });
      continue;
    }
    if (word === "type" || word === "trailers" || word === "broadcast" || word === "brd")
      return fail(notHere(`ip link set's option ${word}`, 2));
    const isOption = ["mtu", "name", "qlen", "txqueuelen", "address", "master", "netns", "promisc", "arp", "multicast", "dev"].includes(
      word,
    );
    const text = isOption ? words.value() : ok(word);
    if (!text.ok) return text;
    switch (word) {
      case "mtu":
      case "qlen":
      case "txqueuelen": {
        if (!/^\d+$/.test(text.value)) return words.invalid(text.value, word);
        const number = Number(text.value);
        changes.push(word === "mtu" ? { set: "mtu", mtu: number } : { set: "queue-length", length: number });
        break;
      }
      case "name":
        changes.push({ set: "name", name: text.value });
        break;
      case "address": {
        const mac = parseMac(text.value);
        if (!mac) return fail({ message: `bad address '${text.value}'`, status: 2 });
        changes.push({ set: "mac", mac });
        break;
      }
      case "master": {
        const master = words.link(settings.netns, text.value);
        if (!master.ok) return master;
        changes.push({ set: "master", master: master.value.index });
        break;
      }
      case "netns": {
        const netns = /^\d+$/.test(text.value) ? settings.pidNetns(Number(text.value)) : undefined;
        if (!netns) return fail({ message: `invalid number '${text.value}'`, status: 2 });
        changes.push({ set: "netns", netns: netns.id });
        break;
      }
      case "promisc":
      case "arp":
      case "multicast": {
        if (text.value !== "on" && text.value !== "off") return fail({ message: `argument of "${word}" must be "on" or "off"`, status: 2 });
        changes.push({ set: word === "promisc" ? "promiscuous" : word, on: text.value === "on" });
        break;
      }
      default:
        if (name !== undefined) return words.duplicate("dev", text.value);
        name = text.value;
    }
  }
  if (name === undefined) return fail({ message: '"dev" requires an argument', status: 2 });
  const { links } = settings.netns;
  const link = links.linkByName(name);
  if (!link)
    return changes.some((change) => CALLS[change.set] !== undefined)
      ? refused("SIOCGIFFLAGS", "ENODEV")
      : fail({ message: `can't find device '${name}'`, status: 2 });
  // Up and down come last, as the program does them.
  const inOrder = [...changes.filter(({ set }) => set !== "up"), ...changes.filter(({ set }) => set === "up")];
  for (const change of inOrder) {
    const done = links.change(link.index, change);
    if (done.ok) continue;
    const call = CALLS[change.set];
    return call === undefined ? fail(rtnetlinkAnswer(done.error.errno)) : refused(call, done.error.errno);
  }
  return ok("");
}

/** `[link DEV] [name] NAME [address MAC] type TYPE [ARGS]` */
export function addLink(list: readonly string[], settings: IpSettings): Done {
  const words = new Words(list, 2);
  let [name, parentName, type, mac, mtu]: [
    string | undefined,
    string | undefined,
    string | undefined,
    string | undefined,
    number | undefined,
  ] = [undefined, undefined, undefined, undefined, undefined];
  const args: string[] = [];
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (type !== undefined) {
      args.push(word);
      continue;
    }
    const text = ["name", "dev", "link", "address", "type", "mtu"].includes(word) ? words.value() : ok(word);
    if (!text.ok) return text;
    if (word === "link") parentName = text.value;
    else if (word === "address") mac = text.value;
    else if (word === "type") type = text.value;
    else if (word === "mtu") mtu = Number(text.value);
    else if (name === undefined) name = text.value;
    else return words.duplicate("name", text.value);
  }
  const { links } = settings.netns;
  const parent = parentName === undefined ? undefined : links.linkByName(parentName);
  if (parentName !== undefined && !parent) return fail({ message: `can't find device '${parentName}'`, status: 2 });
  const parsedMac = mac === undefined ? undefined : parseMac(mac);
  if (mac !== undefined && !parsedMac) return fail({ message: `bad address '${mac}'`, status: 2 });
  const common = {
    name: name ?? freeName(type ?? "", settings),
    ...(parsedMac ? { mac: parsedMac } : {}),
    ...(mtu === undefined ? {} : { mtu }),
  };
  const at = (word: string): string | undefined => (args.includes(word) ? args[args.indexOf(word) + 1] : undefined);

  let wanted: NewLink | undefined;
  switch (type) {
    case "bridge":
    case "dummy":
      wanted = { ...common, kind: type };
      break;
    case "veth": {
      // Only newer programs understand `peer name`: this one leaves the peer's name to the kernel.
      const peer = freeName("veth", settings, common.name);
      wanted = { ...common, kind: "veth", peer: { name: peer } };
      break;
    }
    case "vlan": {
      const id = Number(at("id") ?? Number.NaN);
      wanted = parent && Number.isInteger(id) ? { ...common, kind: "vlan", parent: parent.index, id } : undefined;
      break;
    }
    case "macvlan":
      wanted = parent && { ...common, kind: "macvlan", parent: parent.index, mode: "vepa" };
      break;
    default:
      break;
  }
  if (!wanted) return fail(rtnetlinkAnswer("EOPNOTSUPP"));
  const made = links.addLink(wanted);
  return made.ok ? ok("") : fail(rtnetlinkAnswer(made.error.errno));
}

function freeName(type: string, { netns }: IpSettings, except?: string): string {
  for (let number = 0; ; number++) {
    const name = `${type}${number}`;
    if (name !== except && !netns.links.linkByName(name)) return name;
  }
}

export function deleteLink(list: readonly string[], settings: IpSettings): Done {
  const words = new Words(
    list.filter((word) => word !== "dev"),
    2,
  );
  const name = words.take();
  if (name === undefined) return fail({ message: '"dev" requires an argument', status: 2 });
  const link = words.link(settings.netns, name);
  if (!link.ok) return link;
  const done = settings.netns.links.deleteLink(link.value.index);
  return done.ok ? ok("") : fail(rtnetlinkAnswer(done.error.errno));
}
