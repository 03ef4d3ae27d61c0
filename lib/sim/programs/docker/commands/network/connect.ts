/** `docker network connect` and `disconnect`. Follows docker/cli cli/command/network/connect.go and disconnect.go. */

import type { NetworkConnectRequest, NetworkDisconnectRequest } from "@/lib/sim/api";
import { failureOf } from "../../client";
import type { Handler } from "../../cobra/command";
import { cut } from "../../opts/validators";

export const networkConnect: Handler = function* ({ cli, flags, args }) {
  const [network = "", container = ""] = args;
  const driverOptions: Record<string, string> = {};
  for (const option of flags.list("driver-opt")) {
    const [key, value] = cut(option, "=");
    if (value === undefined || key.trim() === "") return { status: 1, message: "invalid key/value pair format in driver options" };
    driverOptions[key.trim()] = value.trim();
  }
  const linkLocal = flags.list("link-local-ip");
  const body: NetworkConnectRequest = {
    Container: container,
    EndpointConfig: {
      IPAMConfig: {
        ...(flags.text("ip") === "" ? {} : { IPv4Address: flags.text("ip") }),
        ...(flags.text("ip6") === "" ? {} : { IPv6Address: flags.text("ip6") }),
        ...(linkLocal.length > 0 ? { LinkLocalIPs: linkLocal } : {}),
      },
      Links: flags.changed("link") ? flags.list("link") : null,
      Aliases: flags.list("alias"),
      DriverOpts: driverOptions,
      GwPriority: flags.number("gw-priority"),
    },
  };
  const done = yield* cli.client.send("NetworkConnect", { object: network, body });
  return done.ok ? undefined : failureOf(done.error);
};

export const networkDisconnect: Handler = function* ({ cli, flags, args }) {
  const [network = "", container = ""] = args;
  const body: NetworkDisconnectRequest = { Container: container, Force: flags.bool("force") };
  const done = yield* cli.client.send("NetworkDisconnect", { object: network, body });
  return done.ok ? undefined : failureOf(done.error);
};
