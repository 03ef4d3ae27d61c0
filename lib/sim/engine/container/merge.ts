/** A container's configuration completed from its image's: moby's `merge` (daemon/commit.go). */

import { fail, ok, type Result } from "@/lib/base/result";
import type { ContainerConfig } from "@/lib/sim/api";
import type { ImageConfig } from "../image";
import { setOf } from "../image/views";

/** With what the image says where the user said nothing. Fails when there is nothing to run. */
export function mergeConfig(user: ContainerConfig, image: ImageConfig | undefined): Result<ContainerConfig, string> {
  const merged = image ? withImage(user, image) : user;
  const entrypoint = merged.Entrypoint?.length === 1 && merged.Entrypoint[0] === "" ? null : merged.Entrypoint;
  if ((entrypoint?.length ?? 0) === 0 && (merged.Cmd?.length ?? 0) === 0) return fail("no command specified");
  return ok({ ...merged, Entrypoint: entrypoint });
}

function withImage(user: ContainerConfig, image: ImageConfig): ContainerConfig {
  const exposed = { ...setOf(image.exposedPorts), ...user.ExposedPorts };
  const hasEntrypoint = (user.Entrypoint?.length ?? 0) > 0;
  const hasCommand = (user.Cmd?.length ?? 0) > 0;
  const hasVolumes = Object.keys(user.Volumes ?? {}).length > 0;
  return {
    ...user,
    User: user.User || image.user,
    ...(Object.keys(exposed).length > 0 ? { ExposedPorts: exposed } : {}),
    Env: (user.Env?.length ?? 0) === 0 ? nilIfEmpty(image.env) : withEnvironment(user.Env ?? [], image.env),
    Labels: { ...image.labels, ...user.Labels },
    Cmd: !hasEntrypoint && !hasCommand ? (image.cmd ?? null) : user.Cmd,
    Entrypoint: user.Entrypoint === null ? (image.entrypoint ?? null) : user.Entrypoint,
    WorkingDir: user.WorkingDir || image.workingDir,
    Volumes: hasVolumes ? { ...user.Volumes, ...setOf(image.volumes) } : image.volumes.length > 0 ? setOf(image.volumes) : null,
    ...(user.StopSignal || image.stopSignal === undefined ? {} : { StopSignal: image.stopSignal }),
  };
}

/** The user's variables first, then those of the image that the user did not set. */
function withEnvironment(user: readonly string[], image: readonly string[]): readonly string[] {
  const names = new Set(user.map(nameOf));
  return [...user, ...image.filter((variable) => !names.has(nameOf(variable)))];
}

/** `defaults` with `overrides` in place; one without `=` takes a variable away (moby: container/env.go). */
export function overrideEnvironment(defaults: readonly string[], overrides: readonly string[]): readonly string[] {
  const variables = [...defaults];
  const places = new Map(defaults.map((variable, index) => [nameOf(variable), index]));
  for (const override of overrides) {
    const place = places.get(nameOf(override));
    if (!override.includes("=")) {
      if (place !== undefined) variables[place] = "";
    } else if (place === undefined) variables.push(override);
    else variables[place] = override;
  }
  return variables.filter((variable) => variable !== "");
}

function nameOf(variable: string): string {
  const equals = variable.indexOf("=");
  return equals < 0 ? variable : variable.slice(0, equals);
}

function nilIfEmpty<T>(items: readonly T[]): readonly T[] | null {
  return items.length > 0 ? items : null;
}
