import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BOOT, instantAt } from "@/lib/sim/core/time";
import { Tree } from "@/lib/sim/kernel/fs/tree";

function newTree(): { readonly tree: Tree; tick(): void } {
  let now = BOOT;
  return {
    tree: new Tree(() => now),
    tick: () => {
      now = instantAt(now + 1_000_000);
    },
  };
}

describe("forking", () => {
  test("a fork starts equal, and what one side changes the other does not see", () => {
    const { tree } = newTree();
    tree.add([{ path: "/etc/motd", kind: "file", text: "old" }]);
    const fork = tree.fork();
    fork.writeFile("/etc/motd", "new");
    tree.writeFile("/etc/later", "x");

    expect(tree.readFile("/etc/motd")).toEqual({ ok: true, value: "old" });
    expect(fork.readFile("/etc/motd")).toEqual({ ok: true, value: "new" });
    expect(fork.exists("/etc/later")).toBe(false);
  });

  test("changes are told as docker diff tells them", () => {
    const { tree, tick } = newTree();
    tree.add([
      { path: "/etc/keep", kind: "file", text: "k" },
      { path: "/etc/motd", kind: "file", text: "old" },
      { path: "/var/log/app", kind: "file", text: "log" },
      { path: "/usr/bin/x", kind: "file", text: "x" },
    ]);
    const fork = tree.fork();
    tick();
    fork.writeFile("/etc/motd", "new");
    fork.writeFile("/srv/www/index.html", "hi");
    fork.remove("/var/log");

    expect(fork.changes()).toEqual([
      { path: "/etc", kind: "C" },
      { path: "/etc/motd", kind: "C" },
      { path: "/srv", kind: "A" },
      { path: "/srv/www", kind: "A" },
      { path: "/srv/www/index.html", kind: "A" },
      { path: "/var", kind: "C" },
      { path: "/var/log", kind: "D" },
    ]);
    expect(tree.fork().changes()).toEqual([]);
  });

  test("a fork of a fork tells only its own changes", () => {
    const { tree, tick } = newTree();
    const first = tree.fork();
    first.writeFile("/a", "1");
    const second = first.fork();
    tick();
    second.writeFile("/b", "2");

    expect(second.changes().map((change) => change.path)).toEqual(["/b"]);
    expect(first.changes().map((change) => change.path)).toEqual(["/a"]);
  });
});

describe("links", () => {
  test("two names of one file change together, in a fork too", () => {
    const { tree } = newTree();
    tree.add([{ path: "/a", kind: "file", text: "1" }]);
    const file = tree.find("/a");
    if (!file.ok) throw new Error();
    tree.link(file.value, tree.root, "b");
    const fork = tree.fork();
    fork.writeFile("/b", "2");

    expect([fork.readFile("/a"), tree.readFile("/b"), fork.stat(file.value).links]).toEqual([
      { ok: true, value: "2" },
      { ok: true, value: "1" },
      2,
    ]);
  });

  test("symlinks are followed, and a loop of them is ELOOP", () => {
    const { tree } = newTree();
    tree.add([
      { path: "/run/x", kind: "file", text: "here" },
      { path: "/var/run", kind: "symlink", target: "../run" },
      { path: "/a", kind: "symlink", target: "b" },
      { path: "/b", kind: "symlink", target: "/a" },
    ]);

    expect([tree.readFile("/var/run/x"), tree.readFile("/a")]).toEqual([
      { ok: true, value: "here" },
      { ok: false, error: "ELOOP" },
    ]);
  });
});

