import { expect, test } from "vitest";
import { type Check, checkSchema } from "@/lib/content/schema";
import { evaluate } from "@/lib/practice";
import { ANSWER_PROGRAM } from "@/lib/practice/checks/answer";
import { ONE_HOST, World } from "@/lib/sim";

function worldWith(...commands: readonly string[]): World {
  const hosts = ONE_HOST.hosts.map((host) => ({ ...host, files: [ANSWER_PROGRAM] }));
  return World.create({ topology: { ...ONE_HOST, hosts }, seed: "checks", setup: commands.map((command) => ({ host: "node1", command })) });
}
const check = (text: unknown): Check => checkSchema.parse(text);
const holds = (text: unknown, world: World): boolean => evaluate(check(text), world).holds;
const evidence = (text: unknown, world: World) => {
  const finding = evaluate(check(text), world);
  return finding.holds ? undefined : finding.evidence;
};

test("a published port is listened on at its address, and tells who gets through", () => {
  const world = worldWith("docker run -d --name web -p 127.0.0.1:8080:80 nginx", "docker run -d --name open -p 8081:80 nginx");

  expect(holds({ listens: { port: 8080, addresses: ["127.0.0.1"], never_from: ["outside"] } }, world)).toBe(true);
  expect(evidence({ listens: { port: 8080, addresses: ["0.0.0.0"] } }, world)).toMatchObject({ expected: "0.0.0.0", found: "127.0.0.1" });
  expect(holds({ listens: { port: 8081, addresses: ["0.0.0.0"], only_from: ["outside"] } }, world)).toBe(true);
  expect(holds({ listens: { port: 8081, only_from: [] } }, world)).toBe(false);
  expect(holds({ listens: { port: 9999, exists: false } }, world)).toBe(true);
});

test("a packet of a size that a link does not take is too big, and one byte less passes", () => {
  const world = worldWith(
    "docker network create -o com.docker.network.driver.mtu=1400 narrow",
    "docker run -d --name box --network narrow nginx",
  );
  const ping = (size: number, expect: string) => ({ reach: { from: "container:box", to: "8.8.8.8", how: "ping", size, expect } });

  expect(holds(ping(1400, "ok"), world)).toBe(true);
  expect(holds(ping(1401, "too-big"), world)).toBe(true);
  expect(evidence(ping(1401, "ok"), world)?.found).toBe("too big for a link on the way");
});

test("the server's view of the client is compared", () => {
  const world = worldWith("docker run -d --name who -p 8080:80 traefik/whoami");
  const seen = (source_seen: string) => ({
    reach: { from: "outside", to: "192.168.56.11", how: "http", port: 8080, expect: "ok", source_seen },
  });

  expect(holds(seen("192.168.56.1"), world)).toBe(true);
  expect(evidence(seen("10.0.0.1"), world)).toMatchObject({ expected: "10.0.0.1", found: "192.168.56.1" });
});

test("the first cell of a matrix that does not hold is told", () => {
  const world = worldWith("docker network create app", "docker run -d --name one --network app nginx", "docker run -d --name two nginx");
  const matrix = { reach_matrix: { how: "http", rows: { "container:one": { one: "ok", two: "ok" } } } };

  expect(evidence(matrix, world)?.object).toContain("to two");
});

test("a container made anew is another one, and a restarted one has the same id", () => {
  const start = worldWith("docker run -d --name web nginx").snapshot();
  const asked = (command: string, same_as_start: true | "id"): boolean => {
    const world = worldWith("docker run -d --name web nginx");
    if (command !== "") world.run("node1", command);
    return evaluate(check({ container: { name: "web", same_as_start } }), world, { start: () => start }).holds;
  };

  expect(asked("", true)).toBe(true);
  expect(asked("docker restart -t 0 web", true)).toBe(false);
  expect(asked("docker restart -t 0 web", "id")).toBe(true);
  expect(asked("docker rm -f web && docker run -d --name web nginx", "id")).toBe(false);
});

