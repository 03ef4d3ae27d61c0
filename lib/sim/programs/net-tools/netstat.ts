/** net-tools' `netstat` (netstat.c). Statistics, groups, timers and inode numbers are not simulated, nor are Unix sockets. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { interfaces } from "../bsd-net/interfaces";
import { hostNames } from "../bsd-net/names";
import { endText, type SocketChoice, type SocketRow, socketRows, titleOf } from "../bsd-net/socket-list";
import { getopt } from "../command/getopt";
import { interfaceTable, interfaceText } from "./interface-text";
import { routeTableText } from "./route";
import { NETSTAT_USAGE } from "./usage";
import { showUsage, versionText } from "./words";

const LONG = {
  version: "V",
  interfaces: "i",
  help: "h",
  route: "r",
  statistics: "s",
  numeric: "n",
  "numeric-hosts": "hosts",
  "numeric-ports": "ports",
  "numeric-users": "users",
  symbolic: "N",
  extend: "e",
  programs: "p",
  verbose: "v",
  timers: "o",
  continuous: "c",
  listening: "l",
  all: "a",
  protocol: "A:",
  tcp: "t",
  udp: "u",
  udplite: "U",
  sctp: "S",
  raw: "w",
  unix: "x",
  groups: "g",
  masquerade: "M",
  fib: "F",
  cache: "C",
  wide: "W",
  inet: "4",
  ip: "4",
  inet6: "6",
  context: "Z",
};

const AUTHORS = "Fred Baumgarten, Alan Cox, Bernd Eckenfels, Phil Blundell, Tuan Hoang, Brian Micek and others";

export const netstat: NetProgram = function* (sys) {
  const parsed = getopt(sys.argv.slice(1), { short: "A:CFMacdeghilnNoprstuUSWVv?wx64Z", long: LONG });
  if (!parsed.ok) {
    yield* complain(sys, `netstat: ${parsed.error}\n`);
    yield* showUsage(sys, NETSTAT_USAGE, "stderr");
    return 3;
  }
  const keys = new Set(parsed.value.options.map(({ key }) => key));
  const has = (...any: readonly string[]): boolean => any.some((key) => keys.has(key));
  for (const { key, value } of parsed.value.options) if (key === "A") keys.add(value === "inet6" ? "6" : value === "unix" ? "x" : "4");
  if (has("V")) {
    yield* print(sys, versionText([AUTHORS, "+NEW_ADDRT +RTF_IRTT +RTF_REJECT +FW_MASQUERADE +I18N +SELINUX"], "HW:  "));
    return 0;
  }
  if (has("h", "?")) {
    yield* showUsage(sys, NETSTAT_USAGE, "stderr");
    return 0;
  }
  if (has("M")) {
    yield* complain(sys, "netstat: no support for `ip_masquerade' on this system.\n");
    return 1;
  }
  const absent = ["s", "g", "o", "c", "Z", ...(has("i", "r") ? [] : ["e"]), ...(has("r") ? ["6"] : [])].find((key) => has(key));
  if (absent !== undefined) {
    yield* complain(sys, `${notSimulated(`netstat -${has("r") ? "r" : ""}${absent}`)}\n`);
    return 1;
  }
  if (has("r")) {
    yield* print(sys, routeTableText(sys, { numeric: has("n"), style: has("e") ? "metric" : "mss" }));
    return 0;
  }
  if (has("i")) {
    const shown = interfaces(sys.netns).filter(({ link }) => has("a") || link.isUp);
    yield* print(sys, `Kernel Interface table\n${has("e") ? shown.map(interfaceText).join("") : interfaceTable(shown, "netstat")}`);
    return 0;
  }
  const choosesKind = has("t", "u", "U", "S", "w", "x");
  const choosesFamily = has("4", "6");
  const which = has("a") ? "all" : has("l") ? "listening" : "connected";
  if (has("t", "u", "U", "S", "w") || !choosesKind) {
    const family = has("4") === has("6") ? undefined : has("4") ? 4 : 6;
    yield* print(
      sys,
      socketTable(
        sys,
        { tcp: has("t") || !choosesKind, udp: has("u") || !choosesKind, which, ...(family === undefined ? {} : { family }) },
        has,
      ),
    );
  }
  if (has("x") || (!choosesKind && !choosesFamily)) {
    yield* print(
      sys,
      `Active UNIX domain sockets (${titleOf(which)})\nProto RefCnt Flags       Type       State         I-Node   ${has("p") ? "PID/Program name     " : ""}Path\n`,
    );
  }
  if (has("p") && sys.user.uid !== 0)
    yield* complain(sys, `(No info could be read for "-p": geteuid()=${sys.user.uid} but you should be root.)\n`);
  return 0;
};

function socketTable(sys: NetSys, choice: SocketChoice, has: (...keys: readonly string[]) => boolean): string {
  const withProgram = has("p");
  const header = `Proto Recv-Q Send-Q Local Address           Foreign Address         State      ${withProgram ? " PID/Program name    " : ""}\n`;
  const hostName = has("n", "hosts") ? () => undefined : hostNames(sys);
  const visible = new Set(sys.user.uid === 0 ? sys.processes().map(({ pid }) => pid) : []);
  const program = ({ socket: { owner } }: SocketRow): string => (owner && visible.has(owner.pid) ? `${owner.pid}/${owner.name}` : "-");
  const lines = socketRows(sys.netns.sockets.list(), choice).map((row) => {
    const ends = [row.local, row.remote].map((end) => {
      const text = endText(end, row, {
        numericHosts: has("n", "hosts"),
        numericPorts: has("n", "ports"),
        hostName,
        any: has("n", "hosts") ? "::" : "[::]",
      });
      return (has("W") ? text : cut(text)).padEnd(23);
    });
    const queues = `${String(row.receiveQueue).padStart(6)} ${String(row.sendQueue).padStart(6)}`;
    return `${`${row.protocol}${row.isV6 ? "6" : ""}`.padEnd(4)}  ${queues} ${ends.join(" ")} ${row.state.padEnd(11)}${withProgram ? ` ${program(row).slice(0, 19).padEnd(19)} ` : ""}\n`;
  });
  return `Active Internet connections (${titleOf(choice.which)})\n${header}${lines.join("")}`;
}

/** What does not fit loses the end of its address, not its port. */
function cut(text: string): string {
  const at = text.lastIndexOf(":");
  const [host, port] = [text.slice(0, at), text.slice(at + 1)];
  return host.length + port.length > 22 ? `${host.slice(0, 22 - port.length)}:${port}` : text;
}
