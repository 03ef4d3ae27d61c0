/** `docker attach` and `docker start`. Follows docker/cli cli/command/container/attach.go and start.go. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerInspect } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { failureOf } from "../../client";
import type { Failure, Handler, Invocation } from "../../cobra/command";
import { FORCED, PROXIED, resize } from "../attach-stream";
import { attachTo, NOT_A_TTY, statusOf, streamUntilExit } from "./run";
import { beginWait } from "./wait";

export const containerAttach: Handler = function* ({ cli, flags, args }) {
  const [name = ""] = args;
  const wait = yield* beginWait(cli, name, "");
  const container = yield* inspectRunning(cli, name);
  if (!container.ok) {
    if (wait.ok) wait.value.cancel();
    return container.error;
  }
  if (!wait.ok) return failureOf(wait.error);
  const { Tty: tty, OpenStdin: opensStdin } = container.value.Config;
  if (!flags.bool("no-stdin") && tty && !cli.terminal("stdin")) return NOT_A_TTY;
  const stdin = !flags.bool("no-stdin") && opensStdin;
  const proxies = flags.bool("sig-proxy") && !tty;
  if (proxies) cli.sys.catchSignals(...PROXIED);

  const detachKeys = flags.text("detach-keys") || cli.config.detachKeys;
  const body = yield* attachTo(cli, name, { stdin, stdout: true, stderr: true, detachKeys });
  if (!body.ok) return failureOf(body.error);
  const again = yield* inspectRunning(cli, name);
  if (!again.ok) {
    body.value.cancel();
    return again.error;
  }
  const resizes = tty && cli.terminal("stdout") !== undefined;
  if (resizes) {
    cli.sys.catchSignals("WINCH");
    // A shell that has printed its prompt already prints it anew for a new size.
    yield* resize(cli, { kind: "container", id: name }, 1);
    yield* resize(cli, { kind: "container", id: name });
  }
  const options = { stdin, stdout: true, stderr: true, tty, detachKeys, id: name, proxies, resizes, onTermination: "counts" } as const;
  const { end, result } = yield* streamUntilExit(cli, body.value, wait.value, options);
  if (end === "forced") return FORCED;
  if (end === "detached") return { status: 1, message: "read escape sequence" };
  if (!result) return undefined;
  if (!result.ok) return failureOf(result.error);
  if (result.value.Error?.Message) return { status: 1, message: result.value.Error.Message };
  return result.value.StatusCode === 0 ? undefined : { status: result.value.StatusCode, message: "" };
};

function* inspectRunning(cli: Cli, name: string): Routine<Result<ContainerInspect, Failure>> {
  const container = yield* cli.client.get<ContainerInspect>("ContainerInspect", { object: name });
  if (!container.ok) return fail(failureOf(container.error));
  const { State: state } = container.value;
  const refuse = (message: string): Result<never, Failure> => fail({ status: 1, message });
  if (!state.Running) return refuse("You cannot attach to a stopped container, start it first");
  if (state.Paused) return refuse("You cannot attach to a paused container, unpause it first");
  if (state.Restarting) return refuse("You cannot attach to a restarting container, wait until it is running");
  return ok(container.value);
}

export const containerStart: Handler = function* (invocation) {
  const { cli, flags, args } = invocation;
  if (flags.bool("attach") || flags.bool("interactive")) {
    if (args.length > 1) return { status: 1, message: "you cannot start and attach multiple containers at once" };
    return yield* startAttached(invocation);
  }
  const failed: string[] = [];
  for (const name of args) {
    const started = yield* cli.client.send("ContainerStart", { object: name });
    if (started.ok) yield* cli.out(`${name}\n`);
    else {
      yield* cli.err(`${started.error.message}\n`);
      failed.push(name);
    }
  }
  return failed.length > 0 ? { status: 1, message: `Error: failed to start containers: ${failed.join(", ")}` } : undefined;
};

function* startAttached({ cli, flags, args }: Invocation): Routine<Failure | undefined> {
  const container = yield* cli.client.get<ContainerInspect>("ContainerInspect", { object: args[0] ?? "" });
  if (!container.ok) return failureOf(container.error);
  const { Id: id, Config: config, HostConfig: hostConfig } = container.value;
  const proxies = !config.Tty;
  if (proxies) cli.sys.catchSignals(...PROXIED);
  const stdin = flags.bool("interactive") && config.OpenStdin;
  const detachKeys = flags.text("detach-keys") || cli.config.detachKeys;
  const body = yield* attachTo(cli, id, { stdin, stdout: true, stderr: true, detachKeys });
  if (!body.ok) return failureOf(body.error);
  const wait = yield* beginWait(cli, id, hostConfig.AutoRemove ? "removed" : "next-exit");
  if (!wait.ok) return failureOf(wait.error);
  const started = yield* cli.client.send("ContainerStart", { object: id });
  if (!started.ok) {
    body.value.cancel();
    if (hostConfig.AutoRemove) yield* wait.value.read();
    else wait.value.cancel();
    return failureOf(started.error);
  }
  const resizes = config.Tty && cli.terminal("stdout") !== undefined;
  if (resizes) {
    cli.sys.catchSignals("WINCH");
    yield* resize(cli, { kind: "container", id });
  }
  const options = { stdin, stdout: true, stderr: true, tty: config.Tty, detachKeys, id, proxies, resizes, onTermination: "ends" } as const;
  return yield* statusOf(cli, yield* streamUntilExit(cli, body.value, wait.value, options));
}
