import { expect, test } from "vitest";
import type { Sys } from "@/lib/sim/core/sys";
import type { MountNamespace, NetSys } from "@/lib/sim/kernel";
import { type Machine, machine } from "../process/machine";

/** What `look` finds out when a program runs it. */
function seen<T>(look: (sys: NetSys) => T, world: Machine = machine(), options: Parameters<Machine["run"]>[1] = {}): T {
  let result: T | undefined;
  world.run(function* (sys) {
    result = look(sys);
    return 0;
  }, options);
  if (result === undefined) throw new Error("the program did not run");
  return result;
}

const failure = (error: string): object => ({ ok: false, error });
const success = (value?: unknown): object => ({ ok: true, value });

test("files are made with the umask, opened, appended and truncated", () => {
  const log = seen((sys) => {
    sys.writeFile("/tmp/a", "one\n");
    sys.writeFile("/tmp/a", "two\n", { append: true });
    const before = sys.readFile("/tmp/a");
    const stat = sys.stat("/tmp/a");
    sys.writeFile("/tmp/a", "ü");
    return [
      before,
      stat.ok && stat.value.mode,
      stat.ok && stat.value.size,
      sys.stat("/tmp/a"),
      sys.open("/tmp/a", { write: true, create: true, exclusive: true }),
      sys.open("/tmp/nowhere", { read: true }),
    ];
  });

  expect(log).toMatchObject([success("one\ntwo\n"), 0o644, 8, { value: { size: 2 } }, failure("EEXIST"), failure("ENOENT")]);
});

test("an offset belongs to the open file, and appending goes to the end whatever it is", () => {
  const log: unknown[] = [];
  machine().run(function* (sys) {
    sys.writeFile("/tmp/a", "0123456789");
    const fd = sys.open("/tmp/a", { read: true, write: true });
    const twin = fd.ok ? sys.dup(fd.value) : fd;
    if (!fd.ok || !twin.ok) return 1;
    log.push(yield* sys.read(fd.value, 3));
    yield* sys.write(twin.value, "XY");
    log.push(yield* sys.read(fd.value, 2));
    const end = sys.open("/tmp/a", { append: true, write: true });
    if (end.ok) yield* sys.write(end.value, "END");
    log.push(sys.readFile("/tmp/a"));
    return 0;
  });

  expect(log).toEqual([success("012"), success("56"), success("012XY56789END")]);
});

test.each<[string, (sys: Sys) => unknown, object]>([
  ["a file is no directory", (sys) => sys.readdir("/etc/passwd"), failure("ENOTDIR")],
  ["nor can it be walked through", (sys) => sys.stat("/etc/passwd/x"), failure("ENOTDIR")],
  ["a trailing slash asks for a directory", (sys) => sys.stat("/etc/passwd/"), failure("ENOTDIR")],
  ["a directory cannot be written", (sys) => sys.open("/etc", { write: true }), failure("EISDIR")],
  ["a directory cannot be unlinked", (sys) => sys.unlink("/etc"), failure("EISDIR")],
  ["nor removed while it is full", (sys) => sys.rmdir("/etc"), failure("ENOTEMPTY")],
  ["mkdir needs the parent", (sys) => sys.mkdir("/a/b"), failure("ENOENT")],
  ["mkdir of what is there", (sys) => sys.mkdir("/etc"), failure("EEXIST")],
  ["mkdir of the root", (sys) => sys.mkdir("/"), failure("EEXIST")],
  ["a name that is too long", (sys) => sys.stat(`/${"x".repeat(256)}`), failure("ENAMETOOLONG")],
  ["nothing can be made in /proc", (sys) => sys.writeFile("/proc/x", ""), failure("ENOENT")],
  ["nor removed from it", (sys) => sys.unlink("/proc/version"), failure("EPERM")],
  ["a mount point is busy", (sys) => sys.rmdir("/proc"), failure("EBUSY")],
  ["renaming across file systems", (sys) => sys.rename("/etc/passwd", "/dev/shm/passwd"), failure("EXDEV")],
  ["the empty path", (sys) => sys.stat(""), failure("ENOENT")],
  ["/dev/null reads as nothing", (sys) => sys.readFile("/dev/null"), success("")],
  ["/dev/full has no room", (sys) => sys.writeFile("/dev/full", "x"), failure("ENOSPC")],
  ["/dev/tty without a terminal", (sys) => sys.readFile("/dev/tty"), failure("ENXIO")],
  ["a socket file that nobody listens on", (sys) => sys.connectUnix("/etc/passwd"), failure("ECONNREFUSED")],
])("%s", (_, call, expected) => {
  expect(seen(call)).toEqual(expected);
});

