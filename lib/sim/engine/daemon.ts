/**
 * dockerd of one host: it reads its configuration, sets up the networks, answers on /var/run/docker.sock, and brings
 * containers back after a restart.
 *
 * A learner sees it behind every `docker` command and in `systemctl restart docker`. Modelled on moby 28.5.2,
 * cmd/dockerd and daemon/daemon.go (restore, Shutdown). Without live-restore: when the daemon stops, its containers do.
 */

import { invariant } from "@/lib/base/invariant";
import { fail, ok, type Result } from "@/lib/base/result";
import { Libnetwork, type NetworkView } from "@/lib/sim/cnm";
import type { Random } from "@/lib/sim/core/random";
import type { LocalService, ServiceRequest, ServiceResponse } from "@/lib/sim/core/sys";
import { type Routine, type Task, WaitQueue } from "@/lib/sim/core/task";
import type { Instant } from "@/lib/sim/core/time";
import type { Kernel, Namespaces } from "@/lib/sim/kernel";
import type { Container } from "./container/container";
import { removeContainer } from "./container/remove";
import { startContainer } from "./container/start";
import { stopContainer } from "./container/stop";
import { CONFIG_FILE, DEFAULT_CONFIG, parseDaemonConfig } from "./daemon-config";
import { Engine } from "./engine";
import type { Outcome } from "./error";
import { instantOf } from "./go/time";
import { refusal } from "./http/response";
import { match } from "./http/router";
import type { ImageManifest, ImageRegistry } from "./image";
import { Networks } from "./network/networks";
import { HANDLERS } from "./routes";
import type { Answer } from "./routes/handler";
import { chooseStorageDriver } from "./storage-driver";

export type DaemonEnvironment = {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly registry: ImageRegistry;
  /** Images that are on the host from the start. */
  readonly preloaded: readonly ImageManifest[];
};

/** What the picture, checks and probes need to know of a host's containers, without asking over the API. */
export type ContainerView = {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: "created" | "running" | "paused" | "restarting" | "exited" | "dead";
  readonly exitCode: number;
  /** Id of the network namespace while it runs. */
  readonly netns: string | undefined;
  /** First process, host numbering. */
  readonly pid: number | undefined;
  readonly hostname: string;
  readonly networkMode: string;
  /** Simulated time. */
  readonly startedAt: Instant | undefined;
};

export const SOCKET = "/var/run/docker.sock";

/** Simulated milliseconds that a request costs by itself. */
const REQUEST_TAKES = 1;
/** A daemon that starts, besides what its containers take. */
const START_TAKES = 200;

export class Daemon {
  readonly #engine: Engine;
  readonly #random: Random;
  readonly #becameReady = new WaitQueue();
  #libnetwork: Libnetwork | undefined;
  #starts = 0;
  #isListening = false;
  /** Containers are being brought back; requests wait until that is done. */
  #isRestoring = false;

  constructor({ kernel, random, registry, preloaded }: DaemonEnvironment) {
    this.#random = random;
    this.#engine = new Engine({ kernel, random, registry, preloaded, config: DEFAULT_CONFIG });
  }

