/**
 * What a container wants mounted: `-v`, `--mount`, `VOLUME`, `--tmpfs`, and the checks of moby's volume/mounts
 * (linux_parser.go, validate.go, parser.go) with their words.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Mount, MountPoint } from "@/lib/sim/api";

/** One mount of a container. Of a volume, `name` leads to its data; of a bind, `source` is a path of the host. */
export type MountedPoint = {
  readonly type: "bind" | "volume" | "tmpfs";
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  readonly driver: string;
  readonly mode: string;
  readonly writable: boolean;
  readonly propagation: string;
  /** Copies what the image has at the destination into a new volume. */
  readonly copyData: boolean;
  /** The source must be there already (`--mount`, without `bind-create-src`). */
  readonly sourceMustExist: boolean;
  /** It was asked for by name; `rm -v` leaves it alone. */
  readonly isNamed: boolean;
  readonly tmpfsMode: number | undefined;
};

const RW = ["rw", "ro"];
const LABEL = ["z", "Z"];
const PROPAGATION = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];
const CONSISTENCY = ["consistent", "cached", "delegated"];
const DEFAULT_PROPAGATION = "rprivate";

/** `SOURCE:DESTINATION[:MODE]`, or a destination alone. */
export function parseBind(raw: string, volumeDriver: string): Result<MountedPoint, string> {
  const parts = splitAtMost(raw, 4);
  const invalid = `invalid volume specification: '${raw}'`;
  const [first = "", second, third] = parts;
  if (first === "" || parts.length > 3) return fail(invalid);
  if (parts.length === 2 && isMode(second ?? "")) return fail(invalid);
  const mode = third ?? "";
  if (!isMode(mode)) return fail(`invalid mode: ${mode}`);

  const source = parts.length === 1 ? "" : first;
  const options = mode.split(",");
  const type = source.startsWith("/") ? "bind" : "volume";
  const propagation = options.find((option) => PROPAGATION.includes(option));
  const noCopy = options.includes("nocopy");
  const spec: Mount = {
    Type: type,
    ...(source === "" ? {} : { Source: source }),
    Target: second ?? first,
    ReadOnly: options.includes("ro"),
    ...(type === "volume" && (volumeDriver !== "" || noCopy)
      ? { VolumeOptions: { ...(noCopy ? { NoCopy: true } : {}), ...(volumeDriver === "" ? {} : { DriverConfig: { Name: volumeDriver } }) } }
      : {}),
    ...(propagation === undefined ? {} : { BindOptions: { Propagation: propagation } }),
  };
  const point = fromSpec(spec, () => true);
  if (!point.ok) return fail(`${invalid}: ${point.error}`);
  return ok({ ...point.value, mode });
}

/** A `--mount`. */
export function parseMount(mount: Mount, hostPathExists: (path: string) => boolean): Result<MountedPoint, string> {
  const point = fromSpec(mount, hostPathExists);
  if (!point.ok) return point;
  return ok({ ...point.value, sourceMustExist: mount.Type === "bind" && !mount.BindOptions?.CreateMountpoint });
}

/** The check of a `--mount` when a container is created, before anything else. */
export function checkMount(mount: Mount, hostPathExists: (path: string) => boolean): string | undefined {
  const fault = faultOf(mount, hostPathExists);
  return fault === undefined ? undefined : `invalid mount config for type "${mount.Type ?? ""}": ${fault}`;
}

export function checkTmpfs(destination: string): string | undefined {
  return faultOfTarget(destination);
}

/** `CONTAINER[:MODE]` of `--volumes-from`. */
export function parseVolumesFrom(spec: string): Result<{ readonly container: string; readonly writable: boolean }, string> {
  if (spec === "") return fail("volumes-from specification cannot be an empty string");
  const colon = spec.indexOf(":");
  if (colon < 0 || colon === spec.length - 1) return ok({ container: colon < 0 ? spec : spec.slice(0, colon), writable: true });
  const mode = spec.slice(colon + 1);
  const options = mode.split(",");
  if (!isMode(mode) || options.some((option) => PROPAGATION.includes(option) || option === "nocopy")) return fail(`invalid mode: ${mode}`);
  return ok({ container: spec.slice(0, colon), writable: !options.includes("ro") });
}

