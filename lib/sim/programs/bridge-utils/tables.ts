/** What `brctl show`, `showmacs` and `showstp` print. Timers of the spanning tree stand at zero. */

import type { FdbView, LinkView, Netns } from "@/lib/sim/kernel";

export type BridgeView = LinkView & { readonly detail: Extract<LinkView["detail"], { readonly kind: "bridge" }> };

function bridgeId({ detail }: BridgeView): string {
  return detail.rootId.replaceAll(":", "");
}

function portsOf({ links }: Netns, { detail }: BridgeView): readonly LinkView[] {
  return detail.ports.flatMap((index) => links.link(index) ?? []);
}

export function bridgeTable(netns: Netns, bridges: readonly BridgeView[]): string {
  const lines = bridges.map((bridge) => {
    const ports = portsOf(netns, bridge)
      .map(({ name }) => name)
      .toSorted();
    return `${bridge.name}\t\t${bridgeId(bridge)}\t${bridge.detail.stp ? "yes" : "no"}\t\t${ports.join("\n\t\t\t\t\t\t\t")}\n`;
  });
  return `bridge name\tbridge id\t\tSTP enabled\tinterfaces\n${lines.join("")}`;
}

export function forwardingTable({ links }: Netns, bridge: BridgeView): string {
  const learned = links.fdb().filter((entry) => entry.bridge === bridge.index && entry.isMaster && entry.port !== bridge.index);
  const lines = learned
    .toSorted((a, b) => (a.mac < b.mac ? -1 : a.mac > b.mac ? 1 : 0))
    .map((entry) => forwardingLine(entry, links.link(entry.port)?.port?.number ?? 0));
  return `port no\tmac addr\t\tis local?\tageing timer\n${lines.join("")}`;
}

function forwardingLine({ mac, state, updatedSecondsAgo }: FdbView, port: number): string {
  const isLocal = state === "permanent";
  return `${String(port).padStart(3)}\t${mac}\t${isLocal ? "yes" : "no"}\t\t${seconds(isLocal ? 0 : updatedSecondsAgo)}\n`;
}

function seconds(value: number): string {
  return value.toFixed(2).padStart(7);
}

function number(value: number): string {
  return String(value).padStart(4);
}

export function spanningTree(netns: Netns, bridge: BridgeView): string {
  const root = bridgeId(bridge);
  const zero = seconds(0);
  const lines = [
    bridge.name,
    ` bridge id\t\t${root}`,
    ` designated root\t${root}`,
    ` root port\t\t${number(0)}\t\t\tpath cost\t\t${number(0)}`,
    ` max age\t\t${seconds(20)}\t\t\tbridge max age\t\t${seconds(20)}`,
    ` hello time\t\t${seconds(2)}\t\t\tbridge hello time\t${seconds(2)}`,
    ` forward delay\t\t${seconds(15)}\t\t\tbridge forward delay\t${seconds(15)}`,
    ` ageing time\t\t${seconds(bridge.detail.ageingSeconds)}`,
    ` hello timer\t\t${zero}\t\t\ttcn timer\t\t${zero}`,
    ` topology change timer\t${zero}\t\t\tgc timer\t\t${zero}`,
    " flags\t\t\t",
    "",
    "",
    ...portsOf(netns, bridge).flatMap((port) => portLines(port, root)),
  ];
  return `${lines.join("\n")}\n`;
}

function portLines({ name, port }: LinkView, root: string): readonly string[] {
  if (!port) return [];
  const id = ((port.priority << 10) | port.number).toString(16).padStart(4, "0");
  const zero = seconds(0);
  return [
    `${name} (${port.number})`,
    ` port id\t\t${id}\t\t\tstate\t\t${port.state.padStart(15)}`,
    ` designated root\t${root}\tpath cost\t\t${number(port.cost)}`,
    ` designated bridge\t${root}\tmessage age timer\t${zero}`,
    ` designated port\t${id}\t\t\tforward delay timer\t${zero}`,
    ` designated cost\t${number(0)}\t\t\thold timer\t\t${zero}`,
    " flags\t\t\t",
    ...(port.hairpin ? [` hairpin mode\t\t${number(1)}`] : []),
    "",
  ];
}
