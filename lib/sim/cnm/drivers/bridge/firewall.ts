/**
 * The firewall of bridge networks: chains that are always there, rules of each network, of each endpoint, of each port.
 *
 * A learner reads all of it with `iptables -S`. The path of a packet that is forwarded:
 *
 *     FORWARD → DOCKER-USER (the user's own) → DOCKER-FORWARD → DOCKER-CT (answers)
 *                                                             → DOCKER-ISOLATION-STAGE-1 → …-STAGE-2 (between networks)
 *                                                             → DOCKER-BRIDGE → DOCKER (into a network: published ports)
 *                                                             → accepted, per bridge (out of a network)
 *
 * Modelled on moby's daemon/libnetwork/drivers/bridge/internal/iptabler and libnetwork/firewall_linux.go. It differs in
 * that nothing older than 28.5 is cleaned up, and neither firewalld nor WSL is known.
 */

import { DONE, fail, ok, type Result, unwrap } from "@/lib/base/result";
import { type Family, familyOf, formatPrefix, type Ip, type Ipv4, isLoopback, isV4, networkOf, type Prefix } from "@/lib/sim/net/address";
import type { Netfilter } from "@/lib/sim/kernel";
import type { PortSpec } from "../../contract";
import { isUnspecified } from "../../go-value";
import type { TransportProtocol } from "../../port-allocator";
import { RuleWriter } from "../../rules";
import type { BridgeConfig } from "./config";

/** A port of the host that leads to one of a container, as the rules need it. */
export type MappedPort = {
  readonly protocol: TransportProtocol;
  readonly containerIp: Ip;
  readonly containerPort: number;
  readonly hostIp: Ip;
  /** 0: without NAT, the port is only opened. */
  readonly hostPort: number;
};

export type FirewallConfig = {
  /** Absent: daemon.json says `"iptables": false`. */
  readonly iptables: Netfilter | undefined;
  readonly ip6tables: Netfilter | undefined;
  /** No userland proxy: even connections of the host itself, and of containers to their own port, go through NAT. */
  readonly hairpin: boolean;
};

const FILTER_CHAINS = [
  "DOCKER",
  "DOCKER-FORWARD",
  "DOCKER-BRIDGE",
  "DOCKER-CT",
  "DOCKER-ISOLATION-STAGE-1",
  "DOCKER-ISOLATION-STAGE-2",
] as const;

export class Firewall {
  readonly #writers: readonly RuleWriter[];
  readonly #hairpin: boolean;

  constructor({ iptables, ip6tables, hairpin }: FirewallConfig) {
    this.#writers = [iptables, ip6tables].filter((tables) => tables !== undefined).map((tables) => new RuleWriter(tables));
    this.#hairpin = hairpin;
  }

  /** What the engine sets up when it starts, before any network. Rules in DOCKER-USER stay. */
  start(): void {
    for (const rules of this.#writers) {
      const loopback = rules.family === 4 ? "127.0.0.0/8" : "::1/128";
      rules.remove("nat", "PREROUTING", "-m addrtype --dst-type LOCAL -j DOCKER", { ifChain: "DOCKER" });
      rules.remove("nat", "OUTPUT", `-m addrtype --dst-type LOCAL ! --dst ${loopback} -j DOCKER`, { ifChain: "DOCKER" });
      rules.remove("nat", "OUTPUT", "-m addrtype --dst-type LOCAL -j DOCKER", { ifChain: "DOCKER" });
      rules.removeChain("nat", "DOCKER");
      for (const chain of FILTER_CHAINS) rules.removeChain("filter", chain);

      rules.newChain("nat", "DOCKER");
      for (const chain of FILTER_CHAINS) rules.newChain("filter", chain);
      unwrap(rules.append("nat", "PREROUTING", "-m addrtype --dst-type LOCAL -j DOCKER"));
      unwrap(rules.append("nat", "OUTPUT", `-m addrtype --dst-type LOCAL -j DOCKER${this.#hairpin ? "" : ` ! --dst ${loopback}`}`));
      rules.jumpFirst("FORWARD", "DOCKER-FORWARD");
      rules.jumpFirst("DOCKER-FORWARD", "DOCKER-BRIDGE");
      rules.jumpFirst("DOCKER-FORWARD", "DOCKER-ISOLATION-STAGE-1");
      rules.jumpFirst("DOCKER-FORWARD", "DOCKER-CT");
    }
  }

