/**
 * Ending a container: `docker stop`, `kill`, `restart`, `rm`, and `pause` besides.
 * Modelled on moby's daemon/stop.go, kill.go, restart.go, delete.go and pause.go.
 */

import { ok } from "@/lib/base/result";
import { parseSignal, SIGNAL_NUMBERS, type SignalName } from "@/lib/sim/core/signal";
import { type Routine, waitFor } from "@/lib/sim/core/task";
import { after, seconds } from "@/lib/sim/core/time";
import type { Engine } from "../engine";
import { type EngineError, type Outcome, prefixed, refuse } from "../error";
import type { Container } from "./container";
import { removeContainer } from "./remove";
import { startContainer } from "./start";
import type { Wait } from "./state";

/** Simulated milliseconds: a signal's way to the process, and what a container that ended by itself is looked after. */
const SIGNAL_TAKES = 1;
const END_TAKES = 2;

export type StopOptions = { readonly signal: string; readonly timeout: number | undefined };

export function notRunning(container: Container): EngineError {
  return { kind: "conflict", message: `container ${container.id} is not running` };
}

export function isRestarting(container: Container): EngineError {
  return { kind: "conflict", message: `Container ${container.id} is restarting, wait until the container is running` };
}

/** `docker stop`. */
export function* stop(engine: Engine, container: Container, term: string, options: StopOptions): Routine<Outcome<void>> {
  if (!container.state.running) return refuse("not-modified", "container is already stopped");
  const stopped = yield* stopContainer(engine, container, options);
  return stopped.ok ? stopped : prefixed(`cannot stop container: ${term}`, stopped.error, "internal");
}

/** Asks with the stop signal, waits, and then kills. A negative timeout waits for ever. */
export function* stopContainer(engine: Engine, container: Container, options: StopOptions): Routine<Outcome<void>> {
  if (!container.state.running) return ok(undefined);
  let signal = container.stopSignal;
  if (options.signal !== "") {
    const parsed = parseSignal(options.signal);
    if (!parsed) return refuse("invalid", `invalid signal: ${options.signal}`);
    signal = parsed;
  }
  const timeout = options.timeout ?? container.stopTimeout;
  const sent = yield* killWithSignal(engine, container, signal);
  const patience = sent.ok ? timeout : 2;
  if (yield* endsWithin(engine, container.state.wait("not-running"), timeout < 0 ? undefined : patience)) {
    // As recorded: its end is told before the stop; that of one which had to be killed, after it.
    yield* engine.work(END_TAKES);
  } else {
    const killed = yield* kill(engine, container);
    if (!killed.ok && container.state.running) return killed;
  }
  engine.logContainer(container, "stop");
  return ok(undefined);
}

/** `docker kill`: SIGKILL waits until it is dead, other signals are only sent. */
export function* killByName(engine: Engine, term: string, signalText: string): Routine<Outcome<void>> {
  const signal = signalText === "" ? "KILL" : parseSignal(signalText);
  if (!signal) return refuse("invalid", `invalid signal: ${signalText}`);
  const container = engine.containers.get(term);
  if (!container.ok) return container;
  return yield* signal === "KILL" ? kill(engine, container.value) : killWithSignal(engine, container.value, signal);
}

export function* kill(engine: Engine, container: Container): Routine<Outcome<void>> {
  if (!container.state.running) return { ok: false, error: notRunning(container) };
  const sent = yield* killWithSignal(engine, container, "KILL");
  if (!sent.ok && sent.error.kind !== "not-found") return sent;
  if (yield* endsWithin(engine, container.state.wait("not-running"), 10)) return ok(undefined);
  return refuse("internal", "tried to kill container, but did not receive an exit event");
}

function* killWithSignal(engine: Engine, container: Container, signal: SignalName): Routine<Outcome<void>> {
  const sent = yield* container.lock.with(function* (): Routine<Outcome<void>> {
    const { state, config } = container;
    if (!state.running) return { ok: false, error: notRunning(container) };
    const ends = !config.StopSignal || signal === "KILL" || parseSignal(config.StopSignal) === signal;
    if (ends) container.restartManager.cancel();
    const unpauses = ends && state.paused;
    if (!engine.isShuttingDown) container.hasBeenManuallyStopped = true;
    // Between two runs there is no process; the restart is off.
    if (state.restarting) return ok(undefined);
    const { process } = container.run ?? {};
    if (process) engine.kernel.processes.kill(process.pid, signal);
    yield* engine.work(SIGNAL_TAKES);
    engine.logContainer(container, "kill", { signal: String(SIGNAL_NUMBERS[signal]) });
    if (unpauses && process) {
      process.freeze(false);
      state.paused = false;
      engine.logContainer(container, "unpause");
    }
    return ok(undefined);
  });
  // Whoever waited for the lock comes first: a process that ended at once is seen to have ended.
  if (sent.ok) yield* engine.work(SIGNAL_TAKES);
  return sent;
}

