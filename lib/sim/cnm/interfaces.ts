/**
 * The interfaces of a sandbox: how one is named, given its addresses and brought up, and the default routes.
 *
 * A learner sees the result with `ip addr` and `ip route` in a container. Modelled on moby's daemon/libnetwork/osl
 * (interface_linux.go, route_linux.go).
 */

import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Scheduler, Timer } from "@/lib/sim/core/scheduler";
import { type Duration, millis } from "@/lib/sim/core/time";
import { ANY_V4, ANY_V6, contains, type Family, familyOf, formatPrefix, type Ip, type Ipv4, type Prefix } from "@/lib/sim/net/address";
import type { Mac } from "@/lib/sim/net/mac";
import type { IfIndex, Netns, NewRoute, RouteView } from "@/lib/sim/kernel";
import type { CnmError } from "./contract";
import { goErrno, internal, within } from "./error";
import { linkAddress } from "./link-address";

export type NewInterface = {
  /** The name it has before it is configured. */
  readonly source: string;
  readonly prefix: string;
  /** Empty: the prefix and the lowest free number. */
  readonly name: string;
  readonly mac: Mac | "";
  readonly ipv4: Prefix<Ipv4> | undefined;
  readonly ipv6: Prefix | undefined;
  readonly linkLocal: readonly Prefix[];
  readonly sysctls: readonly string[];
  readonly advertise: Advertisement;
};

/** What the default route leads to: a gateway, or everything behind an interface, by the name that it came with. */
export type WayOut = { readonly via: Ip } | { readonly through: string };

/** Unsolicited ARP, so that neighbours do not send to whoever had the address before. */
export type Advertisement = { readonly count: number; readonly interval: Duration };

/** Docker's default: three times, a second apart. */
export const ADVERTISE: Advertisement = { count: 3, interval: millis(1_000) };

type Known = { readonly source: string; readonly name: string; timers: Timer[] };

export class SandboxInterfaces {
  readonly #netns: Netns;
  readonly #host: Netns;
  readonly #scheduler: Scheduler;
  readonly #known: Known[] = [];
  #waysOut: { readonly 4: WayOut | undefined; readonly 6: WayOut | undefined } = { 4: undefined, 6: undefined };

  constructor(netns: Netns, host: Netns, scheduler: Scheduler) {
    this.#netns = netns;
    this.#host = host;
    this.#scheduler = scheduler;
  }

  /** Configures an interface that is in the namespace already. Its name there. */
  add(wanted: NewInterface): Result<string, CnmError> {
    const added = this.#add(wanted);
    return added.ok
      ? added
      : fail(within(added.error, (message) => `failed to add interface ${wanted.source} to sandbox: ${message}`, "internal"));
  }

  /** Takes it out of the namespace, back to the host, under the name that it came with. */
  remove(source: string): void {
    const known = this.#known.find((one) => one.source === source);
    if (!known) return;
    for (const timer of known.timers) timer.cancel();
    this.#known.splice(this.#known.indexOf(known), 1);
    const link = this.#netns.links.linkByName(known.name);
    if (!link) return;
    this.#netns.links.change(link.index, { set: "up", up: false });
    const renamed = this.#netns.links.change(link.index, { set: "name", name: source });
    if (renamed.ok) this.#netns.links.change(link.index, { set: "netns", netns: this.#host.id });
  }

  /** Replaces the default routes. */
  setDefaultRoutes(ipv4: WayOut | undefined, ipv6: WayOut | undefined): Result<void, CnmError> {
    for (const family of [4, 6] as const) {
      const current = this.#waysOut[family];
      const route = current && this.#defaultRoute(current, family);
      if (route) this.#netns.links.deleteRoute(route);
    }
    this.#waysOut = { 4: undefined, 6: undefined };
    const set4 = this.#addDefault(ipv4, 4, "failed to set gateway");
    if (!set4.ok) return set4;
    const set6 = this.#addDefault(ipv6, 6, "failed to set IPv6 gateway");
    if (!set6.ok) return set6;
    this.#waysOut = { 4: ipv4, 6: ipv6 };
    return DONE;
  }

  #add(wanted: NewInterface): Result<string, CnmError> {
    const { links } = this.#netns;
    const link = links.linkByName(wanted.source);
    if (!link) return internal(`failed to get link by name "${wanted.source}": Link not found`);
    const name = wanted.name === "" ? this.#freeName(wanted.prefix) : wanted.name;
    const down = links.change(link.index, { set: "up", up: false });
    if (!down.ok) return internal(`failed to set link down: ${goErrno(down.error.errno)}`);
    const renamed = links.change(link.index, { set: "name", name });
    if (!renamed.ok) return internal(`error renaming interface "${wanted.source}" to "${name}": ${goErrno(renamed.error.errno)}`);