  /** The chain in which users put rules of their own. It comes first. */
  startUserChain(): void {
    for (const rules of this.#writers) {
      rules.newChain("filter", "DOCKER-USER");
      rules.jumpFirst("FORWARD", "DOCKER-USER");
    }
  }

  /** What is not allowed explicitly is not forwarded. Done when the engine itself has turned forwarding on. */
  dropForwarding(family: Family): void {
    for (const rules of this.#writers) if (rules.family === family) rules.setPolicy("filter", "FORWARD", "DROP");
  }

  addNetwork(config: BridgeConfig): Result<NetworkFirewall, string> {
    const network = new NetworkFirewall(this.#writers, config, this.#hairpin);
    const added = network.add();
    return added.ok ? ok(network) : added;
  }
}

/** One rule, so that what was added can be taken out again. */
type Placed = {
  readonly how: "append" | "insert";
  readonly table: "filter" | "nat" | "raw";
  readonly chain: string;
  readonly spec: string;
  /** What stands before iptables' own words when it fails. */
  readonly complaint: string;
};

/** Rules of a network. What is added is added whole; of what fails, iptables' words are passed on. */
export class NetworkFirewall {
  readonly #writers: readonly RuleWriter[];
  readonly #config: BridgeConfig;
  readonly #hairpin: boolean;

  constructor(writers: readonly RuleWriter[], config: BridgeConfig, hairpin: boolean) {
    this.#writers = writers;
    this.#config = config;
    this.#hairpin = hairpin;
  }

  add(): Result<void, string> {
    return this.#place((family) => this.#rulesOf(family));
  }

  remove(): void {
    this.#takeOut((family) => this.#rulesOf(family));
  }

  addEndpoint(addresses: readonly Ip[]): Result<void, string> {
    return this.#place((family) => ofFamily(addresses, family).flatMap((address) => this.#rulesOfEndpoint(address)));
  }

  removeEndpoint(addresses: readonly Ip[]): void {
    this.#takeOut((family) => ofFamily(addresses, family).flatMap((address) => this.#rulesOfEndpoint(address)));
  }

  addPorts(ports: readonly MappedPort[]): Result<void, string> {
    return this.#place((family) =>
      ports.filter((port) => familyOf(port.containerIp) === family).flatMap((port) => this.#rulesOfPort(port)),
    );
  }

  removePorts(ports: readonly MappedPort[]): void {
    this.#takeOut((family) => ports.filter((port) => familyOf(port.containerIp) === family).flatMap((port) => this.#rulesOfPort(port)));
  }

  addLink(parent: Ipv4, child: Ipv4, ports: readonly PortSpec[]): Result<void, string> {
    return this.#place((family) => (family === 4 ? this.#rulesOfLink(parent, child, ports) : []));
  }

  removeLink(parent: Ipv4, child: Ipv4, ports: readonly PortSpec[]): void {
    this.#takeOut((family) => (family === 4 ? this.#rulesOfLink(parent, child, ports) : []));
  }

  #rulesOf(family: Family): readonly Placed[] {
    const { enableIpv4, enableIpv6, ipv4, ipv6, internal } = this.#config;
    const address = family === 4 ? enableIpv4 && ipv4 : enableIpv6 && ipv6;
    if (!address) return [];
    const subnet = networkOf<Ip>(address);
    return internal ? this.#rulesOfInternal(subnet) : this.#rulesOfExternal(subnet, family);
  }

  /** In the order in which Docker adds them. */
  #rulesOfExternal(subnet: Prefix, family: Family): readonly Placed[] {
    const { bridge, icc, masquerade, gatewayMode, hostIp } = this.#config;
    const isRouted = gatewayMode[family] === "routed";
    const source = hostIp[family] ? `SNAT --to-source ${hostIp[family]}` : "MASQUERADE";
    const setup = (rule: string): string => `Failed to Setup IP tables: ${enabling(rule)}`;
    const isolation = "add inter-network communication rule: ";
    const placed: Placed[] = [];
    const at = (how: Placed["how"], table: Placed["table"], chain: string, spec: string, complaint: string): void =>
      void placed.push({ how, table, chain, spec, complaint });

    if (masquerade && !isRouted) at("insert", "nat", "POSTROUTING", `-s ${formatPrefix(subnet)} ! -o ${bridge} -j ${source}`, setup("NAT"));
    // With a proxy, containers of this network reach published ports through it, not through NAT.
    if (masquerade && !this.#hairpin) at("insert", "nat", "DOCKER", `-i ${bridge} -j RETURN`, setup("SKIP DNAT"));
    if (this.#hairpin)
      at("insert", "nat", "POSTROUTING", `-m addrtype --src-type LOCAL -o ${bridge} -j ${source}`, setup("MASQ LOCAL HOST"));
    if (!icc) at("append", "filter", "DOCKER-FORWARD", `-i ${bridge} -o ${bridge} -j DROP`, `Failed to Setup IP tables: ${NO_ICC}`);
    if (isRouted) at("append", "filter", "DOCKER", `-o ${bridge} -p ${family === 4 ? "icmp" : "icmpv6"} -j ACCEPT`, setup("ICMP"));
    if (icc) at("append", "filter", "DOCKER-FORWARD", `-i ${bridge} -j ACCEPT`, setup("ACCEPT OUTGOING"));
    else at("append", "filter", "DOCKER-FORWARD", `-i ${bridge} ! -o ${bridge} -j ACCEPT`, setup("ACCEPT NON_ICC OUTGOING"));
    const otherwise = this.#isUnprotected(family) ? "ACCEPT" : "DROP";
    at(
      "append",
      "filter",
      "DOCKER",
      `! -i ${bridge} -o ${bridge} -j ${otherwise}`,
      `failed to add default-drop rule: ${enabling("DEFAULT FWD")}`,
    );
    at("append", "filter", "DOCKER-CT", `-o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`, enabling("bridge ct related"));
    at("append", "filter", "DOCKER-BRIDGE", `-o ${bridge} -j DOCKER`, enabling("jump to docker"));
    if (isRouted) {
      at("insert", "filter", "DOCKER-ISOLATION-STAGE-1", `-o ${bridge} -j RETURN`, isolation);
      at("insert", "filter", "DOCKER-ISOLATION-STAGE-1", `-i ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`, isolation);
    }
    at("append", "filter", "DOCKER-ISOLATION-STAGE-1", `-i ${bridge} ! -o ${bridge} -j DOCKER-ISOLATION-STAGE-2`, isolation);
    at("insert", "filter", "DOCKER-ISOLATION-STAGE-2", `-o ${bridge} -j DROP`, isolation);
    return placed;
  }

  #rulesOfInternal(subnet: Prefix): readonly Placed[] {
    const { bridge, icc } = this.#config;
    const elsewhere = isV4(subnet.address) ? ["", ""] : [` ! -o ${bridge}`, `! -i ${bridge} `];
    const into = `-i ${bridge}${elsewhere[0]} ! -d ${formatPrefix(subnet)} -j DROP`;
    const outOf = `${elsewhere[1]}-o ${bridge} ! -s ${formatPrefix(subnet)} -j DROP`;
    const [verdict, complaint] = icc ? ["ACCEPT", "Unable to allow intercontainer communication: "] : ["DROP", NO_ICC];
    const setup = "Failed to Setup IP tables: ";
    const chain = "DOCKER-ISOLATION-STAGE-1";
    return [
      { how: "insert", table: "filter", chain, spec: into, complaint: `${setup}${enabling("DROP INCOMING")}` },
      { how: "insert", table: "filter", chain, spec: outOf, complaint: `${setup}${enabling("DROP OUTGOING")}` },
      {
        how: "append",
        table: "filter",
        chain: "DOCKER-FORWARD",
        spec: `-i ${bridge} -o ${bridge} -j ${verdict}`,
        complaint: `${setup}${complaint}`,
      },
    ];
  }

  /** Who routes packets straight to a container's address, past the published ports, is stopped early. */
  #rulesOfEndpoint(address: Ip): readonly Placed[] {
    const { bridge, internal, gatewayMode, trustedInterfaces } = this.#config;
    const family = familyOf(address);
    if (internal || gatewayMode[family] === "routed" || this.#isUnprotected(family)) return [];
    const at = (spec: string, rule: string): Placed => ({
      how: "append",
      table: "raw",
      chain: "PREROUTING",
      spec,
      complaint: enabling(`DIRECT ACCESS FILTERING - ${rule}`),
    });
    return [
      ...trustedInterfaces.map((name) => at(`-d ${address} -i ${name} -j ACCEPT`, "ACCEPT")),
      at(`-d ${address} ! -i ${bridge} -j DROP`, "DROP"),
    ];
  }

  #rulesOfPort(port: MappedPort): readonly Placed[] {
    const { bridge, internal } = this.#config;
    const { protocol, containerIp, containerPort, hostIp, hostPort } = port;
    if (internal) return [];
    const family = familyOf(containerIp);
    const placed: Placed[] = [];

    // A port on 127.0.0.1 is for this machine alone, even for a neighbour who routes 127.0.0.1 to it.
    if (hostPort !== 0 && isV4(hostIp) && isLoopback(hostIp)) {
      const spec = `-p ${protocol} -d ${hostIp} --dport ${hostPort} ! -i lo -j DROP`;
      placed.push({ how: "append", table: "raw", chain: "PREROUTING", spec, complaint: enabling("LOOPBACK FILTERING - DROP") });
    }
    // From an IPv6 address of the host to an IPv4 address of a container leads only the proxy.
    if (familyOf(hostIp) !== family) return placed;

    if (hostPort !== 0) {
      const to = `${family === 4 ? containerIp : `[${containerIp}]`}:${containerPort}`;
      const notFrom = `${this.#hairpin ? "" : ` ! -i ${bridge}`}${family === 6 ? " ! -s fe80::/10" : ""}`;
      const spec = `-p ${protocol} -d ${isUnspecified(hostIp) ? "0/0" : hostIp} --dport ${hostPort} -j DNAT --to-destination ${to}${notFrom}`;
      placed.push({ how: "append", table: "nat", chain: "DOCKER", spec, complaint: enabling("DNAT") });
      if (this.#hairpin) {
        const toItself = `-p ${protocol} -s ${containerIp} -d ${containerIp} --dport ${containerPort} -j MASQUERADE`;
        placed.push({ how: "append", table: "nat", chain: "POSTROUTING", spec: toItself, complaint: enabling("MASQUERADE") });
      }
    }
    if (!this.#isUnprotected(family)) {
      const spec = `! -i ${bridge} -o ${bridge} -p ${protocol} -d ${containerIp} --dport ${containerPort} -j ACCEPT`;
      placed.push({ how: "insert", table: "filter", chain: "DOCKER", spec, complaint: enabling("OPEN PORT") });
    }
    return placed;
  }

