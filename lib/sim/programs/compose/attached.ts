/** `up` without -d: the containers' output behind their names until they end or Ctrl-C stops them. Follows docker/compose up.go. */

import type { Routine } from "@/lib/sim/core/task";
import { failureOf, type UpgradeBody } from "@/lib/sim/programs/docker/client";
import type { Failure } from "@/lib/sim/programs/docker/cobra/command";
import { attachTo } from "@/lib/sim/programs/docker/commands/container/run";
import { beginWait, type PendingWait } from "@/lib/sim/programs/docker/commands/container/wait";
import { sideBySide } from "@/lib/sim/programs/docker/concurrent";
import { inReverse, inStartOrder, stopOne } from "./lifecycle";
import { copyLines, logName, PrefixWriter } from "./look";
import { containersOf, type Session } from "./session";

export type AttachOptions = { readonly services: readonly string[]; readonly prefix: boolean; readonly timeout: number | undefined };

/** Attaches to the created containers, starts them and copies what they print. */
export function* runAttached(session: Session, options: AttachOptions): Routine<Failure | undefined> {
  const { cli } = session;
  const all = yield* containersOf(session);
  if (!all.ok) return all.error;
  const wanted = inStartOrder(
    session,
    all.value.filter((one) => session.project.services.has(one.service)),
  );
  const followed = wanted.filter((one) => options.services.includes(one.service));
  yield* cli.out(`Attaching to ${followed.map((one) => logName(session, one)).join(", ")}\n`);
  const width = Math.max(0, ...followed.map((one) => logName(session, one).length));
  const strands: Routine<void>[] = [];
  const open: { readonly body: UpgradeBody; readonly wait: PendingWait }[] = [];
  for (const one of wanted) {
    const isFollowed = followed.includes(one);
    if (isFollowed) {
      const body = yield* attachTo(cli, one.id, { stdin: false, stdout: true, stderr: true, detachKeys: "" });
      if (!body.ok) return failureOf(body.error);
      const wait = yield* beginWait(cli, one.id, one.summary.State === "running" ? "not-running" : "next-exit");
      if (!wait.ok) return failureOf(wait.error);
      open.push({ body: body.value, wait: wait.value });
      const name = logName(session, one);
      const writer = new PrefixWriter(cli, options.prefix ? `${name.padEnd(width)}  | ` : "");
      strands.push(
        (function* (): Routine<void> {
          yield* copyLines(body.value, writer, false);
          const ended = yield* wait.value.read();
          if (ended.ok) yield* cli.out(`\r\u001b[K${name} exited with code ${ended.value.StatusCode}\n`);
        })(),
      );
    }
    if (one.summary.State !== "running") {
      const started = yield* cli.client.send("ContainerStart", { object: one.id });
      if (!started.ok) return failureOf(started.error);
    }
  }
  cli.client.holdsSignals = true;
  let isStopped = false;
  yield* sideBySide(cli.sys, strands, {
    isOver: () => isStopped,
    *onSignal(signal) {
      if ((signal !== "INT" && signal !== "TERM") || isStopped) return;
      yield* cli.out("Gracefully Stopping... press Ctrl+C again to force\n");
      session.progress.begin();
      for (const one of inReverse(session, wanted)) yield* stopOne(session, one, options.timeout);
      isStopped = true;
    },
  });
  if (isStopped)
    for (const { body, wait } of open) {
      body.cancel();
      wait.cancel();
    }
  if (!isStopped) return undefined;
  // The error of an interruption has no words; its line is printed all the same.
  yield* cli.err("\n");
  return { status: 130, message: "" };
}
