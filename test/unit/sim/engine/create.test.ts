import { expect, test } from "vitest";
import { start } from "./host";

type Host = ReturnType<typeof start>;
type Inspect = {
  Id: string;
  Path: string;
  Args: string[];
  Config: {
    Cmd: string[] | null;
    Entrypoint: string[] | null;
    Env: string[];
    User: string;
    WorkingDir: string;
    StopSignal?: string;
    Labels: Record<string, string>;
    Hostname: string;
    ExposedPorts?: object;
  };
  HostConfig: Record<string, unknown>;
};

const inspect = (host: Host, name: string): Inspect => host.json<Inspect>("GET", `/containers/${name}/json`);
const create = (host: Host, name: string, body: object): string =>
  host.json<{ Id: string }>("POST", `/containers/create?name=${name}`, body, 201).Id;

test("what is not given comes from the image", () => {
  const host = start();
  create(host, "one", { Image: "web" });
  expect(inspect(host, "one")).toMatchObject({
    Path: "run",
    Args: ["sleep", "500"],
    Config: {
      Cmd: ["sleep", "500"],
      Entrypoint: ["run"],
      StopSignal: "SIGQUIT",
      ExposedPorts: { "80/tcp": {} },
      Labels: { kind: "server" },
    },
  });
});

test("a command replaces the image's, an entrypoint takes its command away", () => {
  const host = start();
  create(host, "one", { Image: "web", Cmd: ["echo", "a"], Env: ["MODE=mine", "NEW=1"], Labels: { mine: "1" } });
  create(host, "two", { Image: "web", Entrypoint: ["echo"] });
  create(host, "three", { Image: "web", Entrypoint: ["echo"], Cmd: ["b"], Labels: { kind: "other" } });
  const one = inspect(host, "one");
  expect([one.Path, one.Args]).toEqual(["run", ["echo", "a"]]);
  expect(one.Config.Env).toEqual(["MODE=mine", "NEW=1", expect.stringMatching(/^PATH=/)]);
  expect(one.Config.Labels).toEqual({ kind: "server", mine: "1" });
  const two = inspect(host, "two");
  expect([two.Path, two.Args, two.Config.Cmd]).toEqual(["echo", [], null]);
  const three = inspect(host, "three");
  expect([three.Path, three.Args, three.Config.Labels]).toEqual(["echo", ["b"], { kind: "other" }]);
});

test("the hostname is the short id, or the machine's on its network", () => {
  const host = start();
  const id = create(host, "one", { Image: "box" });
  create(host, "two", { Image: "box", HostConfig: { NetworkMode: "host" } });
  create(host, "three", { Image: "box", Hostname: "mine" });
  expect(inspect(host, "one").Config.Hostname).toBe(id.slice(0, 12));
  expect(inspect(host, "two").Config.Hostname).toBe("node1");
  expect(inspect(host, "three").Config.Hostname).toBe("mine");
});

test("a container without a name is given one of two words", () => {
  const host = start();
  const { Id: id } = host.json<{ Id: string }>("POST", "/containers/create", { Image: "box" }, 201);
  expect(host.json<{ Name: string }>("GET", `/containers/${id}/json`).Name).toMatch(/^\/[a-z]+_[a-z]+$/);
});

