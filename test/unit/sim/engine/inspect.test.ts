import { expect, test } from "vitest";
import { start } from "./host";
import { masked, recorded } from "./recorded";

const WEB = {
  Image: "nginx",
  Labels: { b: "2", a: "1" },
  Env: ["A=<1>"],
  HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }] }, NetworkMode: "app" },
  NetworkingConfig: { EndpointsConfig: { app: { Aliases: ["w"] } } },
};

test("a container that was only created is inspected byte for byte as recorded", () => {
  const host = start();
  host.json("POST", "/containers/create?name=min", { Image: "busybox" }, 201);
  expect(masked(host.ask("GET", "/containers/min/json").text)).toBe(recorded("created"));
});

test("a container on a user-defined network is inspected as recorded before, while and after it runs", () => {
  const host = start();
  host.json("POST", "/containers/create?name=web", WEB, 201);
  expect(masked(host.ask("GET", "/containers/web/json?size=1").text)).toBe(recorded("missing-network"));
  expect(host.refusal("POST", "/containers/web/start")).toBe("404: failed to set up container networking: network app not found");

  host.json("POST", "/networks/create", { Name: "app" }, 201);
  expect(masked(host.ask("GET", "/networks/app").text)).toBe(recorded("network"));
  expect(host.ask("POST", "/containers/web/start").status).toBe(204);
  expect(host.ask("POST", "/containers/web/start").status).toBe(304);
  expect(masked(host.ask("GET", "/containers/web/json?size=1").text)).toBe(recorded("running"));
  expect(masked(host.ask("GET", "/containers/json?size=1").text)).toBe(recorded("list"));
  expect(masked(host.ask("GET", "/networks/app").text)).toBe(recorded("network-in-use"));

  expect(host.ask("POST", "/containers/web/stop?t=0").status).toBe(204);
  expect(masked(host.ask("GET", "/containers/web/json").text)).toBe(recorded("stopped"));
});

test("an image is inspected with the fields of the recording in their order", () => {
  const host = start();
  // The recorded image was imported from a tar file, and says so.
  const golden = recorded("image")
    .replace('"Comment":"Imported from -"', '"Comment":""')
    .replace('"DockerVersion":"28.5.2+dfsg4"', '"DockerVersion":""');
  expect(masked(host.ask("GET", "/images/redis/json").text)).toBe(golden);
});

test("a named volume is inspected as recorded", () => {
  const host = start();
  host.json("POST", "/volumes/create", { Name: "data", Labels: { x: "1" } }, 201);
  expect(masked(host.ask("GET", "/volumes/data").text)).toBe(recorded("volume"));
});
