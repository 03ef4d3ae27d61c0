import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { Task } from "@/lib/sim/core/task";
import { seconds } from "@/lib/sim/core/time";
import { parseRulespec } from "@/lib/sim/kernel/netfilter/rulespec";
import type { Netns } from "@/lib/sim/kernel/netns";
import { type Ip, parseIp } from "@/lib/sim/net/address";
import { address, byName, Lab, ping, prefix, up } from "./lab";

const ip6 = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

/** Two networks on one host, each with a container that has both families. */
function twoNetworks(): { lab: Lab; ann: Netns; amy: Netns; bob: Netns } {
  const lab = new Lab();
  up(lab.root.links, "lo");
  const make = (name: string, number: number): ReturnType<Lab["bridge"]> => {
    const br = lab.bridge(name, `10.${number}.0.1/24`);
    unwrap(lab.root.links.addAddress(br, address(`fd00:${number}::1/64`)));
    return br;
  };
  const container = (br: ReturnType<Lab["bridge"]>, number: number, host: number): Netns => {
    const netns = lab.container(br, `10.${number}.0.${host}/24`);
    unwrap(netns.links.addAddress(byName(netns.links, "eth0"), address(`fd00:${number}::${host}/64`)));
    unwrap(netns.links.addRoute({ destination: prefix("::/0"), gateway: ip6(`fd00:${number}::1`) }));
    return netns;
  };
  const [red, blue] = [make("red", 8), make("blue", 9)];
  return { lab, ann: container(red, 8, 2), amy: container(red, 8, 3), bob: container(blue, 9, 2) };
}

test("neighbours find and answer each other", () => {
  const { lab, ann, amy } = twoNetworks();

  expect(lab.run(ping(lab, ann, "fd00:8::3"))).toBe("reply from fd00:8::3 ttl 64 bytes 64");
  expect(lab.run(ping(lab, ann, "fd00:8::1"))).toBe("reply from fd00:8::1 ttl 64 bytes 64");
  expect(lab.run(ping(lab, lab.root, "::1"))).toBe("reply from ::1 ttl 64 bytes 64");
  expect(lab.run(ping(lab, amy, "fd00:8::77"))).toBe("host-unreachable from fd00:8::3");
  expect(
    ann.links
      .neighbours()
      .filter((entry) => entry.address.includes(":"))
      .map((entry) => `${entry.address} ${entry.state}`),
  ).toEqual(["fd00:8::1 REACHABLE", "fd00:8::3 REACHABLE"]);
});

test("the host forwards when told to", () => {
  const { lab, ann } = twoNetworks();

  expect(lab.run(ping(lab, ann, "fd00:9::2"))).toBe("timeout");
  unwrap(lab.root.setSysctl("net.ipv6.conf.all.forwarding", "1"));
  expect(lab.run(ping(lab, ann, "fd00:9::2"))).toBe("reply from fd00:9::2 ttl 63 bytes 64");
  expect(lab.run(ping(lab, ann, "fd00:9::2", { ttl: 1 }))).toBe("time-exceeded from fd00:8::1");
  expect(lab.run(ping(lab, ann, "2001:db8::1"))).toBe("net-unreachable from fd00:8::1");
  expect(lab.run(ping(lab, ann, "fd00:9::2", { length: 4_000 }))).toBe("reply from fd00:9::2 ttl 63 bytes 4008");
});

test("TCP and UDP work over it, and a listener on :: takes both families", () => {
  const { lab, ann, amy } = twoNetworks();
  const listener = unwrap(amy.sockets.listen({ address: ip6("::"), port: 80 }));
  new Task(
    lab.scheduler,
    (function* () {
      for (;;) {
        const connection = unwrap(yield* listener.accept());
        unwrap(yield* connection.write(`to ${connection.local.address}`));
        connection.close();
      }
    })(),
  );
  function* read(to: string) {
    const connected = yield* ann.sockets.connect({ address: ip6(to), port: 80 });
    if (!connected.ok) return connected.error;
    const text = unwrap(yield* connected.value.read());
    connected.value.close();
    return text;
  }

  expect(lab.run(read("fd00:8::3"))).toBe("to fd00:8::3");
  expect(lab.run(read("10.8.0.3"))).toBe("to 10.8.0.3");
  expect(lab.run(ann.sockets.connect({ address: ip6("fd00:8::3"), port: 81 }))).toEqual({ ok: false, error: "ECONNREFUSED" });
  expect(lab.run(ann.sockets.connect({ address: ip6("fd00:8::99"), port: 81 }, { timeout: seconds(5) }))).toEqual({
    ok: false,
    error: "EHOSTUNREACH",
  });
});

test("a listener on 0.0.0.0 is not there for ::1", () => {
  const { lab } = twoNetworks();
  unwrap(lab.root.sockets.listen({ address: ip6("0.0.0.0"), port: 80 }));

  expect(lab.run(lab.root.sockets.connect({ address: ip6("::1"), port: 80 }))).toEqual({ ok: false, error: "ECONNREFUSED" });
});

test("ip6tables rules hold for routed and bridged packets", () => {
  const { lab, ann } = twoNetworks();
  unwrap(lab.root.setSysctl("net.ipv6.conf.all.forwarding", "1"));
  const rule = (text: string): void =>
    unwrap(lab.root.ip6tables.append("filter", "FORWARD", unwrap(parseRulespec(text.split(" "), 6)).rule));
  rule("-p ipv6-icmp -i red -o blue -j REJECT --reject-with icmp6-adm-prohibited");
  rule("-p tcp -i red -o red -j DROP");

  expect(lab.run(ping(lab, ann, "fd00:9::2"))).toBe("admin-prohibited from fd00:8::1");
  expect(lab.run(ping(lab, ann, "fd00:8::3"))).toBe("reply from fd00:8::3 ttl 64 bytes 64");
  expect(lab.run(ann.sockets.connect({ address: ip6("fd00:8::3"), port: 80 }, { timeout: seconds(2) }))).toEqual({
    ok: false,
    error: "ETIMEDOUT",
  });
});

test("without IPv6 on a link nothing is reached through it", () => {
  const { lab, ann } = twoNetworks();
  unwrap(ann.setSysctl("net.ipv6.conf.eth0.disable_ipv6", "1"));

  expect(lab.run(ping(lab, ann, "fd00:8::3"))).toBe("ENETUNREACH");
});
