/** Things that happen to a copy of the world before a check looks: a restart of a container, of the daemon, of the machine. */

import type { CheckEvent } from "@/lib/content/check-schema";
import type { WorldContract } from "@/lib/sim";

export function happen(event: CheckEvent, world: WorldContract): void {
  if ("restart" in event) world.run(event.restart.on, `docker restart -t 0 ${event.restart.container}`);
  else if ("restart_daemon" in event) world.run(event.restart_daemon.on, "systemctl restart docker", { limitSeconds: 120 });
  else if ("run" in event) world.run(event.run.on, event.run.command, { limitSeconds: 120 });
  else for (const command of REBOOT) world.run(event.reboot.on, command, { limitSeconds: 120 });
}

/**
 * What a reboot leaves of a host, done step by step, because the simulated machines cannot be switched off: links, rules and
 * settings made by hand are gone, files stay, and the daemon starts the containers whose policy says so.
 *
 * It differs from a reboot: processes of the host and of other settings of the kernel than forwarding stay.
 */
const REBOOT: readonly string[] = [
  "systemctl stop docker",
  "for table in filter nat raw mangle; do iptables -t $table -F; iptables -t $table -X; done",
  "for chain in INPUT FORWARD OUTPUT; do iptables -P $chain ACCEPT; done",
  "for link in $(ip -o link show | cut -d: -f2 | cut -d@ -f1); do case $link in lo|eth0) ;; *) ip link del $link 2>/dev/null ;; esac; done",
  "ip link set eth0 mtu 1500",
  "sysctl -q -w net.ipv4.ip_forward=0",
  "sysctl -q --system",
  "systemctl start docker",
];
