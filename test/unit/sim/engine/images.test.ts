import { expect, test } from "vitest";
import { start } from "./host";

type Summary = { Id: string; RepoTags: string[] };
type Host = ReturnType<typeof start>;

const lines = (text: string): string[] =>
  text
    .trimEnd()
    .split("\r\n")
    .map((line) => {
      const { id, status } = JSON.parse(line) as { id?: string; status: string };
      return id === undefined ? status : `${id}: ${status}`;
    });
const tags = (host: Host): string[] => host.json<Summary[]>("GET", "/images/json").flatMap(({ RepoTags }) => RepoTags);

test("a pull tells of each layer, and takes a moment", () => {
  const host = start();
  const before = host.scheduler.now;
  const { text } = host.ask("POST", "/images/create?fromImage=team/app&tag=2");
  expect(lines(text)).toEqual([
    "2: Pulling from team/app",
    expect.stringMatching(/^[0-9a-f]{12}: Pulling fs layer$/),
    expect.stringMatching(/: Downloading$/),
    expect.stringMatching(/: Verifying Checksum$/),
    expect.stringMatching(/: Download complete$/),
    expect.stringMatching(/: Extracting$/),
    expect.stringMatching(/: Extracting$/),
    expect.stringMatching(/: Pull complete$/),
    expect.stringMatching(/^Digest: sha256:[0-9a-f]{64}$/),
    "Status: Downloaded newer image for team/app:2",
  ]);
  expect(host.scheduler.now - before).toBeGreaterThan(100_000);
  expect(tags(host)).toContain("team/app:2");
  expect(lines(host.ask("POST", "/images/create?fromImage=team/app&tag=2").text).at(-1)).toBe("Status: Image is up to date for team/app:2");
  expect(host.events()).toEqual(["image pull team/app", "image pull team/app"]);
});

test("what the registry does not have is refused as Docker Hub refuses", () => {
  const host = start();
  expect(host.refusal("POST", "/images/create?fromImage=nosuch&tag=latest")).toBe(
    "404: pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  );
  expect(host.refusal("POST", "/images/create?fromImage=box&tag=9")).toBe(
    "404: manifest for box:9 not found: manifest unknown: manifest unknown",
  );
  expect(host.refusal("POST", "/images/create?fromImage=scratch&tag=latest")).toBe("403: 'scratch' is a reserved name");
  expect(host.refusal("POST", "/images/create?fromImage=elsewhere.example/x&tag=1")).toMatch(/^501: .*not simulated/);
});

test("a tag is one more name, and an image goes with its last", () => {
  const host = start();
  expect(host.ask("POST", "/images/store/tag?repo=mine&tag=v1").status).toBe(201);
  expect(tags(host)).toContain("mine:v1");
  expect(host.json("DELETE", "/images/store")).toEqual([
    { Untagged: "store:latest" },
    { Untagged: expect.stringMatching(/^store@sha256:/) },
  ]);
  const [untagged, ...deleted] = host.json<{ Untagged?: string; Deleted?: string }[]>("DELETE", "/images/mine:v1");
  expect(untagged).toEqual({ Untagged: "mine:v1" });
  expect(deleted[0]?.Deleted).toMatch(/^sha256:/);
  expect(host.refusal("GET", "/images/store/json")).toBe("404: No such image: store:latest");
  expect(host.refusal("POST", "/images/box/tag?repo=Bad")).toBe(
    "400: invalid reference format: repository name (library/Bad) must be lowercase",
  );
});

test("an image that a container uses stays, unless only stopped ones do and force is used", () => {
  const host = start();
  const image = host.json<{ Id: string }>("GET", "/images/store/json").Id.slice(7, 19);
  const id = host.run("one", ["sleep", "100"], { Image: "store", User: "" });
  expect(host.refusal("DELETE", "/images/store")).toBe(
    `409: conflict: unable to remove repository reference "store" (must force) - container ${id.slice(0, 12)} is using its referenced image ${image}`,
  );
  expect(host.refusal("DELETE", `/images/${image}?force=1`)).toBe(
    `409: conflict: unable to delete ${image} (cannot be forced) - image is being used by running container ${id.slice(0, 12)}`,
  );
  host.json("POST", "/containers/one/kill", undefined, 204);
  expect(host.ask("DELETE", "/images/store?force=1").status).toBe(200);
  expect(host.json<{ Image: string }[]>("GET", "/containers/json?all=1")[0]?.Image).toMatch(/^sha256:|^store$/);
});

test("prune takes what has no name, and with dangling=false what nobody uses; of a used image one name stays", () => {
  const host = start();
  host.run("one", ["sleep", "100"]);
  expect(host.json("POST", "/images/prune")).toEqual({ ImagesDeleted: null, SpaceReclaimed: 0 });
  host.json("POST", `/images/prune?filters=${encodeURIComponent('{"dangling":["false"]}')}`);
  expect(tags(host)).toEqual(["box:latest"]);
});
