/**
 * The part of containerd and runc: namespaces, mounts, the command, and the words for what cannot be started.
 *
 * Modelled on runc 1.3 (libcontainer) as its errors come through containerd and moby (daemon/errors.go,
 * setExitCodeFromError): the exit code of `docker run` follows from the words.
 */

import { ok } from "@/lib/base/result";
import { CAPABILITIES, type Capability, CONTAINER_CAPABILITIES } from "@/lib/sim/core/capability";
import { type Errno, ERRNO_TEXT } from "@/lib/sim/core/errno";
import type { MountNamespace, Namespaces, Netns, StartProcess, Stdio } from "@/lib/sim/kernel";
import type { Engine } from "../engine";
import { type EngineError, type Outcome, refuse } from "../error";
import { quote } from "../go/quote";
import { isPrivate } from "../network/network-mode";
import { kindOf } from "../volume/files";
import type { MountedPoint } from "../volume/mount-point";
import { absolute } from "../volume/register";
import type { Container } from "./container";
import { dockerInit } from "./init";
import { overrideEnvironment } from "./merge";
import { lookUpUser } from "./user";
import { capabilityName } from "./verify";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const INIT_PATH = "/sbin/docker-init";
export const CREATE_FAILED =
  "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: ";
export const EXEC_FAILED = "OCI runtime exec failed: exec failed: unable to start container process: ";
const INIT_FAILED = "unable to start container process: error during container init: ";
/** __NEW_UTS_LEN of Linux. */
const LONGEST_HOSTNAME = 64;
/** Kernel parameters of the IPC namespace that runc allows besides those of the network. */
const IPC_SYSCTLS =
  /^(kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\.mqueue\..+|kernel\.(domainname|hostname))$/;

/** What runs, found and checked. */
export type Command = Pick<StartProcess, "path" | "argv" | "env" | "cwd" | "user" | "run" | "capabilities">;

/** A failure to start something, with the exit code that `docker run` and `docker exec` end with. */
export type StartFailure = { readonly error: EngineError; readonly exitCode: number };

/** moby's reading of runc's words. */
export function startFailure(message: string): StartFailure {
  const words = message.toLowerCase();
  if (words.includes("permission denied")) return { error: { kind: "invalid", message }, exitCode: 126 };
  if (words.includes("is a directory")) return { error: { kind: "invalid", message: `${message}: permission denied` }, exitCode: 126 };
  if (words.includes("not a directory")) {
    const hint =
      "Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type";
    return { error: { kind: "invalid", message: `${message}: ${hint}` }, exitCode: 127 };
  }
  if (words.includes("executable file not found") || words.includes("no such file or directory"))
    return { error: { kind: "invalid", message }, exitCode: 127 };
  return { error: { kind: "internal", message }, exitCode: 128 };
}

/** The namespaces of a container that starts, with everything mounted. */
export function makeNamespaces(
  engine: Engine,
  container: Container,
  net: Netns,
): { readonly ok: true; readonly value: Namespaces } | { readonly ok: false; readonly error: StartFailure } {
  const { hostConfig: host, config } = container;
  const { kernel } = engine;
  const refuseCreate = (message: string): { readonly ok: false; readonly error: StartFailure } => ({
    ok: false,
    error: startFailure(`${CREATE_FAILED}${message}`),
  });

  for (const key of Object.keys(host.Sysctls ?? {})) {
    if (key.startsWith("net.") && !isPrivate(host.NetworkMode))
      return refuseCreate(`sysctl ${quote(key)} not allowed in host network namespace`);
    if (!key.startsWith("net.") && !IPC_SYSCTLS.test(key))
      return refuseCreate(`sysctl ${quote(key)} is not in a separate kernel namespace`);
  }
  const mnt = kernel.createMountNamespace(container.root);
  const mounted = mountAll(engine, container, mnt);
  if (mounted !== undefined) return refuseCreate(`${INIT_FAILED}${mounted}`);
  if (host.UTSMode !== "host" && config.Hostname.length > LONGEST_HOSTNAME)
    return refuseCreate(`${INIT_FAILED}sethostname: invalid argument`);
  const refusedSysctl = setSysctls(container, net);
  if (refusedSysctl !== undefined) return refuseCreate(`${INIT_FAILED}${refusedSysctl}`);

  const pidOwner = ownerOf(engine, host.PidMode);
  return {
    ok: true,
    value: {
      net,
      mnt,
      uts: host.UTSMode === "host" ? kernel.root.uts : { hostname: config.Hostname, domainname: config.Domainname },
      pid: host.PidMode === "host" ? kernel.root.pid : (pidOwner?.run?.namespaces.pid ?? kernel.processes.newPidNamespace()),
    },
  };
}

