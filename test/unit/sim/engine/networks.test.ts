import { expect, test } from "vitest";
import { start } from "./host";

type Host = ReturnType<typeof start>;
type Endpoint = {
  IPAddress: string;
  NetworkID: string;
  EndpointID: string;
  Aliases: string[] | null;
  DNSNames: string[] | null;
  MacAddress: string;
};
type Inspect = {
  NetworkSettings: { Networks: Record<string, Endpoint>; Ports: Record<string, { HostIp: string; HostPort: string }[] | null> };
  State: { Status: string; ExitCode: number };
};

const network = (host: Host, name: string, more: object = {}): string =>
  host.json<{ Id: string }>("POST", "/networks/create", { Name: name, ...more }, 201).Id;
const inspect = (host: Host, name: string): Inspect => host.json<Inspect>("GET", `/containers/${name}/json`);

test("a network's name, its id and the beginning of its id lead to it; a name goes first", () => {
  const host = start();
  const id = network(host, "app");
  for (const term of ["app", id, id.slice(0, 8)]) expect(host.json<{ Id: string }>("GET", `/networks/${term}`).Id).toBe(id);
  expect(host.refusal("GET", "/networks/nosuch")).toBe("404: network nosuch not found");
  const named = network(host, id.slice(0, 8));
  expect(host.json<{ Id: string }>("GET", `/networks/${id.slice(0, 8)}`).Id).toBe(named);
});

test("what a network may not be is said by the daemon", () => {
  const host = start();
  network(host, "app");
  expect(host.refusal("POST", "/networks/create", { Name: "app" })).toBe("409: network with name app already exists");
  expect(host.refusal("POST", "/networks/create", { Name: "bridge" })).toBe(
    "403: operation is not permitted on predefined bridge network ",
  );
  expect(host.refusal("POST", "/networks/create", { Name: "x", Driver: "overlay" })).toContain("403: This node is not a swarm manager.");
  expect(host.refusal("POST", "/networks/create", { Name: "x", IPAM: { Config: [{ Subnet: "10.0.0.1/24" }] } })).toBe(
    "400: invalid network config:\ninvalid subnet 10.0.0.1/24: it should be 10.0.0.0/24",
  );
  expect(host.refusal("DELETE", "/networks/bridge")).toBe("403: bridge is a pre-defined network and cannot be removed");
  expect(host.refusal("GET", "/networks/app?verbose=zz")).toBe(
    '400: invalid value for verbose: zz: strconv.ParseBool: parsing "zz": invalid syntax',
  );
});

test("a network that is used cannot go, and prune leaves it", () => {
  const host = start();
  network(host, "app");
  network(host, "idle");
  host.run("one", ["sleep", "100"], { HostConfig: { NetworkMode: "app" } });
  expect(host.refusal("DELETE", "/networks/app")).toMatch(
    /^403: error while removing network: network app has active endpoints \(name:"one" id:"[0-9a-f]{12}"\)$/,
  );
  expect(host.json("POST", "/networks/prune")).toEqual({ NetworksDeleted: ["idle"] });
  host.json("DELETE", "/containers/one?force=1");
  expect(host.ask("DELETE", "/networks/app").status).toBe(204);
  expect(
    host
      .events()
      .filter((event) => event.startsWith("network"))
      .map((event) => event.split(" ").slice(0, 3).join(" ")),
  ).toEqual(
    [
      "network create app",
      "network create idle",
      "network connect app",
      "network destroy idle",
      "network prune",
      "network disconnect app",
      "network destroy app",
    ].map((event) => (event === "network prune" ? expect.stringMatching(/^network prune/) : event)),
  );
});

test("several networks at create are all joined; the mode's first", () => {
  const host = start();
  network(host, "zoo");
  network(host, "app");
  host.run("one", ["sleep", "100"], {
    HostConfig: { NetworkMode: "zoo" },
    NetworkingConfig: { EndpointsConfig: { app: { Aliases: ["x"] }, zoo: {} } },
  });
  const { Networks } = inspect(host, "one").NetworkSettings;
  expect(Object.keys(Networks)).toEqual(["app", "zoo"]);
  expect(Networks["app"]).toMatchObject({ Aliases: ["x"], DNSNames: ["one", "x", expect.stringMatching(/^[0-9a-f]{12}$/)] });
  expect(host.events().filter((event) => event.includes("connect"))).toEqual([
    "network connect zoo container=ID type=bridge",
    "network connect app container=ID type=bridge",
  ]);
});

