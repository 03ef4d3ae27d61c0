/**
 * Starting a container, and what happens when its process ends.
 *
 * Modelled on moby's daemon/start.go and monitor.go, in their order: sandbox, mounts, the runtime's checks, networks, the
 * process. Whatever fails is undone, and the container stays as it was created, with the reason in its state.
 */

import { fail, ok } from "@/lib/base/result";
import type { NewSandbox } from "@/lib/sim/cnm";
import { type Routine, waitFor } from "@/lib/sim/core/task";
import { after, type Duration } from "@/lib/sim/core/time";
import type { Netns, Process } from "@/lib/sim/kernel";
import type { Engine } from "../engine";
import { type EngineError, fromCnm, type Outcome, refuse } from "../error";
import type { EpochMicros } from "../go/time";
import { containerOf, isContainerMode } from "../network/network-mode";
import type { Container } from "./container";
import { makeWorkingDirectory } from "./create";
import { linkEnvironment } from "./links";
import { allocateNetworks, NETWORKING_FAILED, releaseNetworks, settleNetworks } from "./networking";
import { copyOutput, exitCodeOf, feed } from "./process-streams";
import { removeContainer } from "./remove";
import { checkUser, commandOfContainer, makeNamespaces, ownerOf, startFailure, stdioOf } from "./runtime";
import { HOST_CONFIG } from "./shapes";
import { verifyHostConfig } from "./verify";
import { mountVolumes, unmountVolumes } from "./volume-mounts";

/** Simulated milliseconds: namespaces and the runtime, then the networks. */
const RUNTIME_TAKES = 12;
const NETWORKS_TAKE = 6;
const START_TAKES = 2;
const CHECKPOINT_TAKES = 1;

/** `docker start`. */
export function* start(engine: Engine, container: Container): Routine<Outcome<void>> {
  const { state } = container;
  if (state.paused) return refuse("conflict", "cannot start a paused container, try unpause instead");
  if (state.running) return refuse("not-modified", "container is already running");
  if (state.removalInProgress || state.dead) return refuse("conflict", "container is marked for removal and cannot be started");
  const forwarding = engine.kernel.root.net.sysctl("net.ipv4.ip_forward");
  const verified = verifyHostConfig(container.hostConfig, {
    ipForwarding: !forwarding.ok || forwarding.value !== "0",
    hostPathExists: (path) => engine.hostPathExists(path),
  });
  if (!verified.ok) return refuse("invalid", verified.error);
  container.hostConfig = HOST_CONFIG.write(verified.value.host);
  return yield* startContainer(engine, container, { byHand: true });
}

/** `byHand`: not by the restart policy, so that its count begins anew. */
export function* startContainer(engine: Engine, container: Container, how: { readonly byHand: boolean }): Routine<Outcome<void>> {
  const { state } = container;
  yield* container.lock.acquire();
  let started: Outcome<void>;
  try {
    if (how.byHand && state.running) return ok(undefined);
    if (state.removalInProgress || state.dead) return refuse("conflict", "container is marked for removal and cannot be started");
    started = yield* startLocked(engine, container, how.byHand);
    if (!started.ok) {
      state.error = started.error.message;
      if (state.exitCode === 0) state.exitCode = 128;
      cleanUp(engine, container);
    }
  } finally {
    container.lock.release();
  }
  engine.changed.wake();
  if (!started.ok && container.hostConfig.AutoRemove) removeContainer(engine, container, { removeVolumes: true });
  return started;
}

