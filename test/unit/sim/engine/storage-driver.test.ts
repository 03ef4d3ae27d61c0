import { expect, test } from "vitest";
import { recorded } from "./recorded";
import { boot, manifest, start } from "./host";

type Host = ReturnType<typeof start>;

/** Writes daemon.json and starts the daemon anew. */
function configure(host: Host, text: string): void {
  host.kernel.root.mnt.root.add([{ path: "/etc/docker/daemon.json", kind: "file", text }]);
  expect(host.runRoutine(host.daemon.restart())).toEqual({ ok: true, value: undefined });
}

const names = (host: Host): readonly string[] =>
  host.json<{ Names: string[] }[]>("GET", "/containers/json?all=1").flatMap(({ Names }) => Names);

/** Pairs of lines: daemon.json, and what dockerd's log ended with (nothing: it started). The recording's disk is a tmpfs. */
const lines = recorded("storage-drivers").replaceAll("Found tmpfs", "Found extfs").split("\n");
const refusals = lines.flatMap((text, i) => (i % 2 === 0 ? [[text, lines[i + 1] ?? ""] as const] : []));

test.each(refusals)("dockerd with %s says as recorded: %s", (text, words) => {
  const started = boot([{ path: "/etc/docker/daemon.json", kind: "file", text }]).daemon.start();

  expect(started.ok ? "" : started.error).toBe(words);
});

test("images and containers of one storage driver are out of sight under another, networks are not", () => {
  const host = start();
  host.json("POST", "/networks/create", { Name: "app" }, 201);
  host.run("web", ["sleep", "5000"], { HostConfig: { NetworkMode: "app", RestartPolicy: { Name: "always" } }, StopTimeout: 1 });

  configure(host, '{"storage-driver": "vfs"}');

  expect(host.json("GET", "/info")).toMatchObject({ Driver: "vfs", DriverStatus: null, Images: 0, Containers: 0 });
  expect(host.refusal("GET", "/containers/web/json")).toBe("404: No such container: web");
  expect(host.refusal("GET", "/images/box/json")).toBe("404: No such image: box:latest");
  expect(host.json<{ Containers: object }>("GET", "/networks/app").Containers).toEqual({});

  configure(host, "{}");

  expect(host.json("GET", "/containers/web/json")).toMatchObject({ Driver: "overlay2", State: { Status: "running" } });
});

test("a name that a container out of sight has is free", () => {
  const host = start();
  host.run("web", ["sleep", "5000"], { StopTimeout: 1 });
  configure(host, '{"storage-driver": "vfs"}');
  expect(host.ask("POST", "/images/create?fromImage=busybox&tag=latest").status).toBe(200);

  const { Id: id } = host.json<{ Id: string }>("POST", "/containers/create?name=web", { Image: "busybox" }, 201);

  expect(host.json("GET", "/containers/web/json")).toMatchObject({ Id: id, Driver: "vfs", GraphDriver: { Data: { ID: id }, Name: "vfs" } });
  expect(host.json("GET", "/images/busybox/json")).toMatchObject({ GraphDriver: { Data: null, Name: "vfs" } });
  configure(host, "{}");
  expect(names(host)).toEqual(["/web"]);
  expect(host.json<{ Id: string }>("GET", "/containers/web/json").Id).not.toBe(id);
});

test("a volume that only a container out of sight uses can be removed; that container then does not start", () => {
  const host = start();
  host.run("box", ["sleep", "5000"], { HostConfig: { Binds: ["data:/data"] }, StopTimeout: 1 });
  configure(host, '{"storage-driver": "vfs"}');

  expect(host.ask("DELETE", "/volumes/data").status).toBe(204);

  configure(host, "{}");
  expect(host.refusal("POST", "/containers/box/start")).toBe("404: get data: no such volume");
});

test("a volume is in use again when its container is back", () => {
  const host = start();
  host.run("box", ["sleep", "5000"], { HostConfig: { Binds: ["data:/data"] }, StopTimeout: 1 });
  configure(host, '{"storage-driver": "vfs"}');
  configure(host, "{}");

  expect(host.refusal("DELETE", "/volumes/data")).toMatch(/^409: remove data: volume is in use/);
});

test.each([
  [{ size: "1G" }, "--storage-opt is supported only for overlay over xfs with 'pquota' mount option"],
  [{ nosuch: "1" }, "Unknown option nosuch"],
])("a container with the storage options %j is refused, and its name stays free", (StorageOpt, words) => {
  const host = start();

  expect(host.refusal("POST", "/containers/create?name=one", { Image: "box", HostConfig: { StorageOpt } })).toBe(`500: ${words}`);

  expect(host.ask("POST", "/containers/create?name=one", { Image: "box" }).status).toBe(201);
});

test("under a container lie its init layer and each layer of the image, from the top", () => {
  const image = manifest("layered");
  const layers = ["aaa", "bbb", "ccc"].map((id) => ({ id, size: 1, files: [] }));
  const host = start([], [{ ...image, layers }]);
  type GraphDriver = { GraphDriver: { Data: { LowerDir: string; UpperDir: string } } };
  host.json("POST", "/containers/create?name=one", { Image: "layered" }, 201);

  const own = host.json<GraphDriver>("GET", "/containers/one/json").GraphDriver.Data;
  const below = host.json<GraphDriver>("GET", "/images/layered/json").GraphDriver.Data;

  expect(below.LowerDir.split(":")).toHaveLength(2);
  expect(own.LowerDir).toBe(`${own.UpperDir.replace(/\/diff$/, "-init/diff")}:${below.UpperDir}:${below.LowerDir}`);
});
