/**
 * Docker's DNS server: one per sandbox, at 127.0.0.11 in the sandbox's own namespace.
 *
 * It listens on ports of its own; rules in the sandbox's nat table lead port 53 there. It answers for the containers on
 * the sandbox's networks (TTL 600) and asks the host's servers for the rest. A learner meets it with `nslookup`, in
 * /etc/resolv.conf, and with `iptables -t nat -S` in a container's namespace. Modelled on moby's
 * daemon/libnetwork/resolver.go and resolver_unix.go. It differs in that DNS over TCP is not simulated: the port is there,
 * and nobody answers on it.
 */

import { unwrap } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import { type Routine, Task } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import { ANY_V4, ANY_V6, type Family, type Ip, isV4, parseIp, parseIpv4 } from "@/lib/sim/net/address";
import type { DnsCode, DnsMessage, DnsRecord } from "@/lib/sim/net/dns";
import type { Netns, SocketOwner, TcpListener, UdpDatagram, UdpSocket } from "@/lib/sim/kernel";
import type { ExternalServer } from "../resolv-conf";
import { RuleWriter } from "../rules";

export const RESOLVER_ADDRESS = "127.0.0.11";

const DNS_PORT = 53;
const TTL = 600;
/** Servers beyond the third are not asked. */
const MAX_SERVERS = 3;
const PATIENCE = seconds(4);
/** net.core.somaxconn. */
const SOMAXCONN = 4_096;

export interface ResolverBackend {
  /** Undefined: not one of Docker's names. */
  resolveName(name: string, family: Family): readonly Ip[] | undefined;
  /** The name of an address in reverse notation, without the domain. */
  resolveAddress(reversedAddress: string): string | undefined;
}

export type ResolverEnvironment = {
  readonly netns: Netns;
  readonly host: Netns;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly owner: SocketOwner | undefined;
  readonly backend: ResolverBackend;
};

export class Resolver {
  readonly #env: ResolverEnvironment;
  #servers: readonly ExternalServer[] = [];
  #forwards = false;
  #ndotsIsSet = false;
  #udp: UdpSocket | undefined;
  #tcp: TcpListener | undefined;
  readonly #tasks = new Set<Task<void>>();

  constructor(env: ResolverEnvironment) {
    this.#env = env;
  }

