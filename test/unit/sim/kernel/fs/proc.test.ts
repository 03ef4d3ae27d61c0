import { expect, test } from "vitest";
import type { NetSys } from "@/lib/sim/kernel";
import { fork, forever, type Machine, machine } from "../process/machine";

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

test("what is written to /proc/sys/net is a setting of the writer's network namespace, and reads back", () => {
  const log = seen((sys) => [
    sys.readFile("/proc/sys/net/ipv4/ip_forward"),
    sys.writeFile("/proc/sys/net/ipv4/ip_forward", "1\n"),
    sys.readFile("/proc/sys/net/ipv4/ip_forward"),
    sys.netns.sysctl("net.ipv4.ip_forward"),
  ]);

  expect(log).toEqual([success("0\n"), success(), success("1\n"), success("1")]);
});

test("the hostname can be read and set", () => {
  const log = seen((sys) => [
    sys.readFile("/proc/sys/kernel/hostname"),
    sys.writeFile("/proc/sys/kernel/hostname", "renamed\n"),
    sys.hostname,
    sys.readFile("/proc/sys/kernel/nonsense"),
  ]);

  expect(log).toEqual([success("node1\n"), success(), "renamed", failure("ENOENT")]);
});

test("a protected part of /proc is read-only", () => {
  const world = machine();
  const namespaces = world.container();
  namespaces.mnt.protect("/proc/sys");
  namespaces.mnt.protect("/sys");

  expect(
    seen((sys) => [sys.writeFile("/proc/sys/net/ipv4/ip_forward", "1"), sys.readFile("/proc/sys/net/ipv4/ip_forward").ok], world, {
      namespaces,
    }),
  ).toEqual([failure("EROFS"), true]);
});

test("/proc shows the processes of the pid namespace it belongs to, and oneself", () => {
  const world = machine();
  const inside = seen((sys) => [sys.readdir("/proc"), sys.readlink("/proc/self"), sys.readFile("/proc/1/cmdline")], world, {
    namespaces: world.container(),
    argv: ["a", "b c"],
  });

  expect(inside).toMatchObject([{ value: expect.arrayContaining(["1", "self"]) }, success("1"), success("a\0b c\0")]);
  expect(inside[0]).not.toMatchObject({ value: expect.arrayContaining(["2"]) });
});

test("the host sees a container's process under its own number, with both numbers in NSpid", () => {
  const world = machine();
  const process = world.start(forever, { namespaces: world.container() });
  world.pass(1);
  const status = seen((sys) => sys.readFile(`/proc/${process.pid}/status`), world);

  expect(status).toMatchObject({ value: expect.stringContaining(`NSpid:\t${process.pid}\t1\n`) });
});

test("descriptors are links; following one gives the open file itself", () => {
  const log: unknown[] = [];
  machine().run(function* (sys) {
    const pipe = sys.pipe();
    log.push(sys.readlink(`/proc/self/fd/${pipe.read}`));
    const again = sys.open(`/dev/fd/${pipe.write}`, { write: true });
    if (again.ok) yield* sys.write(again.value, "through");
    log.push(yield* sys.read(pipe.read));
    return 0;
  });

  expect(log).toEqual([success(expect.stringMatching(/^pipe:\[\d+\]$/)), success("through")]);
});

test("namespace links lead to the namespace", () => {
  const log = seen((sys) => {
    const link = sys.readlink("/proc/self/ns/net");
    const netns = sys.netnsByPath("/proc/self/ns/net");
    return [link, netns.ok && `net:[${netns.value.id}]`, sys.netnsByPath("/etc/passwd"), sys.readlink("/proc/1/ns/pid")];
  });

  expect(log).toMatchObject([success(log[1]), expect.stringMatching(/^net:\[\d+\]$/), failure("EINVAL"), success("pid:[4026531836]")]);
});

