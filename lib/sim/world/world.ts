/**
 * The world: hosts on a LAN, one clock, and the inputs that move it.
 *
 * Live and in replay the same calls run: `advanceTo` and `apply`. Whoever applies the same transcript to a world of the same
 * topology and seed gets the same bytes, however the time between two entries was cut up.
 */

import { InvariantViolation } from "@/lib/base/invariant";
import { Random } from "@/lib/sim/core/random";
import { EventLimitReached, Scheduler } from "@/lib/sim/core/scheduler";
import { SIGNAL_NUMBERS } from "@/lib/sim/core/signal";
import { after, type Instant, millis, seconds } from "@/lib/sim/core/time";
import type { KernelEvent, Process, Registry } from "@/lib/sim/kernel";
import { parsePrefix } from "@/lib/sim/net/address";
import { dockerd } from "@/lib/sim/engine";
import { programs } from "@/lib/sim/programs";
import { imageCatalogue, preloadedImages } from "./catalogue";
import type { CommandResult, WorldContract, WorldOptions } from "./contract";
import { Host } from "./host";
import { Lan } from "./lan";
import type { ProbeReport, ProbeRequest } from "./probe";
import { runProbe } from "./run-probe";
import { startRouter } from "./router";
import type { WorldSnapshot } from "./snapshot";
import { snapshotOf } from "./take-snapshot";
import type { TranscriptEntry } from "./transcript";

const DEFAULT_EVENT_LIMIT = 5_000_000;
/** Between two commands of `run`: what a person's or a recorder's next line costs at least. */
const BETWEEN_COMMANDS = millis(50);

/** Everything that can run on a host: the programs, and the daemon's own command. */
const PROGRAMS: Registry = new Map([...programs, ["docker/dockerd", dockerd]]);

type Terminal = { readonly id: string; readonly process: Process };

export class World implements WorldContract {
  readonly #scheduler = new Scheduler();
  readonly #hosts = new Map<string, Host>();
  readonly #router: ReturnType<typeof startRouter>;
  readonly #terminals = new Map<string, Terminal>();
  readonly #eventLimit: number;
  #changeIsDue = false;
  onOutput: (terminal: string) => void = () => {};
  onChange: () => void = () => {};
  onTrace: ((event: KernelEvent) => void) | undefined;
  #probeTrace: ((event: KernelEvent) => void) | undefined;

