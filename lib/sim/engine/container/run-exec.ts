/** `docker exec`: making, starting and looking at further processes of a running container (moby: daemon/exec.go). */

import { ok } from "@/lib/base/result";
import type { ExecCreateResponse, ExecInspect } from "@/lib/sim/api";
import type { ServiceResponse } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Engine } from "../engine";
import { type EngineError, type Outcome, refuse } from "../error";
import type { ApiRequest } from "../http/request";
import { nothing, streams } from "../http/response";
import type { Container } from "./container";
import { Exec } from "./exec";
import { overrideEnvironment } from "./merge";
import { checkUser, containerEnvironment, EXEC_FAILED, findCommand, startFailure, stdioOf } from "./runtime";
import { detachKeysOf, openSession } from "./session";
import { EXEC_CREATE, EXEC_START } from "./shapes";
import { copyOutput, exitCodeOf, feed } from "./process-streams";
import { linkedEnvironment } from "./start";
import { isRestarting, notRunning } from "./stop";

export function createExec(engine: Engine, request: ApiRequest): Outcome<ExecCreateResponse> {
  const body = request.json(EXEC_CREATE, "ExecOptions");
  if (!body.ok) return body;
  const asked = body.value;
  const [entrypoint, ...args] = asked.Cmd ?? [];
  if (entrypoint === undefined) return refuse("invalid", "No exec command specified");
  const found = engine.containers.get(request.object);
  if (!found.ok) return found;
  const container = found.value;
  const inactive = inactiveError(container, request.object);
  if (inactive) return { ok: false, error: inactive };
  const user = checkUser(container, asked.User);
  if (!user.ok) return refuse("invalid", user.error.message);
  const keys = detachKeysOf(asked.DetachKeys);
  if (keys === undefined) return refuse("internal", `Invalid escape keys (${asked.DetachKeys}) provided`);
  const links = linkedEnvironment(engine, container);
  if (!links.ok) return links;

  const exec = new Exec(engine.execIds.next(), container, {
    entrypoint,
    args,
    env: overrideEnvironment(containerEnvironment(container, asked.Tty, links.value), asked.Env ?? []),
    workingDir: asked.WorkingDir || container.config.WorkingDir,
    user: asked.User || container.config.User,
    tty: asked.Tty,
    privileged: asked.Privileged,
    openStdin: asked.AttachStdin,
    openStdout: asked.AttachStdout,
    openStderr: asked.AttachStderr,
    detachKeys: keys,
    consoleSize: asked.ConsoleSize,
  });
  engine.execs.set(exec.id, exec);
  container.execs.set(exec.id, exec);
  engine.logContainer(container, `exec_create: ${entrypoint} ${args.join(" ")}`, { execID: exec.id });
  return ok({ Id: exec.id });
}

/** Detached it answers when the process runs; attached at once, and what goes wrong comes down the stream. */
export function* startExec(engine: Engine, request: ApiRequest): Routine<Outcome<ServiceResponse>> {
  const body = request.json(EXEC_START, "ExecStartOptions");
  if (!body.ok) return body;
  const found = activeExec(engine, request.object);
  if (!found.ok) return found;
  const exec = found.value;
  const size = body.value.Tty ? body.value.ConsoleSize : undefined;

  if (body.value.Detach) {
    const started = yield* start(engine, exec, size, false);
    return started.ok ? ok(nothing(200)) : started;
  }
  const { settings } = exec;
  /** Input that comes before the process runs. */
  const pending: string[] = [];
  let isClosed = false;
  const session = openSession(engine.kernel.scheduler, exec.output, {
    stdout: settings.openStdout,
    stderr: settings.openStderr,
    tty: settings.tty,
    detachKeys: settings.detachKeys,
    input: settings.openStdin ? (text) => (exec.process ? feed(exec.process, text) : void pending.push(text)) : undefined,
    closeInput() {
      if (settings.tty) return "ends";
      isClosed = true;
      exec.process?.stdin?.close();
      return "goes-on";
    },
    onDetach: () => engine.logContainer(exec.container, "exec_detach", { execID: exec.id }),
  });
  engine.spawn(
    (function* (): Routine<void> {
      const started = yield* start(engine, exec, size, true);
      if (!started.ok) {
        session.send({ stream: "stdout", text: `${started.error.message}\r\n` });
        session.end();
        return;
      }
      for (const text of pending) feed(started.value, text);
      if (isClosed) started.value.stdin?.close();
    })(),
  );
  return ok(streams(body.value.Tty, 101, session));
}

