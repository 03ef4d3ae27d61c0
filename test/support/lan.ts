/** A small real world for tests of network programs: two hosts and the router on one LAN, real kernels, no daemon. */

import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import { instantAt, seconds } from "@/lib/sim/core/time";
import { Kernel, type NetProgram } from "@/lib/sim/kernel";
import { parseIp, parsePrefix } from "@/lib/sim/net/address";
import { Lan } from "@/lib/sim/world/lan";
import { macOfAddress, startRouter } from "@/lib/sim/world/router";

export type Outcome = { readonly stdout: string; readonly stderr: string; readonly status: number };

export type TestLan = {
  readonly scheduler: Scheduler;
  readonly node1: Kernel;
  readonly node2: Kernel;
  /** Starts a program and lets it run on. */
  readonly start: (kernel: Kernel, program: NetProgram, argv: readonly string[], stdin?: string) => () => Outcome;
  /** Runs a program to its end, at most a minute. */
  readonly run: (kernel: Kernel, program: NetProgram, argv: readonly string[], stdin?: string) => Outcome;
  readonly wait: (span: number) => void;
};

const HOSTS = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";

export function buildLan(seed = "lan"): TestLan {
  const scheduler = new Scheduler();
  const random = new Random(seed);
  const lan = new Lan(scheduler);
  const trace = (): void => {};
  startRouter({ scheduler, random: random.fork("router"), trace, lan, address: "192.168.56.1", length: 24 });
  const host = (name: string, address: string): Kernel => {
    const kernel = new Kernel({ host: name, scheduler, random: random.fork(name), trace, programs: new Map() });
    const cable = lan.connect();
    cable.onFrame(kernel.plugIn({ name: "eth0", mac: macOfAddress(address) }, cable.send));
    const { links } = kernel.root.net;
    const indexOf = (link: string) => {
      const found = links.linkByName(link);
      if (!found) throw new Error(`no ${link}`);
      return found.index;
    };
    const prefix = (text: string) => {
      const parsed = parsePrefix(text);
      if (!parsed) throw new Error(text);
      return parsed;
    };
    const gateway = parseIp("192.168.56.1");
    if (!gateway) throw new Error("gateway");
    for (const link of ["lo", "eth0"]) unwrap(links.change(indexOf(link), { set: "up", up: true }));
    unwrap(links.addAddress(indexOf("eth0"), { prefix: prefix(`${address}/24`) }));
    unwrap(links.addRoute({ destination: prefix("0.0.0.0/0"), gateway }));
    kernel.root.mnt.root.add([
      { path: "/etc/resolv.conf", kind: "file", text: "nameserver 192.168.56.1\n" },
      { path: "/etc/hosts", kind: "file", text: `${HOSTS}${address}\t${name}\n` },
      { path: "/tmp", kind: "directory" },
    ]);
    return kernel;
  };
  const node1 = host("node1", "192.168.56.11");
  const node2 = host("node2", "192.168.56.12");

  const start = (kernel: Kernel, program: NetProgram, argv: readonly string[], stdin?: string): (() => Outcome) => {
    const process = unwrap(
      kernel.processes.start({
        namespaces: kernel.root,
        path: "/none",
        run: program,
        argv,
        env: new Map(),
        cwd: "/tmp",
        stdio: { kind: "streams", stdin: stdin !== undefined },
      }),
    );
    if (stdin !== undefined) {
      process.stdin?.write(stdin);
      process.stdin?.close();
    }
    return () => ({
      stdout: process.stdout?.take() ?? "",
      stderr: process.stderr?.take() ?? "",
      status: process.end?.kind === "exited" ? process.end.status : process.end ? -1 : -2,
    });
  };
  const wait = (span: number): void => scheduler.runUntil(instantAt(scheduler.now + seconds(span)));
  wait(1);
  return {
    scheduler,
    node1,
    node2,
    start,
    wait,
    run: (kernel, program, argv, stdin) => {
      const outcome = start(kernel, program, argv, stdin);
      wait(60);
      return outcome();
    },
  };
}
