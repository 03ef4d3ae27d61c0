/** A network namespace as programs and libnetwork hold it: the three contracts of its stack, and its settings. */

import type { Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { Fd, Sys } from "@/lib/sim/core/sys";
import type { Ip } from "@/lib/sim/net/address";
import type { Rtnetlink } from "./net/rtnetlink";
import type { Sockets, TcpListener, UdpSocket } from "./net/socket";
import type { Netfilter } from "./netfilter/rule";

export type ConntrackTuple = {
  readonly source: Ip;
  readonly destination: Ip;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmp?: { readonly id: number; readonly type: number; readonly code: number };
};

/** As `conntrack -L` prints it. */
export type ConntrackView = {
  readonly protocol: "tcp" | "udp" | "icmp" | "unknown";
  readonly protocolNumber: number;
  readonly timeoutSeconds: number;
  readonly tcpState?: string;
  readonly original: ConntrackTuple;
  readonly reply: ConntrackTuple;
  readonly isReplied: boolean;
  readonly isAssured: boolean;
  readonly mark: number;
};

export interface Conntrack {
  list(): readonly ConntrackView[];
  /** Removes the entries that `matches` says; how many. */
  remove(matches: (entry: ConntrackView) => boolean): number;
}

export interface Netns {
  /** Unique in its host: the inode number that `readlink /proc/self/ns/net` shows, as text. */
  readonly id: string;
  readonly links: Rtnetlink;
  readonly sockets: Sockets;
  readonly iptables: Netfilter;
  readonly ip6tables: Netfilter;
  readonly conntrack: Conntrack;
  /** Keys with dots: `net.ipv4.ip_forward`. ENOENT for what Linux does not have, or what is not simulated. */
  sysctl(key: string): Result<string, Errno>;
  setSysctl(key: string, value: string): Result<void, Errno>;
  /** Known keys, sorted. */
  sysctls(): readonly string[];
}

/** System calls of a program that uses the network. */
export interface NetSys extends Sys {
  readonly netns: Netns;
  /** The open socket that whoever started this process left at descriptor `fd` (docker-proxy's `-use-listen-fd`). */
  inheritedSocket(fd: Fd): TcpListener | UdpSocket | undefined;
  /** Namespaces with a name under /var/run/netns (`ip netns`) or /var/run/docker/netns. */
  netnsByPath(path: string): Result<Netns, Errno>;
  netnsOfPid(pid: number): Result<Netns, Errno>;
  /** Moves this process into another network namespace (setns with CLONE_NEWNET). `ip netns exec` also mounts /sys anew. */
  enterNetns(netns: Netns, options?: { readonly remountSys?: boolean }): void;
  /** Makes a namespace and binds it to `path` (`ip netns add`). */
  createNetns(path: string): Result<Netns, Errno>;
  /** Unbinds; it goes away when nothing else holds it. */
  deleteNetns(path: string): Result<void, Errno>;
  /** Enters the namespaces of another process (`nsenter -t PID -m -n -u -p`). */
  enterNamespacesOf(pid: number, which: readonly ("net" | "mnt" | "uts" | "pid")[]): Result<void, Errno>;
}
