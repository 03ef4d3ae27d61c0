/** `docker inspect`: of whatever has that name. Follows docker/cli cli/command/system/inspect.go. */

import { fail, ok, type Result } from "@/lib/base/result";
import type { RouteName, SystemInfo } from "@/lib/sim/api";
import type { Routine } from "@/lib/sim/core/task";
import type { Cli } from "../../cli";
import { type ApiError, isNotFound } from "../../client";
import type { Handler } from "../../cobra/command";
import { type Finder, inspect, type Inspected } from "../../format/inspector";
import { ANY, quote } from "../../gotemplate";
import { TYPES } from "../../schema";

type Kind = {
  readonly name: string;
  readonly route: RouteName;
  readonly goType?: string;
  readonly isSwarm?: boolean;
  readonly hasSize?: boolean;
  readonly query?: Readonly<Record<string, string>>;
};

/** In the order in which they are tried. */
const KINDS: readonly Kind[] = [
  { name: "container", route: "ContainerInspect", goType: "container.InspectResponse", hasSize: true },
  { name: "image", route: "ImageInspect", goType: "image.InspectResponse" },
  { name: "network", route: "NetworkInspect", goType: "network.Inspect" },
  { name: "volume", route: "VolumeInspect", goType: "volume.Volume" },
  { name: "service", route: "ServiceInspect", isSwarm: true, query: { insertDefaults: "true" } },
  { name: "task", route: "TaskInspect", isSwarm: true },
  { name: "node", route: "NodeInspect", isSwarm: true },
  { name: "plugin", route: "PluginInspect" },
  { name: "secret", route: "SecretInspect", isSwarm: true },
  { name: "config", route: "ConfigInspect", isSwarm: true },
];
const NAMES = `"${KINDS.map((kind) => kind.name)
  .sort()
  .join('", "')}"`;

export const systemInspect: Handler = function* ({ cli, flags, args }) {
  const type = flags.text("type");
  if (flags.changed("type") && type === "") return { status: 1, message: `type is empty: must be one of ${NAMES}` };
  if (type !== "" && !KINDS.some((kind) => kind.name === type))
    return { status: 1, message: `unknown type: ${quote(type)}: must be one of ${NAMES}` };
  const withSize = flags.bool("size");
  const find: Finder = function* (name) {
    let isManager: boolean | undefined;
    for (const kind of KINDS) {
      if (type !== "" && kind.name !== type) continue;
      if (type === "" && kind.isSwarm) {
        isManager ??= yield* isSwarmManager(cli);
        if (!isManager) continue;
      }
      const found = yield* look(cli, kind, name, withSize);
      if (!found.ok) {
        if (type === "" && isSkipped(found.error)) continue;
        return found;
      }
      if (withSize && !kind.hasSize) yield* cli.err(`WARNING: --size ignored for ${kind.name}\n`);
      return found;
    }
    return fail({ message: `Error: No such object: ${name}` });
  };
  return yield* inspect(cli, args, flags.text("format"), find);
};

function* look(cli: Cli, kind: Kind, name: string, withSize: boolean): Routine<Result<Inspected, ApiError>> {
  const query = { ...kind.query, size: withSize && kind.hasSize ? "1" : undefined };
  const answer = yield* cli.client.json(kind.route, { object: name, query });
  return answer.ok ? ok({ kind: "raw", text: answer.value.text, type: kind.goType === undefined ? ANY : TYPES.get(kind.goType) }) : answer;
}

function* isSwarmManager(cli: Cli): Routine<boolean> {
  const info = yield* cli.client.get<SystemInfo>("SystemInfo");
  if (info.ok) return info.value.Swarm.ControlAvailable;
  yield* cli.err(`${info.error.message}\n`);
  return false;
}

/** Not there, or not to be looked for: the next kind is tried. */
function isSkipped(error: ApiError): boolean {
  return (
    isNotFound(error) ||
    error.message.includes("not supported") ||
    error.message.includes("invalid reference format") ||
    error.message.startsWith("drydock:")
  );
}
