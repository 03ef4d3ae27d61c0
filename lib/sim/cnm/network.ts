/**
 * One network: its settings, its address pools, the endpoints on it and their names.
 *
 * A learner sees it with `docker network inspect`. Modelled on moby's daemon/libnetwork/network.go.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { DONE, ok, type Result } from "@/lib/base/result";
import type { Instant } from "@/lib/sim/core/time";
import { contains, type Family, formatPrefix, type Ip, type Ipv4, type Ipv6, isV4, type Prefix } from "@/lib/sim/net/address";
import type { CnmError, EndpointView, IpamConfig, NetworkView } from "./contract";
import { NameRecords } from "./dns/records";
import type { DriverNetwork, DriverPool, NetworkDriver } from "./drivers/contract";
import type { Endpoint } from "./endpoint";
import { forbidden, internal, invalid } from "./error";
import { parseGoIp, parseGoPrefix } from "./go-value";
import type { AddressSpace, IpamDriver, PoolId } from "./ipam/contract";

/** What a network is told when it is made, and what a configuration-only network can pass on. */
export type NetworkSettings = {
  readonly id: string;
  readonly name: string;
  readonly created: Instant;
  readonly driver: string;
  readonly scope: string;
  readonly enableIpv4: boolean;
  readonly enableIpv6: boolean;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly configOnly: boolean;
  readonly configFrom: string;
  readonly ipam: {
    readonly driver: string;
    readonly options: Readonly<Record<string, string>> | undefined;
    readonly config: readonly IpamConfig[];
  };
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
};

/** A pool that the network holds. */
type Pool<A extends Ip = Ip> = { readonly id: PoolId; readonly gateway: A | undefined; readonly auxiliary: Readonly<Record<string, A>> };

export class Network {
  readonly settings: NetworkSettings;
  readonly records = new NameRecords();
  readonly endpoints = new Set<Endpoint>();
  readonly #driver: NetworkDriver | undefined;
  readonly #ipam: IpamDriver;
  #pools: { readonly 4: readonly Pool<Ipv4>[]; readonly 6: readonly Pool<Ipv6>[] } = { 4: [], 6: [] };

  /** Without a driver it is a configuration for other networks. */
  constructor(settings: NetworkSettings, driver: NetworkDriver | undefined, ipam: IpamDriver) {
    this.settings = settings;
    this.#driver = driver;
    this.#ipam = ipam;
  }

  get id(): string {
    return this.settings.id;
  }

  get name(): string {
    return this.settings.name;
  }

  get driver(): NetworkDriver | undefined {
    return this.#driver;
  }

  /** `host` and `none` have neither addresses nor interfaces. */
  get isSpecial(): boolean {
    return this.settings.driver === "host" || this.settings.driver === "null";
  }

  /** Asks IPAM for pools, gateways and auxiliary addresses. All or nothing. */
  allocate(
    skipGateway: { readonly ipv4: boolean; readonly ipv6: boolean },
    reserved: (family: Family) => readonly Prefix[],
  ): Result<void, CnmError> {
    if (this.isSpecial) return DONE;
    if (this.settings.enableIpv4) {
      const pools = this.#allocateFamily(4, skipGateway.ipv4, reserved);
      if (!pools.ok) return pools;
      this.#pools = { ...this.#pools, 4: pools.value.map(ofFamily(isV4)) };
    }
    if (this.settings.enableIpv6) {
      const pools = this.#allocateFamily(6, skipGateway.ipv6, reserved);
      if (!pools.ok) {
        this.release();
        return pools;
      }
      this.#pools = { ...this.#pools, 6: pools.value.map(ofFamily(isV6)) };
    }
    return DONE;
  }

