/** busybox's `ifconfig` (networking/ifconfig.c, interface.c). Only packets, bytes and drops are counted here; the rest is zero. */

import { strerror } from "@/lib/sim/core/errno";
import { print } from "@/lib/sim/core/stdio";
import { netmask } from "@/lib/sim/net/address";
import type { NetProgram, Scope } from "@/lib/sim/kernel";
import { changeInterface, type IfconfigError } from "../bsd-net/ifconfig-change";
import { findInterface, type Interface, interfaceFlags, interfaces, scaledBytes } from "../bsd-net/interfaces";
import { type Failure, notHere, sayAndStop, showUsage } from "./busybox";

const USAGE = `ifconfig [-a] [IFACE] [ADDRESS]

Configure a network interface
`;

export const ifconfig: NetProgram = function* (sys) {
  const words = [...sys.argv.slice(1)];
  const showsAll = words[0] === "-a";
  if (showsAll) words.shift();
  const [name, ...rest] = words;
  if (name === undefined) {
    const shown = interfaces(sys.netns).filter(({ link }) => showsAll || link.isUp);
    yield* print(sys, shown.map(interfaceText).join(""));
    return 0;
  }
  if (rest.length === 0) {
    const found = findInterface(sys.netns, name);
    if (!found)
      return yield* sayAndStop(sys, "ifconfig", { message: `${name}: error fetching interface information: Device not found`, status: 1 });
    yield* print(sys, interfaceText(found));
    return 0;
  }
  const done = changeInterface(sys.netns, name, rest, { allowsLength: false });
  if (done.ok) return 0;
  if (done.error.kind === "missing-value") return yield* showUsage(sys, USAGE);
  return yield* sayAndStop(sys, "ifconfig", wordsFor(done.error));
};

function wordsFor(error: Exclude<IfconfigError, { readonly kind: "missing-value" }>): Failure {
  switch (error.kind) {
    case "no-interface":
      return { message: `${error.call === "flags" ? "SIOCGIFFLAGS" : error.call}: ${strerror("ENODEV")}`, status: 1 };
    case "ioctl":
      return { message: `${error.call}: ${strerror(error.errno)}`, status: 1 };
    case "bad-address":
      return { message: `bad address '${error.word}'`, status: 1 };
    case "not-simulated":
      return notHere(`ifconfig's option ${error.word}`);
  }
}

const SCOPES = { global: "Global", link: "Link", host: "Host", site: "Site", nowhere: "Unknown" } as const satisfies Record<Scope, string>;

function interfaceText(one: Interface): string {
  const { name, link, address, ipv6, isAlias } = one;
  const isLoopback = link.detail.kind === "loopback";
  const { rxPackets, rxBytes, rxDropped, txPackets, txBytes, txDropped } = link.stats;
  const flags = interfaceFlags(one)
    .map((flag) => `${flag.name} `)
    .join("");
  const indent = " ".repeat(10);
  return [
    `${name.padEnd(9)} Link encap:${isLoopback ? "Local Loopback  " : `Ethernet  HWaddr ${link.mac.toUpperCase()}  `}\n`,
    address
      ? `${indent}inet addr:${address.prefix.address}  ${address.broadcast === undefined ? "" : `Bcast:${address.broadcast}  `}Mask:${netmask(address.prefix.length)}\n`
      : "",
    ...ipv6.map(({ prefix, scope }) => `${indent}inet6 addr: ${prefix.address}/${prefix.length} Scope:${SCOPES[scope]}\n`),
    `${indent}${flags === "" ? "[NO FLAGS] " : flags} MTU:${link.mtu}  Metric:1\n`,
    ...(isAlias
      ? []
      : [
          `${indent}RX packets:${rxPackets} errors:0 dropped:${rxDropped} overruns:0 frame:0\n`,
          `${indent}TX packets:${txPackets} errors:0 dropped:${txDropped} overruns:0 carrier:0\n`,
          `${indent}collisions:0 txqueuelen:${link.queueLength} \n`,
          `${indent}RX bytes:${rxBytes} (${scaledBytes(rxBytes)})  TX bytes:${txBytes} (${scaledBytes(txBytes)})\n`,
        ]),
    "\n",
  ].join("");
}
