/** busybox's `arp` (networking/arp.c). */

import { strerror } from "@/lib/sim/core/errno";
import { print } from "@/lib/sim/core/stdio";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import type { IfIndex, NetProgram, NetSys } from "@/lib/sim/kernel";
import { arpEntries, linkFor } from "../bsd-net/arp-cache";
import { addressOfName } from "../bsd-net/names";
import { getopt } from "../command/getopt";
import { type Failure, notHere, sayAndStop, showUsage } from "./busybox";

const USAGE = `arp
[-vn]	[-H HWTYPE] [-i IF] -a [HOSTNAME]
[-v]		    [-i IF] -d HOSTNAME [pub]
[-v]	[-H HWTYPE] [-i IF] -s HOSTNAME HWADDR [temp]
[-v]	[-H HWTYPE] [-i IF] -s HOSTNAME HWADDR [netmask MASK] pub
[-v]	[-H HWTYPE] [-i IF] -Ds HOSTNAME IFACE [netmask MASK] pub

Manipulate ARP cache

	-a		Display (all) hosts
	-d		Delete ARP entry
	-s		Set new entry
	-v		Verbose
	-n		Don't resolve names
	-i IF		Network interface
	-D		Read HWADDR from IFACE
	-A,-p AF	Protocol family
	-H HWTYPE	Hardware address type`;

export const arp: NetProgram = function* (sys) {
  const parsed = getopt(sys.argv.slice(1), {
    short: "A:p:H:t:i:adnDsv",
    long: { device: "i:", all: "a", delete: "d", set: "s", numeric: "n", verbose: "v" },
  });
  if (!parsed.ok) return yield* showUsage(sys, USAGE, `arp: ${parsed.error}\n`);
  const { options, operands } = parsed.value;
  const has = (key: string): boolean => options.some((option) => option.key === key);
  const device = options.findLast(({ key }) => key === "i")?.value;
  if (has("D")) return yield* sayAndStop(sys, "arp", notHere("arp -D"));
  const failure = has("d") ? remove(sys, operands, device) : has("s") ? set(sys, operands, device) : undefined;
  if (has("d") || has("s")) return failure ? yield* sayAndStop(sys, "arp", failure) : 0;

  const [host] = operands;
  const address = host === undefined ? undefined : (parseIp(host) ?? addressOfName(sys, host));
  if (host !== undefined && address === undefined) return yield* sayAndStop(sys, "arp", unknownHost(host));
  const entries = arpEntries(sys.netns);
  const shown = entries.filter(
    (entry) => (address === undefined || entry.address === address) && (device === undefined || entry.device === device),
  );
  for (const { address: ip, mac, isPermanent, device: name } of shown) {
    yield* print(sys, `? (${ip}) at ${mac === undefined ? "<incomplete>" : `${mac} [ether]`} ${isPermanent ? "PERM" : ""} on ${name}\n`);
  }
  if (shown.length === 0 && (host !== undefined || device !== undefined))
    yield* print(sys, `No match found in ${entries.length} entries\n`);
  return 0;
};

function unknownHost(host: string): Failure {
  return { message: `${host}: Unknown host`, status: 1 };
}

function remove(sys: NetSys, [host]: readonly string[], device: string | undefined): Failure | undefined {
  if (host === undefined) return { message: "need host name", status: 1 };
  const address = parseIp(host);
  if (!address) return unknownHost(host);
  const known = sys.netns.links
    .neighbours()
    .find((neighbour) => neighbour.address === address && (device === undefined || sys.netns.links.link(neighbour.link)?.name === device));
  if (!sys.capabilities.has("NET_ADMIN")) return { message: `SIOCDARP(priv): ${strerror("EPERM")}`, status: 1 };
  const done = known ? sys.netns.links.deleteNeighbour(known.link, address) : undefined;
  return done?.ok ? undefined : { message: `SIOCDARP(pub): ${strerror(done?.error.errno ?? "ENOENT")}`, status: 1 };
}

function set(sys: NetSys, [host, hardware, ...rest]: readonly string[], device: string | undefined): Failure | undefined {
  if (host === undefined) return { message: "need host name", status: 1 };
  const address: Ip | undefined = parseIp(host);
  if (!address) return unknownHost(host);
  if (hardware === undefined) return { message: "need hardware address", status: 1 };
  const mac = parseMac(hardware);
  if (!mac) return { message: "invalid hardware address", status: 1 };
  if (rest.includes("pub")) return notHere("a published ARP entry");
  const { links } = sys.netns;
  const link: IfIndex | undefined = device === undefined ? linkFor(sys.netns, address) : links.linkByName(device)?.index;
  if (link === undefined) return { message: `SIOCSARP: ${strerror(device === undefined ? "ENETUNREACH" : "ENODEV")}`, status: 1 };
  const done = links.addNeighbour({ link, address, mac, state: rest.includes("temp") ? "REACHABLE" : "PERMANENT" }, "replace");
  return done.ok ? undefined : { message: `SIOCSARP: ${strerror(done.error.errno)}`, status: 1 };
}