test("`..` goes up from where a link led, as the kernel does it", () => {
  const log = seen((sys) => {
    sys.mkdir("/srv");
    sys.mkdir("/srv/deep");
    sys.symlink("/srv/deep", "/tmp/link");
    sys.symlink("loop", "/tmp/loop");
    sys.chdir("/tmp/link");
    return [
      sys.cwd,
      sys.realpath(".."),
      sys.realpath("/tmp/link/../../etc"),
      sys.stat("/tmp/loop"),
      sys.readlink("/tmp/link"),
      sys.readlink("/tmp"),
    ];
  });

  expect(log).toEqual(["/srv/deep", success("/srv"), success("/etc"), failure("ELOOP"), success("/srv/deep"), failure("EINVAL")]);
});

test("writing through a dangling link makes what it names", () => {
  expect(seen((sys) => [sys.symlink("/tmp/new", "/tmp/link").ok, sys.writeFile("/tmp/link", "x"), sys.readFile("/tmp/new")])).toEqual([
    true,
    success(),
    success("x"),
  ]);
});

test("who is not root is bound by permission bits and the sticky bit", () => {
  const world = machine();
  world.kernel.root.mnt.root.add([
    { path: "/etc/shadow", kind: "file", text: "secret", mode: 0o640 },
    { path: "/tmp/mine", kind: "file", text: "root's" },
  ]);
  const log = seen(
    (sys) => [
      sys.readFile("/etc/shadow"),
      sys.writeFile("/etc/new", ""),
      sys.readdir("/root"),
      sys.unlink("/tmp/mine"),
      sys.writeFile("/tmp/own", "x"),
      sys.unlink("/tmp/own"),
      sys.chmod("/tmp/mine", 0o777),
    ],
    world,
    { user: "ada" },
  );

  expect(log).toEqual([failure("EACCES"), failure("EACCES"), failure("EACCES"), failure("EPERM"), success(), success(), failure("EPERM")]);
});

test("a bind mount shows and changes its source, unless it is read-only; unmounting shows what was below", () => {
  const world = machine();
  const { mnt } = world.kernel.root;
  const volume = world.kernel.createFileSystem();
  volume.add([{ path: "/data/x", kind: "file", text: "volume" }]);
  mnt.root.add([{ path: "/mnt/x", kind: "file", text: "below" }]);
  mnt.bind("/mnt", { fs: volume, path: "/data" });
  mnt.bind("/etc/hosts", { fs: volume, path: "/data/x" }, { readOnly: true });

  expect(
    seen(
      (sys) => [
        sys.readFile("/mnt/x"),
        sys.writeFile("/mnt/x", "changed"),
        sys.readFile("/etc/hosts"),
        sys.writeFile("/etc/hosts", ""),
        sys.unlink("/etc/hosts"),
      ],
      world,
    ),
  ).toEqual([success("volume"), success(), success("changed"), failure("EROFS"), failure("EBUSY")]);
  expect(volume.readFile("/data/x")).toEqual(success("changed"));
  expect(mnt.unmount("/mnt")).toEqual(success());
  expect(seen((sys) => sys.readFile("/mnt/x"), world)).toEqual(success("below"));
});

test("a mount point that the root file system lacks is made, as runc makes it; /proc and its like are only shown", () => {
  const world = machine();
  const root = world.kernel.createFileSystem();
  const mounts: MountNamespace = world.kernel.createMountNamespace(root);
  mounts.tmpfs("/cache");

  expect(root.changes()).toMatchObject([{ path: "/cache", kind: "A" }]);
  expect(seen((sys) => sys.readdir("/"), world, { namespaces: { ...world.kernel.root, mnt: mounts } })).toEqual(
    success(["cache", "dev", "proc", "sys"]),
  );
});

test("a socket file leads to the service behind it", () => {
  const world = machine();
  const service = {
    call: () => {
      throw new Error("not called");
    },
  };
  world.kernel.root.mnt.listenUnix("/var/run/docker.sock", service);

  const [found, stat] = seen(
    (sys) => [sys.connectUnix("/run/../var/run/docker.sock"), sys.stat("/var/run/docker.sock")],
    (() => {
      world.kernel.root.mnt.root.add([{ path: "/run", kind: "directory" }]);
      return world;
    })(),
  );
  expect(found).toEqual(success(service));
  expect(stat).toMatchObject({ value: { kind: "socket", mode: 0o660 } });
});