  #rulesOfLink(parent: Ipv4, child: Ipv4, ports: readonly PortSpec[]): readonly Placed[] {
    const within = `-i ${this.#config.bridge} -o ${this.#config.bridge}`;
    const at = (spec: string): Placed => ({ how: "append", table: "filter", chain: "DOCKER", spec, complaint: "" });
    return ports.flatMap(({ port, protocol }) => [
      at(`${within} -p ${protocol} -s ${parent} -d ${child} --dport ${port} -j ACCEPT`),
      at(`${within} -p ${protocol} -s ${child} -d ${parent} --sport ${port} -j ACCEPT`),
    ]);
  }

  #isUnprotected(family: Family): boolean {
    return this.#config.gatewayMode[family] === "nat-unprotected";
  }

  #place(wanted: (family: Family) => readonly Placed[]): Result<void, string> {
    const undo: (() => void)[] = [];
    for (const rules of this.#writers) {
      for (const { how, table, chain, spec, complaint } of wanted(rules.family)) {
        const placed = how === "append" ? rules.append(table, chain, spec) : rules.insert(table, chain, spec);
        if (placed.ok) {
          undo.push(() => rules.remove(table, chain, spec));
          continue;
        }
        for (const takeOut of undo) takeOut();
        return fail(`${complaint}${placed.error}`);
      }
    }
    return DONE;
  }

  /** What is not there any more needs no removing. */
  #takeOut(wanted: (family: Family) => readonly Placed[]): void {
    for (const rules of this.#writers) for (const { table, chain, spec } of wanted(rules.family)) rules.remove(table, chain, spec);
  }
}

const NO_ICC = "Unable to prevent intercontainer communication: ";

function enabling(rule: string): string {
  return `Unable to enable ${rule} rule: `;
}

function ofFamily(addresses: readonly Ip[], family: Family): readonly Ip[] {
  return addresses.filter((address) => familyOf(address) === family);
}
