/**
 * Storage drivers: which of them dockerd starts with, what it says of the others, and the options that each takes.
 *
 * A learner meets them in daemon.json (`storage-driver`, `storage-opts`), in `docker info` and in `docker run --storage-opt`.
 * Follows moby's daemon/graphdriver (driver.go, overlay2/overlay.go, vfs/driver.go), with its words. Differs: /var/lib/docker
 * lies on ext4 without quotas, which is why neither a size nor btrfs can be had. What a driver does on the disk does not show,
 * and `--storage-opt SIZE=1G`, in capitals, is refused like `size`, where the real daemon drops the connection.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { SystemInfo } from "@/lib/sim/api";
import type { DaemonConfig } from "./daemon-config";

export type StorageDriver = "overlay2" | "vfs";

/** What moby takes when daemon.json names none, whatever else there is: it never finds its way back to vfs by itself. */
export const DEFAULT_STORAGE_DRIVER: StorageDriver = "overlay2";

/** The file system under /var/lib/docker. */
const BACKING_FILE_SYSTEM = "extfs";

const REMOVED = ["aufs", "devicemapper", "overlay"];

/** The driver that daemon.json asks for, or what dockerd says as it gives up. The name is empty when it asks for none. */
export function chooseStorageDriver({ driver: name, options }: DaemonConfig["storage"]): Result<StorageDriver, string> {
  const refuse = (why: string): Result<never, string> => fail(`failed to start daemon: error initializing graphdriver: ${why}`);
  if (REMOVED.includes(name))
    return refuse(
      `[graphdriver] ERROR: the ${name} storage-driver has been deprecated and removed; visit https://docs.docker.com/go/storage-driver/ for more information: ${name}`,
    );
  if (name === "btrfs") return refuse("prerequisites for driver not satisfied (wrong filesystem?): btrfs");
  const driver = name === "" ? DEFAULT_STORAGE_DRIVER : name;
  if (driver !== "overlay2" && driver !== "vfs") return refuse(`driver not supported: ${driver}`);
  const fault = options.map((option) => faultOfOption(driver, option)).find((found) => found !== undefined);
  if (fault === undefined) return ok(driver);
  return refuse(driver === "vfs" ? `${fault}: vfs` : fault);
}

/** One `storage-opts` of the daemon. */
function faultOfOption(driver: StorageDriver, option: string): string | undefined {
  const equals = option.indexOf("=");
  if (equals < 0) return `unable to parse storage-opt key/value: ${option}`;
  const key = option.slice(0, equals).toLowerCase();
  const value = option.slice(equals + 1);
  if (key !== (driver === "overlay2" ? "overlay2.size" : "size"))
    return driver === "overlay2" ? `overlay2: unknown option ${key}` : `unknown option ${key} for vfs`;
  if (!/^[0-9]+(\.[0-9]+)? ?([kmgtp]i?)?b?$/i.test(value)) return `invalid size: '${value}'`;
  if (driver === "vfs") return NO_QUOTAS;
  return Number.parseFloat(value) > 0
    ? `Storage Option overlay2.size only supported for backingFS XFS. Found ${BACKING_FILE_SYSTEM}`
    : undefined;
}

const NO_QUOTAS = "Filesystem does not support, or has not enabled quotas";

/** Why a container cannot have these options (`--storage-opt`). */
export function faultOfStorageOptions(driver: StorageDriver, options: Readonly<Record<string, string>> | undefined): string | undefined {
  const keys = Object.keys(options ?? {}).sort();
  if (keys.some((key) => key.toLowerCase() === "size"))
    return driver === "vfs" ? NO_QUOTAS : "--storage-opt is supported only for overlay over xfs with 'pquota' mount option";
  const [unknown] = keys;
  if (unknown === undefined) return undefined;
  return driver === "vfs" ? `Storage opt ${unknown} not supported` : `Unknown option ${unknown}`;
}

/** Where the layer `id` lies, over those below it, from the top down (`docker inspect`). vfs says nothing. */
export function layersData(driver: StorageDriver, id: string, below: readonly string[]): Readonly<Record<string, string>> | null {
  if (driver === "vfs") return null;
  const directory = `/var/lib/docker/${driver}`;
  return {
    ...(below.length > 0 ? { LowerDir: below.map((layer) => `${directory}/${layer}/diff`).join(":") } : {}),
    MergedDir: `${directory}/${id}/merged`,
    UpperDir: `${directory}/${id}/diff`,
    WorkDir: `${directory}/${id}/work`,
  };
}

/** What `docker info` says of it. */
export function storageDriverStatus(driver: StorageDriver): SystemInfo["DriverStatus"] {
  if (driver === "vfs") return null;
  return [
    ["Backing Filesystem", BACKING_FILE_SYSTEM],
    ["Supports d_type", "true"],
    ["Using metacopy", "false"],
    ["Native Overlay Diff", "true"],
    ["userxattr", "false"],
  ];
}