  release(): void {
    for (const { id, gateway, auxiliary } of [...this.#pools[4], ...this.#pools[6]]) {
      for (const address of [gateway, ...Object.values(auxiliary)]) if (address) this.#ipam.releaseAddress(id, address);
      this.#ipam.releasePool(id);
    }
    this.#pools = { 4: [], 6: [] };
  }

  /** What the driver is told. */
  forDriver(): DriverNetwork {
    const { id, name, enableIpv4, enableIpv6, internal: isInternal, options } = this.settings;
    return {
      id,
      name,
      enableIpv4,
      enableIpv6,
      internal: isInternal,
      options,
      ipv4: this.#pools[4].map(driverPool(isV4)),
      ipv6: this.#pools[6].map(driverPool(isV6)),
    };
  }

  /** An address for an endpoint: `wanted`, or any. */
  takeAddress(family: Family, wanted: Ip | undefined): Result<{ readonly address: Prefix; readonly pool: PoolId } | undefined, CnmError> {
    for (const { id } of this.#pools[family]) {
      if (wanted && !contains(id.subnet, wanted)) continue;
      const taken = this.#ipam.requestAddress(id, wanted);
      if (taken.ok) return ok(taken.value && { address: { address: taken.value, length: id.subnet.length }, pool: id });
      if (taken.error.why !== "none-left" || wanted) return { ok: false, error: taken.error.error };
    }
    if (wanted) return invalid(`invalid address ${wanted}: It does not belong to any of this network's subnets`);
    return internal(`no available IPv${family} addresses on this network's address pools: ${this.name} (${this.id})`);
  }

  freeAddress(pool: PoolId, address: Ip): void {
    this.#ipam.releaseAddress(pool, address);
  }

  endpointByName(name: string): Endpoint | undefined {
    return [...this.endpoints].find((endpoint) => endpoint.name === name);
  }

  /** Of the first pool: what `host-gateway` stands for. */
  gateways(): readonly Ip[] {
    return [this.#pools[4][0]?.gateway, this.#pools[6][0]?.gateway].filter((gateway) => gateway !== undefined);
  }

  view(): NetworkView {
    const { ipam, ...settings } = this.settings;
    const bridge = this.#driver?.bridgeName(this.id);
    return {
      ...settings,
      ipam: { ...ipam, config: this.#shownConfig() },
      ...(bridge === undefined ? {} : { bridge }),
      endpoints: this.endpointViews(),
    };
  }

  /** By name. */
  endpointViews(): readonly EndpointView[] {
    return [...this.endpoints].map((endpoint) => endpoint.view()).sort((a, b) => byName([a.containerName, a], [b.containerName, b]));
  }

  /** With these pools and gateways it can be made again as it is: for an engine that starts anew, which then shows them too. */
  pinned(): NetworkSettings {
    return {
      ...this.settings,
      ipam: { ...this.settings.ipam, config: this.#poolConfigs().map(({ asked, pool }) => ({ ...asked, ...pool })) },
    };
  }

  /** As it was asked for; of a family without a configuration, as IPAM gave it. */
  #shownConfig(): IpamConfig[] {
    return this.#poolConfigs().map(({ asked, pool }) => asked ?? pool);
  }

  /** What was asked for and what was given, pool by pool: the families that were asked for come first. */
  #poolConfigs(): { readonly asked?: IpamConfig; readonly pool: IpamConfig }[] {
    const byFamily = ([4, 6] as const).map((family) => {
      const asked = this.#configured.filter(({ subnet }) => isOfFamily(subnet, family));
      const given = this.#pools[family].map(({ id, gateway }) => ({ subnet: formatPrefix(id.subnet), ...(gateway ? { gateway } : {}) }));
      return { asked, given };
    });
    return [
      ...byFamily.flatMap(({ asked, given }) => asked.map((one, i) => ({ asked: one, pool: given[i] ?? {} }))),
      ...byFamily.flatMap(({ asked, given }) => (asked.length > 0 ? [] : given.map((pool) => ({ pool })))),
    ];
  }

  get #configured(): readonly IpamConfig[] {
    return this.settings.ipam.config.filter(({ subnet }) => subnet !== undefined && subnet !== "");
  }

  #allocateFamily(
    family: Family,
    skipGateway: boolean,
    reserved: (family: Family) => readonly Prefix[],
  ): Result<readonly Pool[], CnmError> {
    const configured = this.#configured.filter(({ subnet }) => isOfFamily(subnet, family));
    const pools: Pool[] = [];
    for (const config of configured.length > 0 ? configured : [{}]) {
      const pool = this.#allocatePool(config, family, skipGateway, reserved);
      if (!pool.ok) {
        for (const { id } of pools) this.#ipam.releasePool(id);
        return pool;
      }
      pools.push(pool.value);
    }
    return ok(pools);
  }