  private constructor(options: WorldOptions) {
    const { topology, seed } = options;
    const random = new Random(seed);
    const lan = new Lan(this.#scheduler);
    const trace = (event: KernelEvent): void => this.#noteEvent(event);
    this.#eventLimit = options.eventLimit ?? DEFAULT_EVENT_LIMIT;
    this.#scheduler.limit(this.#eventLimit);
    const length = parsePrefix(topology.hosts[0]?.address ?? "")?.length ?? 24;
    this.#router = startRouter({
      scheduler: this.#scheduler,
      random: random.fork("router"),
      trace,
      lan,
      address: topology.gateway,
      length,
    });
    for (const spec of topology.hosts) {
      const host = new Host({
        spec,
        gateway: topology.gateway,
        scheduler: this.#scheduler,
        random: random.fork(`host/${spec.name}`),
        trace,
        lan,
        programs: PROGRAMS,
        registry: imageCatalogue,
        preloaded: preloadedImages(spec.images),
      });
      this.#hosts.set(spec.name, host);
      this.#watch(host);
    }
    // Boot to the end: daemons set up, links up.
    this.#runToRest(seconds(5));
    for (const { host, command } of options.setup ?? []) {
      const result = this.run(host, command);
      if (result.status !== 0)
        throw new InvariantViolation(`set-up failed with status ${result.status}: ${host}$ ${command}\n${result.stderr}`);
    }
  }

  static create(options: WorldOptions): World {
    return new World(options);
  }

  get now(): Instant {
    return this.#scheduler.now;
  }

  get nextAt(): Instant | undefined {
    return this.#scheduler.nextAt;
  }

  get eventsRun(): number {
    return this.#scheduler.executed;
  }

  get hosts(): ReadonlyMap<string, Host> {
    return this.#hosts;
  }

  advanceTo(until: Instant): void {
    this.#scheduler.runUntil(until);
    this.#flush();
  }

  /**
   * The budget of events counts from one entry to the next. Where it is used up the world stands still until the next entry, which
   * brings a new one: so it does live, and so it does in replay, whatever the slices in which time was moved.
   */
  apply(entry: TranscriptEntry): void {
    try {
      this.#scheduler.runUntil(entry.at);
    } catch (error) {
      if (!(error instanceof EventLimitReached)) throw error;
      this.#scheduler.limit(this.#eventLimit);
      this.#scheduler.runUntil(entry.at);
    }
    this.#scheduler.limit(this.#eventLimit);
    this.#give(entry);
    this.#scheduler.runUntil(entry.at);
    this.#flush();
  }

  takeOutput(terminal: string): string {
    return this.#terminals.get(terminal)?.process.pty?.take() ?? "";
  }

  snapshot(): WorldSnapshot {
    return snapshotOf(this.#scheduler.now, [...this.#hosts.values()]);
  }

  probe(request: ProbeRequest): ProbeReport {
    const events: KernelEvent[] = [];
    this.#scheduler.limit(this.#eventLimit);
    this.#probeTrace = (event) => events.push(event);
    try {
      return runProbe({ request, hosts: this.#hosts, router: this.#router, scheduler: this.#scheduler, events });
    } finally {
      this.#probeTrace = undefined;
    }
  }

  run(host: string, command: string, options: { readonly limitSeconds?: number } = {}): CommandResult {
    const process = this.#host(host).startCommand(command);
    const deadline = after(this.#scheduler.now, seconds(options.limitSeconds ?? 3600));
    this.#scheduler.limit(this.#eventLimit);
    let timedOut = false;
    try {
      while (!process.end) {
        const next = this.#scheduler.nextAt;
        if (next === undefined || next > deadline) {
          timedOut = true;
          break;
        }
        this.#scheduler.step();
      }
    } catch (error) {
      if (!(error instanceof EventLimitReached)) throw error;
      this.#scheduler.limit(this.#eventLimit);
      this.#host(host).kernel.processes.kill(process.pid, "KILL");
      return { stdout: process.stdout?.take() ?? "", stderr: `${process.stderr?.take() ?? ""}${error.message}\n`, status: 124 };
    }
    if (timedOut) this.#host(host).kernel.processes.kill(process.pid, "KILL");
    this.#scheduler.runUntil(after(this.#scheduler.now, BETWEEN_COMMANDS));
    const stdout = process.stdout?.take() ?? "";
    const stderr = process.stderr?.take() ?? "";
    this.#flush();
    if (timedOut) return { stdout, stderr, status: 124 };
    const { end } = process;
    if (!end) throw new InvariantViolation("a command ended without a report");
    return { stdout, stderr, status: end.kind === "exited" ? end.status : 128 + SIGNAL_NUMBERS[end.signal] };
  }

  #give(entry: TranscriptEntry): void {
    switch (entry.kind) {
      case "open": {
        if (this.#terminals.has(entry.terminal)) throw new InvariantViolation(`terminal ${entry.terminal} is open already`);
        const process = this.#host(entry.host).startLogin(entry.columns, entry.rows);
        this.#terminals.set(entry.terminal, { id: entry.terminal, process });
        return;
      }
      case "input":
        this.#terminal(entry.terminal).process.pty?.input(entry.text);
        return;
      case "resize":
        this.#terminal(entry.terminal).process.pty?.resize(entry.columns, entry.rows);
        return;
      case "close":
        this.#terminal(entry.terminal).process.pty?.hangup();
        this.#terminals.delete(entry.terminal);
        return;
      case "file":
        this.#host(entry.host).kernel.root.mnt.root.writeFile(entry.path, entry.text);
        return;
    }
  }

  #host(name: string): Host {
    const host = this.#hosts.get(name);
    if (!host) throw new InvariantViolation(`there is no host ${name}`);
    return host;
  }

  #terminal(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (!terminal) throw new InvariantViolation(`terminal ${id} is not open`);
    return terminal;
  }

  #runToRest(longest: ReturnType<typeof seconds>): void {
    const until = after(this.#scheduler.now, longest);
    for (let next = this.#scheduler.nextAt; next !== undefined && next <= until; next = this.#scheduler.nextAt) this.#scheduler.step();
  }

  #noteEvent(event: KernelEvent): void {
    if (event.kind === "changed") this.#changeIsDue = true;
    this.onTrace?.(event);
    this.#probeTrace?.(event);
  }

  #watch(host: Host): void {
    host.daemon.changed.add(() => {
      this.#changeIsDue = true;
      this.#watch(host);
    });
  }

  #flush(): void {
    for (const { id, process } of this.#terminals.values()) {
      if (process.pty && hasOutput(process)) this.onOutput(id);
    }
    if (!this.#changeIsDue) return;
    this.#changeIsDue = false;
    this.onChange();
  }
}

function hasOutput(process: Process): boolean {
  return process.pty !== undefined && process.pty.pending > 0;
}
