/**
 * A container's mounts, settled when it is created: `-v`, `--mount`, `--volumes-from`, and the image's volumes.
 * Modelled on moby's daemon/volumes.go (registerMountPoints) and create_unix.go (anonymous volumes, copying the image's
 * data into new volumes).
 */

import { ok } from "@/lib/base/result";
import type { Container } from "../container/container";
import type { Engine } from "../engine";
import { type Outcome, refuse, refuseNotSimulated } from "../error";
import { kindOf } from "./files";
import { cleanPath, type MountedPoint, parseBind, parseMount, parseVolumesFrom } from "./mount-point";
import { dataPath } from "./volumes";

export function registerMounts(engine: Engine, container: Container): Outcome<void> {
  const { hostConfig: host } = container;
  const taken = new Set<string>();

  for (const spec of host.VolumesFrom ?? []) {
    const parsed = parseVolumesFrom(spec);
    if (!parsed.ok) return refuse("invalid", parsed.error);
    const donor = engine.containers.get(parsed.value.container);
    if (!donor.ok) return refuse("invalid", donor.error.message);
    for (const mount of donor.value.mounts.values()) {
      // moby looks every mount without a source up as a volume, a tmpfs among them, and finds none.
      if (mount.type !== "bind") {
        const volume = engine.volumes.get(mount.name);
        if (!volume.ok) return volume;
        engine.volumes.use(mount.name, container.id);
      }
      put(engine, container, { ...mount, writable: mount.writable && parsed.value.writable, copyData: false });
    }
  }

  for (const raw of host.Binds ?? []) {
    const parsed = parseBind(raw, host.VolumeDriver);
    if (!parsed.ok) return refuse("internal", parsed.error);
    if (taken.has(parsed.value.destination) || Object.hasOwn(host.Tmpfs ?? {}, parsed.value.destination)) {
      return refuse("invalid", `Duplicate mount point: ${parsed.value.destination}`);
    }
    const added = add(engine, container, parsed.value, null, null);
    if (!added.ok) return added;
    taken.add(parsed.value.destination);
  }

  for (const mount of host.Mounts ?? []) {
    if (mount.Type === "image") return refuseNotSimulated("mounting an image");
    if (mount.Type === "volume" && mount.VolumeOptions?.Subpath) return refuseNotSimulated("mounting a part of a volume");
    const parsed = parseMount(mount, (path) => engine.hostPathExists(path));
    if (!parsed.ok) return refuse("invalid", parsed.error);
    if (taken.has(parsed.value.destination)) return refuse("invalid", `Duplicate mount point: ${mount.Target ?? ""}`);
    const added = add(
      engine,
      container,
      parsed.value,
      mount.VolumeOptions?.DriverConfig?.Options ?? null,
      mount.VolumeOptions?.Labels ?? null,
    );
    if (!added.ok) return added;
    taken.add(parsed.value.destination);
  }

  for (const spec of Object.keys(container.config.Volumes ?? {}).sort()) {
    const destination = cleanPath(spec);
    if (container.hasMountFor(destination)) continue;
    if (kindOf(container.root, absolute(destination)) === "file")
      return refuse("internal", `cannot mount volume over existing file, file exists ${destination}`);
    const volume = engine.volumes.create(
      { name: "", driver: host.VolumeDriver, options: null, labels: null, user: container.id },
      engine.now,
    );
    if (!volume.ok) return volume;
    put(engine, container, {
      ...ANONYMOUS,
      name: volume.value.Name,
      source: volume.value.Mountpoint,
      destination,
      driver: volume.value.Driver,
    });
  }
  for (const mount of container.mounts.values()) if (mount.type === "volume" && mount.copyData) populate(engine, container, mount);
  return ok(undefined);
}

const ANONYMOUS: Omit<MountedPoint, "name" | "source" | "destination" | "driver"> = {
  type: "volume",
  mode: "",
  writable: true,
  propagation: "",
  copyData: true,
  sourceMustExist: false,
  isNamed: false,
  tmpfsMode: undefined,
};

/** A path as the container sees it; what was given without a slash begins at its root. */
export function absolute(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}

function add(
  engine: Engine,
  container: Container,
  mount: MountedPoint,
  options: Readonly<Record<string, string>> | null,
  labels: Readonly<Record<string, string>> | null,
): Outcome<void> {
  if (mount.type !== "volume") {
    put(engine, container, mount);
    return ok(undefined);
  }
  const volume = engine.volumes.create({ name: mount.name, driver: mount.driver, options, labels, user: container.id }, engine.now);
  if (!volume.ok) return volume;
  put(engine, container, {
    ...mount,
    name: volume.value.Name,
    source: volume.value.Mountpoint,
    driver: volume.value.Driver,
    mode: mount.mode || "z",
  });
  return ok(undefined);
}

/** A later mount at the same place takes the place of an earlier one. */
function put(engine: Engine, container: Container, mount: MountedPoint): void {
  const before = container.mounts.get(mount.destination);
  if (before?.type === "volume" && before.name !== mount.name) engine.volumes.release(before.name, container.id);
  container.mounts.set(mount.destination, mount);
}

/** What the image has at the destination, into a volume that is empty. */
function populate(engine: Engine, container: Container, mount: MountedPoint): void {
  if (!engine.volumes.isEmpty(mount.name)) return;
  const image = engine.images.byId(container.imageId);
  const prefix = `${absolute(mount.destination)}/`;
  const target = dataPath(mount.name);
  const entries = image?.manifest.layers.flatMap((layer) => layer.files.filter(({ path }) => path.startsWith(prefix))) ?? [];
  engine.kernel.root.mnt.root.add(entries.map((entry) => ({ ...entry, path: `${target}/${entry.path.slice(prefix.length)}` })));
}