export function inspectExec(engine: Engine, id: string): Outcome<ExecInspect> {
  const exec = engine.execs.get(id);
  if (!exec || !engine.containers.byId(exec.container.id)) return refuse("not-found", `No such exec instance: ${id}`);
  return ok(exec.view);
}

export function resizeExec(engine: Engine, id: string, rows: number, columns: number): Outcome<void> {
  const exec = activeExec(engine, id);
  if (!exec.ok) return exec;
  if (!exec.value.process) return refuse("invalid", "exec process is not started");
  exec.value.process.pty?.resize(columns, rows);
  return ok(undefined);
}

function* start(
  engine: Engine,
  exec: Exec,
  size: readonly [number, number] | undefined,
  attached: boolean,
): Routine<Outcome<NonNullable<Exec["process"]>>> {
  const { container, settings } = exec;
  if (exec.exitCode !== undefined) return refuse("conflict", `exec command ${exec.id} has already run`);
  if (exec.running) return refuse("conflict", `exec command ${exec.id} is already running`);
  exec.running = true;
  engine.logContainer(container, `exec_start: ${settings.entrypoint} ${settings.args.join(" ")}`, { execID: exec.id });
  yield* engine.work(4);

  const { run } = container;
  const fails = (message: string): Outcome<never> => {
    const failure = startFailure(`${EXEC_FAILED}${message}`);
    exec.running = false;
    exec.exitCode = failure.exitCode;
    container.execs.delete(exec.id);
    return { ok: false, error: failure.error };
  };
  if (!run) {
    exec.running = false;
    exec.exitCode = 126;
    return { ok: false, error: notRunning(container) };
  }
  const argv = [settings.entrypoint, ...settings.args];
  const asked = { argv, env: settings.env, cwd: settings.workingDir || "/", user: settings.user, privileged: settings.privileged };
  const command = findCommand(engine, container, run.namespaces, asked);
  if (!command.ok) return fails(command.error);
  const [rows, columns] = size ?? settings.consoleSize ?? [0, 0];
  const stdio = stdioOf({ tty: settings.tty, stdin: settings.openStdin && attached, size: { columns, rows } });
  const process = engine.kernel.processes.start({ namespaces: run.namespaces, ...command.value, stdio });
  if (!process.ok) return fails(`exec: "${settings.entrypoint}": ${process.error}`);
  exec.process = process.value;
  exec.pid = process.value.pid;
  engine.spawn(supervise(engine, exec, process.value));
  return process;
}

function* supervise(engine: Engine, exec: Exec, process: NonNullable<Exec["process"]>): Routine<void> {
  yield* copyOutput(engine, process, (stream, text) => exec.output.send({ stream, text }));
  const exitCode = exitCodeOf(process.end);
  exec.exitCode = exitCode;
  exec.running = false;
  exec.container.execs.delete(exec.id);
  exec.output.end();
  engine.logContainer(exec.container, "exec_die", { execID: exec.id, exitCode: String(exitCode) });
}

function activeExec(engine: Engine, id: string): Outcome<Exec> {
  const exec = engine.execs.get(id);
  if (!exec) return refuse("not-found", `No such exec instance: ${id}`);
  if (!engine.containers.byId(exec.container.id)) return refuse("not-found", `No such container: ${id}`);
  const inactive = inactiveError(exec.container, exec.container.id);
  return inactive ? { ok: false, error: inactive } : ok(exec);
}

function inactiveError(container: Container, term: string): EngineError | undefined {
  const { state } = container;
  if (!state.running) return notRunning(container);
  if (state.paused) return { kind: "conflict", message: `Container ${term} is paused, unpause the container before exec` };
  return state.restarting ? isRestarting(container) : undefined;
}
