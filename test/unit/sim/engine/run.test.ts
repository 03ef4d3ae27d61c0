import { expect, test } from "vitest";
import { start } from "./host";

/** What a container prints that runs to its end. */
function output(host: ReturnType<typeof start>, cmd: readonly string[], more: Record<string, unknown> = {}, name = "one"): string {
  host.run(name, cmd, more);
  host.pass(1);
  const text = host.ask("GET", `/containers/${name}/logs?stdout=1&stderr=1`).text;
  host.json("DELETE", `/containers/${name}?force=1&v=1`);
  return text;
}

test("the environment is the image's, then the daemon's, then the request's", () => {
  const host = start();
  expect(output(host, ["env"], { Hostname: "inside", Env: ["A=1"] }).split("\n")).toEqual([
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOSTNAME=inside",
    "A=1",
    "HOME=/root",
    "",
  ]);
});

test("user, working directory and hostname are those that were asked for; the process is the first of its own namespace", () => {
  const host = start();
  expect(output(host, ["whoami"], { User: "www", WorkingDir: "/made/here", Hostname: "inside" })).toMatch(
    /^pid=1 user=www cwd=\/made\/here host=inside net=\d+\n$/,
  );
  expect(output(host, ["whoami"], { User: "33:33" })).toContain("user=www cwd=/ ");
  host.json("POST", "/containers/create?name=two", { Image: "box", User: "nosuch" }, 201);
  expect(host.refusal("POST", "/containers/two/start")).toBe("500: unable to find user nosuch: no matching entries in passwd file");
});

test("host mode shares the machine's network and name, none has nothing but loopback", () => {
  const host = start();
  const { kernel } = host;
  expect(output(host, ["whoami"], { HostConfig: { NetworkMode: "host" } })).toContain(`host=node1 net=${kernel.root.net.id}\n`);
  const id = host.run("two", ["sleep", "100"], { HostConfig: { NetworkMode: "none" } });
  const netns = host.daemon.namespacesOf(id)?.net;
  expect(netns?.links.links().map(({ name }) => name)).toEqual(["lo"]);
});

test("a container with networking switched off has a stack of its own, with loopback, and joins nothing", () => {
  const host = start();
  const id = host.run("one", ["sleep", "100"], { NetworkDisabled: true });
  const netns = host.daemon.namespacesOf(id)?.net;
  expect(netns?.id).not.toBe(host.kernel.root.net.id);
  expect(netns?.links.links().map(({ name, operState }) => `${name} ${operState}`)).toEqual(["lo UNKNOWN"]);
  expect(host.events()).toEqual(["container create one image=box", "container start one image=box"]);
  host.json("DELETE", "/containers/one?force=1");
  expect(host.kernel.netnses().some((one) => one.id === netns?.id)).toBe(false);
});

test("container mode shares the other's stack, hostname and files, and keeps the stack alive", () => {
  const host = start();
  host.run("one", ["sleep", "100"], { Hostname: "shared" });
  const netns = host.daemon.containers()[0]?.netns;
  host.run("two", ["sleep", "100"], { HostConfig: { NetworkMode: "container:one" } });
  const two = host.json<{
    HostConfig: { NetworkMode: string };
    HostsPath: string;
    NetworkSettings: { SandboxID: string; Networks: object };
    Config: { Hostname: string };
  }>("GET", "/containers/two/json");
  const one = host.json<{ Id: string; HostsPath: string }>("GET", "/containers/one/json");
  expect(two).toMatchObject({
    HostConfig: { NetworkMode: `container:${one.Id}` },
    HostsPath: one.HostsPath,
    NetworkSettings: { SandboxID: "", Networks: {} },
    Config: { Hostname: "shared" },
  });
  expect(host.daemon.containers()[0]).toMatchObject({ name: "two", netns });
  host.json("POST", "/containers/one/kill", undefined, 204);
  expect(host.kernel.netnses().some(({ id }) => id === netns)).toBe(true);
  host.json("POST", "/containers/two/kill", undefined, 204);
  expect(host.kernel.netnses().some(({ id }) => id === netns)).toBe(false);
  expect(host.refusal("POST", "/containers/two/start")).toBe(
    "409: cannot join network namespace of a non running container: container one is exited",
  );
});

