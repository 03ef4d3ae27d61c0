/** Changing what a container is called and how it restarts; waiting for it; what it changed in its files (moby: daemon/rename.go, update.go, wait.go, changes.go, prune.go). */

import { ok } from "@/lib/base/result";
import type { ContainersPruneReport, ContainerUpdateResponse, FilesystemChange, WaitCondition, WaitResponse } from "@/lib/sim/api";
import { Channel } from "@/lib/sim/core/channel";
import type { ServiceResponse } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Engine } from "../engine";
import { type EngineError, type Outcome, prefixed, refuse } from "../error";
import type { Filters } from "../filters";
import { printJson } from "../go/json-print";
import { quote } from "../go/quote";
import type { ApiRequest } from "../http/request";
import { lines } from "../http/response";
import { untilOf } from "../image/delete";
import type { Container } from "./container";
import { sizesOf } from "./inspect";
import { renameOnNetworks } from "./networking";
import { HOST_CONFIG, UPDATE } from "./shapes";
import { remove } from "./stop";
import { isNoRestart, verifyHostConfig } from "./verify";

export function* rename(engine: Engine, term: string, wanted: string): Routine<Outcome<void>> {
  if (term === "" || wanted === "") return refuse("invalid", "Neither old nor new names may be empty");
  const found = engine.containers.get(term);
  if (!found.ok) return found;
  const container = found.value;
  return yield* container.lock.with(function* (): Routine<Outcome<void>> {
    const before = container.name;
    const full = wanted.startsWith("/") ? wanted : `/${wanted}`;
    if (before === full) return refuse("invalid", "Renaming a container with the same name as its current name");
    const reserved = engine.containers.reserve(full, container.id);
    if (!reserved.ok) return prefixed("Error when allocating new name", reserved.error);
    for (const [alias, child] of [...engine.links.children(container)]) {
      const moved = full + alias.slice(before.length);
      engine.containers.reserveAlias(moved, child.id);
      engine.links.link(container, child, moved);
      engine.links.unlink(alias, container);
      engine.containers.release(alias);
    }
    container.name = full;
    engine.containers.release(before);
    if (container.state.running) renameOnNetworks(engine, container);
    engine.logContainer(container, "rename", { oldName: before });
    return ok(undefined);
  });
}

export function update(engine: Engine, request: ApiRequest): Outcome<ContainerUpdateResponse> {
  const body = request.json(UPDATE, "UpdateConfig");
  if (!body.ok) return body;
  const { PidsLimit } = body.value;
  const asked = HOST_CONFIG.write({ ...HOST_CONFIG.zero, ...body.value, PidsLimit: PidsLimit !== null && PidsLimit <= 0 ? 0 : PidsLimit });
  const verified = verifyHostConfig(asked, { ipForwarding: true, hostPathExists: () => true, isUpdate: true });
  if (!verified.ok) return refuse("invalid", verified.error);
  const warnings = verified.value.warnings.length > 0 ? verified.value.warnings : null;
  const found = engine.containers.get(request.object);
  if (!found.ok) return found;
  const container = found.value;
  const cannot = (message: string, kind: EngineError["kind"]): Outcome<never> =>
    refuse(kind, `Cannot update container ${container.id}: ${message}`);
  if (container.state.removalInProgress || container.state.dead)
    return cannot('container is marked for removal and cannot be "update"', "internal");

  const policy = verified.value.host.RestartPolicy;
  if (policy.Name !== "") {
    if (container.hostConfig.AutoRemove && !isNoRestart(policy)) {
      return cannot("Restart policy cannot be updated because AutoRemove is enabled for the container", "conflict");
    }
    container.hostConfig = { ...container.hostConfig, RestartPolicy: policy };
    container.restartManager.setPolicy(policy);
  }
  engine.logContainer(container, "update");
  return ok({ Warnings: warnings });
}

/** The answer's status at once, its body when the condition is met. */
export function wait(engine: Engine, request: ApiRequest): Outcome<ServiceResponse> {
  const condition = request.text("condition") || "not-running";
  if (!isCondition(condition)) return refuse("invalid", `invalid condition: ${quote(condition)}`);
  const found = engine.containers.get(request.object);
  if (!found.ok) return found;
  const waiting = found.value.state.wait(condition);
  const channel = new Channel<string>();
  const task = engine.spawn(
    (function* (): Routine<void> {
      const { exitCode, error } = yield* waiting.result();
      const body: WaitResponse = { ...(error === "" ? {} : { Error: { Message: error } }), StatusCode: exitCode };
      channel.push(printJson(body, { html: true }));
      channel.end();
    })(),
  );
  return ok(
    lines(
      () => channel.read(),
      () => {
        task.cancel();
        channel.end();
      },
    ),
  );
}

export function changes(engine: Engine, term: string): Outcome<readonly FilesystemChange[] | null> {
  const found = engine.containers.get(term);
  if (!found.ok) return found;
  const changed = found.value.root.changes().map(({ path, kind }) => ({ Kind: KINDS[kind], Path: path }));
  return ok(changed.length > 0 ? changed : null);
}

const KINDS = { C: 0, A: 1, D: 2 } as const;

export function resize(engine: Engine, container: Container, rows: number, columns: number): Outcome<void> {
  if (!container.state.running) return refuse("conflict", `container ${container.id} is not running`);
  container.size = { columns, rows };
  container.run?.process.pty?.resize(columns, rows);
  engine.logContainer(container, "resize", { height: String(rows), width: String(columns) });
  return ok(undefined);
}

export function* pruneContainers(engine: Engine, filters: Filters): Routine<Outcome<ContainersPruneReport>> {
  const accepted = filters.check(["label", "label!", "until"]);
  if (!accepted.ok) return accepted;
  const until = untilOf(filters, engine.now);
  if (!until.ok) return until;
  const deleted: string[] = [];
  let reclaimed = 0;
  for (const container of engine.containers.list()) {
    if (container.state.running || (until.value !== undefined && container.created > until.value)) continue;
    if (!filters.matchPruneLabels(container.config.Labels)) continue;
    const { own } = sizesOf(engine, container);
    const removed = yield* remove(engine, container.id, { force: false, removeVolumes: false, removeLink: false });
    if (!removed.ok) continue;
    deleted.push(container.id);
    reclaimed += own;
  }
  engine.events.log("container", "prune", "", { reclaimed: String(reclaimed) });
  return ok({ ContainersDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: reclaimed });
}

function isCondition(text: string): text is WaitCondition {
  return text === "not-running" || text === "next-exit" || text === "removed";
}
