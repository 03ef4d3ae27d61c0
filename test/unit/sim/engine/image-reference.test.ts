import { expect, test } from "vitest";
import { familiar, parseReference } from "@/lib/sim/engine/image/reference";

test.each([
  ["nginx", "docker.io/library/nginx", "nginx"],
  ["traefik/whoami:v1", "docker.io/traefik/whoami", "traefik/whoami:v1"],
  ["localhost/x", "localhost/x", "localhost/x"],
  ["localhost:5000/x/y:z", "localhost:5000/x/y", "localhost:5000/x/y:z"],
  ["docker.io/nginx", "docker.io/library/nginx", "nginx"],
  ["index.docker.io/library/nginx", "docker.io/library/nginx", "nginx"],
  ["registry.example.com/a_b/c-d", "registry.example.com/a_b/c-d", "registry.example.com/a_b/c-d"],
])("%s is %s, and called %s", (text, repository, name) => {
  const parsed = parseReference(text);
  expect(parsed).toMatchObject({ ok: true, value: { repository } });
  expect(parsed.ok && familiar(parsed.value)).toBe(name);
});

test.each([
  ["Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"],
  ["a b", "invalid reference format"],
  ["x:", "invalid reference format"],
  ["nginx:bad:tag", "invalid reference format"],
  ["a//b", "invalid reference format"],
  ["-a", "invalid reference format"],
  ["", "invalid reference format"],
  ["a".repeat(64), `invalid repository name (${"a".repeat(64)}), cannot specify 64-byte hexadecimal strings`],
])("%s is no reference", (text, words) => {
  expect(parseReference(text)).toEqual({ ok: false, error: words });
});
