/** busybox's `netstat` (networking/netstat.c). Unix sockets are not simulated: their list is empty, as it is in most containers. */

import { print } from "@/lib/sim/core/stdio";
import type { NetProgram } from "@/lib/sim/kernel";
import { hostNames } from "../bsd-net/names";
import { endText, socketRows, titleOf } from "../bsd-net/socket-list";
import { getopt } from "../command/getopt";
import { notHere, sayAndStop, showUsage } from "./busybox";
import { routeTableText } from "./route";

const USAGE = `netstat [-ral] [-tuwx] [-en]

Display networking information

	-r	Routing table
	-a	All sockets
	-l	Listening sockets
		Else: connected sockets
	-t	TCP sockets
	-u	UDP sockets
	-w	Raw sockets
	-x	Unix sockets
		Else: all socket types
	-e	Other/more information
	-n	Don't resolve names`;

export const netstat: NetProgram = function* (sys) {
  const parsed = getopt(sys.argv.slice(1), { short: "laentuwxr" });
  if (!parsed.ok) return yield* showUsage(sys, USAGE, `netstat: ${parsed.error}\n`);
  const keys = parsed.value.options.map(({ key }) => key);
  const has = (key: string): boolean => keys.includes(key);
  if (has("r")) {
    yield* print(sys, routeTableText(sys.netns, { numeric: has("n"), withMss: true }));
    return 0;
  }
  if (has("e")) return yield* sayAndStop(sys, "netstat", notHere("netstat -e"));
  const choosesKind = has("t") || has("u") || has("w") || has("x");
  const which = has("a") ? "all" : has("l") ? "listening" : "connected";
  const names = { numericHosts: has("n"), numericPorts: has("n"), hostName: hostNames(sys), any: "::" } as const;
  if (!choosesKind || has("t") || has("u") || has("w")) {
    yield* print(
      sys,
      `Active Internet connections (${titleOf(which)})\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n`,
    );
    const rows = socketRows(sys.netns.sockets.list(), { tcp: !choosesKind || has("t"), udp: !choosesKind || has("u"), which });
    for (const row of rows) {
      const ends = [endText(row.local, row, names), endText(row.remote, row, names)].map((end) => end.padEnd(23)).join(" ");
      yield* print(
        sys,
        `${row.protocol}   ${String(row.receiveQueue).padStart(6)} ${String(row.sendQueue).padStart(6)} ${ends} ${row.state.padEnd(12)}\n`,
      );
    }
  }
  if (!choosesKind || has("x")) {
    yield* print(sys, `Active UNIX domain sockets (${titleOf(which)})\nProto RefCnt Flags       Type       State         I-Node Path\n`);
  }
  return 0;
};
