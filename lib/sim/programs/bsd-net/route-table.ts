/** The IPv4 routing table as `route` and `netstat -r` show and change it (/proc/net/route, SIOCADDRT). */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import { ANY_V4, type Ipv4, isV4, netmask, networkOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import type { Netns, NewRoute, RouteView } from "@/lib/sim/kernel";
import { classLength, maskLength } from "./interfaces";

export type RouteRow = {
  readonly destination: string;
  /** `0.0.0.0` without one. */
  readonly gateway: string;
  readonly genmask: string;
  readonly flags: string;
  readonly metric: number;
  readonly mss: number;
  /** Undefined: a route that leads nowhere. */
  readonly device: string | undefined;
  /** Nowhere, and senders are told. */
  readonly isReject: boolean;
};

export function routeRows({ links }: Netns): readonly RouteRow[] {
  return links.routes(4, "main").map((route) => ({
    destination: route.destination.address,
    gateway: route.gateway ?? "0.0.0.0",
    genmask: netmask(route.destination.length),
    flags: flagsOf(route),
    metric: route.metric,
    mss: 0,
    device: route.link === undefined ? undefined : links.link(route.link)?.name,
    isReject: isReject(route),
  }));
}

function isReject({ type }: RouteView): boolean {
  return type === "unreachable" || type === "prohibit";
}

function flagsOf(route: RouteView): string {
  const { gateway, destination } = route;
  if (isReject(route)) return "!";
  return `U${gateway === undefined ? "" : "G"}${destination.length === 32 ? "H" : ""}`;
}

/** `4` MSS, `window` and `irtt` in place of metric, references and use: `-e` of route, and netstat. */
export function routeLine(
  row: RouteRow,
  style: "metric" | "mss",
  texts: { readonly destination: string; readonly gateway: string; readonly device: string },
  nowhere?: "-",
): string {
  const { destination, gateway, device } = texts;
  const head = `${destination.padEnd(15)} ${gateway.padEnd(15)} ${row.genmask.padEnd(15)} ${row.flags.padEnd(5)} `;
  const isNowhere = row.isReject && nowhere !== undefined;
  if (style === "metric")
    return `${head}${String(row.metric).padEnd(6)} ${(isNowhere ? "-" : "0").padEnd(2)} ${"0".padStart(7)} ${device}\n`;
  const zero = isNowhere ? "-" : "0";
  return `${head}${zero.padStart(5)} ${zero.padEnd(5)} ${zero.padStart(6)} ${device}\n`;
}

export const ROUTE_HEADER = "Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n";
export const ROUTE_MSS_HEADER = "Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n";

export type RouteError =
  | { readonly kind: "usage" }
  | { readonly kind: "unknown-host"; readonly word: string }
  | { readonly kind: "mask-mismatch" }
  /** Ones that are not together. */
  | { readonly kind: "bogus-netmask"; readonly word: string }
  /** A mask for what is a host; `wildcard` is the mask turned round, as eight hexadecimal digits. */
  | { readonly kind: "host-mask"; readonly wildcard: string }
  | { readonly kind: "no-device"; readonly name: string }
  | { readonly kind: "ioctl"; readonly call: "SIOCADDRT" | "SIOCDELRT"; readonly errno: Errno }
  | { readonly kind: "not-simulated"; readonly word: string };

/** `[-net|-host] TARGET [netmask M] [gw G] [metric N] [reject] [[dev] IF]` */
export function changeRoute(verb: "add" | "del", words: readonly string[], netns: Netns): Result<void, RouteError> {
  const call = verb === "add" ? "SIOCADDRT" : "SIOCDELRT";
  let rest = [...words];
  let kind: "net" | "host" | undefined;
  if (rest[0] === "-net" || rest[0] === "-host") kind = rest.shift() === "-net" ? "net" : "host";
  const target = rest.shift();
  if (target === undefined) return fail({ kind: "usage" });
  let [mask, gateway, metric, device, isReject]: [string | undefined, Ipv4 | undefined, number, string | undefined, boolean] = [
    undefined,
    undefined,
    0,
    undefined,
    false,
  ];
  while (rest.length > 0) {
    const word = rest.shift() ?? "";
    switch (word) {
      case "netmask":
      case "gw":
      case "gateway":
      case "metric":
      case "dev":
      case "device": {
        const value = rest.shift();
        if (value === undefined) return fail({ kind: "usage" });
        if (word === "netmask") mask = value;
        else if (word === "metric") {
          if (!/^\d+$/.test(value)) return fail({ kind: "usage" });
          metric = Number(value);
        } else if (word === "dev" || word === "device") device = value;
        else {
          const address = parseIp(value);
          if (!address || !isV4(address)) return fail({ kind: "unknown-host", word: value });
          gateway = address;
        }
        break;
      }
      case "reject":
        isReject = true;
        break;
      case "mss":
      case "window":
      case "irtt":
      case "mod":
      case "dyn":
      case "reinstate":
        return fail({ kind: "not-simulated", word });
      default:
        if (device !== undefined) return fail({ kind: "usage" });
        device = word;
    }
  }
  const destination = readTarget(target, kind, mask);
  if (!destination.ok) return destination;
  const link = device === undefined ? undefined : netns.links.linkByName(device);
  if (device !== undefined && !link) return fail({ kind: "ioctl", call, errno: "ENODEV" });
  const route: NewRoute = {
    destination: destination.value,
    ...(gateway ? { gateway } : {}),
    ...(link ? { link: link.index } : {}),
    ...(metric > 0 ? { metric } : {}),
    ...(isReject ? { type: "unreachable" as const } : {}),
  };
  rest = [];
  const done = verb === "add" ? netns.links.addRoute(route) : netns.links.deleteRoute(route);
  return done.ok ? ok(undefined) : fail({ kind: "ioctl", call, errno: done.error.errno });
}

function readTarget(target: string, kind: "net" | "host" | undefined, mask: string | undefined): Result<Prefix, RouteError> {
  if (target === "default") return ok({ address: ANY_V4, length: 0 });
  const written = parsePrefix(target);
  const address = written?.address ?? parseIp(target);
  if (!address || !isV4(address)) return fail({ kind: "unknown-host", word: target });
  if (mask !== undefined && !parseIp(mask)) return fail({ kind: "unknown-host", word: mask });
  const given = mask === undefined ? undefined : maskLength(mask);
  const length = written?.length ?? given;
  const isNetwork = kind === "net" || (kind === undefined && isClassNetwork(address));
  if (!isNetwork && length !== undefined && length < 32)
    return fail({ kind: "host-mask", wildcard: (2 ** (32 - length) - 1).toString(16).padStart(8, "0") });
  if (mask !== undefined && given === undefined) return fail({ kind: "bogus-netmask", word: mask });
  const prefix = { address, length: length ?? (isNetwork ? classLength(address) : 32) };
  return networkOf(prefix).address === address ? ok(prefix) : fail({ kind: "mask-mismatch" });
}

/** No host of its class's network: `10.0.0.0`, but not `10.9.0.0`. */
function isClassNetwork(address: Ipv4): boolean {
  return networkOf({ address, length: classLength(address) }).address === address;
}
