/** Checks on a network's state, read off the snapshot. */

import type { NetworkCheck } from "@/lib/content/check-schema";
import { type NetworkView, overlaps, parsePrefix } from "@/lib/sim";
import { type Bench, expectSame, fails, type Finding, firstFailure, HOLDS, hostOf, inTurn, isSameSet, list } from "./finding";

const MTU = "com.docker.network.driver.mtu";

export function checkNetwork(check: NetworkCheck, { world, start }: Bench): Finding {
  const object = `network ${check.name} on ${check.on}`;
  const networks = hostOf(world.snapshot(), check.on)?.networks ?? [];
  const found = networks.find((one) => one.name === check.name);
  if (!check.exists) return found ? fails(object, "does not exist", "it is there") : HOLDS;
  if (!found) {
    const names = networks.map((one) => one.name);
    return fails(object, "exists", `there is none; there are ${list(names, "no networks")}`);
  }
  return inTurn([
    () => expectSame(`${object}, driver`, check.driver, found.driver),
    () => expectSame(`${object}, internal`, check.internal, found.internal),
    () => expectSame(`${object}, attachable`, check.attachable, found.attachable),
    () => addresses(check, found, object),
    () => options(check, found, object),
    () => {
      const names = found.endpoints.map((endpoint) => endpoint.containerName);
      return check.containers === undefined || isSameSet(names, check.containers)
        ? HOLDS
        : fails(`${object}, containers`, list(check.containers, "none"), list(names, "none"));
    },
    () => {
      if (!check.same_as_start || !start) return HOLDS;
      const before = hostOf(start(), check.on)?.networks.find((one) => one.name === check.name);
      return before?.id === found.id ? HOLDS : fails(object, "the one that was there at the start", "another one of the same name");
    },
  ]);
}

function addresses(check: NetworkCheck, found: NetworkView, object: string): Finding {
  const [config] = found.ipam.config;
  const subnet = config?.subnet;
  const shown = subnet ?? "none";
  const pool = parsePrefix(subnet ?? "");
  const reserved = Object.values(config?.auxiliary ?? {});
  return inTurn([
    () => expectSame(`${object}, subnet`, check.subnet, subnet),
    () =>
      check.subnet_size === undefined || pool?.length === check.subnet_size
        ? HOLDS
        : fails(`${object}, subnet`, `a /${check.subnet_size}`, shown),
    () =>
      firstFailure(check.subnet_outside ?? [], (text) => {
        const taken = parsePrefix(text);
        return taken && pool && overlaps(taken, pool) ? fails(`${object}, subnet`, `nothing of ${text}`, shown) : HOLDS;
      }),
    () => expectSame(`${object}, range`, check.range, config?.ipRange),
    () => expectSame(`${object}, gateway`, check.gateway, config?.gateway),
    () =>
      firstFailure(check.aux ?? [], (address) =>
        reserved.includes(address) ? HOLDS : fails(`${object}, reserved addresses`, `${address} among them`, list(reserved, "none")),
      ),
  ]);
}

function options(check: NetworkCheck, found: NetworkView, object: string): Finding {
  const mtu = found.options[MTU];
  return inTurn([
    () => expectSame(`${object}, MTU`, check.mtu, mtu === undefined ? undefined : Number(mtu)),
    () => expectSame(`${object}, parent`, check.parent, found.options.parent),
    () => expectSame(`${object}, mode`, check.mode, found.options.macvlan_mode ?? found.options.ipvlan_mode),
    () =>
      firstFailure(Object.entries(check.options ?? {}), ([key, value]) =>
        expectSame(`${object}, option ${key}`, value, found.options[key]),
      ),
  ]);
}