test("a running container is connected and disconnected at once, a created one when it starts", () => {
  const host = start();
  network(host, "app");
  const id = host.run("one", ["sleep", "100"]);
  expect(host.ask("POST", "/networks/app/connect", { Container: "one", EndpointConfig: { Aliases: ["alias"] } }).status).toBe(200);
  const links = (): string[] =>
    host.daemon
      .namespacesOf(id)
      ?.net.links.links()
      .map(({ name }) => name) ?? [];
  expect(links()).toEqual(["lo", "eth0", "eth1"]);
  expect(inspect(host, "one").NetworkSettings.Networks["app"]).toMatchObject({ IPAddress: "172.18.0.2", Aliases: ["alias"] });
  expect(host.refusal("POST", "/networks/app/connect", { Container: "one" })).toBe(
    "403: endpoint with name one already exists in network app",
  );
  expect(host.ask("POST", "/networks/app/disconnect", { Container: "one" }).status).toBe(200);
  expect(links()).toEqual(["lo", "eth0"]);
  expect(host.refusal("POST", "/networks/app/disconnect", { Container: "one" })).toBe(
    `500: container ${id} is not connected to network app`,
  );

  host.json("POST", "/containers/create?name=two", { Image: "box" }, 201);
  expect(host.ask("POST", "/networks/app/connect", { Container: "two" }).status).toBe(200);
  expect(inspect(host, "two").NetworkSettings.Networks["app"]).toMatchObject({ IPAddress: "", EndpointID: "" });
  host.json("POST", "/containers/two/start", undefined, 204);
  expect(inspect(host, "two").NetworkSettings.Networks["app"]).toMatchObject({ IPAddress: "172.18.0.2" });
});

test("which container comes before which network is wrong", () => {
  const host = start();
  host.run("one", ["sleep", "100"]);
  expect(host.refusal("POST", "/networks/nosuch/connect", { Container: "gone" })).toBe("404: No such container: gone");
  expect(host.refusal("POST", "/networks/nosuch/connect", { Container: "one" })).toBe("404: network nosuch not found");
  expect(host.refusal("POST", "/networks/bridge/disconnect", { Container: "gone", Force: true })).toBe("404: endpoint gone not found");
});

test("a port that is taken leaves the second container created, with the reason in its state", () => {
  const host = start();
  const ports = { ExposedPorts: { "80/tcp": {} }, HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }] } } };
  host.run("one", ["sleep", "100"], ports);
  expect(inspect(host, "one").NetworkSettings.Ports).toEqual({
    "80/tcp": [
      { HostIp: "0.0.0.0", HostPort: "8080" },
      { HostIp: "::", HostPort: "8080" },
    ],
  });
  host.json("POST", "/containers/create?name=two", { Image: "box", ...ports }, 201);
  expect(host.refusal("POST", "/containers/two/start")).toMatch(
    /^500: failed to set up container networking: driver failed programming external connectivity on endpoint two \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:8080 failed: port is already allocated$/,
  );
  expect(inspect(host, "two")).toMatchObject({ State: { Status: "created", ExitCode: 128 }, NetworkSettings: { Ports: {} } });
  host.json("DELETE", "/containers/one?force=1");
  expect(host.ask("POST", "/containers/two/start").status).toBe(204);
});

test("a rename changes the names on its networks while it runs", () => {
  const host = start();
  network(host, "app");
  host.run("one", ["sleep", "100"], { HostConfig: { NetworkMode: "app" } });
  expect(host.ask("POST", "/containers/one/rename?name=two").status).toBe(204);
  expect(inspect(host, "two").NetworkSettings.Networks["app"]?.DNSNames?.[0]).toBe("two");
  const containers = host.json<{ Containers: Record<string, { Name: string }> }>("GET", "/networks/app").Containers;
  expect(Object.values(containers).map(({ Name }) => Name)).toEqual(["two"]);
  expect(host.refusal("POST", "/containers/two/rename?name=two")).toBe("400: Renaming a container with the same name as its current name");
});

test("filters of a list: their names and values are checked", () => {
  const host = start();
  network(host, "app", { Labels: { a: "1" } });
  const names = (filters: object): string[] =>
    host.json<{ Name: string }[]>("GET", `/networks?filters=${encodeURIComponent(JSON.stringify(filters))}`).map(({ Name }) => Name);
  expect(names({ label: { a: true } })).toEqual(["app"]);
  expect(names({ type: { custom: true } })).toEqual(["app"]);
  expect(names({ driver: ["null"] })).toEqual(["none"]);
  expect(names({ name: ["o"] })).toEqual(["host", "none"]);
  expect(host.refusal("GET", `/networks?filters=${encodeURIComponent('{"zz":["1"]}')}`)).toBe("400: invalid filter 'zz'");
  expect(host.refusal("GET", "/networks?filters=zz")).toBe("400: invalid filter");
});
