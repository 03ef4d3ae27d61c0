/** A host with network tools: commands are run as a daemon would start them, without a shell. */

import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { Scheduler } from "@/lib/sim/core/scheduler";
import type { Capability } from "@/lib/sim/core/capability";
import { CAPABILITIES } from "@/lib/sim/core/capability";
import { after, seconds } from "@/lib/sim/core/time";
import { executable, Kernel, type Netns, type Registry } from "@/lib/sim/kernel";

type Process = Extract<ReturnType<Kernel["processes"]["start"]>, { readonly ok: true }>["value"];

export type Ran = { readonly stdout: string; readonly stderr: string; readonly status: number };

export class Machine {
  readonly scheduler = new Scheduler();
  readonly kernel: Kernel;

  /** Without a card it is as a fresh network namespace. */
  constructor(programs: Registry, { hasCard = true }: { readonly hasCard?: boolean } = {}) {
    this.kernel = new Kernel({ host: "node1", scheduler: this.scheduler, random: new Random("machine"), trace: () => {}, programs });
    const { root } = this.kernel.root.mnt;
    root.add(
      [...programs.keys()].map((name) => ({ path: `/bin/${name.replace("/", "-")}`, kind: "file", text: executable(name), mode: 0o755 })),
    );
    root.add(
      [...programs.keys()]
        .filter((name) => !name.startsWith("busybox/"))
        .map((name) => ({ path: `/usr/bin/${name.split("/")[1]}`, kind: "file", text: executable(name), mode: 0o755 })),
    );
    root.add([
      { path: "/run", kind: "directory" },
      { path: "/etc/hosts", kind: "file", text: "127.0.0.1\tlocalhost\n" },
    ]);
    if (hasCard) this.kernel.plugIn({ name: "eth0", mac: "02:42:c0:a8:38:0b" }, () => {});
  }

  /** Starts a command line and lets it go on; `program` is a key of the registry or a name on the PATH. */
  start(line: string, options: { readonly netns?: Netns; readonly capabilities?: readonly Capability[] } = {}): Process {
    const argv = words(line);
    const [name = ""] = argv;
    const path = name.includes("/") ? `/bin/${name.replace("/", "-")}` : `/usr/bin/${name}`;
    const { root } = this.kernel;
    const process = unwrap(
      this.kernel.processes.start({
        namespaces: { ...root, net: options.netns ?? root.net },
        path,
        argv: [name.split("/").at(-1) ?? "", ...argv.slice(1)],
        env: new Map([["PATH", "/usr/bin"]]),
        cwd: "/",
        stdio: { kind: "streams", stdin: false },
        capabilities: options.capabilities ?? CAPABILITIES,
      }),
    );
    this.#runUntil(() => process.end !== undefined, 1);
    return process;
  }

  /** Runs a command line to its end. Quotes are understood, nothing else of a shell. */
  run(line: string, options: { readonly netns?: Netns; readonly capabilities?: readonly Capability[]; readonly limit?: number } = {}): Ran {
    const process = this.start(line, options);
    this.#runUntil(() => process.end !== undefined, options.limit ?? 10);
    const status = process.end?.kind === "exited" ? process.end.status : 124;
    if (!process.end) {
      this.kernel.processes.kill(process.pid, "KILL");
      this.#runUntil(() => process.end !== undefined, 10);
    }
    return { stdout: process.stdout?.take() ?? "", stderr: process.stderr?.take() ?? "", status };
  }

  #runUntil(isDone: () => boolean, limit: number): void {
    const until = after(this.scheduler.now, seconds(limit));
    while (!isDone() && (this.scheduler.nextAt ?? Number.POSITIVE_INFINITY) <= until) this.scheduler.step();
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

/** The steps of a recording (`$ command`, its output, `! ` before errors, `? ` before a status other than 0). */
export function stepsOf(recording: string): readonly { readonly command: string; readonly text: string }[] {
  return recording
    .split(/^\$ /m)
    .slice(1)
    .map((text) => ({ command: text.split("\n")[0] ?? "", text: `$ ${text}` }));
}

/** A command's answer, written as recordings are. `busybox APPLET` calls the applet. */
export function answerTo(machine: Machine, command: string): string {
  const { stdout, stderr, status } = machine.run(command.replace(/^busybox (\S+)/, "busybox/$1"));
  const shown = (text: string, mark: string): string =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => `${mark}${line}\n`)
      .join("");
  return `$ ${command}\n${shown(stdout, "  ")}${shown(stderr, "! ")}${status === 0 ? "" : `? ${status}\n`}`;
}
