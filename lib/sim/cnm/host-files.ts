/**
 * The host's files that sandboxes start from: /etc/hosts and /etc/resolv.conf.
 *
 * Where systemd-resolved is the only name server (127.0.0.53), Docker reads its upstream servers from the file that
 * systemd keeps for that. Modelled on moby's daemon/libnetwork/internal/resolvconf/resolvconf_path.go. It differs in that
 * it looks anew each time, where moby remembers what it found first.
 */

import type { Kernel } from "@/lib/sim/kernel";
import { parseResolvConf } from "./resolv-conf";

export const RESOLV_CONF = "/etc/resolv.conf";
const SYSTEMD_RESOLV_CONF = "/run/systemd/resolve/resolv.conf";

export function readHostFile(kernel: Kernel, path: string): string | undefined {
  const text = kernel.root.mnt.root.readFile(path);
  return text.ok ? text.value : undefined;
}

/** The resolv.conf that names servers which can be reached from elsewhere than the host. */
export function hostResolvConfPath(kernel: Kernel): string {
  const { nameservers } = parseResolvConf(RESOLV_CONF, readHostFile(kernel, RESOLV_CONF));
  return nameservers.length === 1 && nameservers[0] === "127.0.0.53" ? SYSTEMD_RESOLV_CONF : RESOLV_CONF;
}