test("/etc/hosts, /etc/hostname and /etc/resolv.conf are the sandbox's", () => {
  const host = start();
  host.run("one", ["sleep", "100"], { Hostname: "inside", HostConfig: { ExtraHosts: ["db:10.0.0.9"], Dns: ["9.9.9.9"] } });
  const address = host.json<{ NetworkSettings: { IPAddress: string } }>("GET", "/containers/one/json").NetworkSettings.IPAddress;
  const read = (path: string): string => {
    const { Id } = host.json<{ Id: string }>("POST", "/containers/one/exec", { Cmd: ["cat", path], AttachStdout: true }, 201);
    const session = host.open("POST", `/exec/${Id}/start`, {});
    host.pass(1);
    return session.text;
  };
  expect(read("/etc/hostname")).toBe("inside\n");
  expect(read("/etc/hosts")).toContain(`10.0.0.9\tdb\n${address}\tinside\n`);
  expect(read("/etc/resolv.conf")).toContain("nameserver 9.9.9.9\n");
});

test("a link on the default bridge brings names and variables", () => {
  const host = start();
  host.run("db", ["sleep", "100"], { ExposedPorts: { "5432/tcp": {} }, Env: ["USER=me"] });
  const address = host.json<{ NetworkSettings: { IPAddress: string } }>("GET", "/containers/db/json").NetworkSettings.IPAddress;
  const env = output(host, ["env"], { HostConfig: { Links: ["db:database"] } });
  expect(env).toContain(
    `DATABASE_PORT=tcp://${address}:5432\nDATABASE_PORT_5432_TCP=tcp://${address}:5432\nDATABASE_PORT_5432_TCP_ADDR=${address}\nDATABASE_PORT_5432_TCP_PORT=5432\nDATABASE_PORT_5432_TCP_PROTO=tcp\nDATABASE_NAME=/one/database\nDATABASE_ENV_USER=me\n`,
  );
  expect(output(host, ["cat", "/etc/hosts"], { HostConfig: { Links: ["db:database"] } })).toMatch(
    new RegExp(`${address}\tdatabase [0-9a-f]{12} db\n`),
  );
  expect(host.refusal("POST", "/containers/create", { Image: "box", HostConfig: { Links: ["nosuch"] } })).toBe(
    "400: could not get container for nosuch: No such container: nosuch",
  );
});

test("--init puts docker-init in front, which hands signals on and reaps", () => {
  const host = start();
  host.run("one", ["polite", "5"], { HostConfig: { Init: true } });
  host.pass(1);
  const { Processes } = host.json<{ Processes: string[][] }>("GET", "/containers/one/top");
  expect(Processes.map((row) => row.at(-1))).toEqual(["/sbin/docker-init -- polite 5", "polite 5"]);
  host.json("POST", "/containers/one/stop", undefined, 204);
  expect(host.json<{ State: { ExitCode: number } }>("GET", "/containers/one/json").State.ExitCode).toBe(5);
});

test("what a container writes is its own, and diff tells", () => {
  const host = start();
  host.run("one", ["write", "/etc/note", "mine"]);
  host.pass(1);
  expect(host.json("GET", "/containers/one/changes")).toEqual([
    { Kind: 0, Path: "/etc" },
    { Kind: 0, Path: "/etc/note" },
  ]);
  expect(output(host, ["cat", "/etc/note"], {}, "two")).toBe("a note\n");
});

test("sysctls are set in its namespace; what is not namespaced is refused", () => {
  const host = start();
  const id = host.run("one", ["sleep", "100"], { HostConfig: { Sysctls: { "net.ipv4.ip_forward": "0" } } });
  expect(host.daemon.namespacesOf(id)?.net.sysctl("net.ipv4.ip_forward")).toMatchObject({ value: "0" });
  host.json("POST", "/containers/create?name=two", { Image: "box", HostConfig: { Sysctls: { "kernel.zz": "0" } } }, 201);
  expect(host.refusal("POST", "/containers/two/start")).toContain("sysctl");
});
