/** A container's mounts as it starts and stops: sources that have to be there, and the events of volumes (moby: daemon/volumes_unix.go). */

import { ok } from "@/lib/base/result";
import type { Engine } from "../engine";
import { type Outcome, refuse } from "../error";
import type { MountedPoint } from "../volume/mount-point";
import type { Container } from "./container";

export function mountVolumes(engine: Engine, container: Container): Outcome<void> {
  for (const mount of inOrder(container)) {
    if (mount.type === "bind" && !engine.hostPathExists(mount.source)) {
      if (mount.sourceMustExist)
        return refuse("invalid", `invalid mount config for type "bind": bind source path does not exist: ${mount.source}`);
      engine.kernel.root.mnt.root.add([{ path: mount.source, kind: "directory", mode: 0o755 }]);
    }
    if (mount.type !== "volume") continue;
    // It may have gone while another storage driver kept this container out of sight.
    const volume = engine.volumes.get(mount.name);
    if (!volume.ok) return volume;
    engine.events.log("volume", "mount", mount.name, {
      driver: mount.driver,
      container: container.id,
      destination: mount.destination,
      "read/write": String(mount.writable),
      propagation: mount.propagation,
    });
  }
  container.hasMountedVolumes = true;
  return ok(undefined);
}

export function unmountVolumes(engine: Engine, container: Container): void {
  if (!container.hasMountedVolumes) return;
  container.hasMountedVolumes = false;
  for (const mount of inOrder(container)) {
    if (mount.type === "volume") engine.events.log("volume", "unmount", mount.name, { driver: mount.driver, container: container.id });
  }
}

export function inOrder(container: Container): readonly MountedPoint[] {
  return [...container.mounts.values()].sort((a, b) => (a.destination < b.destination ? -1 : 1));
}
