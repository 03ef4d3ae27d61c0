import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { familiarString, parseReference, withDefaultTag } from "@/lib/sim/programs/docker/opts/reference";

const DIGEST = `sha256:${"a1".repeat(32)}`;

test.each<[string, string, string | undefined, string | undefined]>([
  ["nginx", "docker.io/library/nginx", undefined, undefined],
  ["nginx:1.27", "docker.io/library/nginx", "1.27", undefined],
  ["traefik/whoami", "docker.io/traefik/whoami", undefined, undefined],
  ["docker.io/nginx", "docker.io/library/nginx", undefined, undefined],
  ["localhost/app", "localhost/app", undefined, undefined],
  ["localhost:5000/app:v1", "localhost:5000/app", "v1", undefined],
  ["registry.example/team/app", "registry.example/team/app", undefined, undefined],
  [`nginx@${DIGEST}`, "docker.io/library/nginx", undefined, DIGEST],
  [`nginx:1.27@${DIGEST}`, "docker.io/library/nginx", "1.27", DIGEST],
])("%s is %s", (text, name, tag, digest) => {
  expect(parseReference(text)).toEqual({ ok: true, value: { name, tag, digest } });
});

test.each<[string, string]>([
  ["", "invalid reference format"],
  ["nginx:", "invalid reference format"],
  ["-nginx", "invalid reference format"],
  ["Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"],
  ["a1".repeat(32), `invalid repository name (${"a1".repeat(32)}), cannot specify 64-byte hexadecimal strings`],
])("%j is no name of an image: %s", (text, error) => {
  expect(parseReference(text)).toEqual({ ok: false, error });
});

test("a name without a tag means latest", () => {
  expect(familiarString(withDefaultTag(unwrap(parseReference("nginx"))))).toBe("nginx:latest");
  expect(familiarString(withDefaultTag(unwrap(parseReference(`nginx@${DIGEST}`))))).toBe(`nginx@${DIGEST}`);
});

test("the short name of a name is read as the same name", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  fc.assert(
    fc.property(
      fc.constantFrom("", "localhost/", "r.example:5000/", "docker.io/"),
      word,
      fc.option(word),
      fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}$/)),
      (domain, a, b, tag) => {
        const reference = unwrap(parseReference(`${domain}${a}${b === null ? "" : `/${b}`}${tag === null ? "" : `:${tag}`}`));

        expect(parseReference(familiarString(reference))).toEqual({ ok: true, value: reference });
      },
    ),
  );
});
