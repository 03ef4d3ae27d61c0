import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { allRules, boot, describeLinks, networkNamed, published, subnet, type TestContainer, type TestHost } from "./host";

const NETWORKS = ["bridge", "one", "two", "closed", "six", "routed"] as const;
const PORTS = ["8080:80", "9000-9002:81", ":82", "127.0.0.1:8080:80", "5353:53/udp"] as const;

const step = fc.oneof(
  fc.record({
    kind: fc.constant("connect" as const),
    container: fc.integer({ min: 0, max: 3 }),
    network: fc.constantFrom(...NETWORKS),
    port: fc.option(fc.constantFrom(...PORTS)),
    priority: fc.integer({ min: -1, max: 1 }),
    ifname: fc.option(fc.constantFrom("eth0", "eth9"), { freq: 6 }),
  }),
  fc.record({ kind: fc.constant("disconnect" as const), container: fc.integer({ min: 0, max: 3 }), network: fc.constantFrom(...NETWORKS) }),
  fc.record({ kind: fc.constant("delete" as const), container: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant("pass" as const), tenths: fc.integer({ min: 1, max: 30 }) }),
);

function withNetworks(): TestHost {
  const host = boot();
  unwrap(host.network("one"));
  unwrap(host.network("two", subnet({ subnet: "10.2.0.0/29" })));
  unwrap(host.network("closed", { internal: true }));
  unwrap(host.network("six", { enableIpv6: true, ...subnet({ subnet: "fd00:6::/64" }) }));
  unwrap(host.network("routed", { options: { "com.docker.network.bridge.gateway_mode_ipv4": "routed" } }));
  return host;
}

/** All that a container can leave behind. */
function traces(host: TestHost): unknown {
  const { net } = host.kernel.root;
  return {
    rules: allRules(net),
    // Numbers of interfaces are not used again, and a bridge that had a port once keeps its link-local address.
    links: describeLinks(net)
      .map((link) => link.replace(/^\d+: | fe80::\S+/g, ""))
      .sort(),
    sockets: net.sockets.list(),
    processes: host.kernel.processes.list().map(({ argv }) => argv.join(" ")),
    namespaces: host.kernel.netnses().length,
    endpoints: host.cnm.networks().flatMap(({ endpoints }) => endpoints),
  };
}

test("Whatever containers join and leave, and in whatever order, nothing of them stays behind", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const host = withNetworks();
      const before = traces(host);
      const containers: (TestContainer | undefined)[] = [];
      for (const one of steps) {
        if (one.kind === "pass") {
          host.pass(one.tenths / 10);
          continue;
        }
        if (one.kind === "delete") {
          containers[one.container]?.sandbox.delete();
          containers[one.container] = undefined;
          continue;
        }
        const container = (containers[one.container] ??= host.container(`c${one.container}`));
        if (one.kind === "disconnect") {
          container.sandbox.disconnect(networkNamed(host.cnm, one.network).id);
          continue;
        }
        const known = container.sandbox.endpoints.length;
        const endpoint = container.connect(one.network, {
          gwPriority: one.priority,
          ...(one.port === null ? {} : published(one.port)),
          driverOptions: one.ifname === null ? {} : { "com.docker.network.endpoint.ifname": one.ifname },
        });
        expect(container.sandbox.endpoints).toHaveLength(known + (endpoint.ok ? 1 : 0));
        const names = container.sandbox.netns.links.links().map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(container.sandbox.endpoints.map((one) => one.interface)));
        expect(names).toHaveLength(1 + container.sandbox.endpoints.length);
      }
      for (const container of containers) container?.sandbox.delete();
      host.pass(0.1);
      expect(traces(host)).toEqual(before);
      // Addresses and ports can all be had again.
      for (const network of NETWORKS) {
        const again = host.container(`again-${network}`);
        const first = unwrap(again.connect(network, published("8080:80")));
        expect(first.ipv4?.endsWith(".2")).toBe(true);
        again.sandbox.delete();
      }
    }),
    { numRuns: 60 },
  );
});
