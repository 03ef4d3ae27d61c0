/**
 * A machine of the world: a kernel, an installed system, a network card on the LAN, and the Docker daemon.
 *
 * The steps are those of a machine that boots; the order shows (interface numbers, process ids).
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { unwrap } from "@/lib/base/result";
import type { Random } from "@/lib/sim/core/random";
import type { Scheduler } from "@/lib/sim/core/scheduler";
import { Daemon, type ImageManifest, type ImageRegistry } from "@/lib/sim/engine";
import { Kernel, type KernelTrace, type Process, type Registry, type Stdio } from "@/lib/sim/kernel";
import { ANY_V4, parseIp, parsePrefix, type Prefix } from "@/lib/sim/net/address";
import { debianFiles } from "@/lib/sim/programs/install";
import type { Lan } from "./lan";
import { macOfAddress } from "./router";
import { startServiceManager } from "./service-manager";
import type { HostSpec } from "./topology";

export type HostEnvironment = {
  readonly spec: HostSpec;
  readonly gateway: string;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: KernelTrace;
  readonly lan: Lan;
  readonly programs: Registry;
  readonly registry: ImageRegistry;
  readonly preloaded: readonly ImageManifest[];
};

const LOGIN_ENVIRONMENT: Readonly<Record<string, string>> = {
  USER: "root",
  HOME: "/root",
  LOGNAME: "root",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
};

export class Host {
  readonly name: string;
  readonly kernel: Kernel;
  readonly daemon: Daemon;

  constructor(env: HostEnvironment) {
    const { spec } = env;
    this.name = spec.name;
    this.kernel = new Kernel({
      host: spec.name,
      scheduler: env.scheduler,
      random: env.random.fork("kernel"),
      trace: env.trace,
      programs: env.programs,
    });
    installSystem(this.kernel, spec, env.gateway);
    setUpNetwork(this.kernel, spec, env.gateway, env.lan);
    this.daemon = new Daemon({ kernel: this.kernel, random: env.random.fork("docker"), registry: env.registry, preloaded: env.preloaded });
    const started = this.daemon.start();
    if (!started.ok) throw new InvariantViolation(`the daemon of ${spec.name} does not start: ${started.error}`);
    startServiceManager(this.kernel.root.mnt, this.daemon);
  }

  /** `sh -c COMMAND` as a login of root would run it, without a terminal. */
  startCommand(command: string): Process {
    return this.#start("/bin/sh", ["/bin/sh", "-c", command], { kind: "streams", stdin: false }, { SHELL: "/bin/sh", TERM: "dumb" });
  }

  /** An interactive login shell on a new terminal. */
  startLogin(columns: number, rows: number): Process {
    return this.#start("/bin/bash", ["-bash"], { kind: "pty", columns, rows }, { SHELL: "/bin/bash", TERM: "xterm-256color" });
  }

  #start(path: string, argv: readonly string[], stdio: Stdio, more: Readonly<Record<string, string>>): Process {
    const env = new Map(Object.entries({ ...LOGIN_ENVIRONMENT, ...more, HOSTNAME: this.name, PWD: "/root" }));
    const started = this.kernel.processes.start({ namespaces: this.kernel.root, path, argv, env, cwd: "/root", stdio });
    if (!started.ok) throw new InvariantViolation(`${path} does not start on ${this.name}: ${started.error}`);
    return started.value;
  }
}

function installSystem(kernel: Kernel, spec: HostSpec, gateway: string): void {
  const fs = kernel.root.mnt.root;
  fs.add(debianFiles());
  fs.add([
    { path: "/etc/hostname", kind: "file", text: `${spec.name}\n` },
    {
      path: "/etc/hosts",
      kind: "file",
      text: `127.0.0.1\tlocalhost\n127.0.1.1\t${spec.name}\n::1\tlocalhost ip6-localhost ip6-loopback\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n`,
    },
    { path: "/etc/resolv.conf", kind: "file", text: `nameserver ${gateway}\n` },
    ...(spec.files ?? []).map((file) => ({ kind: "file" as const, ...file })),
  ]);
}

function setUpNetwork(kernel: Kernel, spec: HostSpec, gateway: string, lan: Lan): void {
  const address = parsePrefix(spec.address);
  const via = parseIp(gateway);
  if (!address || !via) throw new InvariantViolation(`the topology of ${spec.name} was not checked: ${spec.address} via ${gateway}`);

  const cable = lan.connect();
  cable.onFrame(kernel.plugIn({ name: "eth0", mac: macOfAddress(address.address) }, cable.send));
  const { links } = kernel.root.net;
  for (const name of ["lo", "eth0"]) {
    const link = links.linkByName(name);
    if (!link) throw new InvariantViolation(`${spec.name} has no ${name}`);
    unwrap(links.change(link.index, { set: "up", up: true }));
    if (name === "eth0") unwrap(links.addAddress(link.index, { prefix: address }));
  }
  const everywhere: Prefix = { address: ANY_V4, length: 0 };
  unwrap(links.addRoute({ destination: everywhere, gateway: via }));
}
