/** `docker run`. Follows docker/cli cli/command/container/run.go: create, attach, wait, start, stream, and the exit status. */

import type { Result } from "@/lib/base/result";
import type { WaitResponse } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { type ApiError, failureOf, type UpgradeBody } from "../../client";
import type { Failure, Handler } from "../../cobra/command";
import { FORCED, forwarder, PROXIED, resize, stream, type StreamEnd } from "../attach-stream";
import { createContainer, parseInvocation, withHelp } from "./create";
import { beginWait, type PendingWait } from "./wait";

export const containerRun: Handler = function* (invocation) {
  const { cli, flags } = invocation;
  const parsed = parseInvocation(invocation);
  if (!parsed.ok) return { status: 125, message: withHelp(parsed.error, "run") };

  const isDetached = flags.bool("detach");
  const tty = flags.bool("tty");
  let { attach } = parsed.value;
  if (!isDetached) {
    if (attach.stdin && tty && !cli.terminal("stdin")) return NOT_A_TTY;
  } else if (flags.list("attach").length > 0) {
    return { status: 1, message: "conflicting options: cannot specify both --attach and --detach" };
  } else attach = { stdin: false, stdout: false, stderr: false };
  const body = {
    ...parsed.value.body,
    AttachStdin: attach.stdin,
    AttachStdout: attach.stdout,
    AttachStderr: attach.stderr,
    ...(isDetached ? { StdinOnce: false } : {}),
  };

  const id = yield* createContainer(invocation, { ...parsed.value, body });
  if (!id.ok) return id.error.message === "" ? id.error : runError(id.error.message);
  cli.client.holdsSignals = true;
  if (flags.bool("sig-proxy")) cli.sys.catchSignals(...PROXIED);

  if (isDetached || !(attach.stdin || attach.stdout || attach.stderr)) {
    const started = yield* cli.client.send("ContainerStart", { object: id.value });
    yield* cli.out(`${id.value}\n`);
    return started.ok ? undefined : runError(started.error.message);
  }
  return yield* runAttached(cli, id.value, {
    attach,
    tty,
    detachKeys: flags.text("detach-keys") || cli.config.detachKeys,
    removes: flags.bool("rm"),
    proxies: flags.bool("sig-proxy"),
  });
};

type AttachedRun = {
  readonly attach: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly tty: boolean;
  readonly detachKeys: string;
  readonly removes: boolean;
  readonly proxies: boolean;
};

function* runAttached(cli: Cli, id: string, options: AttachedRun): Routine<Failure | undefined> {
  const body = yield* attachTo(cli, id, { ...options.attach, detachKeys: options.detachKeys });
  if (!body.ok) return failureOf(body.error);
  const wait = yield* beginWait(cli, id, options.removes ? "removed" : "next-exit");
  if (!wait.ok) return failureOf(wait.error);

  const started = yield* cli.client.send("ContainerStart", { object: id });
  if (!started.ok) {
    body.value.cancel();
    if (options.removes) yield* wait.value.read();
    else wait.value.cancel();
    return runError(started.error.message);
  }
  const resizes = options.tty && cli.terminal("stdout") !== undefined;
  if (resizes) {
    cli.sys.catchSignals("WINCH");
    yield* resize(cli, { kind: "container", id });
  }
  const ended = yield* streamUntilExit(cli, body.value, wait.value, {
    ...options.attach,
    tty: options.tty,
    detachKeys: options.detachKeys,
    id,
    proxies: options.proxies,
    resizes,
    onTermination: "counts",
  });
  return yield* statusOf(cli, ended);
}

export type ExitStream = {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  readonly detachKeys: string;
  readonly id: string;
  readonly proxies: boolean;
  readonly resizes: boolean;
  readonly onTermination: "ends" | "counts";
};

export type Ended = { readonly end: StreamEnd; readonly result: Result<WaitResponse, ApiError> | undefined };

/** Streams until the container's output has ended and the wait for its end, too. */
export function* streamUntilExit(cli: Cli, body: UpgradeBody, wait: PendingWait, options: ExitStream): Routine<Ended> {
  let result: Result<WaitResponse, ApiError> | undefined;
  const watchExit = function* (): Routine<void> {
    result = yield* wait.read();
  };
  const hasOutput = options.stdout || options.stderr;
  cli.client.holdsSignals = true;
  const end = yield* stream(cli, body, {
    stdin: options.stdin,
    stdout: options.stdout,
    stderr: options.stderr,
    tty: options.tty,
    detachKeys: options.detachKeys,
    onSignal: forwarder(cli, options.id, { proxies: options.proxies, resizes: options.resizes }),
    onTermination: options.onTermination,
    beside: watchExit(),
    isOver: () => result !== undefined && !hasOutput,
  });
  if (end !== "ended") wait.cancel();
  return { end, result };
}

/** The container's exit status as the command's. */
export function* statusOf(cli: Cli, { end, result }: Ended): Routine<Failure | undefined> {
  if (end === "forced") return FORCED;
  if (end !== "ended") return undefined;
  if (!result?.ok) return { status: 125, message: "" };
  if (result.value.Error?.Message) {
    yield* cli.err(`time="" level=error msg="Error waiting for container: ${result.value.Error.Message}"\n`);
    return { status: 125, message: "" };
  }
  return result.value.StatusCode === 0 ? undefined : { status: result.value.StatusCode, message: "" };
}

/** Attaches to a container's streams. */
export function* attachTo(
  cli: Cli,
  id: string,
  options: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean; readonly detachKeys: string },
): Routine<Result<UpgradeBody, ApiError>> {
  const flag = (isOn: boolean): string | undefined => (isOn ? "1" : undefined);
  const query = {
    stream: "1",
    stdin: flag(options.stdin),
    stdout: flag(options.stdout),
    stderr: flag(options.stderr),
    detachKeys: options.detachKeys || undefined,
  };
  return yield* cli.client.upgrade("ContainerAttach", { object: id, query });
}

export const NOT_A_TTY: Failure = { status: 1, message: "the input device is not a TTY" };

/** The status tells what kind of failure it was: 127 no such command, 126 not to be run, 125 anything else. */
function runError(message: string): Failure {
  const isMissing = /executable file not found|no such file or directory|system cannot find the file specified/.test(message);
  const isForbidden = /permission denied|is a directory/.test(message);
  return { status: isMissing ? 127 : isForbidden ? 126 : 125, message: withHelp(message, "run") };
}
