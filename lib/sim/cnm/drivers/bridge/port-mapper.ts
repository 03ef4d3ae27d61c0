/**
 * Published ports: a number from the allocator, a bound socket, firewall rules, and a proxy process for each.
 *
 * A learner sees the sockets with `ss -ltn`, the proxies with `ps`, the rules with `iptables -t nat -S DOCKER`. Modelled
 * on moby's daemon/libnetwork/drivers/bridge/port_mapping_linux.go and portmapper/proxy_linux.go. It differs in that SCTP
 * is not simulated.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import { isV4 } from "@/lib/sim/net/address";
import type { Kernel, SocketOwner, TcpListener, UdpSocket } from "@/lib/sim/kernel";
import type { CnmError, PortBinding } from "../../contract";
import { goErrno, missing } from "../../error";
import type { PortAllocator } from "../../port-allocator";
import type { MappedPort, NetworkFirewall } from "./firewall";
import { describeBinding, type PortGroup, type PortToBind } from "./port-request";
import { startProxy, type UserlandProxy } from "./proxy";

/** One port of the host that leads to a container. */
type Mapping = {
  readonly wanted: PortToBind;
  /** 0: without NAT. */
  readonly hostPort: number;
  readonly socket: TcpListener | UdpSocket | undefined;
  proxy: UserlandProxy | undefined;
};

/** The ports of one endpoint. */
export type PortMappings = { readonly bindings: readonly PortBinding[]; release(): void };

export type PortMapperEnvironment = {
  readonly kernel: Kernel;
  readonly allocator: PortAllocator;
  /** Who holds a socket until its proxy does: the daemon. */
  readonly owner: SocketOwner | undefined;
  /** Absent: `"userland-proxy": false`. */
  readonly proxyPath: string | undefined;
};

/** Of a port that the engine may choose, this many are tried. */
const ATTEMPTS = 10;
/** net.core.somaxconn, the longest backlog. */
const SOMAXCONN = 4_096;

export class PortMapper {
  readonly #env: PortMapperEnvironment;

  constructor(env: PortMapperEnvironment) {
    this.#env = env;
  }

  /** Maps all of the groups or, when one cannot be, none. */
  map(groups: readonly PortGroup[], firewall: NetworkFirewall): Result<PortMappings, CnmError> {
    const mappings: Mapping[] = [];
    const release = (): void => this.#release(mappings.splice(0), firewall);
    for (const group of groups) {
      const bound = this.#bindGroup(group, firewall);
      if (!bound.ok) {
        release();
        return bound;
      }
      mappings.push(...bound.value);
    }
    for (const mapping of mappings) {
      const started = this.#startProxy(mapping);
      if (started.ok) continue;
      release();
      return started;
    }
    return ok({ bindings: mappings.map(bindingOf), release });
  }

  #bindGroup(group: PortGroup, firewall: NetworkFirewall): Result<Mapping[], CnmError> {
    const [{ from, to, protocol }] = group;
    if (protocol === "sctp") return missing("publishing an SCTP port");
    let last: Result<Mapping[], CnmError> = fail({ kind: "internal", message: "all ports are allocated" });
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      last = this.#tryGroup(group, firewall);
      if (last.ok || (from !== 0 && from === to)) return last;
    }
    return last;
  }

  #tryGroup(group: PortGroup, firewall: NetworkFirewall): Result<Mapping[], CnmError> {
    const [{ from, to, protocol }] = group;
    const addresses = group.filter(({ withoutNat }) => !withoutNat).map(({ hostIp }) => hostIp);
    let hostPort = 0;
    if (addresses.length > 0) {
      const port = this.#env.allocator.request({ addresses, protocol, from, to });
      if (!port.ok) return fail({ kind: "internal", message: port.error });
      hostPort = port.value;
    }
    const mappings: Mapping[] = [];
    for (const wanted of group) {
      const socket = wanted.withoutNat ? ok(undefined) : this.#bind(wanted, hostPort);
      if (!socket.ok) {
        for (const { socket: bound } of mappings) bound?.close();
        for (const address of addresses) this.#env.allocator.release(address, protocol, hostPort);
        return socket;
      }
      mappings.push({ wanted, hostPort: wanted.withoutNat ? 0 : hostPort, socket: socket.value, proxy: undefined });
    }
    const added = firewall.addPorts(mappings.map(mappedPort));
    if (added.ok) return ok(mappings);
    this.#release(mappings, firewall);
    return fail({ kind: "internal", message: added.error });
  }

  #bind(wanted: PortToBind, port: number): Result<TcpListener | UdpSocket, CnmError> {
    const { sockets } = this.#env.kernel.root.net;
    const local = { address: wanted.hostIp, port };
    const { owner, proxyPath } = this.#env;
    const options = { ...(isV4(wanted.hostIp) ? {} : { v6Only: true }), ...(owner ? { owner } : {}) };
    const backlog = proxyPath === undefined ? 0 : SOMAXCONN;
    const bound =
      wanted.protocol === "udp" ? sockets.udp(local, options) : sockets.listen(local, { ...options, backlog, reuseAddress: true });
    if (bound.ok) return bound;
    const which = wanted.from === wanted.to ? "" : ` ${port}`;
    return fail({ kind: "internal", message: `failed to bind host port${which} for ${describeBinding(wanted)}: ${goErrno(bound.error)}` });
  }

  #startProxy(mapping: Mapping): Result<void, CnmError> {
    const { kernel, proxyPath } = this.#env;
    if (proxyPath === undefined || !mapping.socket) return ok(undefined);
    const { wanted, hostPort } = mapping;
    const started = startProxy(kernel, proxyPath, { ...wanted, hostPort }, mapping.socket);
    if (!started.ok)
      return fail({
        kind: "internal",
        message: `failed to start userland proxy for port mapping ${describeBinding({ ...wanted, from: hostPort, to: hostPort })}: ${started.error}`,
      });
    mapping.proxy = started.value;
    return ok(undefined);
  }

  #release(mappings: readonly Mapping[], firewall: NetworkFirewall): void {
    for (const { socket, proxy } of mappings) {
      proxy?.stop();
      socket?.close();
    }
    firewall.removePorts(mappings.map(mappedPort));
    for (const { wanted, hostPort } of mappings) if (hostPort !== 0) this.#env.allocator.release(wanted.hostIp, wanted.protocol, hostPort);
  }
}

function bindingOf({ wanted, hostPort }: Mapping): PortBinding {
  return { port: wanted.port, protocol: wanted.protocol, hostIp: wanted.hostIp, hostPort };
}

function mappedPort({ wanted, hostPort }: Mapping): MappedPort {
  const { protocol, containerIp, port, hostIp } = wanted;
  return { protocol, containerIp, containerPort: port, hostIp, hostPort };
}
