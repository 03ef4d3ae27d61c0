/**
 * A mount namespace: one tree of names out of a root file system and what is mounted over it, and the resolution of paths.
 *
 * Models mount_namespaces(7) and path_resolution(7) (Linux, fs/namespace.c, fs/namei.c). A learner sees it as `mount`,
 * /proc/mounts, bind mounts and volumes. Differs: mounts are kept by path, so renaming a directory above a mount point leaves
 * the mount where it was; nothing propagates between namespaces; a mount point that was there from the start (/proc, /sys,
 * /dev) is shown even if the root file system lacks the directory.
 */

import { invariant } from "@/lib/base/invariant";
import { DONE, fail, ok, type Result } from "@/lib/base/result";
import type { Errno } from "@/lib/sim/core/errno";
import type { LocalService } from "@/lib/sim/core/sys";
import type { Netns } from "../netns";
import { Devpts } from "../process/devpts";
import type { PidNs } from "../process/pid-namespace";
import type { FileSystem, MountNamespace } from "./contract";
import { join, normalise, split } from "./path";
import type { Provider, Synthetic } from "./synthetic";
import { Tree } from "./tree";
import type { Viewer } from "./viewer";
import { allows, jump, kindOf, type Location, statOf, targetOf, type Vnode } from "./vnode";

const MAX_SYMLINKS = 40;
const MAX_NAME = 255;
const MAX_PATH = 4096;

/** What a path leads to. `missing`: all but the last name is there. */
export type Resolution =
  | { readonly kind: "found"; readonly at: Location }
  | { readonly kind: "missing"; readonly parent: Location; readonly name: string };

/** What lies over a path. */
type Mount = {
  readonly at: string;
  readonly type: string;
  readonly source: string;
  isReadOnly: boolean;
  /** Further options as `mount` shows them. */
  readonly options: string;
  /** Of an nsfs file. */
  readonly netns?: Netns;
  root(viewer: Viewer): Vnode;
};

export class Mounts implements MountNamespace {
  readonly root: Tree;
  /** Its number, as `readlink /proc/self/ns/mnt` shows it; the next two are those of the uts and ipc namespaces made with it. */
  readonly id: number;
  /** The terminals under /dev/pts. */
  readonly devpts = new Devpts();
  /** Whose processes /proc shows: the pid namespace of the first process that was started with these mounts. */
  procPid: PidNs | undefined;
  /** Whose interfaces /sys shows: likewise. */
  sysfsNetns: Netns | undefined;
  #mounts: Mount[] = [];
  /** Parts of a mount that are read-only, as runc remounts /proc/sys. */
  readonly #readOnly = new Set<string>();

