/**
 * The userland proxy: a process per published port that takes what does not come through NAT (from the host itself, to ::
 * of a host whose containers have no IPv6) and passes it on.
 *
 * A learner sees it in `ps` and `ss -ltnp`. The daemon binds the socket, and the process inherits it as descriptor 4.
 * Modelled on moby's daemon/libnetwork/portmapper/proxy_linux.go; the program itself is programs/docker-proxy.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Ip } from "@/lib/sim/net/address";
import type { Kernel, TcpListener, UdpSocket } from "@/lib/sim/kernel";
import { goErrno } from "../../error";
import type { TransportProtocol } from "../../port-allocator";

export type UserlandProxy = { stop(): void };

/** Descriptors: 0 to 2, a pipe to the daemon, the socket. */
const LISTEN_FD = 4;
/** What `ss -p` shows: Go's runtime has opened others by the time that it has made a copy of the socket. */
const SHOWN_FD = 7;

export function startProxy(
  kernel: Kernel,
  path: string,
  port: {
    readonly protocol: TransportProtocol;
    readonly hostIp: Ip;
    readonly hostPort: number;
    readonly containerIp: Ip;
    readonly port: number;
  },
  socket: TcpListener | UdpSocket,
): Result<UserlandProxy, string> {
  const argv = [
    path,
    "-proto",
    port.protocol,
    "-host-ip",
    port.hostIp,
    "-host-port",
    `${port.hostPort}`,
    "-container-ip",
    port.containerIp,
    "-container-port",
    `${port.port}`,
    "-use-listen-fd",
  ];
  const started = kernel.processes.start({
    namespaces: kernel.root,
    path,
    argv,
    env: new Map(),
    cwd: "/",
    stdio: { kind: "null" },
    sockets: new Map([[LISTEN_FD, socket]]),
  });
  if (!started.ok) return fail(`fork/exec ${path}: ${goErrno(started.error)}`);
  const process = started.value;
  socket.handOver({ pid: process.pid, name: "docker-proxy", fd: SHOWN_FD });
  return ok({ stop: () => void kernel.processes.kill(process.pid, "INT") });
}
