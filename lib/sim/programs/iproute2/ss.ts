/**
 * `ss`: the sockets of a namespace (iproute2 7.3.0, misc/ss.c).
 *
 * Only TCP and UDP sockets are simulated. Without `-t`, `-u` or the like the real `ss` lists Unix, netlink and packet sockets too;
 * here it says that they are missing.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { familyOf } from "@/lib/sim/net/address";
import { type NetProgram, type NetSys, serviceName, type SocketAddress, type SocketView } from "@/lib/sim/kernel";
import { getopt, type OptionTable } from "../command/getopt";
import { NETNS_DIRECTORY } from "./context";
import { ALL_STATES, CONNECTED, type Filter, type FilterError, LISTENING, parseFilter, type SocketState } from "./ss-filter";
import { type Cells, type Column, renderTable } from "./ss-table";

const TABLE: OptionTable = {
  short: "haletuwxnro460spTbEf:mMiA:D:F:vVzZN:KHQSOB",
  long: {
    help: "h",
    numeric: "n",
    resolve: "r",
    options: "o",
    extended: "e",
    memory: "m",
    info: "i",
    processes: "p",
    threads: "T",
    bpf: "b",
    events: "E",
    tcp: "t",
    udp: "u",
    raw: "w",
    unix: "x",
    all: "a",
    listening: "l",
    ipv4: "4",
    ipv6: "6",
    packet: "0",
    family: "f:",
    socket: "A:",
    query: "A:",
    summary: "s",
    diag: "D:",
    filter: "F:",
    version: "V",
    net: "N:",
    kill: "K",
    "no-header": "H",
    "no-queues": "Q",
    oneline: "O",
    sctp: "S",
    mptcp: "M",
    context: "Z",
    contexts: "z",
    "bound-inactive": "B",
    tos: "unsimulated",
    cgroup: "unsimulated",
    tipc: "unsimulated",
    vsock: "unsimulated",
    xdp: "unsimulated",
    "inet-sockopt": "unsimulated",
    tipcinfo: "unsimulated",
  },
};

const UNSIMULATED = new Set([
  "r",
  "o",
  "e",
  "m",
  "i",
  "T",
  "b",
  "E",
  "w",
  "x",
  "0",
  "D",
  "F",
  "K",
  "Q",
  "S",
  "M",
  "Z",
  "z",
  "B",
  "unsimulated",
]);

type Settings = {
  numeric: boolean;
  processes: boolean;
  header: boolean;
  summary: boolean;
  states: readonly SocketState[] | undefined;
  protocols: Set<"tcp" | "udp">;
  /** Whether the user named what to list; otherwise the real program lists more than is here. */
  isNarrowed: boolean;
  family: 4 | 6 | undefined;
  netns: string | undefined;
};

export const ss: NetProgram = function* (sys) {
  const parsed = getopt(sys.argv.slice(1), TABLE);
  if (!parsed.ok) return yield* refuse(sys, { message: `ss: ${parsed.error}\n${usage()}`, status: 255 });
  const keys = parsed.value.options.map(({ key }) => key);
  if (keys.includes("h")) {
    yield* print(sys, usage());
    return 0;
  }
  if (keys.includes("V")) {
    yield* print(sys, "ss utility, iproute2-7.3.0\n");
    return 0;
  }
  const settings = readSettings(parsed.value.options);
  if (!settings.ok) return yield* refuse(sys, settings.error);
  const filter = parseFilter(parsed.value.operands);
  if (!filter.ok) return yield* refuse(sys, filter.error);
  const chosen = settings.value;
  if (chosen.netns !== undefined) {
    const netns = sys.netnsByPath(`${NETNS_DIRECTORY}/${chosen.netns}`);
    if (!netns.ok)
      return yield* refuse(sys, { message: `Cannot open network namespace "${chosen.netns}": ${strerror(netns.error)}\n`, status: 1 });
    sys.enterNetns(netns.value);
  }
  const sockets = sys.netns.sockets.list();
  if (chosen.summary) {
    yield* print(sys, summary(sockets));
    return 0;
  }
  const processes = sys.processes();
  // As from outside, only processes of this pid namespace can be named.
  const isVisible = ({ owner }: SocketView): boolean => owner !== undefined && processes.some(({ pid }) => pid === owner.pid);
  yield* print(sys, list(sockets, chosen, filter.value, sys.tty(1)?.columns, isVisible));
  if (!chosen.isNarrowed) yield* complain(sys, `${notSimulated("the list of Unix, netlink and packet sockets")}\n`);
  return 0;
};