  constructor(
    root: FileSystem,
    environment: { readonly id: number; readonly rootType: string; readonly rootSource: string; newTree(): Tree },
  ) {
    invariant(root instanceof Tree, "a root file system is a tree");
    this.root = root;
    this.id = environment.id;
    this.#newTree = environment.newTree;
    this.#mounts.push({
      at: "/",
      type: environment.rootType,
      source: environment.rootSource,
      isReadOnly: false,
      options: "relatime",
      root: () => ({ in: "tree", tree: root, number: root.root }),
    });
  }

  readonly #newTree: () => Tree;

  // --- setting up -----------------------------------------------------------------------------------------------------

  bind(
    at: string,
    source: { readonly fs: FileSystem; readonly path: string },
    options: { readonly readOnly?: boolean; readonly type?: string; readonly source?: string } = {},
  ): void {
    const { fs } = source;
    invariant(fs instanceof Tree, "what is bound is a tree");
    const number = fs.find(source.path);
    invariant(number.ok, `what is bound exists: ${source.path}`);
    const isDirectory = fs.inode(number.value).kind === "directory";
    this.#makeMountPoint(at, isDirectory ? "directory" : "file");
    this.#push({
      at: this.#canonical(at),
      type: options.type ?? "ext4",
      source: options.source ?? "/dev/vda1",
      isReadOnly: options.readOnly ?? false,
      options: "relatime",
      root: () => ({ in: "tree", tree: fs, number: number.value }),
    });
  }

  tmpfs(at: string, options: { readonly mode?: number } = {}): void {
    const tree = this.#newTree();
    tree.setMode(tree.root, options.mode ?? 0o1777);
    this.#makeMountPoint(at, "directory");
    this.mountTree(at, tree, "tmpfs");
  }

  /** Mounts a whole tree without making the mount point in what is below. */
  mountTree(at: string, tree: Tree, type: string): void {
    this.#push({
      at: this.#canonical(at),
      type,
      source: type,
      isReadOnly: false,
      options: "nosuid,nodev,noexec,relatime",
      root: () => ({ in: "tree", tree, number: tree.root }),
    });
  }

  /** Mounts a file system that the kernel makes up. */
  mountProvider(at: string, type: string, provider: Provider, source = type): void {
    this.#push({
      at: this.#canonical(at),
      type,
      source,
      isReadOnly: false,
      options: "nosuid,nodev,noexec,relatime",
      root: (viewer) => ({ in: "provider", node: provider(viewer), path: at }),
    });
  }

  /** Gives a network namespace a name (a bind mount of an nsfs file). */
  mountNetns(at: string, netns: Netns): void {
    this.#makeMountPoint(at, "file");
    const node: Synthetic = { kind: "file", mode: 0o444, size: 0, read: () => fail("EINVAL"), netns };
    this.#push({
      at: this.#canonical(at),
      type: "nsfs",
      source: "nsfs",
      isReadOnly: false,
      options: "",
      netns,
      root: () => ({ in: "provider", node, path: at }),
    });
  }

  unmount(at: string): Result<void, Errno> {
    const path = this.#canonical(at);
    const index = this.#mounts.findLastIndex((mount) => mount.at === path);
    if (index < 0) return fail("EINVAL");
    if (path === "/" || this.#mounts.some((mount, i) => i > index && mount.at.startsWith(`${path}/`))) return fail("EBUSY");
    this.#mounts.splice(index, 1);
    return DONE;
  }

  protect(at: string): void {
    const path = normalise(at);
    const mount = this.#mounts.findLast((one) => one.at === path);
    if (mount) mount.isReadOnly = true;
    else this.#readOnly.add(path);
  }

  listenUnix(path: string, service: LocalService, options: { readonly group?: string } = {}): Result<void, Errno> {
    const made = this.#bindUnix(path, service);
    const groups = options.group === undefined ? undefined : this.root.readFile("/etc/group");
    const gid = groups?.ok
      ? groups.value
          .split("\n")
          .find((line) => line.startsWith(`${options.group}:`))
          ?.split(":")[2]
      : undefined;
    const socket = this.root.find(path);
    if (made.ok && gid !== undefined && socket.ok) this.root.setOwner(socket.value, { uid: 0, gid: Number(gid) });
    return made;
  }

  #bindUnix(path: string, service: LocalService): Result<void, Errno> {
    const found = this.root.find(path);
    if (found.ok) {
      if (this.root.inode(found.value).kind !== "socket") return fail("EADDRINUSE");
      this.root.setService(found.value, service);
      return DONE;
    }
    const names = split(path);
    const name = names.pop() ?? "";
    this.root.add([{ path: `/${names.join("/")}`, kind: "directory" }]);
    const parent = this.root.find(`/${names.join("/")}`);
    if (!parent.ok) return parent;
    const made = this.root.create(parent.value, name, { kind: "socket", service });
    return made.ok ? DONE : made;
  }

  get mounts(): readonly {
    readonly at: string;
    readonly type: string;
    readonly source: string;
    readonly readOnly: boolean;
    readonly options: string;
  }[] {
    return this.#mounts.map(({ at, type, source, isReadOnly, options }) => ({ at, type, source, readOnly: isReadOnly, options }));
  }

  /** Whether a file here stands for `netns`. */
  holdsNetns(netns: Netns): boolean {
    return this.#mounts.some((mount) => mount.netns?.id === netns.id);
  }

  isMountPoint(path: string): boolean {
    return this.#mounts.some((mount) => mount.at === path);
  }

  // --- resolving ------------------------------------------------------------------------------------------------------

  /** The file at `path`. */
  find(path: string, cwd: string, viewer: Viewer, options: { readonly follow?: boolean } = {}): Result<Location, Errno> {
    const found = this.resolve(path, cwd, viewer, options);
    if (!found.ok) return found;
    return found.value.kind === "found" ? ok(found.value.at) : fail("ENOENT");
  }

  /** Where `path` leads. `follow` (default) follows a symlink in the last place too. */
  resolve(path: string, cwd: string, viewer: Viewer, options: { readonly follow?: boolean } = {}): Result<Resolution, Errno> {
    if (path === "") return fail("ENOENT");
    if (path.length >= MAX_PATH) return fail("ENAMETOOLONG");
    const mustBeDirectory = /\/\.?$/.test(path);
    const follow = options.follow !== false || mustBeDirectory;
    const start = path.startsWith("/") ? [] : split(cwd);
    const resolution = this.#walk([...start, ...split(path)], follow, viewer);
    if (!resolution.ok || !mustBeDirectory || resolution.value.kind === "missing") return resolution;
    return kindOf(resolution.value.at.vnode) === "directory" ? resolution : fail("ENOTDIR");
  }

  /** The directory that holds the last name of `path`, and that name: for calls that make, move and remove names. */
  parent(
    path: string,
    cwd: string,
    viewer: Viewer,
  ): Result<{ readonly directory: Location; readonly name: string; readonly at?: Location }, Errno> {
    if (path === "") return fail("ENOENT");
    const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
    const last = trimmed.slice(trimmed.lastIndexOf("/") + 1);
    if (last === ".." || last === "." || last === "") return fail(last === "." ? "EINVAL" : "EBUSY");
    const resolution = this.resolve(trimmed, cwd, viewer, { follow: false });
    if (!resolution.ok) return resolution;
    if (resolution.value.kind === "missing") return ok({ directory: resolution.value.parent, name: resolution.value.name });
    const { at } = resolution.value;
    const directory = at.mounts.find(at.path.slice(0, at.path.lastIndexOf("/")) || "/", "/", viewer);
    return directory.ok ? ok({ directory: directory.value, name: last, at }) : directory;
  }

  /** The names in a directory, with the mount points in it that the directory itself lacks. */
  names(directory: Location, viewer: Viewer): Result<string[], Errno> {
    const { vnode } = directory;
    if (kindOf(vnode) !== "directory") return fail("ENOTDIR");
    if (!allows(statOf(vnode), viewer, 4)) return fail("EACCES");
    const names = new Set(
      vnode.in === "tree"
        ? vnode.tree.names(vnode.number)
        : vnode.in === "provider" && vnode.node.kind === "directory"
          ? vnode.node.names()
          : [],
    );
    const prefix = directory.path === "/" ? "/" : `${directory.path}/`;
    for (const { at } of directory.mounts.#mounts)
      if (at !== "/" && at.startsWith(prefix) && !at.slice(prefix.length).includes("/")) names.add(at.slice(prefix.length));
    return ok([...names].sort());
  }

  #walk(path: readonly string[], follow: boolean, viewer: Viewer): Result<Resolution, Errno> {
    const root = this.#location("/", { in: "tree", tree: this.root, number: this.root.root }, viewer);
    const stack: Location[] = [root];
    const pending = [...path];
    let linksSeen = 0;
    for (;;) {
      const name = pending.shift();
      const here = stack.at(-1) ?? root;
      if (name === undefined) return ok({ kind: "found", at: here });
      if (name.length > MAX_NAME) return fail("ENAMETOOLONG");
      const isLast = pending.length === 0;
      if (kindOf(here.vnode) !== "directory") return fail("ENOTDIR");
      if (!allows(statOf(here.vnode), viewer, 1)) return fail("EACCES");
      if (name === "..") {
        if (stack.length > 1) stack.pop();
        continue;
      }
      const next = this.#child(here, name, viewer);
      if (!next) return isLast ? ok({ kind: "missing", parent: here, name }) : fail("ENOENT");
      const linkTarget = isLast && !follow ? undefined : targetOf(next.vnode);
      if (linkTarget === undefined) {
        stack.push(next);
        continue;
      }
      if (++linksSeen > MAX_SYMLINKS) return fail("ELOOP");
      if (next.vnode.in === "provider" && next.vnode.node.kind === "symlink") {
        const elsewhere = next.vnode.node.mounts?.();
        if (elsewhere && elsewhere !== this) return elsewhere.#walk(pending, follow, viewer);
        const magic = jump(next.vnode.node, next.path);
        if (magic) {
          stack.push({ path: next.path, vnode: magic, isReadOnly: false, mounts: this });
          continue;
        }
      }
      if (linkTarget === "") return fail("ENOENT");
      pending.unshift(...split(linkTarget));
      if (linkTarget.startsWith("/")) stack.splice(1);
    }
  }

  #child(directory: Location, name: string, viewer: Viewer): Location | undefined {
    const { vnode } = directory;
    const path = join(directory.path, name);
    if (vnode.in === "tree") {
      const number = vnode.tree.lookup(vnode.number, name);
      if (number !== undefined) return this.#location(path, { in: "tree", tree: vnode.tree, number }, viewer);
    } else if (vnode.in === "provider" && vnode.node.kind === "directory") {
      const node = vnode.node.find(name);
      if (node) return this.#location(path, { in: "provider", node, path }, viewer);
    }
    return this.isMountPoint(path) ? this.#location(path, vnode, viewer) : undefined;
  }

  /** What is at `path`: `vnode`, unless something is mounted over it. */
  #location(path: string, vnode: Vnode, viewer: Viewer): Location {
    const mount = this.#mounts.findLast((one) => one.at === path);
    const above = mount ?? this.#mounts.findLast((one) => one.at === "/" || path.startsWith(`${one.at}/`));
    const isProtected = this.#readOnly.size > 0 && [...this.#readOnly].some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
    return { path, vnode: mount ? mount.root(viewer) : vnode, isReadOnly: isProtected || (above?.isReadOnly ?? false), mounts: this };
  }

  #push(mount: Mount): void {
    this.#mounts.push(mount);
  }

  /** Symlinks on the way to a mount point (/var/run → /run), as far as the root file system has them. */
  #canonical(at: string): string {
    return canonicalIn(this.root, at);
  }

  #makeMountPoint(at: string, kind: "directory" | "file"): void {
    const path = this.#canonical(at);
    const over = this.#mounts.findLast((mount) => mount.at !== "/" && path.startsWith(`${mount.at}/`));
    // A name inside another mount is shown because something is mounted there; see `names`.
    if (over || this.root.exists(path)) return;
    this.root.add([kind === "directory" ? { path, kind } : { path, kind, text: "" }]);
  }
}

/** `path` with the symlinks of `tree` resolved, as far as its names are there. */
function canonicalIn(tree: Tree, path: string): string {
  const pending = split(path);
  let names: string[] = [];
  let linksSeen = 0;
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    if (name === "..") {
      names.pop();
      continue;
    }
    const found = tree.find(`/${[...names, name].join("/")}`, false);
    const inode = found.ok ? tree.inode(found.value) : undefined;
    if (inode?.kind === "symlink" && ++linksSeen <= MAX_SYMLINKS) {
      pending.unshift(...split(inode.target));
      if (inode.target.startsWith("/")) names = [];
    } else names.push(name);
  }
  return `/${names.join("/")}`;
}
