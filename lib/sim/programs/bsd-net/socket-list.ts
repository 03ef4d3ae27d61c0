/** Sockets as `netstat` lists them (/proc/net/tcp, udp, tcp6, udp6). */

import { familyOf } from "@/lib/sim/net/address";
import { serviceName, type SocketAddress, type SocketView, type TcpState } from "@/lib/sim/kernel";

export type SocketChoice = {
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly which: "connected" | "listening" | "all";
  readonly family?: 4 | 6;
};

export type SocketRow = {
  readonly protocol: "tcp" | "udp";
  readonly isV6: boolean;
  readonly receiveQueue: number;
  readonly sendQueue: number;
  readonly local: SocketAddress;
  readonly remote: SocketAddress | undefined;
  readonly state: string;
  readonly socket: SocketView;
};

const STATES = {
  ESTAB: "ESTABLISHED",
  "SYN-SENT": "SYN_SENT",
  "SYN-RECV": "SYN_RECV",
  "FIN-WAIT-1": "FIN_WAIT1",
  "FIN-WAIT-2": "FIN_WAIT2",
  "TIME-WAIT": "TIME_WAIT",
  CLOSED: "CLOSE",
  "CLOSE-WAIT": "CLOSE_WAIT",
  "LAST-ACK": "LAST_ACK",
  LISTEN: "LISTEN",
  CLOSING: "CLOSING",
} as const satisfies Record<TcpState, string>;

/** TCP before UDP, IPv4 before IPv6. */
export function socketRows(sockets: readonly SocketView[], choice: SocketChoice): readonly SocketRow[] {
  const rank = ({ protocol, isV6 }: SocketRow): number => (protocol === "tcp" ? 0 : 2) + (isV6 ? 1 : 0);
  const rows = sockets.flatMap((socket): SocketRow[] => {
    const isV6 = familyOf(socket.local.address) === 6;
    if (!choice[socket.protocol] || (choice.family !== undefined && (choice.family === 6) !== isV6)) return [];
    const isWaiting = socket.protocol === "tcp" ? socket.state === "LISTEN" : socket.remote === undefined;
    if (choice.which !== "all" && isWaiting !== (choice.which === "listening")) return [];
    const isListener = socket.state === "LISTEN";
    return [
      {
        protocol: socket.protocol,
        isV6,
        receiveQueue: socket.receiveQueue,
        sendQueue: isListener ? 0 : socket.sendQueue,
        local: socket.local,
        remote: socket.remote,
        state: socket.state === "UNCONN" ? "" : STATES[socket.state],
        socket,
      },
    ];
  });
  return rows.sort((a, b) => rank(a) - rank(b));
}

export type EndNames = {
  readonly numericHosts: boolean;
  readonly numericPorts: boolean;
  readonly hostName: (address: string) => string | undefined;
  /** How any IPv6 address is written. */
  readonly any: "::" | "[::]";
};

/** `0.0.0.0:80`, `:::80`, `localhost:http`. */
export function endText(end: SocketAddress | undefined, row: SocketRow, { numericHosts, numericPorts, hostName, any }: EndNames): string {
  const address = end?.address ?? (row.isV6 ? "::" : "0.0.0.0");
  const host = address === "::" ? any : ((numericHosts ? undefined : hostName(address)) ?? address);
  if (!end || end.port === 0) return `${host}:*`;
  return `${host}:${(numericPorts ? undefined : serviceName(end.port, row.protocol)) ?? end.port}`;
}

export function titleOf(which: SocketChoice["which"]): string {
  return { connected: "w/o servers", listening: "only servers", all: "servers and established" }[which];
}