/** The container's own command. */
export function commandOfContainer(
  engine: Engine,
  container: Container,
  namespaces: Namespaces,
  linkEnvironment: readonly string[],
): { readonly ok: true; readonly value: Command } | { readonly ok: false; readonly error: StartFailure } {
  const env = containerEnvironment(container, container.config.Tty, linkEnvironment);
  const argv = [container.path, ...container.args];
  const user = container.config.User;
  const cwd = container.config.WorkingDir || "/";
  const command = findCommand(engine, container, namespaces, { argv, env, cwd, user });
  if (!command.ok) return { ok: false, error: startFailure(`${CREATE_FAILED}${INIT_FAILED}${command.error}`) };
  const usesInit =
    (container.hostConfig.Init ?? engine.config.init) &&
    (container.hostConfig.PidMode === "" || container.hostConfig.PidMode === "private");
  if (!usesInit) return command;
  const { path } = command.value;
  return { ok: true, value: { ...command.value, argv: [INIT_PATH, "--", ...argv], run: dockerInit(path, argv) } };
}

/** Finds a command in the container; the error is runc's. */
export function findCommand(
  engine: Engine,
  container: Container,
  namespaces: Namespaces,
  asked: {
    readonly argv: readonly string[];
    readonly env: readonly string[];
    readonly cwd: string;
    readonly user: string;
    readonly privileged?: boolean;
  },
): { readonly ok: true; readonly value: Command } | { readonly ok: false; readonly error: string } {
  const env = new Map(asked.env.map((variable) => [variable.slice(0, variable.indexOf("=")), variable.slice(variable.indexOf("=") + 1)]));
  const home = lookUpUser(container.root, asked.user);
  if (home.ok && !env.has("HOME")) env.set("HOME", home.home);
  const name = asked.argv[0] ?? "";
  const cwd = engine.kernel.processes.lookup(namespaces, `${asked.cwd.replace(/\/+$/, "")}/.`, undefined, "/");
  if (!cwd.ok && cwd.error !== "EISDIR")
    return { ok: false, error: `chdir to cwd (${quote(asked.cwd)}) set in config.json failed: ${words(cwd.error)}` };

  const found = engine.kernel.processes.lookup(namespaces, name, env.get("PATH"), asked.cwd);
  if (!found.ok) return { ok: false, error: `exec: ${quote(name)}: ${lookupWords(name, found.error)}` };
  return {
    ok: true,
    value: {
      path: found.value.startsWith("/") ? found.value : `${asked.cwd.replace(/\/+$/, "")}/${found.value}`,
      argv: asked.argv,
      env,
      cwd: asked.cwd,
      ...(asked.user === "" ? {} : { user: asked.user }),
      capabilities: capabilitiesOf(container, asked.privileged ?? false),
    },
  };
}

/** Docker's own variables, those of links, then the container's (moby: CreateDaemonEnvironment). */
export function containerEnvironment(container: Container, tty: boolean, linkEnvironment: readonly string[]): readonly string[] {
  const own = [`PATH=${DEFAULT_PATH}`, `HOSTNAME=${container.config.Hostname}`, ...(tty ? ["TERM=xterm"] : []), ...linkEnvironment];
  return overrideEnvironment(own, container.config.Env ?? []);
}

export function stdioOf(asked: {
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly size: { readonly columns: number; readonly rows: number } | undefined;
}): Stdio {
  if (asked.tty) return { kind: "pty", columns: asked.size?.columns || 80, rows: asked.size?.rows || 24 };
  return { kind: "streams", stdin: asked.stdin };
}

/** The user that is asked for exists in the container's files. */
export function checkUser(container: Container, user: string): Outcome<void> {
  const found = lookUpUser(container.root, user);
  return found.ok ? ok(undefined) : refuse("internal", found.message);
}

