/** Words that routes are made of, read and written: tables, protocols, scopes, types (lib/rt_names.c, /etc/iproute2/rt_*). */

import { ok } from "@/lib/base/result";
import { ANY_V4, ANY_V6, type Family, familyOf, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import type { RouteTable, RouteType, RouteView, Scope } from "@/lib/sim/kernel";
import { type Checked, failed, invalid } from "./outcome";

const TYPES = {
  unicast: 1,
  local: 2,
  broadcast: 3,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
} as const satisfies Record<RouteType, number>;

export function readType(word: string): RouteType | undefined {
  return ROUTE_TYPES.find((name) => name === word);
}

export function typeText(type: RouteType, numeric: boolean): string {
  return numeric ? String(TYPES[type]) : type;
}

const ROUTE_TYPES: readonly RouteType[] = ["unicast", "local", "broadcast", "multicast", "unreachable", "blackhole", "prohibit", "throw"];

const PROTOCOLS = { redirect: 1, kernel: 2, boot: 3, static: 4, ra: 9, dhcp: 16 } as const satisfies Record<RouteView["protocol"], number>;
const SCOPES = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const satisfies Record<Scope, number>;

export function protocolText(protocol: RouteView["protocol"], numeric: boolean): string {
  return numeric ? String(PROTOCOLS[protocol]) : protocol;
}

export function scopeText(scope: Scope, numeric: boolean): string {
  return numeric ? String(SCOPES[scope]) : scope;
}

export function readProtocol(text: string): Checked<RouteView["protocol"]> {
  const found = protocols().find((name) => name === text || String(PROTOCOLS[name]) === text);
  return found ? ok(found) : invalid(text, '"protocol" value is invalid\n');
}

function protocols(): readonly RouteView["protocol"][] {
  return ["redirect", "kernel", "boot", "static", "ra", "dhcp"];
}

export function readScope(text: string): Checked<Scope> {
  const names: readonly Scope[] = ["global", "site", "link", "host", "nowhere"];
  const found = names.find((name) => name === text || String(SCOPES[name]) === text);
  return found ? ok(found) : invalid(text, 'invalid "scope" value\n');
}

/** `all` only where it makes sense. */
export function readTable(text: string): Checked<RouteTable> {
  if (text === "main" || text === "254") return ok("main");
  if (text === "local" || text === "255") return ok("local");
  if (text === "default" || text === "253") return ok("default");
  return /^\d+$/.test(text) ? ok(Number(text)) : invalid(text, '"table" value is invalid\n');
}

/** `default`, `10.0.0.0/8`, `10.0.0.1`. */
export function readDestination(text: string, family: Family | undefined): Checked<Prefix> {
  if (text === "default" || text === "any" || text === "all") {
    return ok(family === 6 ? anywhere(6) : anywhere(4));
  }
  const address = parseIp(text);
  const prefix = parsePrefix(text) ?? (address && { address, length: familyOf(address) === 4 ? 32 : 128 });
  if (prefix && (family === undefined || familyOf(prefix.address) === family)) return ok(prefix);
  return failed(`Error: ${familyWords(family)} prefix is expected rather than "${text}".`, 1);
}

export function familyWords(family: Family | undefined): string {
  return family === 4 ? "inet" : family === 6 ? "inet6" : "any valid";
}

export function anywhere(family: Family): Prefix {
  return { address: family === 4 ? ANY_V4 : ANY_V6, length: 0 };
}

/** `default`, a host without its length, or a network. */
export function destinationText({ address, length }: Prefix): string {
  if (length === 0) return "default";
  return length === (familyOf(address) === 4 ? 32 : 128) ? address : `${address}/${length}`;
}
