/**
 * How a bridge network comes into being, step by step: the list is what Docker does and in which order.
 *
 * A learner sees the result with `ip addr show br-…`, `iptables -S` and `sysctl net.ipv4.ip_forward`. Modelled on moby's
 * daemon/libnetwork/drivers/bridge (createNetwork and the setup_*.go files). It differs in that a step which fails undoes
 * what the steps before it have done; moby leaves the bridge behind.
 */

import { DONE, ok, type Result } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import { contains, formatPrefix, type Ip, type Ipv4, type Ipv6, isLinkLocal, isMulticast, isV4, type Prefix } from "@/lib/sim/net/address";
import { randomMac } from "@/lib/sim/net/mac";
import type { AddressView, IfIndex, Netns } from "@/lib/sim/kernel";
import type { CnmError } from "../../contract";
import { forbidden, goErrno, internal, invalid, system } from "../../error";
import { linkAddress } from "../../link-address";
import type { BridgeConfig } from "./config";
import type { Firewall, NetworkFirewall } from "./firewall";

/** daemon.json's settings that concern every bridge. */
export type BridgeSettings = {
  readonly ipForward: boolean;
  readonly iptables: boolean;
  readonly userlandProxy: boolean;
};

export const DEFAULT_BRIDGE = "docker0";

/** The Linux bridge of a network, once it is set up. */
export type BridgeInterface = {
  readonly link: IfIndex;
  readonly firewall: NetworkFirewall;
  /** Default gateways of the containers. */
  readonly gateway: Ipv4 | undefined;
  readonly gatewayV6: Ipv6 | undefined;
  /** By us, so that we delete it too. */
  readonly madeByUs: boolean;
};

type Site = {
  readonly config: BridgeConfig;
  readonly settings: BridgeSettings;
  readonly host: Netns;
  readonly random: Random;
  readonly firewall: Firewall;
  link: IfIndex | undefined;
  readonly existed: boolean;
  gateway: Ipv4 | undefined;
  gatewayV6: Ipv6 | undefined;
  rules: NetworkFirewall | undefined;
};

type Step = {
  readonly name: string;
  readonly when: (site: Site) => boolean;
  readonly run: (site: Site) => Result<void, CnmError>;
};

const needsBridgeFilter = ({ config, settings }: Site): boolean => settings.iptables && (!config.icc || !settings.userlandProxy);

export const SETUP_STEPS: readonly Step[] = [
  { name: "setupDevice", when: (site) => !site.existed, run: setupDevice },
  { name: "setupDefaultSysctl", when: (site) => !site.existed || site.config.isDefault, run: setupDefaultSysctl },
  { name: "setupMTU", when: (site) => site.config.mtu > 0, run: setupMtu },
  { name: "setupBridgeIPv4", when: (site) => site.config.enableIpv4, run: setupBridgeIpv4 },
  { name: "setupBridgeIPv6", when: (site) => site.config.enableIpv6, run: setupBridgeIpv6 },
  {
    name: "setupVerifyAndReconcileIPv4",
    when: (site) => site.config.enableIpv4 && site.existed && !site.config.inhibitIpv4,
    run: verifyIpv4,
  },
  { name: "setupIPv4Forwarding", when: (site) => site.config.enableIpv4 && site.settings.ipForward, run: setupIpv4Forwarding },
  { name: "setupIPv6Forwarding", when: (site) => site.config.enableIpv6 && site.settings.ipForward, run: setupIpv6Forwarding },
  { name: "setupLoopbackAddressesRouting", when: (site) => !site.settings.userlandProxy, run: setupLoopbackRouting },
  { name: "setupGatewayIPv4", when: (site) => site.config.defaultGateway[4] !== undefined, run: setupGatewayIpv4 },
  { name: "setupGatewayIPv6", when: (site) => site.config.defaultGateway[6] !== undefined, run: setupGatewayIpv6 },
  { name: "setupIPv4BridgeNetFiltering", when: needsBridgeFilter, run: setupIpv4BridgeFilter },
  { name: "setupIPv6BridgeNetFiltering", when: (site) => needsBridgeFilter(site) && site.config.enableIpv6, run: setupIpv6BridgeFilter },
  { name: "addfirewallerNetwork", when: () => true, run: addFirewall },
  { name: "setupDeviceUp", when: () => true, run: setupDeviceUp },
];