export function ownerOf(engine: Engine, mode: string): Container | undefined {
  if (!mode.startsWith("container:")) return undefined;
  const owner = engine.containers.get(mode.slice("container:".length));
  return owner.ok ? owner.value : undefined;
}

/** Mounts by depth, then the network files, as moby sorts them. The error is runc's. */
function mountAll(engine: Engine, container: Container, mnt: MountNamespace): string | undefined {
  const { hostConfig: host } = container;
  const points = [...container.mounts.values()].sort((a, b) => depth(a) - depth(b) || (a.destination < b.destination ? -1 : 1));
  for (const destination of Object.keys(host.Tmpfs ?? {}).sort()) mnt.tmpfs(absolute(destination));
  for (const point of points) {
    const at = absolute(point.destination);
    if (point.type === "tmpfs") {
      mnt.tmpfs(at);
      continue;
    }
    const source = kindOf(engine.kernel.root.mnt.root, point.source);
    const target = kindOf(container.root, at);
    if (target !== undefined && source !== target) {
      return `error mounting ${quote(point.source)} to rootfs at ${quote(at)}: mount src=${point.source}, dst=${at}, dstFd=/proc/thread-self/fd/14, flags=MS_BIND|MS_REC: not a directory`;
    }
    mnt.bind(at, { fs: engine.kernel.root.mnt.root, path: point.source }, { readOnly: !point.writable });
  }
  for (const name of ["resolv.conf", "hostname", "hosts"]) {
    const at = `/etc/${name}`;
    if (container.mounts.has(at) || !container.files.exists(`/${name}`)) continue;
    mnt.bind(at, { fs: container.files, path: `/${name}` }, { readOnly: host.ReadonlyRootfs });
  }
  if (host.ReadonlyRootfs) mnt.protect("/");
  if (!host.Privileged) {
    mnt.protect("/sys");
    for (const path of host.ReadonlyPaths ?? []) mnt.protect(path);
  }
  return undefined;
}

function setSysctls(container: Container, net: Netns): string | undefined {
  if (!isPrivate(container.hostConfig.NetworkMode)) return undefined;
  // moby's own, where the kernel has them.
  for (const [key, value] of [
    ["net.ipv4.ping_group_range", "0 2147483647"],
    ["net.ipv4.ip_unprivileged_port_start", "0"],
  ] as const) {
    if (net.sysctl(key).ok) net.setSysctl(key, value);
  }
  for (const [key, value] of Object.entries(container.hostConfig.Sysctls ?? {})) {
    if (!key.startsWith("net.")) continue;
    const path = key.replaceAll(".", "/");
    const set = net.setSysctl(key, value);
    if (set.ok) continue;
    if (set.error === "ENOENT")
      return `open sysctl ${key} file: unsafe procfs detected: openat2 fsmount:fscontext:proc/./sys/${path}: ${words(set.error)}`;
    return `write sysctl ${key} = ${value}: write fsmount:fscontext:proc/sys/${path}: ${words(set.error)}`;
  }
  return undefined;
}

function capabilitiesOf(container: Container, privileged: boolean): readonly Capability[] {
  const { Privileged, CapAdd, CapDrop } = container.hostConfig;
  if (Privileged || privileged) return CAPABILITIES;
  const add = (CapAdd ?? []).map(capabilityName);
  const drop = (CapDrop ?? []).map(capabilityName);
  const base: readonly Capability[] = add.includes("ALL") ? CAPABILITIES : drop.includes("ALL") ? [] : CONTAINER_CAPABILITIES;
  return CAPABILITIES.filter((name) => (base.includes(name) && !drop.includes(name)) || add.includes(name));
}

function lookupWords(name: string, errno: Errno): string {
  if (!name.includes("/")) return "executable file not found in $PATH";
  if (errno === "EISDIR" || errno === "EACCES") return words(errno);
  return `stat ${name}: ${words(errno)}`;
}

function depth(point: MountedPoint): number {
  return point.destination.split("/").length;
}

/** Go's words for an errno: libc's in lower case. */
function words(errno: Errno): string {
  return ERRNO_TEXT[errno].toLowerCase();
}
