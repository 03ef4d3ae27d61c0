/** getent, for the databases that have to do with networks: hosts, ahosts, services (glibc nss/getent.c). */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { parseIp } from "@/lib/sim/net/address";
import type { NetSys } from "@/lib/sim/kernel";
import { readHosts } from "../resolv/resolv-conf";
import { resolveAddress, resolveName } from "../resolv/resolve-name";

export function* getent(sys: NetSys): Routine<number> {
  const [database, ...keys] = sys.argv.slice(1);
  if (database === undefined) {
    yield* complain(sys, "getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n");
    return 1;
  }
  switch (database) {
    case "hosts":
      return yield* hosts(sys, keys);
    case "ahosts":
    case "ahostsv4":
      return yield* ahosts(sys, keys, database === "ahostsv4");
    case "passwd":
    case "group":
      return yield* lines(sys, `/etc/${database}`, keys);
    default:
      yield* complain(
        sys,
        ["services", "protocols", "networks", "netgroup", "rpc", "shadow"].includes(database)
          ? `${notSimulated(`getent ${database}`)}\n`
          : `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
      );
      return 1;
  }
}

function* hosts(sys: NetSys, keys: readonly string[]): Routine<number> {
  if (keys.length === 0) {
    for (const entry of readHosts(sys)) yield* print(sys, `${entry.address.padEnd(15)} ${entry.names.join(" ")}\n`);
    return 0;
  }
  for (const key of keys) {
    const address = parseIp(key);
    if (address) {
      const name = yield* resolveAddress(sys, address);
      if (name === undefined) return 2;
      yield* print(sys, `${address.padEnd(15)} ${name}\n`);
      continue;
    }
    const listed = readHosts(sys).find((entry) => entry.names.includes(key));
    if (listed) {
      yield* print(sys, `${listed.address.padEnd(15)} ${listed.names.join(" ")}\n`);
      continue;
    }
    let resolved = yield* resolveName(sys, key, { family: 6 });
    if (!resolved.ok) resolved = yield* resolveName(sys, key, { family: 4 });
    if (!resolved.ok) return 2;
    for (const one of resolved.value) yield* print(sys, `${one.padEnd(15)} ${key}\n`);
  }
  return 0;
}

function* ahosts(sys: NetSys, keys: readonly string[], onlyV4: boolean): Routine<number> {
  for (const key of keys) {
    const resolved = yield* resolveName(sys, key, { family: onlyV4 ? 4 : "any" });
    if (!resolved.ok) return 2;
    for (const [index, address] of resolved.value.entries()) {
      for (const [at, kind] of ["STREAM", "DGRAM", "RAW"].entries())
        yield* print(sys, `${address.padEnd(15)} ${kind.padEnd(6)} ${index === 0 && at === 0 ? key : ""}\n`);
    }
  }
  return 0;
}

function* lines(sys: NetSys, path: string, keys: readonly string[]): Routine<number> {
  const file = sys.readFile(path);
  if (!file.ok) return 2;
  const all = file.value.split("\n").filter((line) => line !== "");
  if (keys.length === 0) {
    yield* print(sys, all.map((line) => `${line}\n`).join(""));
    return 0;
  }
  for (const key of keys) {
    const line = all.find((one) => one.split(":")[0] === key || one.split(":")[2] === key);
    if (line === undefined) return 2;
    yield* print(sys, `${line}\n`);
  }
  return 0;
}
