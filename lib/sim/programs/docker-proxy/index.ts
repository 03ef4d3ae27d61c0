/**
 * docker-proxy: the userland proxy of a published port.
 *
 * A learner sees it in `ps` and behind `curl localhost:8080` on the host. Modelled on moby's cmd/docker-proxy. The daemon
 * opens the socket and leaves it at descriptor 4 (`-use-listen-fd`); started by hand, the program opens one itself.
 * Differs: the real one tells the daemon over a pipe that it is ready; here the daemon holds the socket already, and needs
 * no word. It has no handler for INT and TERM: their default does the same. Proxying SCTP is not simulated.
 */

import { complain, print } from "@/lib/sim/core/stdio";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import type { NetProgram, NetSys, TcpListener, UdpSocket } from "@/lib/sim/kernel";
import { isV4 } from "@/lib/sim/net/address";
import { parseFlags, type ProxyOptions, usage, VERSION } from "./flags";
import { relayTcp } from "./tcp";
import { relayUdp } from "./udp";

const LISTEN_FD = 4;

export const programs: ReadonlyMap<string, NetProgram> = new Map([["docker/docker-proxy", dockerProxy]]);

function* dockerProxy(sys: NetSys): Routine<number> {
  const parsed = parseFlags(sys.argv.slice(1));
  if (!parsed.ok) {
    yield* complain(sys, `${parsed.error.message === "" ? "" : `${parsed.error.message}\n`}${usage(sys.argv[0] ?? "docker-proxy")}`);
    return parsed.error.status;
  }
  const options = parsed.value;
  if (options.version) {
    yield* print(sys, `${VERSION}\n`);
    return 0;
  }
  const backend = { address: options.containerIp, port: options.containerPort };
  switch (options.proto) {
    case "tcp": {
      const listener = tcpListener(sys, options);
      return listener ? yield* relayTcp(sys, listener, backend) : 1;
    }
    case "udp": {
      const socket = udpSocket(sys, options);
      return socket ? yield* relayUdp(sys, socket, backend) : 1;
    }
    case "sctp":
      yield* complain(sys, `${notSimulated("docker-proxy -proto sctp")}\n`);
      return 1;
    // What it would say goes down the pipe to the daemon: by hand, it ends without a word.
    default:
      return 1;
  }
}

function tcpListener(sys: NetSys, options: ProxyOptions): TcpListener | undefined {
  if (options.useListenFd) {
    const inherited = sys.inheritedSocket(LISTEN_FD);
    return inherited && "accept" in inherited ? inherited : undefined;
  }
  if (!isPort(options.hostPort)) return undefined;
  const listening = sys.netns.sockets.listen(
    { address: options.hostIp, port: options.hostPort },
    { v6Only: !isV4(options.hostIp), reuseAddress: true },
  );
  return listening.ok ? listening.value : undefined;
}

function udpSocket(sys: NetSys, options: ProxyOptions): UdpSocket | undefined {
  if (options.useListenFd) {
    const inherited = sys.inheritedSocket(LISTEN_FD);
    return inherited && "receive" in inherited ? inherited : undefined;
  }
  if (!isPort(options.hostPort)) return undefined;
  const bound = sys.netns.sockets.udp({ address: options.hostIp, port: options.hostPort }, { v6Only: !isV4(options.hostIp) });
  return bound.ok ? bound.value : undefined;
}

function isPort(port: number): boolean {
  return port >= 0 && port <= 65_535;
}