  #allocatePool(
    config: IpamConfig,
    family: Family,
    skipGateway: boolean,
    reserved: (family: Family) => readonly Prefix[],
  ): Result<Pool, CnmError> {
    const isGlobal = this.settings.scope === "global";
    const space: AddressSpace = isGlobal ? this.#ipam.spaces.global : this.#ipam.spaces.local;
    const { subnet = "", ipRange = "" } = config;
    const pool = subnet === "" ? undefined : parseGoPrefix(subnet);
    const range = ipRange === "" ? undefined : parseGoPrefix(ipRange);
    if (subnet !== "" && !pool)
      return internal(
        `failed to parse pool request for address space "${space}" pool "${subnet}" subpool "${ipRange}": invalid address pool`,
      );
    if (ipRange !== "" && !range) return internal("invalid pool request: invalid address subpool");
    const id = this.#ipam.requestPool({ space, family, pool, range, exclude: isGlobal ? [] : reserved(family) });
    if (!id.ok) return id;
    const allocated = this.#allocateInPool(id.value, config, skipGateway);
    if (!allocated.ok) this.#ipam.releasePool(id.value);
    return allocated;
  }

  #allocateInPool(id: PoolId, config: IpamConfig, skipGateway: boolean): Result<Pool, CnmError> {
    const wanted = config.gateway ?? "";
    let gateway: Ip | undefined;
    if (wanted !== "" || !skipGateway) {
      const taken = this.#ipam.requestAddress(id, wanted === "" ? undefined : parseGoIp(wanted));
      if (!taken.ok) return internal(`failed to allocate gateway (${wanted}): ${textOf(taken.error.error)}`);
      gateway = taken.value;
    }
    const auxiliary: Record<string, Ip> = {};
    for (const [name, text] of Object.entries(config.auxiliary ?? {}).sort(byName)) {
      const address = parseGoIp(text);
      if (!address) return invalid(`non parsable secondary ip address (${name}:${text}) passed for network ${this.name}`);
      if (!contains(id.subnet, address))
        return forbidden(`auxiliary address: (${name}:${text}) must belong to the master pool: ${formatPrefix(id.subnet)}`);
      const taken = this.#ipam.requestAddress(id, address);
      if (!taken.ok && taken.error.why !== "out-of-range")
        return internal(`failed to allocate secondary ip address (${name}:${text}): ${textOf(taken.error.error)}`);
      auxiliary[name] = address;
    }
    return ok({ id, gateway, auxiliary });
  }
}

/** Orders entries by their first part. */
function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textOf(error: CnmError): string {
  return error.kind === "not-simulated" ? error.what : error.message;
}

function isOfFamily(subnet: string | undefined, family: Family): boolean {
  return subnet !== undefined && subnet.includes(":") === (family === 6);
}

function isV6(address: Ip): address is Ipv6 {
  return !isV4(address);
}

/** Narrows what IPAM gave for one family to that family. */
function ofFamily<A extends Ip>(is: (address: Ip) => address is A): (pool: Pool) => Pool<A> {
  return ({ id, gateway, auxiliary }) => ({
    id,
    gateway: gateway && is(gateway) ? gateway : undefined,
    auxiliary: narrowed(auxiliary, is),
  });
}

function driverPool<A extends Ip>(is: (address: Ip) => address is A): (pool: Pool<A>) => DriverPool<A> {
  return ({ id: { subnet }, gateway, auxiliary }) => {
    const { address, length } = subnet;
    if (!is(address)) throw new InvariantViolation(`the pool ${formatPrefix(subnet)} is of the other family`);
    return { subnet: { address, length }, gateway, auxiliary };
  };
}

function narrowed<A extends Ip>(addresses: Readonly<Record<string, Ip>>, is: (address: Ip) => address is A): Record<string, A> {
  const result: Record<string, A> = {};
  for (const [name, address] of Object.entries(addresses)) if (is(address)) result[name] = address;
  return result;
}