test("of the files for the next boot the last one counts", () => {
  const world = worldWith(
    "mkdir -p /etc/sysctl.d",
    "echo 'net/ipv4/ip_forward = 0' > /etc/sysctl.d/10-a.conf",
    "echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-b.conf",
  );

  expect(holds({ host: { persistent: { "net.ipv4.ip_forward": "1" } } }, world)).toBe(true);
  world.run("node1", "rm /etc/sysctl.d/90-b.conf");
  expect(evidence({ host: { persistent: { "net.ipv4.ip_forward": "1" } } }, world)?.found).toBe("0");
});

test("rules, routes, interfaces and the daemon's settings are read off the host", () => {
  const world = worldWith("iptables -A INPUT -p tcp --dport 22 -j DROP", "echo '{\"icc\": false}' > /etc/docker/daemon.json");

  expect(holds({ host: { firewall: { chain: "INPUT", policy: "ACCEPT", has: ["-p tcp -m tcp --dport 22 -j DROP"] } } }, world)).toBe(true);
  expect(holds({ host: { firewall: { chain: "INPUT", lacks: ["--dport 22"] } } }, world)).toBe(false);
  expect(holds({ host: { route: { to: "8.8.8.8", via: "192.168.56.1", dev: "eth0" } } }, world)).toBe(true);
  expect(holds({ host: { iface: { name: "eth0", up: true, mtu: 1500, address: "192.168.56.11/24" } } }, world)).toBe(true);
  expect(holds({ host: { daemon: { icc: false, dns: null } } }, world)).toBe(true);
  expect(holds({ host: { daemon: { icc: true } } }, world)).toBe(false);
});

test("an answer is what was written last, whatever its case and blanks", () => {
  const world = worldWith("answer port 80", "answer port '  Eighty   One '");

  expect(holds({ answer: { name: "port", equals: "eighty one" } }, world)).toBe(true);
  expect(evidence({ answer: { name: "other", equals: "1" } }, world)?.found).toBe("nothing is written yet");
  expect(holds({ answer: { name: "port", equals_output: { run: "echo EIGHTY one" } } }, world)).toBe(true);
});

test("a wrong answer's evidence does not give the right one away", () => {
  expect(JSON.stringify(evidence({ answer: { name: "port", equals: 4789 } }, worldWith("answer port 80")))).not.toContain("4789");
});

test("what is tried after an event is tried on a copy", () => {
  const make = (): World => worldWith("docker run -d --name web nginx");
  const world = make();
  const stopped = { after: { run: { command: "docker stop -t 0 web" } }, then: { container: { name: "web", running: false } } };

  expect(evaluate(check(stopped), world, { copy: make }).holds).toBe(true);
  expect(holds({ container: { name: "web", running: true } }, world)).toBe(true);
});

test("a reboot keeps files, and ends what has no restart policy", () => {
  const make = (): World =>
    worldWith(
      "docker run -d --name once nginx",
      "docker run -d --name always --restart always nginx",
      "iptables -A INPUT -p tcp --dport 22 -j DROP",
      "ip link add side type dummy",
    );
  const rebooted = (then: unknown): boolean => holds({ after: { reboot: {} }, then }, make());

  expect(rebooted({ container: { name: "once", running: false } })).toBe(true);
  expect(rebooted({ container: { name: "always", running: true } })).toBe(true);
  expect(rebooted({ host: { firewall: { chain: "INPUT", lacks: ["--dport 22"] } } })).toBe(true);
  expect(rebooted({ host: { iface: { name: "side", exists: false } } })).toBe(true);
  expect(rebooted({ host: { docker: true, firewall: { chain: "FORWARD", has: ["-j DOCKER-USER"] } } })).toBe(true);
});

test("what must not be is named with its object", () => {
  const world = worldWith("docker run -d --name web --network host nginx");

  expect(evidence({ not: { container: { name: "web", network_mode: "host" } } }, world)).toEqual({
    object: "container web on node1",
    expected: 'not network_mode "host"',
    found: "just that",
  });
});
