/**
 * Networks as the daemon has them: what a name means, creating, listing, removing, pruning.
 *
 * Modelled on moby's daemon/network.go and daemon/network/filter.go. The networks themselves are libnetwork's (sim/cnm);
 * here stand the daemon's own rules, and which subnets a user chose: fixed addresses are given out only there.
 */

import { fail, ok } from "@/lib/base/result";
import type { Ipam, IpamPool, NetworkInspect, NetworkCreateResponse, NetworksPruneReport } from "@/lib/sim/api";
import type { EndpointView, NetworkController, NetworkView } from "@/lib/sim/cnm/contract";
import { type EngineError, fromCnm, NOT_A_MANAGER, type Outcome, prefixed, refuse } from "../error";
import type { Events } from "../events";
import type { Filters } from "../filters";
import { sortedByKey } from "../go/shape";
import { parseBool } from "../go/strconv";
import { type EpochMicros, epochOf, rfc3339Nano } from "../go/time";
import type { Ids } from "../ids";
import { untilOf } from "../image/delete";
import { checkIpam } from "./ipam";
import { isPredefined } from "./network-mode";
import type { NetworkCreation } from "./shapes";

const ENABLE_IPV4 = "com.docker.network.enable_ipv4";
const ENABLE_IPV6 = "com.docker.network.enable_ipv6";

/** `hasIpamOptions`: a request without any is shown as `null` later on. */
type Asked = { readonly pools: readonly IpamPool[]; readonly hasIpamOptions: boolean };

export type NetworksEnvironment = {
  readonly controller: NetworkController;
  readonly ids: Ids;
  readonly events: Events;
  /** daemon.json's default-network-opts: by driver. */
  readonly defaultOptions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The networks as the daemon had them before it was restarted. */
  readonly before: Networks | undefined;
};

export class Networks {
  readonly #controller: NetworkController;
  readonly #ids: Ids;
  readonly #events: Events;
  readonly #defaultOptions: NetworksEnvironment["defaultOptions"];
  /** What was asked for, by network id. */
  readonly #asked: Map<string, Asked>;

  constructor({ controller, ids, events, defaultOptions, before }: NetworksEnvironment) {
    this.#controller = controller;
    this.#ids = ids;
    this.#events = events;
    this.#defaultOptions = defaultOptions;
    this.#asked = before ? new Map(before.#asked) : new Map();
  }

  get controller(): NetworkController {
    return this.#controller;
  }