function* startLocked(engine: Engine, container: Container, byHand: boolean): Routine<Outcome<void>> {
  const { state, config } = container;
  const sandboxed = initializeNetworking(engine, container);
  if (!sandboxed.ok) return sandboxed;
  const mounted = mountVolumes(engine, container);
  if (!mounted.ok) return mounted;

  const links = linkedEnvironment(engine, container);
  if (!links.ok) return links;
  const directory = makeWorkingDirectory(container.root, config.WorkingDir);
  if (!directory.ok) return refuse("internal", directory.error.message);
  const owner = pidOwner(engine, container);
  if (!owner.ok) return owner;
  const user = checkUser(container, config.User);
  if (!user.ok) return user;
  if (byHand) {
    container.resetRestartManager();
    container.hasBeenManuallyStopped = false;
  }

  container.hasLogFile = true;
  const startedAt = engine.now;
  yield* engine.work(RUNTIME_TAKES);
  const net =
    container.sandbox?.netns ?? ownerOf(engine, container.hostConfig.NetworkMode)?.run?.namespaces.net ?? isolate(engine, container);
  const namespaces = makeNamespaces(engine, container, net);
  if (!namespaces.ok) return failWith(container, namespaces.error);
  const command = commandOfContainer(engine, container, namespaces.value, links.value);
  if (!command.ok) return failWith(container, command.error);

  if (!config.NetworkDisabled && !isContainerMode(container.hostConfig.NetworkMode)) {
    yield* engine.work(NETWORKS_TAKE);
    const joined = allocateNetworks(engine, container);
    if (!joined.ok) return fail({ ...joined.error, message: `${NETWORKING_FAILED}: ${joined.error.message}` });
  }

  yield* engine.work(START_TAKES);
  const [rows, columns] = container.hostConfig.ConsoleSize;
  const stdio = stdioOf({ tty: config.Tty, stdin: config.OpenStdin, size: container.size ?? { columns, rows } });
  const process = engine.kernel.processes.start({ namespaces: namespaces.value, ...command.value, stdio });
  if (!process.ok)
    return failWith(container, startFailure(`failed to start task: OCI runtime start failed: exec: "${container.path}": ${process.error}`));
  container.hasBeenManuallyRestarted = false;
  container.run = { process: process.value, namespaces: namespaces.value };
  if (container.pendingInput !== "") feed(process.value, container.pendingInput);
  container.pendingInput = "";
  if (container.isInputClosed) process.value.stdin?.close();
  state.setRunning(process.value.pid, startedAt);
  engine.spawn(supervise(engine, container, process.value));
  engine.logContainer(container, "start");
  return ok(undefined);
}

/** From the start of the process to its end. */
function* supervise(engine: Engine, container: Container, process: Process): Routine<void> {
  yield* copyOutput(engine, process, (stream, text) => {
    container.log.append(stream, text, engine.now);
    container.output.send({ stream, text });
  });
  container.log.flush(engine.now);
  yield* handleExit(engine, container, process);
}

function* handleExit(engine: Engine, container: Container, process: Process): Routine<void> {
  const { state } = container;
  yield* container.lock.acquire();
  const exitCode = exitCodeOf(process.end);
  const finishedAt = engine.now;
  const ranFor = (finishedAt - (state.startedAt ?? finishedAt)) as Duration;
  container.run = undefined;
  const pause = container.restartManager.nextStart({
    code: exitCode,
    wasStoppedByHand: engine.isShuttingDown || container.hasBeenManuallyStopped,
    ranFor,
  });
  const restarts = pause !== undefined && !engine.isShuttingDown;
  cleanUp(engine, container);
  if (restarts) {
    container.restartCount++;
    state.setRestarting(exitCode, finishedAt);
  } else state.setStopped(exitCode, finishedAt);
  // It is written to disk before the event; whoever waited for the end goes on meanwhile.
  yield* engine.work(CHECKPOINT_TAKES);
  engine.logContainer(container, "die", { exitCode: String(exitCode), execDuration: String(Math.floor(ranFor / 1_000_000)) });
  const removes = !restarts && !container.hasBeenManuallyRestarted;
  container.lock.release();

  if (removes) autoRemove(engine, container);
  if (restarts) engine.spawn(restartLater(engine, container, pause, { exitCode, finishedAt }));
}

function* restartLater(
  engine: Engine,
  container: Container,
  pause: Duration,
  last: { readonly exitCode: number; readonly finishedAt: EpochMicros },
): Routine<void> {
  const { restartManager } = container;
  const due = after(engine.kernel.scheduler.now, pause);
  while (!restartManager.isCancelled && engine.kernel.scheduler.now < due) yield* waitFor([restartManager.cancelled], due);
  const started = restartManager.isCancelled ? undefined : yield* startContainer(engine, container, { byHand: false });
  if (started?.ok) return;
  yield* container.lock.with(function* () {
    if (!container.run) container.state.setStopped(last.exitCode, last.finishedAt);
    engine.changed.wake();
  });
  autoRemove(engine, container);
}

function autoRemove(engine: Engine, container: Container): void {
  if (container.hostConfig.AutoRemove) removeContainer(engine, container, { removeVolumes: true });
}

/** After a run, or a start that failed: networks, volumes, execs, those who are attached. */
function cleanUp(engine: Engine, container: Container): void {
  container.run = undefined;
  releaseNetworks(engine, container);
  if (container.isolated) engine.kernel.destroyNetns(container.isolated);
  container.isolated = undefined;
  for (const exec of container.execs.values()) engine.execs.delete(exec.id);
  container.execs.clear();
  unmountVolumes(engine, container);
  container.output.end();
  container.attachmentsEnd.wake();
  container.log.grew.wake();
}

