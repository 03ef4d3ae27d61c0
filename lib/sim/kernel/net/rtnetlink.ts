/**
 * Links, addresses, routes, neighbours and forwarding entries as netlink shows and changes them (rtnetlink(7)).
 *
 * `ip`, `bridge`, `brctl`, `ifconfig` and libnetwork all use this one contract, so that whatever Docker sets up could have
 * been typed. Facts come back as errno plus the kernel's extended message; the programs find the words.
 */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { WaitQueue } from "@/lib/sim/core/task";
import type { Family, Ip, Prefix } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";

declare const ifIndex: unique symbol;
/** An interface's number in its namespace. */
export type IfIndex = number & { readonly [ifIndex]: never };

/** `extack` is the kernel's own sentence, printed by iproute2 as `Error: …`. */
export type RtnlError = { readonly errno: Errno; readonly extack?: string };

export type OperState = "UP" | "DOWN" | "UNKNOWN" | "LOWERLAYERDOWN" | "NOTPRESENT";

/** What is particular to a kind of link. */
export type LinkDetail =
  | { readonly kind: "loopback" }
  /** The machine's own network card, on a cable. */
  | { readonly kind: "physical" }
  | {
      readonly kind: "veth";
      readonly peerIndex: IfIndex | undefined;
      readonly peerNetns: string | undefined;
      readonly linkNetnsId: number | undefined;
    }
  | {
      readonly kind: "bridge";
      readonly ageingSeconds: number;
      readonly stp: boolean;
      readonly vlanFiltering: boolean;
      readonly ports: readonly IfIndex[];
      /** `8000.` and the address by which spanning trees know it: zeros until it has had a port, or was given an address. */
      readonly rootId: string;
    }
  | { readonly kind: "dummy" }
  | {
      readonly kind: "vxlan";
      readonly vni: number;
      readonly local?: Ip;
      readonly port: number;
      readonly learning: boolean;
      readonly proxy: boolean;
      readonly l2miss: boolean;
      readonly l3miss: boolean;
      /** In the namespace of its UDP socket, which is the one it was made in. */
      readonly device?: IfIndex;
      /** That namespace, if the link has been moved to another one, by the number that it is known by there. */
      readonly linkNetnsId?: number;
      /** Another tunnel end, or a multicast group. */
      readonly remote?: Ip;
      /** 0: the system's default. */
      readonly ttl: number;
      readonly ageingSeconds: number;
    }
  /** `linkNetnsId`: the parent is in another namespace, known here by this number. */
  | {
      readonly kind: "macvlan";
      readonly parent: IfIndex;
      readonly linkNetnsId?: number;
      readonly mode: "bridge" | "private" | "vepa" | "passthru";
    }
  | {
      readonly kind: "ipvlan";
      readonly parent: IfIndex;
      readonly linkNetnsId?: number;
      readonly mode: "l2" | "l3" | "l3s";
      readonly flag: "bridge" | "private" | "vepa";
    }
  | { readonly kind: "vlan"; readonly parent: IfIndex; readonly linkNetnsId?: number; readonly id: number };

export type LinkKind = LinkDetail["kind"];

/** A link that is a port of a bridge. */
export type BridgePortView = {
  readonly bridge: IfIndex;
  readonly number: number;
  readonly state: "disabled" | "blocking" | "listening" | "learning" | "forwarding";
  readonly priority: number;
  readonly cost: number;
  readonly hairpin: boolean;
  readonly isolated: boolean;
  readonly learning: boolean;
  readonly flood: boolean;
};

export type LinkStats = {
  readonly rxPackets: number;
  readonly rxBytes: number;
  readonly rxDropped: number;
  readonly txPackets: number;
  readonly txBytes: number;
  readonly txDropped: number;
};

export type LinkView = {
  readonly index: IfIndex;
  readonly name: string;
  readonly detail: LinkDetail;
  readonly mac: Mac;
  /** Payload bytes of a frame. */
  readonly mtu: number;
  /** IFF_UP: set by the administrator. */
  readonly isUp: boolean;
  /** Whether the other end is there and up. */
  readonly hasCarrier: boolean;
  readonly operState: OperState;
  readonly isPromiscuous: boolean;
  /** How many want all frames that come by. */
  readonly promiscuity: number;
  /** What `ip link set mtu` takes. Without a largest MTU: 0. */
  readonly minMtu: number;
  readonly maxMtu: number;
  readonly arp: boolean;
  readonly multicast: boolean;
  readonly queueLength: number;
  readonly qdisc: "noqueue" | "fq_codel" | "noop";
  readonly alias?: string;
  readonly altnames: readonly string[];
  readonly port?: BridgePortView;
  readonly stats: LinkStats;
};

/**
 * A link that stands on another one: its number in this namespace, or in that with the id `parentNetns`. The kernel itself says
 * what it thinks of one without.
 */
export type NewOnParent = { readonly parent?: IfIndex; readonly parentNetns?: string };

