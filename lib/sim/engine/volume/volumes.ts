/**
 * Volumes of driver `local`: directories of the host under /var/lib/docker/volumes, and who refers to them.
 * Modelled on moby's volume/service (store.go, service.go, errors.go) and volume/local, with their words.
 */

import { ok } from "@/lib/base/result";
import type { Volume, VolumesPruneReport } from "@/lib/sim/api";
import type { FileSystem } from "@/lib/sim/kernel";
import { type Outcome, refuse, refuseNotSimulated } from "../error";
import type { Events } from "../events";
import { Filters } from "../filters";
import { printSlice, quote } from "../go/quote";
import { sortedByKey } from "../go/shape";
import { parseBool } from "../go/strconv";
import { type EpochMicros, rfc3339 } from "../go/time";
import type { Ids } from "../ids";
import { bytesBelow, holdsAnything } from "./files";

const ANONYMOUS = "com.docker.volume.anonymous";
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
/** Options of the local driver: they mount a file system. */
const MOUNT_OPTIONS = ["type", "o", "device", "size"];

type Stored = {
  readonly name: string;
  readonly createdAt: EpochMicros;
  readonly labels: Readonly<Record<string, string>> | null;
  /** Ids of the containers that have it mounted or would. */
  readonly users: Set<string>;
};

export type NewVolume = {
  readonly name: string;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>> | null;
  readonly labels: Readonly<Record<string, string>> | null;
  /** The container that asks for it. */
  readonly user?: string;
};

export class Volumes {
  readonly #files: FileSystem;
  readonly #ids: Ids;
  readonly #events: Events;
  readonly #volumes = new Map<string, Stored>();

  constructor(files: FileSystem, ids: Ids, events: Events) {
    this.#files = files;
    this.#ids = ids;
    this.#events = events;
  }

  create(asked: NewVolume, now: EpochMicros): Outcome<Volume> {
    const isAnonymous = asked.name === "";
    const name = isAnonymous ? this.#ids.next() : asked.name;
    const known = this.#volumes.get(name);
    if (!known) {
      const refused = check(name, asked);
      if (!refused.ok) return refused;
      const labels = isAnonymous ? { ...asked.labels, [ANONYMOUS]: "" } : asked.labels;
      this.#volumes.set(name, { name, createdAt: now, labels: labels && sortedByKey(labels), users: new Set() });
      this.#files.add([{ path: dataPath(name), kind: "directory", mode: 0o755 }]);
      this.#events.log("volume", "create", name, { driver: "local" });
    }
    if (asked.user !== undefined) this.#volumes.get(name)?.users.add(asked.user);
    return this.get(name);
  }

  get(name: string): Outcome<Volume> {
    const volume = this.#volumes.get(name);
    return volume ? ok(viewOf(volume)) : refuse("not-found", `get${name === "" ? "" : ` ${name}`}: no such volume`);
  }

  use(name: string, containerId: string): void {
    this.#volumes.get(name)?.users.add(containerId);
  }

  release(name: string, containerId: string): void {
    this.#volumes.get(name)?.users.delete(containerId);
  }

  isEmpty(name: string): boolean {
    return !holdsAnything(this.#files, dataPath(name));
  }

  /** `force`: one that is not there is no error. */
  remove(name: string, force = false): Outcome<void> {
    const volume = this.#volumes.get(name);
    if (!volume) return force ? ok(undefined) : refuse("not-found", `get ${name}: no such volume`);
    if (volume.users.size > 0) return refuse("conflict", `remove ${name}: volume is in use - [${[...volume.users].join(", ")}]`);
    this.#files.remove(`${ROOT}/${name}`);
    this.#volumes.delete(name);
    this.#events.log("volume", "destroy", name, { driver: "local" });
    return ok(undefined);
  }

  list(filters: Filters): Outcome<readonly Volume[]> {
    const accepted = filters.check(["dangling", "name", "driver", "label"]);
    if (!accepted.ok) return accepted;
    const dangling = filters.bool("dangling", false);
    if (!dangling.ok) return dangling;
    const found = this.#sorted().filter(
      (volume) =>
        filters.exact("driver", "local") &&
        (!filters.has("name") || filters.match("name", volume.name)) &&
        filters.matchLabels("label", volume.labels) &&
        (!filters.has("dangling") || dangling.value === (volume.users.size === 0)),
    );
    return ok(found.map(viewOf));
  }

  /** Those that nobody uses; only anonymous ones unless `all` says otherwise. */
  prune(asked: Filters): Outcome<VolumesPruneReport> {
    const all = asked.values("all");
    let filters = asked;
    if (all.length > 1) return refuse("invalid", `invalid filter 'all=${printSlice(all)}': only one value is expected`);
    const wantsAll = parseBool(all[0] ?? "false");
    if (!wantsAll.ok) return refuse("invalid", `invalid filter 'all': ${wantsAll.error}`);
    if (!wantsAll.value) filters = filters.with("label", ANONYMOUS);
    const accepted = filters.check(["label", "label!", "all"]);
    if (!accepted.ok) return accepted;

    const deleted: string[] = [];
    let reclaimed = 0;
    for (const volume of this.#sorted()) {
      if (volume.users.size > 0 || !filters.matchPruneLabels(volume.labels)) continue;
      const size = this.#sizeOf(volume);
      if (!this.remove(volume.name).ok) continue;
      deleted.push(volume.name);
      reclaimed += size;
    }
    this.#events.log("volume", "prune", "", { reclaimed: String(reclaimed) });
    return ok({ VolumesDeleted: deleted, SpaceReclaimed: reclaimed });
  }

  /** With how many containers use each, for `docker system df`. */
  usage(): readonly Volume[] {
    return this.#sorted().map((volume) => ({ ...viewOf(volume), UsageData: { RefCount: volume.users.size, Size: this.#sizeOf(volume) } }));
  }

  #sizeOf(volume: Stored): number {
    return bytesBelow(this.#files, dataPath(volume.name));
  }

  #sorted(): readonly Stored[] {
    return [...this.#volumes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

const ROOT = "/var/lib/docker/volumes";

export function dataPath(name: string): string {
  return `${ROOT}/${name}/_data`;
}

function check(name: string, { driver, options }: NewVolume): Outcome<void> {
  if (driver !== "" && driver !== "local") {
    return refuse("not-found", `create ${name}: error looking up volume plugin ${driver}: plugin ${quote(driver)} not found`);
  }
  if (name.length === 1)
    return refuse("invalid", `create ${name}: volume name is too short, names should be at least two alphanumeric characters`);
  if (!NAME.test(name)) {
    return refuse(
      "invalid",
      `create ${name}: ${quote(name)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
    );
  }
  for (const option of Object.keys(options ?? {})) {
    if (!MOUNT_OPTIONS.includes(option)) return refuse("invalid", `create ${name}: invalid option: ${quote(option)}`);
    return refuseNotSimulated(`the volume option ${option}`);
  }
  return ok(undefined);
}

function viewOf(volume: Stored): Volume {
  return {
    CreatedAt: rfc3339(volume.createdAt),
    Driver: "local",
    Labels: volume.labels,
    Mountpoint: dataPath(volume.name),
    Name: volume.name,
    Options: null,
    Scope: "local",
  };
}
