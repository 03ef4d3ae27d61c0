/**
 * `docker network` and its commands. Follows docker/cli cli/command/network.
 */

import { type CommandSpec, NO_ARGS, atLeast, exactly, SHOWS_HELP } from "../cobra/command";
import { bool, filter, int, list, map, string, strings, FORMAT_HELP, INSPECT_FORMAT_HELP } from "../cobra/flags";
import { networkConnect, networkCreate, networkDisconnect, networkInspect, networkLs, networkPrune, networkRm } from "../commands/network";
import { label, link } from "../opts/validators";

export const NETWORK: CommandSpec = {
  use: "network",
  short: "Manage networks",
  args: NO_ARGS,
  flags: [],
  simulated: "yes",
  run: SHOWS_HELP,
  commands: [
    {
      use: "connect [OPTIONS] NETWORK CONTAINER",
      short: "Connect a container to a network",
      args: exactly(2),
      flags: [
        strings("alias", "Add network-scoped alias for the container"),
        strings("driver-opt", "driver options for the network"),
        int("gw-priority", "Highest gw-priority provides the default gateway. Accepts positive and negative values."),
        string("ip", 'IPv4 address (e.g., "172.30.100.104")'),
        string("ip6", 'IPv6 address (e.g., "2001:db8::33")'),
        list("link", "Add link to another container", { validate: link }),
        strings("link-local-ip", "Add a link-local address for the container"),
      ],
      complete: ["networks", "containers", "nothing"],
      simulated: "yes",
      run: networkConnect,
    },
    {
      use: "create [OPTIONS] NETWORK",
      short: "Create a network",
      args: exactly(1),
      flags: [
        bool("attachable", "Enable manual container attachment"),
        map("aux-address", "Auxiliary IPv4 or IPv6 addresses used by Network driver"),
        string("config-from", "The network from which to copy the configuration"),
        bool("config-only", "Create a configuration only network"),
        string("driver", "Driver to manage the Network", { short: "d", initial: "bridge" }),
        strings("gateway", "IPv4 or IPv6 Gateway for the master subnet"),
        bool("ingress", "Create swarm routing-mesh network"),
        bool("internal", "Restrict external access to the network"),
        strings("ip-range", "Allocate container ip from a sub-range"),
        string("ipam-driver", "IP Address Management Driver", { initial: "default" }),
        map("ipam-opt", "Set IPAM driver specific options"),
        bool("ipv4", "Enable or disable IPv4 address assignment", { initial: "true" }),
        bool("ipv6", "Enable or disable IPv6 address assignment"),
        list("label", "Set metadata on a network", { validate: label }),
        map("opt", "Set driver specific options", { short: "o" }),
        string("scope", "Control the network's scope"),
        strings("subnet", "Subnet in CIDR format that represents a network segment"),
      ],
      simulated: "yes",
      run: networkCreate,
    },
    {
      use: "disconnect [OPTIONS] NETWORK CONTAINER",
      short: "Disconnect a container from a network",
      args: exactly(2),
      flags: [bool("force", "Force the container to disconnect from a network", { short: "f" })],
      complete: ["networks", "containers", "nothing"],
      simulated: "yes",
      run: networkDisconnect,
    },
    {
      use: "inspect [OPTIONS] NETWORK [NETWORK...]",
      short: "Display detailed information on one or more networks",
      args: atLeast(1),
      flags: [string("format", INSPECT_FORMAT_HELP, { short: "f" }), bool("verbose", "Verbose output for diagnostics", { short: "v" })],
      complete: ["networks"],
      simulated: "yes",
      run: networkInspect,
    },
    {
      use: "ls [OPTIONS]",
      short: "List networks",
      aliases: ["list"],
      args: NO_ARGS,
      flags: [
        filter("filter", 'Provide filter values (e.g. "driver=bridge")', { short: "f" }),
        string("format", FORMAT_HELP),
        bool("no-trunc", "Do not truncate the output"),
        bool("quiet", "Only display network IDs", { short: "q" }),
      ],
      simulated: "yes",
      run: networkLs,
    },
    {
      use: "prune [OPTIONS]",
      short: "Remove all unused networks",
      args: NO_ARGS,
      flags: [
        filter("filter", 'Provide filter values (e.g. "until=<timestamp>")'),
        bool("force", "Do not prompt for confirmation", { short: "f" }),
      ],
      simulated: "yes",
      run: networkPrune,
    },
    {
      use: "rm NETWORK [NETWORK...]",
      short: "Remove one or more networks",
      aliases: ["remove"],
      args: atLeast(1),
      flags: [bool("force", "Do not error if the network does not exist", { short: "f" })],
      complete: ["networks"],
      simulated: "yes",
      run: networkRm,
    },
  ],
};
