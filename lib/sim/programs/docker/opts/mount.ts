/**
 * `--mount type=bind,src=/a,dst=/b,readonly` and `-v NAME-OR-PATH:/path[:options]`.
 *
 * Follows docker/cli opts/mount.go and internal/volumespec.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Mount } from "@/lib/sim/api";
import { readCsvLine } from "../cobra/csv";
import type { FlagContext, Validator } from "../cobra/flag";
import { parseBool } from "../gotemplate/strconv";
import { ramInBytes } from "../units";
import { cut } from "./validators";

type Draft = { -readonly [K in keyof Mount]: Mount[K] };

export function parseMount(text: string, context: FlagContext): Result<Mount, string> {
  const fields = readCsvLine(text);
  if (!fields.ok) return fields;
  const mount: Draft = { Type: "volume" };
  for (const field of fields.value) {
    const [rawKey, value] = cut(field, "=");
    const done =
      value === undefined ? setSwitch(mount, rawKey.toLowerCase(), field) : setField(mount, rawKey.toLowerCase(), value, field, context);
    if (!done.ok) return done;
  }
  const problem = checkMount(mount);
  if (problem !== undefined) return fail(problem);
  return ok(omitEmpty(mount));
}

export const mount: Validator = (text, context) => {
  const parsed = parseMount(text, context);
  return parsed.ok ? ok(text) : parsed;
};

function setSwitch(mount: Draft, key: string, field: string): Result<void, string> {
  switch (key) {
    case "readonly":
    case "ro":
      mount.ReadOnly = true;
      return ok(undefined);
    case "volume-nocopy":
      mount.VolumeOptions = { ...volumeOptions(mount), NoCopy: true };
      return ok(undefined);
    case "bind-nonrecursive":
      mount.BindOptions = { ...mount.BindOptions, NonRecursive: true };
      return ok(undefined);
    default:
      return fail(`invalid field '${field}' must be a key=value pair`);
  }
}

function volumeOptions(mount: Draft): NonNullable<Mount["VolumeOptions"]> {
  return { Labels: {}, DriverConfig: {}, ...mount.VolumeOptions };
}

function setField(mount: Draft, key: string, value: string, field: string, context: FlagContext): Result<void, string> {
  const bad = (): Result<never, string> => fail(`invalid value for ${key}: ${value}`);
  switch (key) {
    case "type":
      mount.Type = value.toLowerCase();
      break;
    case "source":
    case "src":
      mount.Source = value.startsWith(".") ? context.absolute(value) : value;
      break;
    case "target":
    case "dst":
    case "destination":
      mount.Target = value;
      break;
    case "readonly":
    case "ro": {
      const parsed = parseBool(value);
      if (!parsed.ok) return bad();
      mount.ReadOnly = parsed.value;
      break;
    }
    case "consistency":
      mount.Consistency = value.toLowerCase();
      break;
    case "bind-propagation":
      mount.BindOptions = { ...mount.BindOptions, Propagation: value.toLowerCase() };
      break;
    case "bind-nonrecursive": {
      const parsed = parseBool(value);
      if (!parsed.ok) return bad();
      mount.BindOptions = { ...mount.BindOptions, NonRecursive: parsed.value };
      break;
    }
    case "bind-recursive":
      if (value === "disabled") mount.BindOptions = { ...mount.BindOptions, NonRecursive: true };
      else if (value === "writable") mount.BindOptions = { ...mount.BindOptions, ReadOnlyNonRecursive: true };
      else if (value === "readonly") mount.BindOptions = { ...mount.BindOptions, ReadOnlyForceRecursive: true };
      else if (value !== "enabled")
        return fail(`invalid value for ${key}: ${value} (must be "enabled", "disabled", "writable", or "readonly")`);
      break;
    case "volume-subpath":
      mount.VolumeOptions = { ...volumeOptions(mount), Subpath: value };
      break;
    case "volume-nocopy": {
      const parsed = parseBool(value);
      if (!parsed.ok) return bad();
      mount.VolumeOptions = { ...volumeOptions(mount), NoCopy: parsed.value };
      break;
    }
    case "volume-label": {
      const options = volumeOptions(mount);
      mount.VolumeOptions = { ...options, Labels: withPair(options.Labels ?? {}, value) };
      break;
    }
    case "volume-driver": {
      const options = volumeOptions(mount);
      mount.VolumeOptions = { ...options, DriverConfig: { ...options.DriverConfig, Name: value } };
      break;
    }
    case "volume-opt": {
      const options = volumeOptions(mount);
      mount.VolumeOptions = {
        ...options,
        DriverConfig: { ...options.DriverConfig, Options: withPair(options.DriverConfig?.Options ?? {}, value) },
      };
      break;
    }
    case "image-subpath":
      mount.ImageOptions = { Subpath: value };
      break;
    case "tmpfs-size": {
      const size = ramInBytes(value);
      if (!size.ok) return bad();
      mount.TmpfsOptions = { ...mount.TmpfsOptions, SizeBytes: size.value };
      break;
    }
    case "tmpfs-mode":
      if (!/^[0-7]+$/.test(value)) return bad();
      mount.TmpfsOptions = { ...mount.TmpfsOptions, Mode: Number.parseInt(value, 8) };
      break;
    default:
      return fail(`unexpected key '${key}' in '${field}'`);
  }
  return ok(undefined);
}

function withPair(pairs: Readonly<Record<string, string>>, text: string): Readonly<Record<string, string>> {
  const [key, value = ""] = cut(text, "=");
  return key === "" ? pairs : { ...pairs, [key]: value };
}

function checkMount(mount: Draft): string | undefined {
  const type = mount.Type ?? "";
  if (type === "") return "type is required";
  if ((mount.Target ?? "") === "") return "target is required";
  if (mount.VolumeOptions && type !== "volume") return `cannot mix 'volume-*' options with mount type '${type}'`;
  if (mount.ImageOptions && type !== "image") return `cannot mix 'image-*' options with mount type '${type}'`;
  if (mount.BindOptions && type !== "bind") return `cannot mix 'bind-*' options with mount type '${type}'`;
  if (mount.TmpfsOptions && type !== "tmpfs") return `cannot mix 'tmpfs-*' options with mount type '${type}'`;
  if (mount.BindOptions?.ReadOnlyNonRecursive && !mount.ReadOnly)
    return "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction";
  if (mount.BindOptions?.ReadOnlyForceRecursive) {
    if (!mount.ReadOnly) return "option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction";
    if (mount.BindOptions.Propagation !== "rprivate")
      return "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction";
  }
  return undefined;
}

/** Without the members that Go leaves out of JSON: false, zero and empty ones. */
function omitEmpty(mount: Draft): Mount {
  return JSON.parse(
    JSON.stringify(mount, (_key, value: unknown) => {
      if (value === false || value === 0 || value === "") return undefined;
      if (_key === "Labels" && typeof value === "object" && value !== null && Object.keys(value).length === 0) return undefined;
      return value;
    }),
  ) as Mount;
}

export type VolumeSpec = { readonly source: string; readonly target: string; readonly isBind: boolean };

/** `-v`: what it mounts. The text itself goes to the daemon. */
export function parseVolume(spec: string): Result<VolumeSpec, string> {
  if (spec === "") return fail("invalid empty volume spec");
  if (spec.length <= 2) return ok({ source: "", target: spec, isBind: false });
  // A colon after a single letter belongs to a Windows drive.
  const sections = spec
    .replace(/(^|:)([a-zA-Z]):/g, "$1$2\u0000")
    .split(":")
    .map((section) => section.replace("\u0000", ":"));
  if (sections.some((section) => section === "")) return fail(`invalid spec: ${spec}: empty section between colons`);
  if (sections.length > 3) return fail(`invalid spec: ${spec}: too many colons`);
  if (sections.length === 1) return ok({ source: "", target: spec, isBind: false });
  const [source = "", target = ""] = sections;
  return ok({ source, target, isBind: /^[./~]/.test(source) || /^[a-zA-Z]:/.test(source) || source.startsWith("\\\\") });
}