    const configured = this.#configure(link.index, name, wanted);
    if (!configured.ok) return configured;
    const up = links.change(link.index, { set: "up", up: true });
    if (!up.ok) return internal(`failed to set link up: ${goErrno(up.error.errno)}`);
    const known: Known = { source: wanted.source, name, timers: [] };
    this.#known.push(known);
    this.#advertise(known, link.index, wanted);
    return ok(name);
  }

  #configure(link: IfIndex, name: string, wanted: NewInterface): Result<void, CnmError> {
    const { links } = this.#netns;
    const { source, mac, ipv4, ipv6 } = wanted;
    if (mac !== "") {
      const set = links.change(link, { set: "mac", mac });
      if (!set.ok) return internal(`error setting interface "${source}" MAC to "${mac}": ${goErrno(set.error.errno)}`);
    }
    if (ipv4) {
      const set = this.#addAddress(link, ipv4);
      if (!set.ok)
        return fail(within(set.error, (message) => `error setting interface "${source}" IP to ${formatPrefix(ipv4)}: ${message}`));
    }
    // On a network without IPv6 the interface must not have any either: not even a link-local address.
    this.#netns.setSysctl(`net.ipv6.conf.${name}.disable_ipv6`, ipv6 ? "0" : "1");
    if (ipv6) {
      const set = this.#addAddress(link, ipv6);
      if (!set.ok)
        return fail(within(set.error, (message) => `error setting interface "${source}" IPv6 to ${formatPrefix(ipv6)}: ${message}`));
    }
    for (const prefix of wanted.linkLocal) {
      const set = links.addAddress(link, linkAddress(prefix));
      if (!set.ok)
        return internal(
          `error setting interface "${source}" link local IPs to [${wanted.linkLocal.map(formatPrefix).join(" ")}]: ${goErrno(set.error.errno)}`,
        );
    }
    return this.#setSysctls(name, wanted.sysctls);
  }

  #addAddress(link: IfIndex, prefix: Prefix): Result<void, CnmError> {
    const family = familyOf(prefix.address);
    const inTheWay = this.#netns.links.routes(family).find(({ destination }) => {
      if (destination.length === 0) return false;
      return contains(destination, prefix.address) || contains(prefix, destination.address);
    });
    if (inTheWay) {
      return internal(
        `cannot program address ${formatPrefix(prefix)} in sandbox interface because it conflicts with existing route ${describeRoute(inTheWay)}`,
      );
    }
    const added = this.#netns.links.addAddress(link, { ...linkAddress(prefix), ...(family === 6 ? { noDad: true } : {}) });
    return added.ok ? DONE : internal(goErrno(added.error.errno));
  }

  /** `net.X.Y.IFNAME.Z=value`. */
  #setSysctls(name: string, sysctls: readonly string[]): Result<void, CnmError> {
    for (const sysctl of sysctls) {
      const equals = sysctl.indexOf("=");
      if (equals < 0) return internal(`expected sysctl '${sysctl}' to have format name=value`);
      const parts = sysctl.slice(0, equals).split(".");
      if (parts.length !== 5) return internal(`expected sysctl '${sysctl}' to have format net.X.Y.IFNAME.Z`);
      const key = [...parts.slice(0, 3), name, ...parts.slice(4)];
      const path = `/proc/sys/${key.join("/")}`;
      const current = this.#netns.sysctl(key.join("."));
      if (!current.ok) return internal(`${path} is not a sysctl file`);
      const value = sysctl.slice(equals + 1);
      if (current.value.trim() === value) continue;
      const set = this.#netns.setSysctl(key.join("."), value);
      if (!set.ok) return internal(`unable to write to '${path}': write ${path}: ${goErrno(set.error)}`);
    }
    return DONE;
  }

  /** The lowest number that none of the sandbox's interfaces has behind this prefix. */
  #freeName(prefix: string): string {
    const taken = new Set(this.#known.map(({ name }) => name));
    for (let number = 0; ; number++) if (!taken.has(`${prefix}${number}`)) return `${prefix}${number}`;
  }

  #advertise(known: Known, link: IfIndex, { ipv4, advertise }: NewInterface): void {
    if (!ipv4) return;
    const announce = (): void => this.#netns.links.announce(link, ipv4.address);
    if (advertise.count > 0) announce();
    for (let n = 1; n < advertise.count; n++) known.timers.push(this.#scheduler.after(multiplied(advertise.interval, n), announce));
  }

  #addDefault(way: WayOut | undefined, family: Family, complaint: string): Result<void, CnmError> {
    if (!way) return DONE;
    const route = this.#defaultRoute(way, family);
    if (route?.link === undefined) {
      const where = "via" in way ? `direct route for the gateway ${way.via}` : `interface ${way.through}`;
      return internal(`${complaint}: ${where} could not be found`);
    }
    const added = this.#netns.links.addRoute(route);
    return added.ok ? DONE : internal(`${complaint}: ${goErrno(added.error.errno)}`);
  }

  #defaultRoute(way: WayOut, family: Family): NewRoute | undefined {
    const destination: Prefix = { address: family === 4 ? ANY_V4 : ANY_V6, length: 0 };
    if ("via" in way) {
      const link = this.#linkTo(way.via);
      return { destination, gateway: way.via, protocol: "boot", ...(link === undefined ? {} : { link }) };
    }
    const name = this.#known.find(({ source }) => source === way.through)?.name;
    const link = name === undefined ? undefined : this.#netns.links.linkByName(name);
    return link && { destination, link: link.index, scope: "link", protocol: "boot" };
  }

  #linkTo(gateway: Ip): IfIndex | undefined {
    const route = this.#netns.links.lookup(gateway);
    return route.ok && route.value.gateway === undefined ? route.value.link : undefined;
  }
}

/** As Go's netlink package prints a route. */
function describeRoute({ link, destination, source, gateway }: RouteView): string {
  return `{Ifindex: ${link ?? 0} Dst: ${formatPrefix(destination)} Src: ${source ?? "<nil>"} Gw: ${gateway ?? "<nil>"} Flags: [] Table: 254 Realm: 0}`;
}

function multiplied(span: Duration, times: number): Duration {
  return millis((span / 1_000) * times);
}