function* refuse(sys: NetSys, { message, status }: FilterError): Routine<number> {
  yield* complain(sys, message);
  return status;
}

function readSettings(
  options: readonly { readonly key: string; readonly value?: string; readonly spelled: string }[],
): Result<Settings, FilterError> {
  const settings: Settings = {
    numeric: false,
    processes: false,
    header: true,
    summary: false,
    states: undefined,
    protocols: new Set(),
    isNarrowed: false,
    family: undefined,
    netns: undefined,
  };
  for (const { key, value = "", spelled } of options) {
    if (UNSIMULATED.has(key)) return fail({ message: `${notSimulated(`ss's option ${spelled}`)}\n`, status: 1 });
    switch (key) {
      case "n":
        settings.numeric = true;
        break;
      case "p":
        settings.processes = true;
        break;
      case "H":
        settings.header = false;
        break;
      case "s":
        settings.summary = true;
        break;
      case "a":
        settings.states = ALL_STATES;
        break;
      case "l":
        settings.states = LISTENING;
        break;
      case "t":
      case "u":
        settings.protocols.add(key === "t" ? "tcp" : "udp");
        settings.isNarrowed = true;
        break;
      case "4":
      case "6":
        settings.family = key === "4" ? 4 : 6;
        settings.isNarrowed = true;
        break;
      case "f":
        if (value !== "inet" && value !== "inet6")
          return fail({
            message: ["unix", "link", "netlink", "vsock", "tipc", "xdp"].includes(value)
              ? `${notSimulated(`the family ${value} of ss`)}\n`
              : `ss: "${value}" is invalid family\n${usage()}`,
            status: 255,
          });
        settings.family = value === "inet" ? 4 : 6;
        settings.isNarrowed = true;
        break;
      case "A": {
        const tables = readTables(value);
        if (!tables.ok) return tables;
        for (const table of tables.value) settings.protocols.add(table);
        settings.isNarrowed = true;
        break;
      }
      case "N":
        settings.netns = value;
        break;
    }
  }
  return ok(settings);
}

function readTables(text: string): Result<readonly ("tcp" | "udp")[], FilterError> {
  const tables: ("tcp" | "udp")[] = [];
  for (const name of text.split(",")) {
    if (name === "all" || name === "inet") tables.push("tcp", "udp");
    else if (name === "tcp" || name === "udp") tables.push(name);
    else if (KNOWN_TABLES.includes(name)) return fail({ message: `${notSimulated(`ss's socket table ${name}`)}\n`, status: 1 });
    else return fail({ message: `ss: "${name}" is illegal socket table id\n${usage()}`, status: 255 });
  }
  return ok(tables);
}

const KNOWN_TABLES: readonly string[] = [
  "mptcp",
  "raw",
  "unix",
  "unix_dgram",
  "unix_stream",
  "unix_seqpacket",
  "packet",
  "packet_raw",
  "packet_dgram",
  "netlink",
  "sctp",
  "vsock",
  "vsock_stream",
  "vsock_dgram",
  "tipc",
  "xdp",
  "u_str",
  "u_dgr",
  "u_seq",
];

const COLUMNS = {
  netid: { title: "Netid", align: "left", before: "" },
  state: { title: "State", align: "left", before: " " },
  receive: { title: "Recv-Q", align: "left", before: " " },
  send: { title: "Send-Q", align: "left", before: " " },
  local: { title: "Local Address:", align: "right", before: " " },
  localPort: { title: "Port", align: "left", before: "" },
  peer: { title: "Peer Address:", align: "right", before: " " },
  peerPort: { title: "Port", align: "left", before: "" },
  process: { title: "Process", align: "left", before: "" },
} as const satisfies Record<string, Column>;

type ColumnName = keyof typeof COLUMNS;

function list(
  sockets: readonly SocketView[],
  settings: Settings,
  filter: Filter,
  terminalWidth: number | undefined,
  isVisible: (socket: SocketView) => boolean,
): string {
  const protocols = settings.protocols.size > 0 ? settings.protocols : new Set<"tcp" | "udp">(["tcp", "udp"]);
  const statesOf = (protocol: "tcp" | "udp"): readonly SocketState[] =>
    filter.states ?? settings.states ?? (protocol === "tcp" ? CONNECTED : ["ESTAB"]);
  const wanted = sockets.filter(
    (socket) =>
      protocols.has(socket.protocol) &&
      statesOf(socket.protocol).includes(stateOf(socket)) &&
      (settings.family === undefined || familyOf(socket.local.address) === settings.family) &&
      filter.test(socket),
  );
  // Those of one protocol and family stand together.
  const rank = (socket: SocketView): number => (socket.protocol === "udp" ? 0 : 2) + (familyOf(socket.local.address) === 4 ? 0 : 1);
  const sorted = [...wanted].sort((a, b) => rank(a) - rank(b));

  const showsState = new Set([...protocols].flatMap(statesOf)).size > 1;
  const names: ColumnName[] = [
    ...(protocols.size > 1 ? ["netid" as const] : []),
    ...(showsState ? ["state" as const] : []),
    "receive",
    "send",
    "local",
    "localPort",
    "peer",
    "peerPort",
    ...(settings.processes ? ["process" as const] : []),
  ];
  const header: Cells = names.map((name) => COLUMNS[name].title);
  const rows = sorted.map((socket) => {
    const cells = cellsOf(socket, settings.numeric, isVisible(socket));
    return names.map((name) => cells[name]);
  });
  return renderTable(
    names.map((name) => COLUMNS[name]),
    settings.header ? [header, ...rows] : rows,
    terminalWidth,
  );
}

/** UDP knows only connected and not. */
function stateOf(socket: SocketView): SocketState {
  return socket.state === "UNCONN" ? "CLOSED" : socket.state;
}

function cellsOf(socket: SocketView, numeric: boolean, isVisible: boolean): Readonly<Record<ColumnName, string>> {
  const { protocol, state, local, remote, receiveQueue, sendQueue, owner } = socket;
  return {
    netid: protocol,
    state,
    receive: String(receiveQueue).padEnd(6),
    send: String(sendQueue).padEnd(6),
    local: `${addressText(local, socket)}:`,
    localPort: portText(local.port, protocol, numeric),
    peer: `${remote ? addressText(remote, socket) : wildcardText(socket)}:`,
    peerPort: remote ? portText(remote.port, protocol, numeric) : "*",
    process: owner && isVisible ? ` users:(("${owner.name}",pid=${owner.pid},fd=${owner.fd ?? 3}))` : "",
  };
}

function addressText({ address }: SocketAddress, socket: SocketView): string {
  if (address === "::") return wildcardText(socket);
  return address.includes(":") ? `[${address}]` : address;
}

/** A socket for both families is shown as `*`. */
function wildcardText({ local, isV6Only }: SocketView): string {
  if (familyOf(local.address) === 4) return "0.0.0.0";
  // One that is bound to an IPv6 address cannot have IPv4 peers.
  return isV6Only || local.address !== "::" ? "[::]" : "*";
}

function portText(port: number, protocol: "tcp" | "udp", numeric: boolean): string {
  if (port === 0) return "*";
  return (numeric ? undefined : serviceName(port, protocol)) ?? String(port);
}

function summary(sockets: readonly SocketView[]): string {
  const tcp = sockets.filter(({ protocol }) => protocol === "tcp");
  const udp = sockets.filter(({ protocol }) => protocol === "udp");
  const count = (state: string): number => tcp.filter((socket) => socket.state === state).length;
  const waiting = count("TIME-WAIT");
  const open = tcp.filter(({ state }) => state !== "TIME-WAIT");
  const row = (name: string, of: readonly SocketView[]): string => {
    const v4 = of.filter(({ local }) => familyOf(local.address) === 4).length;
    return `${name}\t  ${String(of.length).padEnd(9)} ${String(v4).padEnd(9)} ${String(of.length - v4).padEnd(9)}\n`;
  };
  return [
    `Total: ${open.length + udp.length}\n`,
    `TCP:   ${tcp.length} (estab ${count("ESTAB")}, closed ${waiting}, orphaned 0, timewait ${waiting})\n\n`,
    "Transport Total     IP        IPv6\n",
    row("RAW", []),
    row("UDP", udp),
    row("TCP", open),
    row("INET", [...udp, ...open]),
    row("FRAG", []),
    "\n",
  ].join("");
}

function usage(): string {
  return `Usage: ss [ OPTIONS ]\n       ss [ OPTIONS ] [ FILTER ]\n${notSimulated("the rest of this help text")}\n`;
}