/** The sandbox, or the one that is shared (initializeNetworking). */
function initializeNetworking(engine: Engine, container: Container): Outcome<void> {
  const { hostConfig: host } = container;
  if (container.config.NetworkDisabled) return ok(undefined);
  if (isContainerMode(host.NetworkMode)) {
    const owner = networkedContainer(engine, container, containerOf(host.NetworkMode));
    if (!owner.ok) return owner;
    container.networkFilesOf = owner.value.networkFilesOf ?? owner.value.id;
    container.files = owner.value.files;
    container.config = { ...container.config, Hostname: owner.value.config.Hostname, Domainname: owner.value.config.Domainname };
    return shareSandbox(engine, container, owner.value);
  }
  if (host.NetworkMode === "host" && container.config.Hostname === "")
    container.config = { ...container.config, Hostname: engine.kernel.root.uts.hostname };
  settleNetworks(engine, container, {});
  const mode = host.NetworkMode === "host" ? ({ kind: "host" } as const) : ({ kind: "own" } as const);
  const sandbox = engine.networks.controller.newSandbox({ ...sandboxOf(engine, container), mode });
  if (!sandbox.ok) return fail(fromCnm(sandbox.error));
  container.sandbox = sandbox.value;
  container.net.sandboxId = sandbox.value.id;
  container.net.sandboxKey = sandbox.value.key;
  container.networkFilesOf = container.id;
  return ok(undefined);
}

/** The namespace lives as long as one of those who share it. */
function shareSandbox(engine: Engine, container: Container, owner: Container): Outcome<void> {
  if (!owner.sandbox) return ok(undefined);
  const guest = engine.networks.controller.newSandbox({
    ...sandboxOf(engine, container),
    mode: { kind: "container", sandbox: owner.sandbox },
  });
  if (!guest.ok) return fail(fromCnm(guest.error));
  container.sandbox = guest.value;
  return ok(undefined);
}

function sandboxOf(engine: Engine, container: Container): Omit<NewSandbox, "mode"> {
  const { config, hostConfig: host } = container;
  return {
    containerId: container.id,
    containerName: container.bareName,
    hostname: config.Hostname,
    domainname: config.Domainname,
    dns: { servers: host.Dns ?? [], search: host.DnsSearch ?? [], options: host.DnsOptions ?? [] },
    extraHosts: host.ExtraHosts ?? [],
    files: container.files,
  };
}

/** The container whose network stack is shared must be there and run. */
function networkedContainer(engine: Engine, container: Container, term: string): Outcome<Container> {
  const owner = engine.containers.get(term);
  if (!owner.ok)
    return refuse(
      owner.error.kind === "not-found" ? "internal" : owner.error.kind,
      `joining network namespace of container: ${owner.error.message}`,
    );
  if (owner.value === container) return refuse("internal", "cannot join own network namespace");
  const { state, bareName } = owner.value;
  if (!state.running)
    return refuse("conflict", `cannot join network namespace of a non running container: container ${bareName} is ${state.status}`);
  if (state.restarting) {
    return refuse(
      "conflict",
      `cannot join network namespace of container: Container ${term} is restarting, wait until the container is running`,
    );
  }
  return owner;
}

function pidOwner(engine: Engine, container: Container): Outcome<void> {
  const mode = container.hostConfig.PidMode;
  if (!isContainerMode(mode)) return ok(undefined);
  const refuseJoin = (error: EngineError): Outcome<void> => refuse("internal", `failed to join PID namespace: ${error.message}`);
  const owner = engine.containers.get(containerOf(mode));
  if (!owner.ok) return refuseJoin(owner.error);
  const { state, id } = owner.value;
  if (!state.running) return refuseJoin({ kind: "conflict", message: `container ${containerOf(mode)} is not running` });
  return state.restarting
    ? refuseJoin({ kind: "conflict", message: `Container ${id} is restarting, wait until the container is running` })
    : ok(undefined);
}

/** A stack with nothing but loopback, for a container without networking. */
function isolate(engine: Engine, container: Container): Netns {
  const netns = engine.kernel.createNetns();
  const lo = netns.links.linkByName("lo");
  if (lo) netns.links.change(lo.index, { set: "up", up: true });
  container.isolated = netns;
  return netns;
}

/** The variables of its links on the default bridge; the linked containers must run. */
export function linkedEnvironment(engine: Engine, container: Container): Outcome<readonly string[]> {
  if (!container.net.networks?.has("bridge")) return ok([]);
  const env: string[] = [];
  for (const [alias, child] of engine.links.children(container)) {
    if (!child.state.running) return refuse("internal", `Cannot link to a non running container: ${child.name} AS ${alias}`);
    const settings = child.net.networks?.get("bridge")?.settings;
    if (!settings) return refuse("internal", `container ${child.id} not attached to default bridge network`);
    env.push(...linkEnvironment(alias, child, settings.IPAddress));
  }
  return ok(env);
}

function failWith(container: Container, failure: { readonly error: EngineError; readonly exitCode: number }): Outcome<never> {
  container.state.exitCode = failure.exitCode;
  return fail(failure.error);
}