test.each([
  ["Image", { Image: "nosuch" }, "404: No such image: nosuch:latest"],
  ["Image", { Image: "Bad" }, "400: invalid reference format: repository name (library/Bad) must be lowercase"],
  ["Cmd", { Image: "box", Cmd: [], Entrypoint: [""] }, "400: no command specified"],
  ["StopSignal", { Image: "box", StopSignal: "zz" }, "400: invalid signal: zz"],
  ["Env", { Image: "box", Env: ["=x"] }, "400: invalid environment variable: =x"],
  ["WorkingDir", { Image: "box", WorkingDir: "rel" }, "400: the working directory 'rel' is invalid, it needs to be an absolute path"],
  ["PortBindings", { Image: "box", HostConfig: { PortBindings: { "zz/tcp": [{}] } } }, '400: invalid port specification: "zz"'],
  [
    "RestartPolicy",
    { Image: "box", HostConfig: { RestartPolicy: { Name: "zz" } } },
    "400: invalid restart policy: unknown policy 'zz'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
  ],
  [
    "AutoRemove",
    { Image: "box", HostConfig: { AutoRemove: true, RestartPolicy: { Name: "always" } } },
    "400: can't create 'AutoRemove' container with restart policy",
  ],
  [
    "NetworkMode",
    { Image: "box", HostConfig: { NetworkMode: "host", Links: ["x"] } },
    "400: conflicting options: host type networking can't be used with links. This would result in undefined behavior",
  ],
  ["CapAdd", { Image: "box", HostConfig: { CapAdd: ["NOPE"] } }, '400: invalid CapAdd: unknown capability: "CAP_NOPE"'],
])("a wrong %s is refused", (_, body, words) => {
  const host = start();
  expect(host.refusal("POST", "/containers/create?name=one", body)).toBe(words);
  expect(host.json("GET", "/containers/json?all=1")).toEqual([]);
});

test("a taken name is refused with whose it is, and a name that is none in moby's words", () => {
  const host = start();
  const id = create(host, "web", { Image: "box" });
  expect(host.refusal("POST", "/containers/create?name=web", { Image: "box" })).toBe(
    `409: Conflict. The container name "/web" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
  );
  expect(host.refusal("POST", "/containers/create?name=a%20b", { Image: "box" })).toBe(
    "400: Invalid container name (a b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
  );
  expect(host.refusal("POST", "/containers/create?name=x", { Image: "box" })).toBe(
    "400: Invalid container name (x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
  );
});

test("a container is found by name, by id, and by the beginning of its id as long as only one has it", () => {
  const host = start();
  const ids = ["aa", "bb", "cc"].map((name) => create(host, name, { Image: "box" }));
  const [first = ""] = ids;
  for (const term of [first, "aa", first.slice(0, 12)]) expect(inspect(host, term).Id).toBe(first);
  expect(host.refusal("GET", "/containers/zz/json")).toBe("404: No such container: zz");
  // Names go before beginnings of ids: a container that is called like another's id wins.
  create(host, first.slice(0, 12), { Image: "box" });
  expect(inspect(host, first.slice(0, 12)).Id).not.toBe(first);
});

test("the beginning of two ids means neither", () => {
  const host = start();
  const ids = Array.from({ length: 20 }, (_, i) => create(host, `c${i}`, { Image: "box" }));
  const shared = ids.map((id) => id.charAt(0)).find((digit, i, all) => all.indexOf(digit) !== i) ?? "";
  expect(host.refusal("GET", `/containers/${shared}/json`)).toBe(`400: multiple IDs found with provided prefix: ${shared}`);
});

test("what is accepted but not enforced is kept and shown", () => {
  const host = start();
  create(host, "one", {
    Image: "box",
    HostConfig: {
      Ulimits: [{ Name: "nofile", Soft: 100, Hard: 200 }],
      CapAdd: ["net_admin"],
      ShmSize: 1024,
      Sysctls: { "net.ipv4.ip_forward": "0" },
    },
  });
  expect(inspect(host, "one").HostConfig).toMatchObject({
    Ulimits: [{ Name: "nofile", Hard: 200, Soft: 100 }],
    CapAdd: ["net_admin"],
    ShmSize: 1024,
    Sysctls: { "net.ipv4.ip_forward": "0" },
  });
});

test("a health check says that it is not simulated, switching it off does not", () => {
  const host = start();
  expect(host.refusal("POST", "/containers/create", { Image: "box", Healthcheck: { Test: ["CMD", "true"] } })).toMatch(
    /^501: .*not simulated/,
  );
  expect(host.ask("POST", "/containers/create", { Image: "box", Healthcheck: { Test: ["NONE"] } }).status).toBe(201);
});
