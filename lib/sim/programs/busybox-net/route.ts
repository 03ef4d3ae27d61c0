/** busybox's `route` (networking/route.c). IPv6 tables are not shown. */

import { strerror } from "@/lib/sim/core/errno";
import { print } from "@/lib/sim/core/stdio";
import type { NetProgram } from "@/lib/sim/kernel";
import { changeRoute, ROUTE_HEADER, ROUTE_MSS_HEADER, type RouteError, routeLine, routeRows } from "../bsd-net/route-table";
import { getopt } from "../command/getopt";
import { type Failure, notHere, sayAndStop, showUsage } from "./busybox";

const USAGE = `route [-ne] [-A inet[6]] [{add|del} [-net|-host] TARGET [netmask MASK]
	[gw GATEWAY] [metric N] [mss BYTES] [window BYTES] [reject] [IFACE]]

Show or edit kernel routing tables

	-n	Don't resolve names
	-e	Display other/more information
	-A inet[6]	Select address family`;

export const route: NetProgram = function* (sys) {
  const words = sys.argv.slice(1);
  // `-net` and `-host` belong to what is added, not to the options.
  const verbAt = words.findIndex((word) => word === "add" || word === "del" || word === "delete");
  const parsed = getopt(verbAt < 0 ? words : words.slice(0, verbAt), { short: "A:ne", stopsAtOperand: true });
  if (!parsed.ok) return yield* showUsage(sys, USAGE, `route: ${parsed.error}\n`);
  const keys = parsed.value.options.map(({ key }) => key);
  const family = parsed.value.options.find(({ key }) => key === "A")?.value;
  if (family === "inet6") return yield* sayAndStop(sys, "route", notHere("route -A inet6"));
  if (parsed.value.operands.length > 0) return yield* showUsage(sys, USAGE);
  if (verbAt >= 0) {
    const verb = words[verbAt] === "add" ? "add" : "del";
    const done = changeRoute(verb, words.slice(verbAt + 1), sys.netns);
    if (done.ok) return 0;
    return done.error.kind === "usage" ? yield* showUsage(sys, USAGE) : yield* sayAndStop(sys, "route", wordsFor(done.error));
  }
  yield* print(sys, routeTableText(sys.netns, { numeric: keys.includes("n"), withMss: keys.includes("e") }));
  return 0;
};

/** Also `netstat -r`. */
export function routeTableText(
  netns: Parameters<typeof routeRows>[0],
  { numeric, withMss }: { readonly numeric: boolean; readonly withMss: boolean },
): string {
  const lines = routeRows(netns).map((row) =>
    routeLine(row, withMss ? "mss" : "metric", {
      destination: !numeric && row.destination === "0.0.0.0" ? "default" : row.destination,
      gateway: !numeric && row.gateway === "0.0.0.0" ? "*" : row.gateway,
      device: row.device ?? "*",
    }),
  );
  return (withMss ? ROUTE_MSS_HEADER : ROUTE_HEADER) + lines.join("");
}

function wordsFor(error: Exclude<RouteError, { readonly kind: "usage" }>): Failure {
  switch (error.kind) {
    case "unknown-host":
      return { message: `resolving ${error.word}`, status: 1 };
    case "mask-mismatch":
      return { message: "netmask and route address conflict", status: 1 };
    case "bogus-netmask":
      return { message: `bogus netmask ${error.word}`, status: 1 };
    case "host-mask":
      return { message: `netmask ${error.wildcard} and host route conflict`, status: 1 };
    case "no-device":
      return { message: `SIOCADDRT: ${strerror("ENODEV")}`, status: 1 };
    case "ioctl":
      return { message: `${error.call}: ${strerror(error.errno)}`, status: 1 };
    case "not-simulated":
      return notHere(`route's option ${error.word}`);
  }
}