/** As `docker inspect` lists it. */
export function viewOf(point: MountedPoint): MountPoint {
  return {
    Type: point.type,
    ...(point.name === "" ? {} : { Name: point.name }),
    Source: point.source,
    Destination: point.destination,
    ...(point.driver === "" ? {} : { Driver: point.driver }),
    Mode: point.mode,
    RW: point.writable,
    Propagation: point.propagation,
  };
}

/** Go's path.Clean. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !rooted) parts.push(part);
  }
  return `${rooted ? "/" : ""}${parts.join("/")}` || ".";
}

function fromSpec(mount: Mount, hostPathExists: (path: string) => boolean): Result<MountedPoint, string> {
  const fault = checkMount(mount, hostPathExists);
  if (fault !== undefined) return fail(fault);
  const type = mount.Type;
  if (type !== "bind" && type !== "volume" && type !== "tmpfs") return fail(`mount type ${type ?? ""}`);
  return ok({
    type,
    name: type === "volume" ? (mount.Source ?? "") : "",
    source: type === "bind" ? cleanPath(mount.Source ?? "") : "",
    destination: cleanPath(mount.Target ?? ""),
    driver: type === "volume" ? (mount.VolumeOptions?.DriverConfig?.Name ?? "") : "",
    mode: "",
    writable: !mount.ReadOnly,
    propagation: type === "bind" ? mount.BindOptions?.Propagation || DEFAULT_PROPAGATION : "",
    copyData: type === "volume" && !mount.VolumeOptions?.NoCopy,
    sourceMustExist: false,
    isNamed: type === "volume" && (mount.Source ?? "") !== "",
    tmpfsMode: mount.TmpfsOptions?.Mode,
  });
}

function faultOf(mount: Mount, hostPathExists: (path: string) => boolean): string | undefined {
  const target = mount.Target ?? "";
  if (target === "") return "field Target must not be empty";
  const targetFault = faultOfTarget(target);
  if (targetFault !== undefined) return targetFault;
  const extra = (name: "BindOptions" | "VolumeOptions" | "ImageOptions" | "Source"): string | undefined =>
    mount[name] === undefined || mount[name] === "" ? undefined : `field ${name} must not be specified`;
  switch (mount.Type) {
    case "bind": {
      if (!mount.Source) return "field Source must not be empty";
      const mode = mount.BindOptions?.Propagation;
      if (mode && !PROPAGATION.includes(mode)) return `invalid propagation mode: ${mode}`;
      const fault = extra("VolumeOptions") ?? extra("ImageOptions") ?? faultOfAbsolute(mount.Source);
      if (fault !== undefined) return fault;
      if (!mount.BindOptions?.CreateMountpoint && !hostPathExists(mount.Source)) return `bind source path does not exist: ${mount.Source}`;
      return undefined;
    }
    case "volume": {
      const isAnonymous = !mount.Source;
      const subpath = mount.VolumeOptions?.Subpath;
      return (
        extra("BindOptions") ??
        extra("ImageOptions") ??
        (subpath && isAnonymous ? "must not set Subpath when using anonymous volumes" : undefined) ??
        (mount.ReadOnly && isAnonymous ? "must not set ReadOnly mode when using anonymous volumes" : undefined)
      );
    }
    case "tmpfs":
      return extra("BindOptions") ?? extra("ImageOptions") ?? extra("Source");
    case "image":
      return extra("BindOptions") ?? extra("VolumeOptions") ?? (mount.Source ? undefined : "field Source must not be empty");
    default:
      return "mount type unknown";
  }
}

function faultOfTarget(path: string): string | undefined {
  if (cleanPath(path.replaceAll("\\", "/")) === "/") return "invalid specification: destination can't be '/'";
  return faultOfAbsolute(path);
}

function faultOfAbsolute(path: string): string | undefined {
  return path.replaceAll("\\", "/").startsWith("/") ? undefined : `invalid mount path: '${path}' mount path must be absolute`;
}

/** At most one word of each kind. */
function isMode(mode: string): boolean {
  if (mode === "") return true;
  const options = mode.split(",");
  const kinds = [RW, LABEL, PROPAGATION, ["nocopy"], CONSISTENCY];
  if (!options.every((option) => kinds.some((kind) => kind.includes(option)))) return false;
  return kinds.every((kind) => options.filter((option) => kind.includes(option)).length <= 1);
}

function splitAtMost(text: string, count: number): readonly string[] {
  const parts = text.split(":");
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join(":")];
}
