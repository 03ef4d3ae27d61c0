/** Interfaces as net-tools prints them (lib/interface.c): the long form, and the table of `-s` and `netstat -i`. */

import { netmask } from "@/lib/sim/net/address";
import type { Scope } from "@/lib/sim/kernel";
import { type Interface, interfaceFlags, scaledBytes } from "../bsd-net/interfaces";

const SCOPES = {
  global: "0x0<global>",
  link: "0x20<link>",
  host: "0x10<host>",
  site: "0x40<site>",
  nowhere: "0x0<global>",
} as const satisfies Record<Scope, string>;

/** Only packets, bytes and drops are counted here; the rest is zero. */
export function interfaceText(one: Interface): string {
  const { name, link, address, ipv6, isAlias } = one;
  const { rxPackets, rxBytes, rxDropped, txPackets, txBytes, txDropped } = link.stats;
  const flags = interfaceFlags(one);
  const indent = " ".repeat(8);
  const lines = [
    `${name}: flags=${flags.reduce((sum, { bit }) => sum + bit, 0)}<${flags.map((flag) => flag.name).join(",")}>  mtu ${link.mtu}`,
    ...(address
      ? [
          `${indent}inet ${address.prefix.address}  netmask ${netmask(address.prefix.length)}${address.broadcast === undefined ? "" : `  broadcast ${address.broadcast}`}`,
        ]
      : []),
    ...ipv6.map(({ prefix, scope }) => `${indent}inet6 ${prefix.address}  prefixlen ${prefix.length}  scopeid ${SCOPES[scope]}`),
    link.detail.kind === "loopback"
      ? `${indent}loop  txqueuelen ${link.queueLength}  (Local Loopback)`
      : `${indent}ether ${link.mac}  txqueuelen ${link.queueLength}  (Ethernet)`,
    ...(isAlias
      ? []
      : [
          `${indent}RX packets ${rxPackets}  bytes ${rxBytes} (${scaledBytes(rxBytes)})`,
          `${indent}RX errors 0  dropped ${rxDropped}  overruns 0  frame 0`,
          `${indent}TX packets ${txPackets}  bytes ${txBytes} (${scaledBytes(txBytes)})`,
          `${indent}TX errors 0  dropped ${txDropped} overruns 0  carrier 0  collisions 0`,
        ]),
  ];
  return `${lines.join("\n")}\n\n`;
}

/** `ifconfig -s` has the columns' names closer together than the columns are. */
export function interfaceTable(shown: readonly Interface[], header: "ifconfig" | "netstat"): string {
  const title = `${header === "ifconfig" ? "Iface      MTU" : "Iface             MTU"}    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n`;
  return title + shown.map(tableLine).join("");
}

const LETTERS: ReadonlyMap<string, string> = new Map([
  ["BROADCAST", "B"],
  ["LOOPBACK", "L"],
  ["MULTICAST", "M"],
  ["PROMISC", "P"],
  ["NOARP", "O"],
  ["RUNNING", "R"],
  ["UP", "U"],
]);

function tableLine(one: Interface): string {
  const { name, link, isAlias } = one;
  const names = new Set(interfaceFlags(one).map((flag) => flag.name));
  const letters = [...LETTERS]
    .filter(([flag]) => names.has(flag))
    .map(([, letter]) => letter)
    .join("");
  const head = `${name.padEnd(15)} ${String(link.mtu).padStart(5)} `;
  if (isAlias) return `${head}${"     - no statistics available -".padEnd(55)} ${letters}\n`;
  const { rxPackets, rxDropped, txPackets, txDropped } = link.stats;
  const cells = [
    String(rxPackets).padStart(8),
    "0".padStart(6),
    String(rxDropped).padStart(6),
    "0".padEnd(6),
    String(txPackets).padStart(8),
    "0".padStart(6),
    String(txDropped).padStart(6),
    "0".padStart(6),
  ];
  return `${head}${cells.join(" ")} ${letters}\n`;
}