test("a named network namespace is a file until it is deleted", () => {
  const world = machine();
  const log = seen((sys) => {
    sys.mkdir("/run");
    sys.mkdir("/run/netns");
    const made = sys.createNetns("/run/netns/red");
    const again = sys.createNetns("/run/netns/red");
    const listed = sys.readdir("/run/netns");
    const found = sys.netnsByPath("/run/netns/red");
    const deleted = sys.deleteNetns("/run/netns/red");
    return [made.ok && found.ok && made.value.id === found.value.id, again, listed, deleted, sys.readdir("/run/netns")];
  }, world);

  expect(log).toEqual([true, failure("EEXIST"), success(["red"]), success(), success([])]);
  expect(world.kernel.netnses()).toHaveLength(1);
});

test("another user's descriptors and environment are not shown", () => {
  const world = machine();
  const secret = world.start(forever, { env: new Map([["TOKEN", "x"]]) });
  const log = seen(
    (sys) => [sys.readFile(`/proc/${secret.pid}/environ`), sys.readdir(`/proc/${secret.pid}/fd`), sys.readFile(`/proc/${secret.pid}/comm`)],
    world,
    { user: "ada" },
  );

  expect(log).toEqual([failure("EACCES"), failure("EACCES"), success("test\n")]);
});

test("a zombie has a name in parentheses and no command line", () => {
  const log: unknown[] = [];
  machine().run(function* (sys) {
    const child = sys.spawn(
      fork(function* () {
        return 0;
      }),
    );
    yield* sys.compute(10_000 as never);
    if (child.ok) log.push(sys.readFile(`/proc/${child.value}/stat`), sys.readFile(`/proc/${child.value}/cmdline`));
    return 0;
  });

  expect(log).toEqual([success(expect.stringMatching(/^3 \(child\) Z 2 /)), success("")]);
});

test("the root of another process is its own mount namespace", () => {
  const world = machine();
  const process = world.start(forever, { namespaces: world.container() });
  world.pass(1);
  const log = seen(
    (sys) => [
      sys.readFile(`/proc/${process.pid}/root/etc/hostname`),
      sys.readdir(`/proc/${process.pid}/root`),
      sys.chdir(`/proc/${process.pid}/root/etc`),
    ],
    world,
  );

  expect(log).toEqual([success("c1\n"), success(["dev", "etc", "proc", "sys"]), failure("EACCES")]);
});

test("/sys goes on showing the interfaces of where it was mounted after a process entered another namespace; `ip netns exec` mounts it anew", () => {
  const world = machine();
  const red = world.kernel.createNetns();
  red.links.addLink({ kind: "dummy", name: "red0" });
  world.kernel.bindNetns("/run/netns/red", red);
  const enter = (remountSys: boolean): unknown =>
    seen((sys) => {
      const netns = sys.netnsByPath("/run/netns/red");
      if (netns.ok) sys.enterNetns(netns.value, { remountSys });
      return [sys.netns.links.links().map((link) => link.name), sys.readdir("/sys/class/net")];
    }, world);

  expect([enter(false), enter(true)]).toEqual([
    [["lo", "red0"], success(["lo"])],
    [["lo", "red0"], success(["lo", "red0"])],
  ]);
});

test("an interface's attributes can be read and set through /sys", () => {
  const log = seen((sys) => {
    sys.netns.links.addLink({ kind: "bridge", name: "br0" });
    return [
      sys.readlink("/sys/class/net/br0"),
      sys.writeFile("/sys/class/net/br0/mtu", "1400\n"),
      sys.readFile("/sys/class/net/br0/mtu"),
      sys.readFile("/sys/class/net/br0/carrier"),
      sys.writeFile("/sys/class/net/br0/address", "x"),
      sys.readdir("/sys/class/net/br0/brif"),
    ];
  });

  expect(log).toEqual([
    success("../../devices/virtual/net/br0"),
    success(),
    success("1400\n"),
    failure("EINVAL"),
    failure("EACCES"),
    success([]),
  ]);
});
