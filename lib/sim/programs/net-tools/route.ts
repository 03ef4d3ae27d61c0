/** net-tools' `route` (route.c, lib/inet_sr.c). IPv6 tables are not shown. */

import { strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { hostNames } from "../bsd-net/names";
import { changeRoute, ROUTE_HEADER, ROUTE_MSS_HEADER, type RouteError, routeLine, routeRows } from "../bsd-net/route-table";
import { getopt } from "../command/getopt";
import { ROUTE_CHANGE_USAGE, ROUTE_USAGE } from "./usage";
import { showUsage, versionText } from "./words";

const LONG = {
  extend: "e",
  verbose: "v",
  version: "V",
  numeric: "n",
  symbolic: "N",
  protocol: "A:",
  cache: "C",
  fib: "F",
  help: "h",
  inet: "4",
  inet6: "6",
};

export const route: NetProgram = function* (sys) {
  const words = sys.argv.slice(1);
  // `-net` and `-host` belong to what is added, not to the options.
  const parsed = getopt(words, { short: "A:eCFhnN64Vv?", long: LONG, stopsAtOperand: true });
  if (!parsed.ok) {
    yield* complain(sys, `route: ${parsed.error}\n`);
    yield* showUsage(sys, ROUTE_USAGE, "stdout");
    return 0;
  }
  const { options, operands } = parsed.value;
  const count = (key: string): number => options.filter((option) => option.key === key).length;
  if (count("V") > 0) {
    yield* print(sys, versionText(["+NEW_ADDRT +RTF_IRTT +RTF_REJECT +I18N +SELINUX"], "HW:  "));
    return 0;
  }
  if (count("h") > 0 || count("?") > 0) {
    yield* showUsage(sys, ROUTE_USAGE, "stdout");
    return 0;
  }
  if (count("6") > 0 || options.some(({ key, value }) => key === "A" && value === "inet6")) {
    yield* complain(sys, `${notSimulated("route for IPv6")}\n`);
    return 1;
  }
  const [verb, ...rest] = operands;
  switch (verb) {
    case undefined:
      yield* print(
        sys,
        routeTableText(sys, { numeric: count("n") > 0, style: count("e") === 0 ? "metric" : count("e") === 1 ? "mss" : "all" }),
      );
      return 0;
    case "add":
    case "del":
    case "delete": {
      const done = changeRoute(verb === "add" ? "add" : "del", rest, sys.netns);
      return done.ok ? 0 : yield* explain(sys, done.error, rest.length === 0);
    }
    case "flush":
      yield* complain(sys, `Flushing \`inet' routing table not supported\n${ROUTE_CHANGE_USAGE}`);
      return 3;
    default:
      yield* showUsage(sys, ROUTE_USAGE, "stderr");
      return 3;
  }
};

/** Also `netstat -r`. */
export function routeTableText(
  sys: NetSys,
  { numeric, style }: { readonly numeric: boolean; readonly style: "metric" | "mss" | "all" },
): string {
  const nameOf = hostNames(sys);
  const header =
    style === "mss" ? ROUTE_MSS_HEADER : style === "metric" ? ROUTE_HEADER : `${ROUTE_HEADER.trimEnd()}    MSS   Window irtt\n`;
  const lines = routeRows(sys.netns).map((row) => {
    const isNowhere = row.isReject;
    const texts = {
      destination: numeric ? row.destination : row.destination === "0.0.0.0" ? "default" : (nameOf(row.destination) ?? row.destination),
      gateway: isNowhere ? "-" : numeric ? row.gateway : (nameOf(row.gateway) ?? row.gateway),
      device: row.device ?? (isNowhere ? "-" : "*"),
    };
    if (style !== "all") return routeLine(row, style, texts, "-");
    const zero = isNowhere ? "-" : "0";
    return routeLine(
      row,
      "metric",
      { ...texts, device: `${texts.device.slice(0, 6).padEnd(6)}   ${zero.padEnd(5)} ${zero.padEnd(6)} ${zero}` },
      "-",
    );
  });
  return header + lines.join("");
}

function* explain(sys: NetSys, error: RouteError, isBare: boolean): Routine<number> {
  switch (error.kind) {
    case "usage":
      if (isBare) {
        yield* print(sys, ROUTE_CHANGE_USAGE);
        return 0;
      }
      yield* complain(sys, ROUTE_CHANGE_USAGE);
      return 3;
    case "unknown-host":
      yield* complain(sys, `${error.word}: Unknown host\n`);
      return 6;
    case "host-mask":
      yield* complain(sys, `route: netmask ${error.wildcard} doesn't make sense with host route\n${ROUTE_CHANGE_USAGE}`);
      return 3;
    case "bogus-netmask":
      yield* complain(sys, `route: bogus netmask ${error.word}\n${ROUTE_CHANGE_USAGE}`);
      return 3;
    case "mask-mismatch":
      yield* complain(sys, `route: netmask doesn't match route address\n${ROUTE_CHANGE_USAGE}`);
      return 3;
    case "no-device":
      yield* complain(sys, `SIOCADDRT: ${strerror("ENODEV")}\n`);
      return 7;
    case "ioctl":
      yield* complain(sys, `${error.call}: ${strerror(error.errno)}\n`);
      return 7;
    case "not-simulated":
      yield* complain(sys, `${notSimulated(`route's option ${error.word}`)}\n`);
      return 1;
  }
}
