import { expect, test } from "vitest";
import { ROUTES } from "@/lib/sim/api";
import { start } from "./host";

test("a ping tells the version of the API and that there is no swarm", () => {
  const host = start();
  const { status, headers, text } = host.ask("GET", "/_ping");
  expect([status, text]).toEqual([200, "OK"]);
  expect(headers).toMatchObject({
    "Api-Version": "1.51",
    Ostype: "linux",
    "Docker-Experimental": "false",
    Swarm: "inactive",
    "Builder-Version": "2",
  });
  expect(host.ask("HEAD", "/_ping").text).toBe("");
});

test("a path without a route, and one with another method, are no page", () => {
  const host = start();
  expect(host.refusal("GET", "/nope")).toBe("404: page not found");
  expect(host.refusal("PUT", "/info")).toBe("404: page not found");
});

test("versions that are too new and too old are refused in moby's words", () => {
  const host = start();
  expect(host.refusal("GET", "/v1.52/info")).toBe("400: client version 1.52 is too new. Maximum supported API version is 1.51");
  const old = host.ask("GET", "/v1.23/info");
  expect([old.status, old.text]).toEqual([
    400,
    "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version\n",
  ]);
  expect(host.ask("GET", "/v1.24/containers/json").status).toBe(200);
});

test("what a body may be is said as Go says it", () => {
  const host = start();
  const create = (body: string): string => host.refusal("POST", "/containers/create", body);
  expect(create("")).toBe("400: invalid JSON: got EOF while reading request body");
  expect(create("{")).toBe("400: invalid JSON: unexpected EOF");
  expect(create("{}")).toBe("400: config cannot be empty in order to create a container");
  expect(create('{"Image":3}')).toContain("400: invalid JSON: json: cannot unmarshal number into Go struct field ");
  expect(create('{"Image":"box","HostConfig":{"Binds":"x"}}')).toContain("cannot unmarshal string into Go struct field ");
  expect(create('{"Image":"box"} x')).toBe("400: unexpected content after JSON");
});

test("a body that does not say it is JSON is refused", () => {
  const host = start();
  const request = { method: "POST", target: "/v1.51/containers/create", body: "{}", headers: { "Content-Type": "text/plain" } } as const;
  const { body } = host.runRoutine(host.daemon.service.call(request));
  expect(body).toMatchObject({ text: `{"message":"unsupported Content-Type header (text/plain): must be 'application/json'"}\n` });
});

test("every route of the table is answered, and those that are not simulated say so with 501", () => {
  const host = start();
  const silent: string[] = [];
  for (const [name, route] of Object.entries(ROUTES)) {
    if (route.simulated !== "no") continue;
    const { status, text } = host.ask(route.method, route.path.replace(/\{\w+\}/, "x"));
    if (status !== 501 || !text.includes("not simulated")) silent.push(`${name} ${status} ${text}`);
  }
  expect(silent).toEqual([]);
});

test("a node in no swarm refuses the routes of Swarm", () => {
  const host = start();
  const words =
    '503: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';
  for (const path of ["/swarm", "/services", "/nodes", "/tasks", "/secrets", "/configs"]) expect(host.refusal("GET", path)).toBe(words);
  expect(host.refusal("POST", "/swarm/leave")).toBe("503: This node is not part of a swarm");
});

test("a client that goes away does not stop what it asked for", () => {
  const host = start();
  host.json("POST", "/containers/create?name=one", { Image: "box" }, 201);
  const call = host.daemon.service.call({ method: "POST", target: "/v1.51/containers/one/start" });
  call.next({ kind: "ready" });
  call.return(undefined as never);
  host.pass(1);
  expect(host.json<{ State: { Running: boolean } }>("GET", "/containers/one/json").State.Running).toBe(true);
});
