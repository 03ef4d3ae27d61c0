import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import type { Netns } from "@/lib/sim/kernel";
import { boot, networkNamed, published, subnet, type TestContainer, type TestHost } from "./host";

const NETWORKS = ["bridge", "one", "six", "closed", "lan", "flat"] as const;
const index = fc.integer({ min: 0, max: 20 });

const step = fc.oneof(
  fc.record({
    kind: fc.constant("connect" as const),
    container: fc.integer({ min: 0, max: 2 }),
    network: fc.constantFrom(...NETWORKS),
    port: fc.constantFrom("8080:80", ":81", "5353:53/udp"),
  }),
  fc.record({ kind: fc.constant("disconnect" as const), container: fc.integer({ min: 0, max: 2 }), network: fc.constantFrom(...NETWORKS) }),
  fc.record({ kind: fc.constant("delete" as const), container: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ kind: fc.constant("network" as const), name: fc.constantFrom("n1", "n2"), remove: fc.boolean() }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({
    kind: fc.constant("meddle" as const),
    where: fc.integer({ min: 0, max: 3 }),
    what: fc.constantFrom(
      "delete-link",
      "rename",
      "down",
      "delete-address",
      "delete-route",
      "flush",
      "delete-chain",
      "jump",
      "kill-proxy",
      "no-ipv6",
    ),
    index,
  }),
);

/** What an administrator can do to a host or, with privileges, in a container. */
function meddle(host: TestHost, netns: Netns, what: string, at: number): void {
  const { links, iptables } = netns;
  const all = links.links();
  const link = all[at % all.length];
  const tables = ["filter", "nat", "raw"] as const;
  const table = tables[at % 3] ?? "filter";
  const chains = iptables.chains(table);
  const chain = chains[at % chains.length]?.name ?? "";
  switch (what) {
    case "delete-link":
      if (link && link.name !== "eth0") links.deleteLink(link.index);
      return;
    case "rename":
      if (!link) return;
      links.change(link.index, { set: "up", up: false });
      links.change(link.index, { set: "name", name: `odd${at}` });
      return;
    case "down":
      if (link) links.change(link.index, { set: "up", up: false });
      return;
    case "delete-address": {
      const addresses = links.addresses();
      const address = addresses[at % addresses.length];
      if (address) links.deleteAddress(address.link, address.prefix);
      return;
    }
    case "delete-route": {
      const routes = links.routes(4);
      const route = routes[at % routes.length];
      if (route) links.deleteRoute({ destination: route.destination });
      return;
    }
    case "flush":
      iptables.flush(table);
      return;
    case "delete-chain":
      iptables.flush(table);
      iptables.deleteChain(table, chain);
      return;
    case "jump": {
      const other = chains[(at + 1) % chains.length]?.name ?? "";
      iptables.append(table, chain, { matches: { modules: [] }, target: { kind: "jump", chain: other } });
      return;
    }
    case "kill-proxy": {
      const proxy = host.kernel.processes.list().find(({ name }) => name === "docker-proxy");
      if (proxy) host.kernel.processes.kill(proxy.pid, "KILL");
      return;
    }
    case "no-ipv6":
      netns.setSysctl("net.ipv6.conf.all.disable_ipv6", String(at % 2));
  }
}

test("Whatever somebody does behind Docker's back, it goes on or refuses, and never breaks", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 15, maxLength: 40, size: "max" }), (steps) => {
      let host = boot();
      unwrap(host.network("one"));
      unwrap(host.network("six", { enableIpv6: true, ...subnet({ subnet: "fd00:6::/64" }) }));
      unwrap(host.network("closed", { internal: true }));
      unwrap(host.network("lan", { driver: "macvlan", options: { parent: "eth0.10" }, ...subnet({ subnet: "10.9.0.0/24" }) }));
      unwrap(host.network("flat", { driver: "ipvlan", options: { parent: "eth0" }, ...subnet({ subnet: "10.8.0.0/24" }) }));
      let containers: (TestContainer | undefined)[] = [];
      for (const one of steps) {
        switch (one.kind) {
          case "connect": {
            const container = (containers[one.container] ??= host.container(`c${one.container}`));
            if (host.cnm.networks().some(({ name }) => name === one.network)) container.connect(one.network, published(one.port));
            break;
          }
          case "disconnect":
            if (host.cnm.networks().some(({ name }) => name === one.network))
              containers[one.container]?.sandbox.disconnect(networkNamed(host.cnm, one.network).id);
            break;
          case "delete":
            containers[one.container]?.sandbox.delete();
            containers[one.container] = undefined;
            break;
          case "network":
            if (!one.remove) host.network(one.name);
            else if (host.cnm.networks().some(({ name }) => name === one.name)) host.cnm.remove(networkNamed(host.cnm, one.name).id);
            break;
          case "restart":
            for (const container of containers) container?.sandbox.delete();
            containers = [];
            host = host.restart();
            break;
          case "meddle":
            meddle(host, [...containers, undefined][one.where]?.sandbox.netns ?? host.kernel.root.net, one.what, one.index);
        }
        host.pass(0.01);
      }
      for (const container of containers) container?.sandbox.delete();
      host.pass(1);
      expect(host.kernel.processes.list().filter(({ name }) => name === "docker-proxy")).toEqual([]);
      expect(host.kernel.root.net.sockets.list()).toEqual([]);
      expect(host.kernel.netnses()).toHaveLength(1);
      expect(host.kernel.root.net.links.links().filter(({ detail }) => detail.kind === "veth")).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
