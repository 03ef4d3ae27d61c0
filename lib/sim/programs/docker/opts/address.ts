/**
 * IP and MAC addresses as Go's package net reads them, for flags that the CLI checks itself. Follows net.ParseIP, net.ParseCIDR
 * and net.ParseMAC. (The simulator's own addresses, lib/sim/net, are the kernel's; `docker` knows only text.)
 */

/** The 4 or 16 bytes of an address, or undefined. An IPv4-mapped IPv6 address counts as IPv4. */
export function parseIp(text: string): readonly number[] | undefined {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  if (bytes?.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff)
    return bytes.slice(12);
  return bytes;
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function parseIpv6(text: string): readonly number[] | undefined {
  let address = text;
  const dotted = /:(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (dotted) {
    const tail = parseIpv4(dotted[1] ?? "");
    if (!tail) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = tail;
    address = `${address.slice(0, dotted.index + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = address.split("::");
  if (halves.length > 2) return undefined;
  const groups = (half: string): readonly string[] => (half === "" ? [] : half.split(":"));
  const head = groups(halves[0] ?? "");
  const tail = groups(halves[1] ?? "");
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => "0"), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The address in Go's canonical form (RFC 5952). */
export function ipText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0));
  let best = { from: -1, length: 0 };
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > best.length && length > 1) best = { from: i, length };
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return best.from < 0 ? hex(0, 8) : `${hex(0, best.from)}::${hex(best.from + best.length, 8)}`;
}

export type Cidr = { readonly ip: readonly number[]; readonly network: readonly number[]; readonly length: number };

export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash));
  const suffix = text.slice(slash + 1);
  if (!ip || !/^[0-9]+$/.test(suffix) || Number(suffix) > ip.length * 8) return undefined;
  const length = Number(suffix);
  return { ip, network: masked(ip, length), length };
}

function masked(ip: readonly number[], length: number): readonly number[] {
  return ip.map((byte, i) => byte & (0xff00 >> Math.min(8, Math.max(0, length - 8 * i))) & 0xff);
}

export function contains(cidr: Cidr, ip: readonly number[] | undefined): boolean {
  if (!ip || ip.length !== cidr.network.length) return false;
  return masked(ip, cidr.length).every((byte, i) => byte === cidr.network[i]);
}

/** Six, eight or twenty bytes in hexadecimal, by colons or hyphens, or in groups of four by dots. */
export function isMac(text: string): boolean {
  for (const bytes of [6, 8, 20]) {
    if (new RegExp(`^[0-9a-fA-F]{2}(([:-])[0-9a-fA-F]{2})(\\2[0-9a-fA-F]{2}){${bytes - 2}}$`).test(text)) return true;
    if (new RegExp(`^[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4}){${bytes / 2 - 1}}$`).test(text)) return true;
  }
  return false;
}