  /** `ndotsIsSet`: someone other than Docker set the option, so names without a dot are left to the search domains. */
  start(servers: readonly ExternalServer[], ndotsIsSet: boolean): void {
    this.#servers = servers.filter(({ address, fromHost }) => fromHost || address !== RESOLVER_ADDRESS).slice(0, MAX_SERVERS);
    this.#ndotsIsSet = ndotsIsSet;
    const { netns, owner } = this.#env;
    const address = parseIpv4(RESOLVER_ADDRESS) ?? ANY_V4;
    const options = owner ? { owner } : {};
    const udp = netns.sockets.udp({ address, port: 0 }, options);
    const tcp = netns.sockets.listen({ address, port: 0 }, { ...options, backlog: SOMAXCONN });
    this.#udp = udp.ok ? udp.value : undefined;
    this.#tcp = tcp.ok ? tcp.value : undefined;
    if (!this.#udp || !this.#tcp) return this.stop();
    leadPort53(new RuleWriter(netns.iptables), this.#udp.local.port, this.#tcp.local.port);
    this.#run(this.#serve(this.#udp));
  }

  stop(): void {
    for (const task of this.#tasks) task.cancel();
    this.#tasks.clear();
    this.#udp?.close();
    this.#tcp?.close();
    this.#udp = this.#tcp = undefined;
  }

  /** Without a way out of the sandbox, the host's servers are not asked on its behalf. */
  setForwarding(forwards: boolean): void {
    this.#forwards = forwards;
  }

  *#serve(socket: UdpSocket): Routine<void> {
    for (;;) {
      const received = yield* socket.receive();
      if (!received.ok) {
        if (received.error === "EINTR" || received.error === "ECONNREFUSED") continue;
        return;
      }
      this.#take(socket, received.value);
    }
  }

  #take(socket: UdpSocket, { from, payload }: UdpDatagram): void {
    if (payload.kind !== "dns" || payload.message.isResponse) return;
    const query = payload.message;
    const reply = (message: DnsMessage): void => void socket.send({ kind: "dns", message }, from);
    const own = this.#answer(query);
    if (own) return reply(own);
    this.#run(this.#ask(query, reply));
  }

  /** What Docker knows itself. */
  #answer(query: DnsMessage): DnsMessage | undefined {
    const { name, type } = query.question;
    switch (type) {
      case "A":
      case "AAAA": {
        const addresses = this.#env.backend.resolveName(name, type === "A" ? 4 : 6);
        if (addresses) return respond(query, addressRecords(name, addresses.length > 1 ? this.#env.random.shuffle(addresses) : addresses));
        // Someone set ndots: a name without a dot is to be tried with a search domain, not at the root.
        return this.#ndotsIsSet && !name.includes(".") ? respond(query, []) : undefined;
      }
      case "MX":
        return this.#isOwn(name) ? respond(query, []) : undefined;
      case "PTR": {
        const suffix = [".in-addr.arpa", ".ip6.arpa"].find((domain) => name.endsWith(domain));
        const target = suffix === undefined ? undefined : this.#env.backend.resolveAddress(name.slice(0, -suffix.length));
        return target === undefined ? undefined : respond(query, [{ type: "PTR", name, ttl: TTL, target }]);
      }
      case "SRV":
      case "CNAME":
      case "TXT":
      case "NS":
      case "SOA":
      case "ANY":
        return undefined;
    }
  }

  #isOwn(name: string): boolean {
    return ([4, 6] as const).some((family) => (this.#env.backend.resolveName(name, family)?.length ?? 0) > 0);
  }

  *#ask(query: DnsMessage, reply: (message: DnsMessage) => void): Routine<void> {
    for (const server of this.#servers) {
      if (server.fromHost && !this.#forwards) continue;
      const answer = yield* this.#exchange(server, query);
      if (!answer || answer.code === "SERVFAIL" || answer.code === "REFUSED") continue;
      return reply(answer);
    }
    reply(refuse(query, "SERVFAIL"));
  }

  *#exchange(server: ExternalServer, query: DnsMessage): Routine<DnsMessage | undefined> {
    const address = parseIp(server.address);
    if (!address) return undefined;
    const { scheduler, netns, host, owner } = this.#env;
    const { sockets } = server.fromHost ? host : netns;
    const opened = sockets.udp({ address: isV4(address) ? ANY_V4 : ANY_V6, port: 0 }, owner ? { owner } : {});
    if (!opened.ok) return undefined;
    const socket = opened.value;
    try {
      if (!socket.connect({ address, port: DNS_PORT }).ok || !socket.send({ kind: "dns", message: query }).ok) return undefined;
      const deadline = after(scheduler.now, PATIENCE);
      for (;;) {
        const received = yield* socket.receive(deadline);
        if (!received.ok) return undefined;
        const { payload } = received.value;
        if (payload.kind === "dns" && payload.message.isResponse && payload.message.id === query.id) return payload.message;
      }
    } finally {
      socket.close();
    }
  }

  #run(routine: Routine<void>): void {
    const task: Task<void> = new Task(this.#env.scheduler, routine, () => this.#tasks.delete(task));
    this.#tasks.add(task);
  }
}

/** From port 53 of the address to the ports on which the server listens, and back. */
function leadPort53(rules: RuleWriter, udp: number, tcp: number): void {
  const insert = (chain: string, spec: string): void => unwrap(rules.insert("nat", chain, spec));
  for (const [chain, own] of [
    ["OUTPUT", "DOCKER_OUTPUT"],
    ["POSTROUTING", "DOCKER_POSTROUTING"],
  ] as const) {
    rules.emptyChain("nat", own);
    insert(chain, `-d ${RESOLVER_ADDRESS} -j ${own}`);
  }
  for (const [protocol, port] of [
    ["udp", udp],
    ["tcp", tcp],
  ] as const) {
    insert(
      "DOCKER_OUTPUT",
      `-d ${RESOLVER_ADDRESS} -p ${protocol} --dport ${DNS_PORT} -j DNAT --to-destination ${RESOLVER_ADDRESS}:${port}`,
    );
    insert("DOCKER_POSTROUTING", `-s ${RESOLVER_ADDRESS} -p ${protocol} --sport ${port} -j SNAT --to-source :${DNS_PORT}`);
  }
}

function addressRecords(name: string, addresses: readonly Ip[]): DnsRecord[] {
  return addresses.map((address) => (isV4(address) ? { type: "A", name, ttl: TTL, address } : { type: "AAAA", name, ttl: TTL, address }));
}

function respond(query: DnsMessage, answers: readonly DnsRecord[]): DnsMessage {
  return { ...query, isResponse: true, recursionAvailable: true, isAuthoritative: false, code: "NOERROR", answers, isUncompressed: true };
}

function refuse(query: DnsMessage, code: DnsCode): DnsMessage {
  return { ...query, isResponse: true, recursionAvailable: false, isAuthoritative: false, code, answers: [] };
}
