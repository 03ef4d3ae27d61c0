import { expect, test } from "vitest";
import { complain, print } from "@/lib/sim/core/stdio";
import type { NetProgram } from "@/lib/sim/kernel";
import { fork, machine } from "./machine";

const show: NetProgram = function* (sys) {
  yield* print(sys, `${sys.argv.join(" ")}\n`);
  return 0;
};

const start: NetProgram = function* (sys) {
  const path = sys.argv[1] ?? "";
  const child = sys.spawn({ image: { path }, argv: [path, "x"] });
  if (child.ok) yield* sys.waitpid(child.value);
  else yield* complain(sys, child.error);
  return 0;
};

const files = [
  { path: "/script", kind: "file", text: "#!/bin/show -a b\nbody", mode: 0o755 },
  { path: "/nested", kind: "file", text: "#! /script\n", mode: 0o755 },
  { path: "/plain", kind: "file", text: "echo hello", mode: 0o755 },
  { path: "/unset", kind: "file", text: "\x7fELF:show", mode: 0o644 },
  { path: "/link", kind: "symlink", target: "bin/show" },
  { path: "/orphan", kind: "file", text: "#!/no/such\n", mode: 0o755 },
  { path: "/unknown", kind: "file", text: "\x7fELF:unknown/tool", mode: 0o755 },
] as const;

test.each([
  ["/bin/show", "/bin/show x\n", ""],
  ["/link", "/link x\n", ""],
  ["/script", "/bin/show -a b /script x\n", ""],
  ["/nested", "/bin/show -a b /script /nested x\n", ""],
  ["/plain", "", "ENOEXEC"],
  ["/unset", "", "EACCES"],
  ["/bin", "", "EACCES"],
  ["/nowhere", "", "ENOENT"],
  ["/orphan", "", "ENOENT"],
  ["/plain/x", "", "ENOTDIR"],
  ["/unknown", "", "drydock: the program tool is real, but not simulated here\n"],
])("running %s", (path, stdout, stderr) => {
  const world = machine({ show });
  world.kernel.root.mnt.root.add(files);

  expect(world.run(start, { argv: ["start", path] })).toMatchObject({ stdout, stderr });
});

test("exec keeps the number, ignored signals and descriptors, and the caller ends with the new program", () => {
  const log: unknown[] = [];
  const world = machine({
    show: function* (sys) {
      log.push(sys.pid, sys.argv, sys.env.get("A"), sys.processes().find((one) => one.pid === sys.pid)?.name);
      yield* print(sys, "new");
      return 9;
    },
  });
  const { stdout, end } = world.run(function* (sys) {
    log.push(sys.pid);
    const image = sys.exec({ path: "/bin/show", argv: ["show", "me"], env: new Map([["A", "1"]]) });
    if (!image.ok) return 1;
    return yield* image.value;
  });

  expect(log).toEqual([2, 2, ["show", "me"], "1", "show"]);
  expect([stdout, end]).toMatchObject(["new", { kind: "exited", status: 9 }]);
});

test("a command is looked up as runc does it", () => {
  const world = machine({ show });
  world.kernel.root.mnt.root.add(files);
  const look = (name: string): unknown => world.kernel.processes.lookup(world.kernel.root, name, "/nowhere:/bin:/", "/");

  expect([look("show"), look("./plain"), look("nothing"), look("/unset"), look("/bin"), look("unset")]).toEqual([
    { ok: true, value: "/bin/show" },
    { ok: true, value: "./plain" },
    { ok: false, error: "ENOENT" },
    { ok: false, error: "EACCES" },
    { ok: false, error: "EISDIR" },
    { ok: false, error: "ENOENT" },
  ]);
});

test("descriptors that are not handed down are closed in the child", () => {
  const { stdout } = machine().run(function* (sys) {
    sys.open("/etc/passwd", { read: true });
    const child = sys.spawn(
      fork(
        function* (inner) {
          yield* print(inner, JSON.stringify(inner.descriptors().map(({ fd }) => fd)));
          return 0;
        },
        {
          fds: new Map([
            [1, 1],
            [7, 3],
          ]),
        },
      ),
    );
    if (child.ok) yield* sys.waitpid(child.value);
    return 0;
  });

  expect(JSON.parse(stdout)).toEqual([1, 7]);
});

test("without CAP_NET_ADMIN links cannot be changed, and sockets are closed when their process ends", () => {
  const world = machine();
  const { stdout } = world.run(
    function* (sys) {
      const added = sys.netns.links.addLink({ name: "dummy0", kind: "dummy" });
      yield* print(sys, JSON.stringify(added));
      return 0;
    },
    { capabilities: [] },
  );

  expect(JSON.parse(stdout)).toEqual({ ok: false, error: { errno: "EPERM" } });
});
