import { expect, test } from "vitest";
import { requestTarget, ROUTES } from "@/lib/sim/api";

test("a request line has the version, the object and the parameters by name", () => {
  expect(requestTarget("ContainerInspect", "web", { size: "1" })).toBe("/v1.51/containers/web/json?size=1");
  expect(requestTarget("ImageDelete", "traefik/whoami:v1", { noprune: undefined, force: "1" }, "1.44")).toBe(
    "/v1.44/images/traefik/whoami%3Av1?force=1",
  );
  expect(requestTarget("ContainerList", "", { filters: '{"name":{"a b":true}}', all: "1" })).toBe(
    "/v1.51/containers/json?all=1&filters=%7B%22name%22%3A%7B%22a%20b%22%3Atrue%7D%7D",
  );
});

test("no two routes have the same method and path", () => {
  const lines = Object.values(ROUTES).map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/, "{}")}`);
  expect(new Set(lines).size).toBe(lines.length);
});
