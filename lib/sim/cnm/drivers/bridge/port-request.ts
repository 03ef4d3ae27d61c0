/**
 * From `-p` to what must be bound: one binding per host address, in the order in which Docker binds them.
 *
 * A port without a host address is bound on 0.0.0.0 and on ::, with the same number. Modelled on moby's
 * daemon/libnetwork/drivers/bridge/port_mapping_linux.go (sortAndNormPBs, configurePortBindingIPv4, …IPv6).
 */

import { ANY_V4, ANY_V6, compareIp, type Ip, type Ipv4, type Ipv6, isV4 } from "@/lib/sim/net/address";
import type { PortBindingRequest, PortSpec } from "../../contract";
import { parseGoIp } from "../../go-value";

/** What is asked for one host address. */
export type PortToBind = PortSpec & {
  readonly hostIp: Ip;
  /** 0: any. */
  readonly from: number;
  readonly to: number;
  readonly containerIp: Ip;
  /** A routed network: nothing is bound, the port is only opened. */
  readonly withoutNat: boolean;
};

/** Those in a group get one port number together. */
export type PortGroup = readonly [PortToBind, ...PortToBind[]];

export type PortPlan = {
  readonly ipv4: Ipv4 | undefined;
  readonly ipv6: Ipv6 | undefined;
  /** For ports without a host address. */
  readonly defaultBinding: Ip;
  readonly hasProxy: boolean;
  readonly noProxy6To4: boolean;
  readonly isRouted: Readonly<Record<4 | 6, boolean>>;
  /** Without IPv6 on the host there is nothing to bind on ::. */
  readonly hostHasIpv6: boolean;
};

type Normal = PortSpec & { readonly hostIp: Ip | undefined; readonly from: number; readonly to: number };

const PROTOCOL_NUMBER = { tcp: 6, udp: 17, sctp: 132 } as const;

export function planPorts(requests: readonly PortBindingRequest[], plan: PortPlan): readonly PortGroup[] {
  const normal = requests.map(normalised).sort(compareRequests);
  const groups: PortGroup[] = [];
  let collected: PortToBind[] = [];
  normal.forEach((request, index) => {
    collected.push(...bindingsOf(request, plan));
    const next = normal[index + 1];
    if (next && differOnlyInHostIp(request, next)) return;
    const [first, ...others] = collected;
    if (first) groups.push([first, ...others]);
    collected = [];
  });
  return groups;
}

/** `127.0.0.1:8080:172.17.0.2:80/tcp`, as the complaints name a binding. */
export function describeBinding({ hostIp, from, to, containerIp, port, protocol }: PortToBind): string {
  const host = from === 0 ? "" : to !== from ? `${from}-${to}` : `${from}`;
  return `${bracketed(hostIp)}:${host}:${bracketed(containerIp)}:${port}/${protocol}`;
}

function bindingsOf(request: Normal, plan: PortPlan): PortToBind[] {
  const { port, protocol, from, to, hostIp } = request;
  const bindings: PortToBind[] = [];
  const add = (address: Ip, containerIp: Ip, withoutNat: boolean): void =>
    void bindings.push({ port, protocol, from, to, hostIp: address, containerIp, withoutNat });

  const wanted4 = hostIp ?? (isV4(plan.defaultBinding) ? plan.defaultBinding : undefined);
  if (plan.ipv4 && wanted4 && isV4(wanted4)) add(plan.isRouted[4] ? ANY_V4 : wanted4, plan.ipv4, plan.isRouted[4]);

  // A container without an IPv6 address can still be reached on the host's: the proxy leads there.
  const container6 = plan.ipv6 ?? (plan.hasProxy && !plan.noProxy6To4 ? plan.ipv4 : undefined);
  const default6 = plan.defaultBinding === ANY_V4 && plan.hostHasIpv6 ? ANY_V6 : plan.defaultBinding;
  const wanted6 = hostIp ?? default6;
  if (container6 && !isV4(wanted6)) add(plan.isRouted[6] ? ANY_V6 : wanted6, container6, plan.isRouted[6]);
  return bindings;
}

function normalised({ port, protocol, hostIp, hostPort, hostPortEnd }: PortBindingRequest): Normal {
  return {
    port,
    protocol,
    hostIp: hostIp === "" ? undefined : parseGoIp(hostIp),
    from: hostPort,
    to: hostPortEnd === 0 ? hostPort : hostPortEnd,
  };
}

/** Exact host ports before ranges, so that a range does not take what another asks for exactly. */
function compareRequests(a: Normal, b: Normal): number {
  return (
    Number(isRange(a)) - Number(isRange(b)) ||
    a.port - b.port ||
    PROTOCOL_NUMBER[a.protocol] - PROTOCOL_NUMBER[b.protocol] ||
    a.from - b.from ||
    a.to - b.to ||
    compareHostIps(a.hostIp, b.hostIp)
  );
}

function isRange({ from, to }: Normal): boolean {
  return from === 0 || from !== to;
}

function compareHostIps(a: Ip | undefined, b: Ip | undefined): number {
  if (a && b) return compareIp(a, b);
  return Number(a !== undefined) - Number(b !== undefined);
}

function differOnlyInHostIp(a: Normal, b: Normal): boolean {
  return a.port === b.port && a.protocol === b.protocol && a.from === b.from && a.to === b.to;
}

function bracketed(address: Ip): string {
  return isV4(address) ? address : `[${address}]`;
}