describe("names", () => {
  test("a directory cannot be moved into itself, nor replace one that is not empty", () => {
    const { tree } = newTree();
    tree.add([
      { path: "/a/b/c", kind: "directory" },
      { path: "/full/x", kind: "file", text: "" },
    ]);
    const at = (path: string): number => {
      const found = tree.find(path);
      if (!found.ok) throw new Error(path);
      return found.value;
    };

    expect(tree.rename(tree.root, "a", at("/a/b"), "a")).toEqual({ ok: false, error: "EINVAL" });
    expect(tree.rename(tree.root, "a", tree.root, "full")).toEqual({ ok: false, error: "ENOTEMPTY" });
    expect(tree.rename(at("/full"), "x", tree.root, "a")).toEqual({ ok: false, error: "EISDIR" });
    expect(tree.rename(tree.root, "full", at("/a/b"), "moved").ok).toBe(true);
    expect([tree.readFile("/a/b/moved/x").ok, tree.stat(tree.root).links, tree.stat(at("/a/b")).links]).toEqual([true, 3, 4]);
  });

  test("a file system that is full says ENOSPC, and room comes back when a file goes", () => {
    const { tree } = newTree();
    const half = "x".repeat(40 * 1024 * 1024);

    expect(tree.writeFile("/a", half)).toEqual({ ok: true, value: undefined });
    expect(tree.writeFile("/b", half)).toEqual({ ok: false, error: "ENOSPC" });
    tree.remove("/a");
    expect(tree.writeFile("/b", half)).toEqual({ ok: true, value: undefined });
  });

  test("a file without a name lives while it is held", () => {
    const { tree } = newTree();
    tree.writeFile("/a", "text");
    const file = tree.find("/a");
    if (!file.ok) throw new Error();
    tree.hold(file.value);
    tree.remove("/a");

    expect(tree.inode(file.value)).toMatchObject({ text: "text", links: 0 });
    tree.release(file.value);
    expect(() => tree.inode(file.value)).toThrow();
  });
});

// The specification: a file system of a few paths is a map from path to text; a fork is a copy of the map.
test("agrees with a map of paths over any history of writes, removals and forks", () => {
  const paths = ["/a", "/d/a", "/d/b", "/d/e/f", "/g"];
  const step = fc.oneof(
    fc.record({ do: fc.constant("write" as const), tree: fc.nat(3), path: fc.constantFrom(...paths), text: fc.string({ maxLength: 3 }) }),
    fc.record({ do: fc.constant("remove" as const), tree: fc.nat(3), path: fc.constantFrom(...paths, "/d", "/d/e") }),
    fc.record({ do: fc.constant("fork" as const), tree: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (history) => {
      const { tree, tick } = newTree();
      const worlds = [{ tree, files: new Map<string, string>(), origin: new Map<string, string>() }];
      for (const one of history) {
        tick();
        const world = worlds[one.tree % worlds.length];
        if (!world) continue;
        if (one.do === "fork") {
          worlds.push({ tree: world.tree.fork(), files: new Map(world.files), origin: new Map(world.files) });
        } else if (one.do === "write") {
          world.tree.writeFile(one.path, one.text);
          world.files.set(one.path, one.text);
        } else {
          world.tree.remove(one.path);
          for (const path of world.files.keys()) if (path === one.path || path.startsWith(`${one.path}/`)) world.files.delete(path);
        }
      }
      for (const world of worlds) {
        for (const path of paths) {
          const text = world.files.get(path);
          expect(world.tree.readFile(path)).toEqual(text === undefined ? { ok: false, error: "ENOENT" } : { ok: true, value: text });
        }
        const told = new Map(world.tree.changes().map((change) => [change.path, change.kind]));
        for (const path of paths) {
          const [before, after] = [world.origin.get(path), world.files.get(path)];
          if (before === undefined && after !== undefined) expect(told.get(path)).toBe("A");
          // Of a directory that is gone only its own name is told.
          if (before !== undefined && after === undefined)
            expect([...told].some(([gone, kind]) => kind === "D" && (gone === path || path.startsWith(`${gone}/`)))).toBe(true);
          if (before !== undefined && after !== undefined && before !== after) expect(told.get(path)).toBe("C");
          if (before === after && before === undefined) expect(told.has(path)).toBe(false);
        }
      }
    }),
  );
});