  readonly service: LocalService = { call: (request) => this.#call(request) };

  /** Reads daemon.json, sets up the networks and listens. The error is what dockerd says as it gives up. */
  start(): Result<void, string> {
    const engine = this.#engine;
    if (this.#isListening) return ok(undefined);
    const files = engine.kernel.root.mnt.root;
    const text = files.readFile(CONFIG_FILE);
    const config = text.ok ? parseDaemonConfig(CONFIG_FILE, text.value) : ok(DEFAULT_CONFIG);
    if (!config.ok) return config;
    const driver = chooseStorageDriver(config.value.storage);
    if (!driver.ok) return driver;

    const libnetwork = new Libnetwork({
      kernel: engine.kernel,
      random: this.#random.fork(`libnetwork ${this.#starts}`),
      config: config.value.cnm,
    });
    const started = startLibnetwork(libnetwork, this.#libnetwork);
    if (!started.ok) return started;
    engine.config = config.value;
    engine.storageDriver = driver.value;
    engine.networks = new Networks({
      controller: libnetwork,
      ids: engine.networkIds,
      events: engine.events,
      defaultOptions: config.value.defaultNetworkOptions,
      before: engine.hasNetworks ? engine.networks : undefined,
    });
    this.#libnetwork = libnetwork;
    engine.isShuttingDown = false;
    engine.events.forget();
    const listening = engine.kernel.root.mnt.listenUnix(SOCKET, this.service, { group: "docker" });
    if (!listening.ok) return fail(`failed to load listeners: can't create unix socket ${SOCKET}: ${listening.error}`);
    this.#isListening = true;
    this.#starts++;
    this.#restore();
    engine.changed.wake();
    return ok(undefined);
  }

  /** SIGTERM: containers stop as `docker stop` does it, then it listens no more. */
  *stop(): Routine<void> {
    if (!this.#isListening) return;
    const engine = this.#engine;
    yield* this.untilReady();
    engine.isShuttingDown = true;
    const stopping: Task<Outcome<void>>[] = [];
    for (const container of engine.containers.list()) {
      if (container.state.running) stopping.push(engine.spawn(stopContainer(engine, container, { signal: "", timeout: undefined })));
    }
    for (const task of stopping) while (!task.end) yield { on: [task.ended] };
    for (const container of engine.containers.list()) container.forgetRestartManager();
    engine.kernel.root.mnt.root.remove(SOCKET);
    this.#isListening = false;
    engine.changed.wake();
  }

  /** `systemctl restart docker`: done when the containers that come back have started. */
  *restart(): Routine<Result<void, string>> {
    yield* this.stop();
    yield* this.#engine.work(START_TAKES);
    const started = this.start();
    if (started.ok) yield* this.untilReady();
    return started;
  }

  /** Until it answers requests. */
  *untilReady(): Routine<void> {
    while (this.#isRestoring) yield { on: [this.#becameReady] };
  }

  get isRunning(): boolean {
    return this.#isListening;
  }

  /** Newest first. */
  containers(): readonly ContainerView[] {
    return this.#engine.containers.list().map(viewOf);
  }

  /** Networks as the controller has them. */
  networks(): readonly NetworkView[] {
    return this.#engine.hasNetworks ? this.#engine.networks.list() : [];
  }

  /** Of a container that runs: the namespaces of its first process. */
  namespacesOf(id: string): Namespaces | undefined {
    return this.#engine.containers.byId(id)?.run?.namespaces;
  }

  /** Woken whenever one of the two lists changed. */
  get changed(): WaitQueue {
    return this.#engine.changed;
  }

  // --- requests -----------------------------------------------------------------------------------------------------

  /** Runs by itself: a client that goes does not stop what it asked for. */
  *#call(request: ServiceRequest): Routine<ServiceResponse> {
    if (!this.#isListening) return refusal({ kind: "unavailable", message: "the daemon has stopped" });
    const task = this.#engine.spawn(this.#answer(request));
    while (!task.end) yield { on: [task.ended] };
    invariant(task.end.kind === "returned", "nobody cancels a request");
    return task.end.value;
  }

  *#answer(request: ServiceRequest): Routine<ServiceResponse> {
    yield* this.untilReady();
    yield* this.#engine.work(REQUEST_TAKES);
    const matched = match(request);
    if (matched.kind === "answer") return matched.response;
    const given = HANDLERS[matched.route](this.#engine, matched.request);
    const answer: Answer = "next" in given ? yield* given : given;
    return answer.ok ? answer.value : refusal(answer.error);
  }

  // --- after a restart ----------------------------------------------------------------------------------------------

  /** Starts the containers whose policy says so, linked ones before those that link to them; `--rm` ones go. */
  #restore(): void {
    const engine = this.#engine;
    const containers = engine.containers.list().toReversed();
    const returning = containers.filter(comesBack);
    const leaving = containers.filter((container) => !comesBack(container) && container.hostConfig.AutoRemove);
    if (returning.length === 0 && leaving.length === 0) return;
    this.#isRestoring = true;
    const done = new Set<Container>();
    const bringBack = function* (container: Container): Routine<void> {
      if (done.has(container)) return;
      done.add(container);
      for (const child of engine.links.children(container).values()) if (returning.includes(child)) yield* bringBack(child);
      // Whatever goes wrong stands in the container's state.
      yield* startContainer(engine, container, { byHand: true });
    };
    engine.spawn(
      function* (this: Daemon): Routine<void> {
        for (const container of returning) yield* bringBack(container);
        for (const container of leaving) removeContainer(engine, container, { removeVolumes: true });
        this.#isRestoring = false;
        this.#becameReady.wake();
      }.call(this),
    );
  }
}

/** moby goes on without what it cannot restore, but not without a default bridge. */
function startLibnetwork(libnetwork: Libnetwork, before: Libnetwork | undefined): Result<void, string> {
  const started = libnetwork.start(before?.saved());
  return started.ok ? started : fail(`failed to start daemon: Error initializing network controller: ${started.error}`);
}

/** Whether its restart policy starts a container together with the daemon. */
function comesBack({ hostConfig, state, hasBeenManuallyStopped }: Container): boolean {
  if (state.startedAt === undefined || state.dead || state.running) return false;
  switch (hostConfig.RestartPolicy.Name) {
    case "always":
      return true;
    case "unless-stopped":
      return !hasBeenManuallyStopped;
    case "on-failure":
      return state.exitCode !== 0;
    default:
      return false;
  }
}

function viewOf(container: Container): ContainerView {
  const { state, config, run } = container;
  const { status } = state;
  return {
    id: container.id,
    name: container.bareName,
    image: config.Image,
    state: status === "removing" ? "dead" : status,
    exitCode: state.exitCode,
    netns: run?.namespaces.net.id,
    pid: run?.process.pid,
    hostname: config.Hostname,
    networkMode: container.hostConfig.NetworkMode,
    startedAt: state.startedAt === undefined ? undefined : instantOf(state.startedAt),
  };
}
