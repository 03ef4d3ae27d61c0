/** The words of `ifconfig INTERFACE …` that change something, in order, as both flavours take them. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { type Ip, isV4, lastOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import type { LinkChange, Netns } from "@/lib/sim/kernel";
import { classLength, findInterface, type Interface, maskLength, setAddress } from "./interfaces";

/** Facts; each flavour has its own words. */
export type IfconfigError =
  | { readonly kind: "no-interface"; readonly call: string }
  /** An ioctl that the kernel refused. */
  | { readonly kind: "ioctl"; readonly call: string; readonly errno: Errno }
  | { readonly kind: "bad-address"; readonly word: string }
  | { readonly kind: "missing-value" }
  | { readonly kind: "not-simulated"; readonly word: string };

type Failure = Result<never, IfconfigError>;
const ioctl = (call: string, errno: Errno): Failure => fail({ kind: "ioctl", call, errno });

/** `allowsLength`: `ifconfig eth0 10.0.0.1/24`, which only net-tools takes. */
export function changeInterface(
  netns: Netns,
  name: string,
  words: readonly string[],
  options: { readonly allowsLength: boolean },
): Result<void, IfconfigError> {
  const found = findInterface(netns, name);
  if (!found) return fail({ kind: "no-interface", call: firstCall(words[0] ?? "") });
  let target: Interface = found;
  const again = (): void => {
    target = findInterface(netns, name) ?? target;
  };
  const change = (call: string, wanted: LinkChange): Result<void, IfconfigError> => {
    const done = netns.links.change(target.link.index, wanted);
    again();
    return done.ok ? ok(undefined) : ioctl(call, done.error.errno);
  };

  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const value = words[i + 1];
    let done: Result<void, IfconfigError>;
    switch (word) {
      case "inet":
      case "inet6":
        continue;
      case "up":
        done = change("SIOCSIFFLAGS", { set: "up", up: true });
        break;
      case "down":
        done = target.isAlias ? removeAlias(netns, target) : change("SIOCSIFFLAGS", { set: "up", up: false });
        break;
      case "promisc":
      case "-promisc":
        done = change("SIOCSIFFLAGS", { set: "promiscuous", on: word === "promisc" });
        break;
      case "arp":
      case "-arp":
        done = change("SIOCSIFFLAGS", { set: "arp", on: word === "arp" });
        break;
      case "multicast":
      case "-multicast":
        done = change("SIOCSIFFLAGS", { set: "multicast", on: word === "multicast" });
        break;
      case "mtu":
      case "txqueuelen": {
        if (value === undefined) return fail({ kind: "missing-value" });
        i++;
        const number = Number.parseInt(value, 10) || 0;
        done =
          word === "mtu"
            ? change("SIOCSIFMTU", { set: "mtu", mtu: number })
            : change("SIOCSIFTXQLEN", { set: "queue-length", length: number });
        break;
      }
      case "netmask":
      case "broadcast": {
        if (value === undefined) return fail({ kind: "missing-value" });
        i++;
        done = changePart(netns, target, word, value);
        again();
        break;
      }
      case "hw": {
        const kind = words[++i];
        const mac = parseMac(words[++i] ?? "");
        if (kind === undefined || !mac) return fail({ kind: "missing-value" });
        done = change("SIOCSIFHWADDR", { set: "mac", mac });
        break;
      }
      case "allmulti":
      case "-allmulti":
      case "dynamic":
      case "-dynamic":
      case "trailers":
      case "-trailers":
      case "dstaddr":
      case "pointopoint":
      case "tunnel":
      case "metric":
      case "mem_start":
      case "io_addr":
      case "irq":
      case "keepalive":
      case "outfill":
      case "media":
        return fail({ kind: "not-simulated", word });
      case "add":
      case "del": {
        const prefix = parsePrefix(value ?? "");
        if (!prefix || isV4(prefix.address))
          return fail(value === undefined ? { kind: "missing-value" } : { kind: "bad-address", word: value });
        i++;
        const { links } = netns;
        const changed = word === "add" ? links.addAddress(target.link.index, { prefix }) : links.deleteAddress(target.link.index, prefix);
        done = changed.ok ? ok(undefined) : ioctl(word === "add" ? "SIOCSIFADDR" : "SIOCDIFADDR", changed.error.errno);
        again();
        break;
      }
      default: {
        const to = readAddress(word, options.allowsLength);
        if (!to) return fail({ kind: "bad-address", word });
        const assigned = setAddress(netns, target, to);
        done = assigned.ok ? ok(undefined) : ioctl("SIOCSIFADDR", assigned.error);
        again();
      }
    }
    if (!done.ok) return done;
  }
  return ok(undefined);
}

/** The ioctl that a word stands for; `flags` is the reading of what is there before it is changed. */
function firstCall(word: string): string {
  const calls: Readonly<Record<string, string>> = {
    mtu: "SIOCSIFMTU",
    txqueuelen: "SIOCSIFTXQLEN",
    netmask: "SIOCSIFNETMASK",
    broadcast: "SIOCSIFBRDADDR",
    hw: "SIOCSIFHWADDR",
  };
  return calls[word] ?? (/^-?(up|down|promisc|arp|multicast|allmulti|trailers|dynamic)$/.test(word) ? "flags" : "SIOCSIFADDR");
}

function readAddress(word: string, allowsLength: boolean): Prefix | undefined {
  const address = parseIp(word === "default" ? "0.0.0.0" : word);
  if (address) return isV4(address) ? { address, length: classLength(address) } : undefined;
  const prefix = allowsLength ? parsePrefix(word) : undefined;
  return prefix && isV4(prefix.address) ? prefix : undefined;
}

function changePart(netns: Netns, target: Interface, part: "netmask" | "broadcast", text: string): Result<void, IfconfigError> {
  const call = part === "netmask" ? "SIOCSIFNETMASK" : "SIOCSIFBRDADDR";
  if (!target.address) return ioctl(call, "EADDRNOTAVAIL");
  const { prefix, broadcast } = target.address;
  const address: Ip | undefined = parseIp(text);
  if (!address) return fail({ kind: "bad-address", word: text });
  const length = part === "netmask" ? maskLength(address) : prefix.length;
  if (length === undefined) return ioctl(call, "EINVAL");
  if (part === "netmask" && length === prefix.length) return ok(undefined);
  // A broadcast address that is not the network's last stays as it is.
  const own = broadcast === lastOf(prefix) ? undefined : broadcast;
  const done = setAddress(netns, target, { address: prefix.address, length }, part === "broadcast" ? address : own);
  return done.ok ? ok(undefined) : ioctl(call, done.error);
}

function removeAlias(netns: Netns, { link, address }: Interface): Result<void, IfconfigError> {
  if (!address) return ioctl("SIOCSIFFLAGS", "EADDRNOTAVAIL");
  const done = netns.links.deleteAddress(link.index, address.prefix);
  return done.ok ? ok(undefined) : ioctl("SIOCSIFFLAGS", done.error.errno);
}
