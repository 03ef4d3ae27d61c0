/**
 * What the host itself uses, so that no network is given it unasked: its name servers, and the networks on its links.
 *
 * It is why 192.168.48.0/20 is passed over on a host in 192.168.56.0/24. An explicit `--subnet` is not held against it.
 * Modelled on moby's daemon/libnetwork/netutils/utils_linux.go (InferReservedNetworks).
 */

import { bitsOf, type Family, familyOf, parseIp, type Prefix } from "@/lib/sim/net/address";
import type { Kernel } from "@/lib/sim/kernel";
import { parseResolvConf } from "../resolv-conf";
import { hostResolvConfPath, readHostFile } from "../host-files";

export function reservedByHost(kernel: Kernel, family: Family): readonly Prefix[] {
  const path = hostResolvConfPath(kernel);
  const servers = parseResolvConf(path, readHostFile(kernel, path))
    .nameservers.map((server) => parseIp(server))
    .filter((address) => address !== undefined);
  const reserved: Prefix[] = servers
    .filter((address) => familyOf(address) === family)
    .map((address) => ({ address, length: bitsOf(address) }));
  if (family === 6) return reserved;
  const onLink = kernel.root.net.links.routes(4).filter(({ scope, destination }) => scope === "link" && destination.length > 0);
  return [...reserved, ...onLink.map(({ destination }) => destination)];
}