  /** Whatever the order in libnetwork's store, here it is the order of names. */
  list(): readonly NetworkView[] {
    return this.#controller
      .networks()
      .map((view) => (this.#asked.get(view.id)?.hasIpamOptions === false ? { ...view, ipam: { ...view.ipam, options: undefined } } : view));
  }

  /** A full id, a name, or the beginning of an id. */
  find(term: string): Outcome<NetworkView> {
    const all = this.list();
    const exact = all.find(({ id }) => id === term);
    if (exact) return ok(exact);
    const named = all.filter(({ name }) => name === term);
    if (named.length > 1) return refuse("invalid", `network ${term} is ambiguous (${named.length} matches found on name)`);
    if (named[0]) return ok(named[0]);
    const begun = all.filter(({ id }) => id.startsWith(term));
    if (begun.length > 1) return refuse("invalid", `network ${term} is ambiguous (${begun.length} matches found based on ID prefix)`);
    return begun[0] ? ok(begun[0]) : refuse("not-found", `network ${term} not found`);
  }

  /** The same for the routes that look one up by themselves: with a scope, and in other words when several fit. */
  search(term: string, scope: string, ambiguous: (matches: number, by: "name" | "ID prefix") => string): Outcome<NetworkView> {
    const all = scope === "" ? this.list() : this.list().filter((network) => network.scope === scope);
    const exact = all.find(({ id }) => id === term);
    if (exact) return ok(exact);
    for (const by of ["name", "ID prefix"] as const) {
      const found = all.filter(({ name, id }) => (by === "name" ? name === term : id.startsWith(term)));
      if (found.length > 1) return refuse("invalid", ambiguous(found.length, by));
      if (found[0]) return ok(found[0]);
    }
    return refuse("not-found", `network ${term} not found`);
  }

  create(request: NetworkCreation): Outcome<NetworkCreateResponse> {
    if (isPredefined(request.Name)) return refuse("forbidden", `operation is not permitted on predefined ${request.Name} network `);
    const driver = request.Driver || "bridge";
    if (driver === "overlay") return refuse("forbidden", NOT_A_MANAGER);

    const options = { ...(request.ConfigFrom ? {} : this.#defaultOptions[driver]), ...request.Options };
    const enableIpv4 = enabled(request.EnableIPv4, options, ENABLE_IPV4, true);
    if (!enableIpv4.ok) return enableIpv4;
    const enableIpv6 = enabled(request.EnableIPv6, options, ENABLE_IPV6, false);
    if (!enableIpv6.ok) return enableIpv6;
    const pools = request.IPAM?.Config ?? [];
    const fault = checkIpam(pools, enableIpv6.value);
    if (fault !== undefined) return refuse("invalid", fault);

    const id = this.#ids.next();
    const made = this.#controller.create({
      id,
      name: request.Name,
      driver,
      enableIpv4: enableIpv4.value,
      enableIpv6: enableIpv6.value,
      internal: request.Internal,
      attachable: request.Attachable,
      ingress: request.Ingress,
      configOnly: request.ConfigOnly,
      ...(request.ConfigFrom ? { configFrom: request.ConfigFrom.Network } : {}),
      ...(request.Scope ? { scope: request.Scope } : {}),
      ipam: {
        driver: request.IPAM?.Driver || "default",
        options: request.IPAM?.Options ?? {},
        config: pools.map(({ Subnet, IPRange, Gateway, AuxiliaryAddresses }) => ({
          ...(Subnet ? { subnet: Subnet } : {}),
          ...(IPRange ? { ipRange: IPRange } : {}),
          ...(Gateway ? { gateway: Gateway } : {}),
          ...(AuxiliaryAddresses ? { auxiliary: AuxiliaryAddresses } : {}),
        })),
      },
      options,
      labels: request.Labels ?? {},
    });
    if (!made.ok) return fail(fromCnm(made.error));
    const from = request.ConfigFrom ? this.find(request.ConfigFrom.Network) : undefined;
    const own: Asked = { pools, hasIpamOptions: (request.IPAM?.Options ?? null) !== null };
    this.#asked.set(made.value.id, (from?.ok ? this.#asked.get(from.value.id) : undefined) ?? own);
    this.log(made.value, "create");
    return ok({ Id: made.value.id, Warning: "" });
  }

  remove(id: string): Outcome<void> {
    const network = this.#controller.network(id);
    if (!network) return refuse("not-found", `could not find network by ID: network ${id} not found`);
    if (isPredefined(network.name)) return refuse("forbidden", `${network.name} is a pre-defined network and cannot be removed`);
    const removed = this.#controller.remove(id);
    if (!removed.ok) return prefixed("error while removing network", fromCnm(removed.error));
    this.#asked.delete(id);
    if (!network.configOnly) this.log(network, "destroy");
    return ok(undefined);
  }

  prune(filters: Filters, now: EpochMicros): Outcome<NetworksPruneReport> {
    const accepted = filters.check(["label", "label!", "until"]);
    if (!accepted.ok) return accepted;
    const until = untilOf(filters, now);
    if (!until.ok) return until;
    const deleted: string[] = [];
    for (const network of this.list()) {
      const isOld = until.value === undefined || epochOf(network.created) <= until.value;
      if (
        network.configOnly ||
        isPredefined(network.name) ||
        !isOld ||
        !filters.matchPruneLabels(network.labels) ||
        network.endpoints.length > 0
      )
        continue;
      if (this.remove(network.id).ok) deleted.push(network.name);
    }
    this.#events.log("network", "prune", "", { reclaimed: "0" });
    return ok({ NetworksDeleted: deleted.length > 0 ? deleted : null });
  }

  /** The pools that the user gave; none when the engine chose. */
  chosenPools(network: NetworkView): readonly IpamPool[] {
    return this.#asked.get(network.id)?.pools ?? [];
  }

  log(network: NetworkView, action: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.#events.log("network", action, network.id, { ...attributes, name: network.name, type: network.driver });
  }
}

/** `detailed`: with its containers. A list leaves them out. */
export function viewOfNetwork(network: NetworkView, detailed: boolean): NetworkInspect {
  const containers = Object.fromEntries(
    network.endpoints.map((endpoint) => [endpoint.containerId || `ep-${endpoint.id}`, resourceOf(endpoint)]),
  );
  return {
    Name: network.name,
    Id: network.id,
    Created: rfc3339Nano(epochOf(network.created)),
    Scope: network.scope,
    Driver: network.driver,
    EnableIPv4: network.enableIpv4,
    EnableIPv6: network.enableIpv6,
    IPAM: ipamOf(network),
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: network.ingress,
    ConfigFrom: { Network: network.configFrom },
    ConfigOnly: network.configOnly,
    Containers: detailed ? sortedByKey(containers) : {},
    Options: sortedByKey(network.options),
    Labels: sortedByKey(network.labels),
  };
}

const LIST_FILTERS = ["dangling", "driver", "id", "label", "name", "scope", "type"];

/** `docker network ls`, filters and all. */
export function listNetworks(networks: readonly NetworkView[], filters: Filters): Outcome<readonly NetworkInspect[]> {
  const accepted = filters.check(LIST_FILTERS);
  if (!accepted.ok) return accepted;
  let shown = networks.filter(
    (network) =>
      filters.exact("driver", network.driver) &&
      filters.match("name", network.name) &&
      filters.match("id", network.id) &&
      filters.matchLabels("label", network.labels) &&
      filters.exact("scope", network.scope),
  );

  const dangling = filters.values("dangling");
  if (dangling.length > 1) return refuse("invalid", 'got more than one value for filter key "dangling"');
  if (dangling.length === 1) {
    const wanted = parseDangling(dangling[0] ?? "");
    if (wanted === undefined) return refuse("invalid", `invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
    // Whether anybody uses it is not known in a list: only the engine's own networks count as used (so in moby too).
    shown = shown.filter(({ name }) => isPredefined(name) !== wanted);
  }

  if (filters.has("type")) {
    const all = shown;
    shown = [];
    const error = filters.walk("type", (type): EngineError | undefined => {
      if (type !== "builtin" && type !== "custom") return { kind: "internal", message: `invalid filter: 'type'='${type}'` };
      shown = [...shown, ...all.filter(({ name }) => isPredefined(name) === (type === "builtin"))];
      return undefined;
    });
    if (error) return fail(error);
  }
  return ok(shown.map((network) => viewOfNetwork(network, false)));
}

function parseDangling(text: string): boolean | undefined {
  if (text === "1" || text === "true") return true;
  return text === "0" || text === "false" ? false : undefined;
}

function enabled(asked: boolean | null, options: Record<string, string>, option: string, otherwise: boolean): Outcome<boolean> {
  if (asked !== null) {
    delete options[option];
    return ok(asked);
  }
  const text = options[option];
  if (text === undefined) return ok(otherwise);
  const value = parseBool(text);
  return value.ok ? value : refuse("invalid", `driver-opt "${option}" is not a valid bool`);
}

function ipamOf(network: NetworkView): Ipam {
  const config = network.ipam.config.map(({ subnet, ipRange, gateway, auxiliary }) => ({
    ...(subnet ? { Subnet: subnet } : {}),
    ...(ipRange ? { IPRange: ipRange } : {}),
    ...(gateway ? { Gateway: gateway } : {}),
    ...(auxiliary && Object.keys(auxiliary).length > 0 ? { AuxiliaryAddresses: sortedByKey(auxiliary) } : {}),
  }));
  return {
    Driver: network.ipam.driver,
    Options: network.ipam.options ? sortedByKey(network.ipam.options) : null,
    Config: config.length > 0 ? config : null,
  };
}

function resourceOf(endpoint: EndpointView): NetworkInspect["Containers"][string] {
  return {
    Name: endpoint.containerName,
    EndpointID: endpoint.id,
    MacAddress: endpoint.mac,
    IPv4Address: endpoint.ipv4 === undefined ? "" : `${endpoint.ipv4}/${endpoint.ipv4Length ?? 32}`,
    IPv6Address: endpoint.ipv6 === undefined ? "" : `${endpoint.ipv6}/${endpoint.ipv6Length ?? 128}`,
  };
}
