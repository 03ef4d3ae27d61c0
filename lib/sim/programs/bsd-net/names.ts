/** Names of addresses, from /etc/hosts alone. */

import type { Sys } from "@/lib/sim/core/sys";

export function hostNames(sys: Sys): (address: string) => string | undefined {
  const hosts = sys.readFile("/etc/hosts");
  const names = new Map<string, string>();
  for (const line of hosts.ok ? hosts.value.split("\n") : []) {
    const [address, name] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address && name && !names.has(address)) names.set(address, name);
  }
  return (address) => names.get(address);
}

/** The address of a name in /etc/hosts. */
export function addressOfName(sys: Sys, wanted: string): string | undefined {
  const hosts = sys.readFile("/etc/hosts");
  for (const line of hosts.ok ? hosts.value.split("\n") : []) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address && !address.includes(":") && names.includes(wanted)) return address;
  }
  return undefined;
}
