/** A host with network tools: commands are run as a daemon would start them, without a shell. */

import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import type { Capability } from "@/lib/sim/core/capability";
import { CAPABILITIES } from "@/lib/sim/core/capability";
import { after, seconds } from "@/lib/sim/core/time";
import { executable, Kernel, type Netns, type Registry } from "@/lib/sim/kernel";

export type Ran = { readonly stdout: string; readonly stderr: string; readonly status: number };

export class Machine {
  readonly scheduler = new Scheduler();
  readonly kernel: Kernel;

  constructor(programs: Registry) {
    this.kernel = new Kernel({ host: "node1", scheduler: this.scheduler, random: new Random("machine"), trace: () => {}, programs });
    const { root } = this.kernel.root.mnt;
    root.add([...programs.keys()].map((name) => ({ path: `/bin/${name.replace("/", "-")}`, kind: "file", text: executable(name), mode: 0o755 })));
    root.add([...programs.keys()].filter((name) => !name.startsWith("busybox/")).map((name) => ({ path: `/usr/bin/${name.split("/")[1]}`, kind: "file", text: executable(name), mode: 0o755 })));
    root.add([{ path: "/run", kind: "directory" }, { path: "/etc/hosts", kind: "file", text: "127.0.0.1\tlocalhost\n" }]);
    this.kernel.plugIn({ name: "eth0", mac: "02:42:c0:a8:38:0b" }, () => {});
  }

  /** Runs a command line without quotes; `program` is a key of the registry or a name on the PATH. */
  run(line: string, options: { readonly netns?: Netns; readonly capabilities?: readonly Capability[]; readonly limit?: number } = {}): Ran {
    const argv = words(line);
    const [name = ""] = argv;
    const path = name.includes("/") ? `/bin/${name.replace("/", "-")}` : `/usr/bin/${name}`;
    const { root } = this.kernel;
    const process = unwrap(this.kernel.processes.start({
      namespaces: { ...root, net: options.netns ?? root.net }, path, argv: [name.split("/").at(-1) ?? "", ...argv.slice(1)], env: new Map([["PATH", "/usr/bin"]]), cwd: "/",
      stdio: { kind: "streams", stdin: false }, capabilities: options.capabilities ?? CAPABILITIES,
    }));
    const until = after(this.scheduler.now, seconds(options.limit ?? 10));
    while (!process.end && (this.scheduler.nextAt ?? Number.POSITIVE_INFINITY) <= until) this.scheduler.step();
    const status = process.end?.kind === "exited" ? process.end.status : 124;
    if (!process.end) {
      this.kernel.processes.kill(process.pid, "KILL");
      while (!process.end) this.scheduler.step();
    }
    return { stdout: process.stdout?.take() ?? "", stderr: process.stderr?.take() ?? "", status };
  }

  /** Runs what must succeed. */
  must(...lines: readonly string[]): string {
    let out = "";
    for (const line of lines) {
      const { stdout, stderr, status } = this.run(line);
      if (status !== 0 || stderr !== "") throw new Error(`${line}: ${stderr} (${status})`);
      out = stdout;
    }
    return out;
  }
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
}