export function setUpBridge(
  config: BridgeConfig,
  settings: BridgeSettings,
  host: Netns,
  firewall: Firewall,
  random: Random,
): Result<BridgeInterface, CnmError> {
  const existing = host.links.linkByName(config.bridge);
  if (existing && existing.detail.kind !== "bridge") return internal(`existing interface ${config.bridge} is not a bridge`);
  const site: Site = {
    config,
    settings,
    host,
    random,
    firewall,
    link: existing?.index,
    existed: existing !== undefined,
    gateway: undefined,
    gatewayV6: undefined,
    rules: undefined,
  };
  for (const step of SETUP_STEPS) {
    if (!step.when(site)) continue;
    const done = step.run(site);
    if (done.ok) continue;
    site.rules?.remove();
    if (!site.existed && site.link !== undefined) host.links.deleteLink(site.link);
    return done;
  }
  const { link, rules, gateway, gatewayV6 } = site;
  if (link === undefined || !rules) return internal(`could not set up ${config.bridge}`);
  return ok({ link, firewall: rules, gateway, gatewayV6, madeByUs: !site.existed });
}

function setupDevice(site: Site): Result<void, CnmError> {
  const { bridge, isDefault } = site.config;
  if (isDefault && bridge !== DEFAULT_BRIDGE) return forbidden(`bridge device with non default name ${bridge} must be created manually`);
  const added = site.host.links.addLink({ kind: "bridge", name: bridge, mac: randomMac(site.random) });
  if (!added.ok) return system(added.error.errno);
  site.link = added.value;
  // Docker asks for no queue at all, where `ip link add` leaves it to the kernel.
  site.host.links.change(added.value, { set: "queue-length", length: 0 });
  return DONE;
}

/** No router advertisements are taken on the bridge. Best effort, as in Docker. */
function setupDefaultSysctl(site: Site): Result<void, CnmError> {
  site.host.setSysctl(`net.ipv6.conf.${site.config.bridge}.accept_ra`, "0");
  return DONE;
}

function setupMtu(site: Site): Result<void, CnmError> {
  return onLink(site, (link) => {
    const changed = site.host.links.change(link, { set: "mtu", mtu: site.config.mtu });
    return changed.ok ? DONE : system(changed.error.errno);
  });
}

function setupBridgeIpv4(site: Site): Result<void, CnmError> {
  const { config } = site;
  const { ipv4 } = config;
  if (!ipv4) return internal("no IPv4 address was allocated for the bridge");
  if (!config.inhibitIpv4 && config.gatewayMode[4] !== "isolated") {
    const assigned = onLink(site, (link) => assignIpv4(site.host, link, ipv4));
    if (!assigned.ok) return assigned;
  }
  if (!config.internal) site.gateway = ipv4.address;
  return DONE;
}

/** A bridge that was there already may have another address: it is replaced. */
function assignIpv4(host: Netns, link: IfIndex, wanted: Prefix<Ipv4>): Result<void, CnmError> {
  const current = chosenIpv4(host, link, wanted);
  if (current && formatPrefix(current.prefix) === formatPrefix(wanted)) return DONE;
  if (current) {
    const removed = host.links.deleteAddress(link, current.prefix);
    if (!removed.ok) return internal(`failed to remove current ip address from bridge: ${goErrno(removed.error.errno)}`);
  }
  const added = host.links.addAddress(link, linkAddress(wanted));
  return added.ok ? DONE : internal(`failed to add IPv4 address ${formatPrefix(wanted)} to bridge: ${goErrno(added.error.errno)}`);
}

/** The address in the network that is meant, or else the first. */
function chosenIpv4(host: Netns, link: IfIndex, wanted: Prefix): AddressView | undefined {
  const addresses = host.links.addresses(link).filter(({ prefix }) => isV4(prefix.address));
  return addresses.find(({ prefix }) => contains(wanted, prefix.address)) ?? addresses[0];
}

