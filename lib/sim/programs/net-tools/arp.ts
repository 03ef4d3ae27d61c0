/** net-tools' `arp` (arp.c). Published entries are not simulated. */

import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { parseIp } from "@/lib/sim/net/address";
import { parseMac } from "@/lib/sim/net/mac";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { type ArpEntry, arpEntries, linkFor } from "../bsd-net/arp-cache";
import { addressOfName, hostNames } from "../bsd-net/names";
import { getopt } from "../command/getopt";
import { ARP_USAGE } from "./usage";
import { showUsage, versionText } from "./words";

const LONG = {
  verbose: "v",
  version: "V",
  all: "a",
  delete: "d",
  file: "f",
  numeric: "n",
  set: "s",
  protocol: "A:",
  "hw-type": "H:",
  device: "i:",
  help: "h",
  "use-device": "D",
  symbolic: "N",
};

type Failure = { readonly stdout?: string; readonly stderr?: string };

export const arp: NetProgram = function* (sys) {
  const parsed = getopt(sys.argv.slice(1), { short: "A:H:adfp:nsei:Dt:vh?DNV", long: LONG });
  if (!parsed.ok) {
    yield* complain(sys, `arp: ${parsed.error}\n`);
    yield* showUsage(sys, ARP_USAGE, "stderr");
    return 3;
  }
  const { options, operands } = parsed.value;
  const has = (key: string): boolean => options.some((option) => option.key === key);
  const device = options.findLast(({ key }) => key === "i")?.value;
  if (has("V")) {
    yield* print(sys, versionText(["+I18N +SELINUX"], "HW: (ether) "));
    return 0;
  }
  if (has("h") || has("?")) {
    yield* showUsage(sys, ARP_USAGE, "stderr");
    return 3;
  }
  if (has("D") || has("f")) return yield* fails(sys, { stderr: notSimulated(`arp -${has("D") ? "D" : "f"}`) });
  if (has("d")) return yield* fails(sys, remove(sys, operands, device));
  if (has("s")) return yield* fails(sys, set(sys, operands, device));
  return yield* show(sys, operands[0], { device, isBsd: has("a"), numeric: has("n"), verbose: has("v") });
};

function* fails(sys: NetSys, failure: Failure | undefined): Routine<number> {
  if (!failure) return 0;
  if (failure.stdout !== undefined) yield* print(sys, `${failure.stdout}\n`);
  if (failure.stderr !== undefined) yield* complain(sys, `${failure.stderr}\n`);
  return 255;
}

type Style = { readonly device: string | undefined; readonly isBsd: boolean; readonly numeric: boolean; readonly verbose: boolean };

function* show(sys: NetSys, host: string | undefined, { device, isBsd, numeric, verbose }: Style): Routine<number> {
  const address = host === undefined ? undefined : (parseIp(host) ?? addressOfName(sys, host));
  if (host !== undefined && address === undefined) return yield* fails(sys, { stderr: `${host}: Unknown host` });
  const entries = arpEntries(sys.netns);
  const shown = entries.filter(
    (entry) => (address === undefined || entry.address === address) && (device === undefined || entry.device === device),
  );
  const nameOf = hostNames(sys);
  const name = (entry: ArpEntry): string | undefined => (numeric ? undefined : nameOf(entry.address));
  if (isBsd) yield* print(sys, shown.map((entry) => bsdLine(entry, name(entry))).join(""));
  else if (shown.length > 0)
    yield* print(
      sys,
      `Address                  HWtype  HWaddress           Flags Mask            Iface\n${shown.map((entry) => linuxLine(entry, name(entry))).join("")}`,
    );
  if (verbose) yield* print(sys, `Entries: ${entries.length}\tSkipped: ${entries.length - shown.length}\tFound: ${shown.length}\n`);
  if (shown.length > 0) return 0;
  if (host !== undefined && !isBsd) yield* print(sys, `${host} (${address}) -- no entry\n`);
  else if (host !== undefined || device !== undefined) yield* print(sys, `arp: in ${entries.length} entries no match found.\n`);
  return 0;
}

function bsdLine({ address, mac, isPermanent, device }: ArpEntry, name: string | undefined): string {
  return `${name ?? "?"} (${address}) at ${mac === undefined ? "<incomplete>" : `${mac} [ether]`} ${isPermanent ? "PERM " : ""}on ${device}\n`;
}

function linuxLine({ address, mac, isPermanent, device }: ArpEntry, name: string | undefined): string {
  const hardware = `${(mac === undefined ? "" : "ether").padEnd(8)}${(mac ?? "(incomplete)").padEnd(20)}`;
  const flags = mac === undefined ? "" : `C${isPermanent ? "M" : ""}`;
  return `${(name ?? address).padEnd(25)}${hardware}${flags.padEnd(6)}${"".padEnd(15)} ${device}\n`;
}

function remove(sys: NetSys, [host]: readonly string[], device: string | undefined): Failure | undefined {
  if (host === undefined) return { stderr: "arp: need host name" };
  const address = parseIp(host);
  if (!address) return { stderr: `${host}: Unknown host` };
  const { links } = sys.netns;
  if (!sys.capabilities.has("NET_ADMIN")) return { stderr: `SIOCDARP(dontpub): ${strerror("EPERM")}` };
  const known = links
    .neighbours()
    .find((neighbour) => neighbour.address === address && (device === undefined || links.link(neighbour.link)?.name === device));
  const done = known ? links.deleteNeighbour(known.link, address) : undefined;
  return done?.ok ? undefined : { stdout: `No ARP entry for ${host}` };
}

function set(sys: NetSys, [host, hardware, ...rest]: readonly string[], device: string | undefined): Failure | undefined {
  if (host === undefined) return { stderr: "arp: need host name" };
  const address = parseIp(host);
  if (!address) return { stderr: `${host}: Unknown host` };
  if (hardware === undefined) return { stderr: "arp: need hardware address" };
  const mac = parseMac(hardware);
  if (!mac) return { stderr: "arp: invalid hardware address" };
  if (rest.includes("pub")) return { stderr: notSimulated("a published ARP entry") };
  const { links } = sys.netns;
  const link = device === undefined ? linkFor(sys.netns, address) : links.linkByName(device)?.index;
  if (link === undefined) return { stderr: `SIOCSARP: ${strerror(device === undefined ? "ENETUNREACH" : "ENODEV")}` };
  const done = links.addNeighbour({ link, address, mac, state: rest.includes("temp") ? "REACHABLE" : "PERMANENT" }, "replace");
  return done.ok ? undefined : { stderr: `SIOCSARP: ${strerror(done.error.errno)}` };
}
