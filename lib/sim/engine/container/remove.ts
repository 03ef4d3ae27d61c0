/** Removing a container for good: its name, its links, its mounts (moby: daemon/delete.go, cleanupContainer). */

import type { Engine } from "../engine";
import { inOrder } from "./volume-mounts";
import type { Container } from "./container";

/** The container does not run (any more). `removeVolumes`: its anonymous volumes go with it. */
export function removeContainer(engine: Engine, container: Container, how: { readonly removeVolumes: boolean }): void {
  if (container.state.removed) return;
  container.state.dead = true;
  const aliases = engine.links.delete(container);
  engine.containers.delete(container);
  for (const mount of inOrder(container)) {
    if (mount.type !== "volume") continue;
    engine.volumes.release(mount.name, container.id);
    if (how.removeVolumes && !mount.isNamed) engine.volumes.remove(mount.name);
  }
  for (const alias of aliases) engine.containers.release(alias);
  container.output.end();
  container.log.grew.wake();
  container.state.setRemoved();
  engine.logContainer(container, "destroy");
}
