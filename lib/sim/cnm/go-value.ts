/**
 * Values in options, read as Go's strconv, net and net/netip read them, with their complaints.
 *
 * Every `-o name=value` of a bridge network goes through here: what Docker accepts as a number, a bool or an address is
 * what Go's standard library accepts.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { bitsOf, type Ip, isV4, parseIp, parseIpv4, type Prefix, v4ToNumber } from "@/lib/sim/net/address";

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** strconv.ParseBool. The error is its sentence. */
export function parseBool(text: string): Result<boolean, string> {
  if (TRUE.has(text)) return ok(true);
  if (FALSE.has(text)) return ok(false);
  return fail(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const MAX_INT = 9_223_372_036_854_775_807n;

/** strconv.Atoi on a 64-bit machine. The error is its sentence. */
export function atoi(text: string): Result<number, string> {
  if (!/^[+-]?\d+$/.test(text)) return fail(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = BigInt(text.replace(/^\+/, ""));
  if (value > MAX_INT || value < -MAX_INT - 1n) return fail(`strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
  return ok(Number(value));
}

/** net.ParseIP: an IPv4 address in IPv6's clothes (`::ffff:10.0.0.1`) is that IPv4 address. */
export function parseGoIp(text: string): Ip | undefined {
  const address = parseIp(text);
  return address && unmapped(address);
}

/** netip.ParsePrefix: the length is a decimal number without leading zeros or a sign. */
export function parseGoPrefix(text: string): Prefix | undefined {
  const slash = text.lastIndexOf("/");
  if (slash < 0) return undefined;
  const address = parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (!address || !/^(0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const length = Number(digits);
  return length <= bitsOf(address) ? { address, length } : undefined;
}

/** Whether an address is 0.0.0.0 or ::. */
export function isUnspecified(address: Ip): boolean {
  return isV4(address) ? v4ToNumber(address) === 0 : address === "::";
}

function unmapped(address: Ip): Ip {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (!mapped) return address;
  const [high, low] = [Number.parseInt(mapped[1] ?? "", 16), Number.parseInt(mapped[2] ?? "", 16)];
  return parseIpv4([high >> 8, high & 255, low >> 8, low & 255].join(".")) ?? address;
}
