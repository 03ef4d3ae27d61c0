/**
 * The commands of swarm mode. Swarm mode is not simulated yet; the request is sent, so that the daemon's own refusal is printed
 * (`This node is not a swarm manager. …`). What a manager would answer is not simulated.
 */

import type { Query, RouteName } from "@/lib/sim/api";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { failureOf } from "../client";
import type { CommandSpec, Handler } from "../cobra/command";

export const REFUSED: CommandSpec["simulated"] = { partly: "what a node answers that is not in a swarm" };

const BEYOND = { status: 1, message: notSimulated("swarm mode") };

/** Sends one request, with an empty body where one belongs. */
export function refusal(route: RouteName, query: Query = {}): Handler {
  return function* ({ cli }) {
    const answer = yield* cli.client.send(route, { query, ...(route.endsWith("Create") || route.endsWith("Unlock") ? { body: {} } : {}) });
    return answer.ok ? BEYOND : failureOf(answer.error);
  };
}

/** Asks for each of the named objects. */
export function refusalFor(route: RouteName): Handler {
  return function* ({ cli, args }) {
    const errors: string[] = [];
    for (const name of args) {
      const answer = yield* cli.client.send(route, { object: name.split("=")[0] ?? name });
      if (answer.ok) return BEYOND;
      errors.push(answer.error.message);
    }
    return { status: 1, message: errors.join("\n") };
  };
}

export const swarmLeave: Handler = function* ({ cli, flags }) {
  const answer = yield* cli.client.send("SwarmLeave", { query: { force: flags.bool("force") ? "1" : undefined } });
  return answer.ok ? BEYOND : failureOf(answer.error);
};

export const swarmInit: Handler = function* ({ cli, flags }) {
  const body = {
    ListenAddr: flags.text("listen-addr") || "0.0.0.0:2377",
    AdvertiseAddr: flags.text("advertise-addr"),
    ForceNewCluster: flags.bool("force-new-cluster"),
    Availability: flags.text("availability"),
    Spec: {},
  };
  const answer = yield* cli.client.send("SwarmInit", { body });
  return answer.ok ? BEYOND : failureOf(answer.error);
};

export const swarmJoin: Handler = function* ({ cli, flags, args }) {
  const body = {
    ListenAddr: flags.text("listen-addr") || "0.0.0.0:2377",
    AdvertiseAddr: flags.text("advertise-addr"),
    RemoteAddrs: args,
    JoinToken: flags.text("token"),
    Availability: flags.text("availability"),
  };
  const answer = yield* cli.client.send("SwarmJoin", { body });
  return answer.ok ? BEYOND : failureOf(answer.error);
};