export type NewLink = { readonly name: string; readonly mac?: Mac; readonly mtu?: number } /**
 * The peer is made in the same namespace, or in that with the id `netns` (`ip link add … type veth peer name … netns …`),
 * where its index is the next one of that namespace.
 */ & (
  | { readonly kind: "veth"; readonly peer: { readonly name: string; readonly mac?: Mac; readonly mtu?: number; readonly netns?: string } }
  | { readonly kind: "bridge" }
  | { readonly kind: "dummy" }
  | {
      readonly kind: "vxlan";
      /** 24 bits. The kernel itself complains when there is none. */
      readonly vni?: number;
      readonly local?: Ip;
      /** Default: 8472. */
      readonly port?: number;
      readonly learning?: boolean;
      readonly proxy?: boolean;
      readonly l2miss?: boolean;
      readonly l3miss?: boolean;
      readonly device?: IfIndex;
      readonly remote?: Ip;
      readonly ttl?: number;
      readonly ageingSeconds?: number;
      /** The id of the namespace that its packets travel in, if it is not this one. */
      readonly underlayNetns?: string;
    }
  | (NewOnParent & { readonly kind: "macvlan"; readonly mode: "bridge" | "private" | "vepa" | "passthru" })
  /** Default of `flag`: `bridge`. Mode and flag count for all ipvlans of the parent. */
  | (NewOnParent & { readonly kind: "ipvlan"; readonly mode: "l2" | "l3" | "l3s"; readonly flag?: "bridge" | "private" | "vepa" })
  | (NewOnParent & { readonly kind: "vlan"; readonly id?: number })
);

/** Exactly one change; `ip link set` sends several in a row. */
export type LinkChange =
  | { readonly set: "up"; readonly up: boolean }
  | { readonly set: "mtu"; readonly mtu: number }
  | { readonly set: "mac"; readonly mac: Mac }
  | { readonly set: "name"; readonly name: string }
  /** `undefined` takes it out of its bridge. */
  | { readonly set: "master"; readonly master: IfIndex | undefined }
  | { readonly set: "promiscuous"; readonly on: boolean }
  | { readonly set: "arp"; readonly on: boolean }
  | { readonly set: "multicast"; readonly on: boolean }
  | { readonly set: "alias"; readonly alias: string }
  | { readonly set: "queue-length"; readonly length: number }
  /** By the id of the namespace (`Netns.id`); `name` renames it as it arrives. */
  | { readonly set: "netns"; readonly netns: string; readonly name?: string }
  /** Options of a bridge port. */
  | {
      readonly set: "port";
      readonly hairpin?: boolean;
      readonly isolated?: boolean;
      readonly learning?: boolean;
      readonly flood?: boolean;
      readonly cost?: number;
      readonly priority?: number;
      readonly state?: "disabled" | "blocking" | "listening" | "learning" | "forwarding";
    }
  /** Options of a bridge. */
  | { readonly set: "bridge"; readonly ageingSeconds?: number; readonly stp?: boolean; readonly vlanFiltering?: boolean };

export type Scope = "global" | "link" | "host" | "site" | "nowhere";

export type AddressView = {
  readonly link: IfIndex;
  readonly prefix: Prefix;
  readonly broadcast?: Ip;
  readonly peer?: Ip;
  readonly scope: Scope;
  readonly label: string;
  readonly isSecondary: boolean;
  /** Without a limit unless said otherwise: seconds. */
  readonly validSeconds?: number;
  readonly noDad?: boolean;
  readonly noPrefixRoute?: boolean;
  /** Of addresses that the kernel made itself (IFA_PROTO): `::1`, and `fe80::…` from the MAC address. */
  readonly protocol?: "kernel_lo" | "kernel_ll";
};

export type NewAddress = {
  readonly prefix: Prefix;
  readonly broadcast?: Ip;
  readonly peer?: Ip;
  readonly scope?: Scope;
  readonly label?: string;
  readonly noPrefixRoute?: boolean;
  readonly noDad?: boolean;
};

export type RouteType = "unicast" | "local" | "broadcast" | "multicast" | "unreachable" | "blackhole" | "prohibit" | "throw";
/** Number: an unnamed table. */
export type RouteTable = "main" | "local" | "default" | number;

export type RouteView = {
  readonly type: RouteType;
  /** Length 0 is the default route. */
  readonly destination: Prefix;
  readonly gateway?: Ip;
  readonly link?: IfIndex;
  /** Preferred source address. */
  readonly source?: Ip;
  readonly scope: Scope;
  readonly protocol: "kernel" | "boot" | "static" | "dhcp" | "ra" | "redirect";
  readonly metric: number;
  readonly table: RouteTable;
  readonly mtu?: number;
  readonly onlink: boolean;
  /** Why it cannot be used now: its link has no carrier (`linkdown`), or the next hop is gone (`dead`). */
  readonly state?: "linkdown" | "dead";
};

/** `learnedMtu`: what the way was told to take ("fragmentation needed"), until it is forgotten. */
export type FoundRoute = RouteView & { readonly learnedMtu?: { readonly mtu: number; readonly secondsLeft: number } };

export type RouteMode = "add" | "replace" | "append" | "change";

