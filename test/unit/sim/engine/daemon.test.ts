import { expect, test } from "vitest";
import { boot, start } from "./host";

type Host = ReturnType<typeof start>;
type Inspect = {
  State: { Status: string; ExitCode: number };
  NetworkSettings: { Networks: Record<string, { IPAddress: string; NetworkID: string }> };
};

const config = (text: string): Parameters<typeof start>[0] => [{ path: "/etc/docker/daemon.json", kind: "file", text }];
const inspect = (host: Host, name: string): Inspect => host.json<Inspect>("GET", `/containers/${name}/json`);
const names = (host: Host): string[] => host.json<{ Name: string }[]>("GET", "/networks").map(({ Name }) => Name);

test.each([
  ['{"dns": ["10.1.2.3"],}', "invalid JSON: invalid character '}' looking for beginning of object key string"],
  ['{"frobnicate": true}', "the following directives don't match any configuration option: frobnicate"],
  ['{"dns": ["abc"]}', "invalid JSON: invalid IP address: abc"],
  ['{"mtu": "big"}', "invalid JSON: json: cannot unmarshal string into Go struct field Config.mtu of type int"],
])("daemon.json %s keeps it from starting", (text, words) => {
  const host = boot(config(text));
  expect(host.daemon.start()).toEqual({
    ok: false,
    error: `unable to configure the Docker daemon with file /etc/docker/daemon.json: ${words}`,
  });
  expect(host.kernel.root.mnt.root.exists("/var/run/docker.sock")).toBe(false);
});

test("an option that is real but has no counterpart here is refused aloud", () => {
  const started = boot(config('{"live-restore": true}')).daemon.start();
  expect(started.ok ? "" : started.error).toMatch(/not simulated/);
});

test("pools, address, options and labels of daemon.json are used", () => {
  const host = start(
    config(
      '{"bip": "10.63.0.1/24", "default-address-pools": [{"base": "10.64.0.0/16", "size": 24}], "labels": ["a=b"], "dns": ["10.1.2.3"], "default-network-opts": {"bridge": {"com.docker.network.driver.mtu": "1400"}}}',
    ),
  );
  host.json("POST", "/networks/create", { Name: "app" }, 201);
  const subnet = (name: string): unknown => host.json<{ IPAM: { Config: unknown } }>("GET", `/networks/${name}`).IPAM.Config;
  expect(subnet("bridge")).toEqual([{ Subnet: "10.63.0.0/24", Gateway: "10.63.0.1" }]);
  expect(subnet("app")).toEqual([{ Subnet: "10.64.0.0/24", Gateway: "10.64.0.1" }]);
  expect(host.json<{ Options: object }>("GET", "/networks/app").Options).toEqual({ "com.docker.network.driver.mtu": "1400" });
  expect(host.json("GET", "/info")).toMatchObject({ Labels: ["a=b"], DefaultAddressPools: [{ Base: "10.64.0.0/16", Size: 24 }] });
  host.run("one", ["cat", "/etc/resolv.conf"]);
  host.pass(1);
  expect(host.ask("GET", "/containers/one/logs?stdout=1").text).toContain("nameserver 10.1.2.3\n");
});

test("a restart stops containers, keeps networks, and brings back whom the policy says", () => {
  const host = start();
  const { Id: app } = host.json<{ Id: string }>("POST", "/networks/create", { Name: "app" }, 201);
  host.run("stays", ["sleep", "5000"], { HostConfig: { NetworkMode: "app", RestartPolicy: { Name: "always" } }, StopTimeout: 1 });
  host.run("goes", ["sleep", "5000"], { HostConfig: { NetworkMode: "app" }, StopTimeout: 1 });
  host.run("stopped", ["sleep", "5000"], { HostConfig: { RestartPolicy: { Name: "unless-stopped" } }, StopTimeout: 1 });
  host.run("gone", ["sleep", "5000"], { HostConfig: { AutoRemove: true }, StopTimeout: 1 });
  host.json("POST", "/containers/stopped/stop", undefined, 204);

  const restarted = host.runRoutine(host.daemon.restart());
  expect(restarted.ok).toBe(true);
  expect(names(host)).toEqual(["app", "bridge", "host", "none"]);
  expect(inspect(host, "stays")).toMatchObject({
    State: { Status: "running" },
    NetworkSettings: { Networks: { app: { IPAddress: "172.18.0.2", NetworkID: app } } },
  });
  expect(inspect(host, "goes").State).toMatchObject({ Status: "exited", ExitCode: 137 });
  expect(inspect(host, "stopped").State.Status).toBe("exited");
  expect(host.refusal("GET", "/containers/gone/json")).toBe("404: No such container: gone");
  expect(host.ask("POST", "/containers/goes/start").status).toBe(204);
  // Events of before are forgotten.
  expect(host.events()[0]).toMatch(/^network connect app/);
});

test("a daemon that has stopped does not answer; its socket is gone", () => {
  const host = start();
  host.runRoutine(host.daemon.stop());
  expect(host.daemon.isRunning).toBe(false);
  expect(host.kernel.root.mnt.root.exists("/var/run/docker.sock")).toBe(false);
});

test("what the world looks at wakes it when it changes", () => {
  const host = start();
  let wakes = 0;
  const listen = (): void => {
    wakes++;
    host.daemon.changed.add(listen);
  };
  host.daemon.changed.add(listen);
  const id = host.run("one", ["sleep", "1"], { Hostname: "inside" });
  expect(host.daemon.containers()).toEqual([
    {
      id,
      name: "one",
      image: "box",
      state: "running",
      exitCode: 0,
      netns: host.daemon.namespacesOf(id)?.net.id,
      pid: expect.any(Number),
      hostname: "inside",
      networkMode: "bridge",
      startedAt: expect.any(Number),
    },
  ]);
  const before = wakes;
  host.pass(2);
  expect(wakes).toBeGreaterThan(before);
  expect(host.daemon.containers()[0]).toMatchObject({ state: "exited", netns: undefined, pid: undefined });
});
