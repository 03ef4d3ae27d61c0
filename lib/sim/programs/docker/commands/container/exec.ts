/** `docker exec`. Follows docker/cli cli/command/container/exec.go. */

import type { ContainerInspect, ExecCreateRequest, ExecCreateResponse, ExecInspect, ExecStartRequest } from "@/lib/sim/api";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { readKeyValueFile } from "../../opts/validators";
import { resize, stream } from "../attach-stream";
import { NOT_A_TTY } from "./run";

export const containerExec: Handler = function* ({ cli, flags, args }) {
  const [name = "", ...command] = args;
  const environment: string[] = [];
  for (const file of flags.list("env-file")) {
    const lines = readKeyValueFile(file, cli, (key) => cli.env(key));
    if (!lines.ok) return { status: 1, message: lines.error };
    environment.push(...lines.value);
  }
  environment.push(...flags.list("env"));

  // "No such container" goes before "not a TTY", and no exec is left behind on the daemon.
  const container = yield* cli.client.get<ContainerInspect>("ContainerInspect", { object: name });
  if (!container.ok) return failureOf(container.error);
  const isDetached = flags.bool("detach");
  const tty = flags.bool("tty");
  const stdin = !isDetached && flags.bool("interactive");
  if (stdin && tty && !cli.terminal("stdin")) return NOT_A_TTY;

  const terminal = cli.terminal("stdout");
  const size = tty ? { ConsoleSize: [terminal?.rows ?? 0, terminal?.columns ?? 0] as const } : {};
  const detachKeys = flags.text("detach-keys") || cli.config.detachKeys;
  const body: ExecCreateRequest = {
    User: flags.text("user"),
    Privileged: flags.bool("privileged"),
    Tty: tty,
    ...size,
    AttachStdin: stdin,
    AttachStderr: !isDetached,
    AttachStdout: !isDetached,
    DetachKeys: detachKeys,
    Env: environment.length > 0 ? environment : null,
    WorkingDir: flags.text("workdir"),
    Cmd: command,
  };
  const created = yield* cli.client.get<ExecCreateResponse>("ContainerExec", { object: name, body });
  if (!created.ok) return failureOf(created.error);
  const id = created.value.Id;
  const start: ExecStartRequest = { Detach: isDetached, Tty: tty, ...size };
  if (isDetached) {
    const started = yield* cli.client.send("ExecStart", { object: id, body: start });
    return started.ok ? undefined : failureOf(started.error);
  }

  const upgrade = yield* cli.client.upgrade("ExecStart", { object: id, body: start });
  if (!upgrade.ok) return failureOf(upgrade.error);
  const resizes = tty && cli.terminal("stdin") !== undefined;
  if (resizes) {
    cli.sys.catchSignals("WINCH");
    yield* resize(cli, { kind: "exec", id });
  }
  const end = yield* stream(cli, upgrade.value, {
    stdin,
    stdout: true,
    stderr: true,
    tty,
    detachKeys,
    *onSignal(signal) {
      if (signal === "WINCH" && resizes) yield* resize(cli, { kind: "exec", id });
    },
    // Signals are not passed on to an exec: they end the command, and the process in the container goes on.
    onTermination: "ends",
  });
  if (end === "interrupted") return undefined;
  if (end === "detached") return { status: 1, message: "read escape sequence" };
  const ended = yield* cli.client.get<ExecInspect>("ExecInspect", { object: id });
  if (!ended.ok) return failureOf(ended.error);
  const status = ended.value.ExitCode ?? 0;
  return status === 0 ? undefined : { status, message: "" };
};
