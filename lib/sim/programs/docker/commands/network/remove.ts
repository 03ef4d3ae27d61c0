/** `docker network rm`, `inspect` and `prune`. Follows docker/cli cli/command/network/remove.go, inspect.go and prune.go. */

import { ok } from "@/lib/base/result";
import type { NetworkInspect, NetworksPruneReport } from "@/lib/sim/api";
import { failureOf, isNotFound } from "../../client";
import type { Handler } from "../../cobra/command";
import { type Finder, inspect } from "../../format/inspector";
import { TYPES } from "../../schema";
import { filtersParameter, pruneFilters } from "../filters";
import { confirm } from "../prompt";

const INGRESS_WARNING =
  "WARNING! Before removing the routing-mesh network, make sure all the nodes in your swarm run the same docker engine version. Otherwise, removal may not be effective and functionality of newly create ingress networks will be impaired.\nAre you sure you want to continue?";

export const networkRm: Handler = function* ({ cli, flags, args }) {
  let status = 0;
  for (const name of args) {
    const network = yield* cli.client.get<NetworkInspect>("NetworkInspect", { object: name });
    if (network.ok && network.value.Ingress) {
      const answer = yield* confirm(cli, INGRESS_WARNING);
      if (answer === "interrupted") return undefined;
      if (answer === "no") continue;
    }
    const removed = yield* cli.client.send("NetworkDelete", { object: name });
    if (removed.ok) {
      yield* cli.out(`${name}\n`);
      continue;
    }
    if (flags.bool("force") && isNotFound(removed.error)) continue;
    yield* cli.err(`${removed.error.message}\n`);
    status = 1;
  }
  return status === 0 ? undefined : { status, message: `exit status ${status}` };
};

export const networkInspect: Handler = function* ({ cli, flags, args }) {
  const query = flags.bool("verbose") ? { verbose: "true" } : {};
  const find: Finder = function* (name) {
    const answer = yield* cli.client.json("NetworkInspect", { object: name, query });
    return answer.ok ? ok({ kind: "raw", text: answer.value.text, type: TYPES.get("network.Inspect") }) : answer;
  };
  return yield* inspect(cli, args, flags.text("format"), find);
};

export const networkPrune: Handler = function* ({ cli, flags }) {
  if (!flags.bool("force")) {
    const answer = yield* confirm(
      cli,
      "WARNING! This will remove all custom networks not used by at least one container.\nAre you sure you want to continue?",
    );
    if (answer !== "yes") return undefined;
  }
  const report = yield* cli.client.get<NetworksPruneReport>("NetworkPrune", {
    query: { filters: filtersParameter(pruneFilters(cli, flags.filter("filter"))) },
  });
  if (!report.ok) return failureOf(report.error);
  const deleted = report.value.NetworksDeleted ?? [];
  if (deleted.length > 0) yield* cli.out(`Deleted Networks:\n${deleted.map((name) => `${name}\n`).join("")}\n`);
  return undefined;
};