export type NewRoute = {
  readonly destination: Prefix;
  readonly type?: RouteType;
  readonly gateway?: Ip;
  readonly link?: IfIndex;
  readonly source?: Ip;
  readonly scope?: Scope;
  readonly protocol?: "kernel" | "boot" | "static";
  readonly metric?: number;
  readonly table?: RouteTable;
  readonly mtu?: number;
  readonly onlink?: boolean;
};

export type RouteLookup = { readonly from?: Ip; readonly in?: IfIndex; readonly out?: IfIndex; readonly mark?: number };

export type NeighbourState = "INCOMPLETE" | "REACHABLE" | "STALE" | "DELAY" | "PROBE" | "FAILED" | "NOARP" | "PERMANENT";
export type NeighbourView = {
  readonly link: IfIndex;
  readonly address: Ip;
  readonly mac?: Mac;
  readonly state: NeighbourState;
  readonly isRouter: boolean;
  readonly proxy?: boolean;
};

export type FdbView = {
  readonly port: IfIndex;
  readonly mac: Mac;
  readonly bridge?: IfIndex;
  readonly state: "permanent" | "static" | "reachable" | "stale";
  /** Of a VXLAN entry: the remote VTEP, the underlay's link to it, and the number of the underlay's namespace if it is another one. */
  readonly remote?: Ip;
  readonly via?: IfIndex;
  readonly viaNetnsId?: number;
  readonly isSelf: boolean;
  readonly isMaster: boolean;
  readonly extern?: boolean;
  /** Seconds since it was used and since it changed. */
  readonly usedSecondsAgo: number;
  readonly updatedSecondsAgo: number;
};

export type NewFdbEntry = {
  readonly link: IfIndex;
  readonly mac: Mac;
  readonly state: "permanent" | "static" | "dynamic";
  readonly remote?: Ip;
  readonly via?: IfIndex;
  readonly on: "master" | "self";
  /** Default: `add`. */
  readonly mode?: "add" | "append" | "replace";
};

export type RuleView = { readonly priority: number; readonly source?: Prefix; readonly mark?: number; readonly table: RouteTable };

/** What was reported, as `ip monitor` prints and daemons wait for. */
export type RtnlEvent = {
  readonly what: "link" | "address" | "route" | "neighbour" | "fdb";
  readonly deleted: boolean;
  readonly link?: IfIndex;
};

export interface Rtnetlink {
  // links
  addLink(link: NewLink): Result<IfIndex, RtnlError>;
  change(link: IfIndex, change: LinkChange): Result<void, RtnlError>;
  deleteLink(link: IfIndex): Result<void, RtnlError>;
  /** By index. */
  links(): readonly LinkView[];
  link(index: IfIndex): LinkView | undefined;
  /** By name or alternative name. */
  linkByName(name: string): LinkView | undefined;
  /** The name of a link in another namespace, for `eth0@if7`; undefined when it is not here. */

  // addresses
  addAddress(link: IfIndex, address: NewAddress): Result<void, RtnlError>;
  deleteAddress(link: IfIndex, prefix: Prefix): Result<void, RtnlError>;
  /** In the order of their links, then as they were added, IPv4 before IPv6. */
  addresses(link?: IfIndex): readonly AddressView[];

  // routes
  /** `change`: only a route that is there already, else ENOENT. */
  addRoute(route: NewRoute, mode?: RouteMode): Result<void, RtnlError>;
  deleteRoute(route: NewRoute): Result<void, RtnlError>;
  /** In the order in which `ip route` prints a table. */
  routes(family: Family, table?: RouteTable | "all"): readonly RouteView[];
  /** What a packet to `destination` would take. */
  lookup(destination: Ip, lookup?: RouteLookup): Result<FoundRoute, RtnlError>;
  rules(family: Family): readonly RuleView[];
  /** EEXIST, ENOENT. */
  addRule(family: Family, rule: RuleView): Result<void, RtnlError>;
  deleteRule(family: Family, rule: RuleView): Result<void, RtnlError>;

  // neighbours
  addNeighbour(
    neighbour: {
      readonly link: IfIndex;
      readonly address: Ip;
      readonly mac: Mac;
      readonly state: "PERMANENT" | "STALE" | "REACHABLE" | "NOARP";
    },
    mode?: "add" | "replace",
  ): Result<void, RtnlError>;
  deleteNeighbour(link: IfIndex, address: Ip): Result<void, RtnlError>;
  neighbours(link?: IfIndex): readonly NeighbourView[];
  flushNeighbours(link?: IfIndex): void;
  /** Sends a gratuitous ARP request for an address of the link (as libnetwork does when an endpoint joins). */
  announce(link: IfIndex, address: Ip): void;

  // forwarding databases
  addFdb(entry: NewFdbEntry): Result<void, RtnlError>;
  deleteFdb(entry: {
    readonly link: IfIndex;
    readonly mac: Mac;
    readonly remote?: Ip;
    readonly via?: IfIndex;
    readonly on: "master" | "self";
  }): Result<void, RtnlError>;
  fdb(link?: IfIndex): readonly FdbView[];

  /** Woken at every change. */
  readonly changed: WaitQueue;
}
