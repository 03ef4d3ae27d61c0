import { expect, test } from "vitest";
import { start } from "./host";

type Volumes = { Volumes: { Name: string }[] };

function output(host: ReturnType<typeof start>, cmd: readonly string[], binds: readonly string[], more: object = {}): string {
  host.run("tmp", cmd, { HostConfig: { Binds: binds }, ...more });
  host.pass(1);
  const { text } = host.ask("GET", "/containers/tmp/logs?stdout=1&stderr=1");
  host.json("DELETE", "/containers/tmp");
  return text;
}

test("a named volume outlives its containers, and is in use as long as one refers to it", () => {
  const host = start();
  expect(output(host, ["write", "/data/x", "kept"], ["vol:/data"])).toBe("");
  expect(output(host, ["cat", "/data/x"], ["vol:/data"])).toBe("kept\n");
  expect(host.kernel.root.mnt.root.readFile("/var/lib/docker/volumes/vol/_data/x")).toMatchObject({ value: "kept\n" });
  const id = host.run("one", ["sleep", "100"], { HostConfig: { Binds: ["vol:/data"] } });
  expect(host.refusal("DELETE", "/volumes/vol")).toBe(`409: remove vol: volume is in use - [${id}]`);
  host.json("DELETE", "/containers/one?force=1");
  expect(host.ask("DELETE", "/volumes/vol").status).toBe(204);
  expect(host.refusal("DELETE", "/volumes/vol")).toBe("404: get vol: no such volume");
});

test("a new volume is filled with what the image has there, a bind mount hides it", () => {
  const host = start();
  expect(output(host, ["cat", "/data/seed"], ["vol:/data"])).toBe("seed\n");
  host.kernel.root.mnt.root.add([{ path: "/srv/site/page", kind: "file", text: "of the host\n" }]);
  expect(output(host, ["cat", "/data/page"], ["/srv/site:/data"])).toBe("of the host\n");
  expect(output(host, ["cat", "/data/seed"], ["/srv/site:/data"])).toBe("cat: /data/seed: ENOENT\n");
});

test("read-only is read-only, and what is written through a bind mount reaches the host", () => {
  const host = start();
  expect(output(host, ["write", "/data/x", "no"], ["/srv/site:/data:ro"])).toBe("write: /data/x: EROFS\n");
  expect(output(host, ["write", "/data/x", "yes"], ["/srv/site:/data"])).toBe("");
  expect(host.kernel.root.mnt.root.readFile("/srv/site/x")).toMatchObject({ value: "yes\n" });
});

test("an image's volumes are anonymous ones, which prune takes when nobody refers to them", () => {
  const host = start();
  host.json("POST", "/containers/create?name=one", { Image: "store" }, 201);
  const [volume] = host.json<Volumes>("GET", "/volumes").Volumes;
  expect(volume?.Name).toMatch(/^[0-9a-f]{64}$/);
  expect(host.json("POST", "/volumes/prune")).toEqual({ VolumesDeleted: [], SpaceReclaimed: 0 });
  host.json("DELETE", "/containers/one");
  expect(host.json("POST", "/volumes/prune")).toMatchObject({ VolumesDeleted: [volume?.Name] });
  host.json("POST", "/containers/create?name=two", { Image: "store" }, 201);
  host.json("DELETE", "/containers/two?v=1");
  expect(host.json<Volumes>("GET", "/volumes").Volumes).toEqual([]);
});

test("names that are none and drivers that are not there are refused", () => {
  const host = start();
  expect(host.refusal("POST", "/volumes/create", { Name: "x" })).toBe(
    "400: create x: volume name is too short, names should be at least two alphanumeric characters",
  );
  expect(host.refusal("POST", "/volumes/create", { Name: "a/b" })).toContain(
    '400: create a/b: "a/b" includes invalid characters for a local volume name',
  );
  expect(host.refusal("POST", "/volumes/create", { Name: "dd", Driver: "nosuch" })).toBe(
    '404: create dd: error looking up volume plugin nosuch: plugin "nosuch" not found',
  );
  expect(host.refusal("POST", "/containers/create", { Image: "box", HostConfig: { Binds: ["/a:/b:ro:z"] } })).toBe(
    "500: invalid volume specification: '/a:/b:ro:z'",
  );
});

test("events tell of mounting and unmounting", () => {
  const host = start();
  output(host, ["exit"], ["vol:/data"]);
  expect(host.events().filter((event) => event.startsWith("volume"))).toEqual([
    "volume create vol driver=local",
    "volume mount vol container=ID destination=/data driver=local propagation= read/write=true",
    "volume unmount vol container=ID driver=local",
  ]);
});