function setupBridgeIpv6(site: Site): Result<void, CnmError> {
  const { config, host } = site;
  const { ipv6 } = config;
  if (!ipv6) return internal("no IPv6 address was allocated for the bridge");
  const isIsolated = config.gatewayMode[6] === "isolated";
  host.setSysctl(`net.ipv6.conf.${config.bridge}.disable_ipv6`, isIsolated ? "1" : "0");
  if (isIsolated) return DONE;

  site.gatewayV6 = ipv6.address;
  return onLink(site, (link) => {
    // Docker's own addresses are neither the kernel's link-local ones nor multicast groups.
    const isOurs = (address: Ip): boolean => !isV4(address) && !isMulticast(address) && !isLinkLocal(address);
    const others = host.links.addresses(link).filter(({ prefix }) => isOurs(prefix.address) && prefix.address !== ipv6.address);
    for (const { prefix } of others) host.links.deleteAddress(link, prefix);
    if (host.links.addresses(link).some(({ prefix }) => prefix.address === ipv6.address)) return DONE;
    const added = host.links.addAddress(link, { ...linkAddress(ipv6), noDad: true });
    return added.ok ? DONE : internal(`failed to add IPv6 address ${formatPrefix(ipv6)} to bridge: ${goErrno(added.error.errno)}`);
  });
}

function verifyIpv4(site: Site): Result<void, CnmError> {
  const { config, host } = site;
  const { ipv4 } = config;
  if (config.gatewayMode[4] === "isolated" || !ipv4) return DONE;
  return onLink(site, (link) => {
    const current = chosenIpv4(host, link, ipv4);
    if (!current) return internal("bridge has no IPv4 address configured");
    if (current.prefix.address === ipv4.address) return DONE;
    return internal(`bridge IPv4 (${current.prefix.address}) does not match requested configuration ${ipv4.address}`);
  });
}

function setupIpv4Forwarding({ host, firewall, settings }: Site): Result<void, CnmError> {
  if (turnOn(host, "net.ipv4.ip_forward") && settings.iptables) firewall.dropForwarding(4);
  return DONE;
}

function setupIpv6Forwarding({ host, firewall }: Site): Result<void, CnmError> {
  const changed = [turnOn(host, "net.ipv6.conf.default.forwarding"), turnOn(host, "net.ipv6.conf.all.forwarding")];
  if (changed.includes(true)) firewall.dropForwarding(6);
  return DONE;
}

/** Without a proxy, 127.0.0.1 must be routable to the bridge, so that NAT can send it there. */
function setupLoopbackRouting({ host, config }: Site): Result<void, CnmError> {
  const set = host.setSysctl(`net.ipv4.conf.${config.bridge}.route_localnet`, "1");
  return set.ok ? DONE : internal(`Unable to enable local routing for hairpin mode: ${goErrno(set.error)}`);
}

function setupGatewayIpv4(site: Site): Result<void, CnmError> {
  if (site.config.internal) return invalid("no gateway can be set on an internal bridge network");
  site.gateway = site.config.defaultGateway[4];
  return DONE;
}

function setupGatewayIpv6(site: Site): Result<void, CnmError> {
  site.gatewayV6 = site.config.defaultGateway[6];
  return DONE;
}

function setupIpv4BridgeFilter({ host }: Site): Result<void, CnmError> {
  if (isOn(host, "net.ipv4.ip_forward")) host.setSysctl("net.bridge.bridge-nf-call-iptables", "1");
  return DONE;
}

function setupIpv6BridgeFilter({ host, config }: Site): Result<void, CnmError> {
  if (isOn(host, `net.ipv6.conf.${config.bridge}.forwarding`)) host.setSysctl("net.bridge.bridge-nf-call-ip6tables", "1");
  return DONE;
}

function addFirewall(site: Site): Result<void, CnmError> {
  const added = site.firewall.addNetwork(site.config);
  if (!added.ok) return internal(added.error);
  site.rules = added.value;
  return DONE;
}

function setupDeviceUp(site: Site): Result<void, CnmError> {
  return onLink(site, (link) => {
    const up = site.host.links.change(link, { set: "up", up: true });
    return up.ok ? DONE : internal(`Failed to set link up for ${site.config.bridge}: ${goErrno(up.error.errno)}`);
  });
}

/** True when it was off before. */
function turnOn(host: Netns, key: string): boolean {
  return !isOn(host, key) && host.setSysctl(key, "1").ok;
}

function isOn(host: Netns, key: string): boolean {
  const value = host.sysctl(key);
  return value.ok && value.value.startsWith("1");
}

function onLink(site: Site, act: (link: IfIndex) => Result<void, CnmError>): Result<void, CnmError> {
  return site.link === undefined ? internal(`could not find interface ${site.config.bridge}`) : act(site.link);
}