/** `docker restart`. */
export function* restart(engine: Engine, container: Container, term: string, options: StopOptions): Routine<Outcome<void>> {
  const refuseRestart = (error: EngineError): Outcome<void> => refuse("internal", `Cannot restart container ${term}: ${error.message}`);
  if (container.state.running) {
    container.hasBeenManuallyRestarted = true;
    const stopped = yield* stopContainer(engine, container, options);
    if (!stopped.ok) return refuseRestart(stopped.error);
  }
  const started = yield* startContainer(engine, container, { byHand: true });
  if (!started.ok) return refuseRestart(started.error);
  engine.logContainer(container, "restart");
  return ok(undefined);
}

/** `docker rm`. */
export function* remove(
  engine: Engine,
  term: string,
  options: { readonly force: boolean; readonly removeVolumes: boolean; readonly removeLink: boolean },
): Routine<Outcome<void>> {
  const found = engine.containers.get(term);
  if (!found.ok) return found;
  const container = found.value;
  const { state } = container;
  if (state.removalInProgress) return refuse("conflict", `removal of container ${term} is already in progress`);
  if (options.removeLink) return removeLink(engine, container, term);
  const refuseRemoval = (error: EngineError): Outcome<void> => prefixed(`cannot remove container "${term}"`, error);

  state.removalInProgress = true;
  try {
    if (state.running) {
      if (!options.force) {
        return refuseRemoval({
          kind: "conflict",
          message: state.paused
            ? "container is paused and must be unpaused first"
            : `container is ${state.status}: stop the container before removing or force remove`,
        });
      }
      const killed = yield* kill(engine, container);
      if (!killed.ok && state.running)
        return refuseRemoval({ kind: killed.error.kind, message: `could not kill container: ${killed.error.message}` });
    }
    return yield* container.lock.with(function* (): Routine<Outcome<void>> {
      removeContainer(engine, container, { removeVolumes: options.removeVolumes });
      return ok(undefined);
    });
  } finally {
    state.removalInProgress = false;
  }
}

export function* pause(engine: Engine, container: Container): Routine<Outcome<void>> {
  return yield* container.lock.with(function* (): Routine<Outcome<void>> {
    const { state } = container;
    if (!state.running) return { ok: false, error: notRunning(container) };
    if (state.paused) return refuse("conflict", `Container ${container.id} is already paused`);
    if (state.restarting) return { ok: false, error: isRestarting(container) };
    container.run?.process.freeze(true);
    state.paused = true;
    engine.logContainer(container, "pause");
    return ok(undefined);
  });
}

export function* unpause(engine: Engine, container: Container): Routine<Outcome<void>> {
  return yield* container.lock.with(function* (): Routine<Outcome<void>> {
    if (!container.state.paused) return refuse("internal", `Container ${container.id} is not paused`);
    container.run?.process.freeze(false);
    container.state.paused = false;
    engine.logContainer(container, "unpause");
    return ok(undefined);
  });
}

/** `docker rm --link /app/database`. */
function removeLink(engine: Engine, child: Container, term: string): Outcome<void> {
  const name = term.startsWith("/") ? term : `/${term}`;
  const parentName = name.slice(0, name.lastIndexOf("/"));
  if (parentName === "") return refuse("internal", "Conflict, cannot remove the default link name of the container");
  const parent = engine.containers.byName(parentName);
  if (!parent) return refuse("internal", `Cannot get parent ${parentName} for link name ${name}`);
  engine.containers.release(name);
  if (engine.links.children(parent).get(name) === child) engine.links.unlink(name, parent);
  return ok(undefined);
}

/** Whether a wait is over within so many seconds; without a limit it waits for ever. */
function* endsWithin(engine: Engine, wait: Wait, limit: number | undefined): Routine<boolean> {
  const { scheduler } = engine.kernel;
  const deadline = limit === undefined ? undefined : after(scheduler.now, seconds(limit));
  while (!wait.status) {
    if (deadline !== undefined && scheduler.now >= deadline) return false;
    yield* waitFor([wait.settled], deadline);
  }
  return true;
}
