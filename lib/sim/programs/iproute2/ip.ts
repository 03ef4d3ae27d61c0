/** `ip`: options, an object, a command (iproute2 7.3.0, ip/ip.c). */

import { complain, print } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import type { NetProgram, NetSys } from "@/lib/sim/kernel";
import { changeAddress, flushAddresses } from "./address-change";
import { showAddresses, showLinks } from "./address-show";
import { Argv, findCommand } from "./argv";
import { Context } from "./context";
import { addLink } from "./link-add";
import { deleteLink, setLink } from "./link-change";
import { MONITORED, monitor } from "./monitor";
import { changeNeighbour, flushNeighbours, getNeighbour, showNeighbours } from "./neighbour";
import { addNamespace, deleteNamespace, execInNamespace, identifyNamespace, listNamespaces, processesIn } from "./netns";
import { readGlobalOptions } from "./options";
import { type Checked, failed, notHere } from "./outcome";
import { changeRoute, getRoute } from "./route-change";
import { flushRoutes, showRoutes } from "./route-show";
import { changeRule, flushRules, showRules } from "./rule";
import { IP_USAGE, MONITOR_USAGE, NEIGHBOUR_USAGE, NETNS_USAGE, printUsage, type Usage } from "./usage";

/** What a command comes to: text for stdout is in the context; a string is a warning for stderr. */
type Done = Checked<string | void>;

type Command =
  | { readonly kind: "run"; readonly run: (argv: Argv, context: Context) => Done }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "exec" };

const run = (act: (argv: Argv, context: Context) => Done): Command => ({ kind: "run", run: act });
const usage = (text: Usage): Command => ({ kind: "usage", usage: text });
const unsimulated = (what: string): Command => run(() => notHere(what));

/** Commands in the order in which their abbreviations are tried; the first is what stands for none. */
type ObjectCommands = {
  readonly name: string;
  readonly none: Command;
  readonly commands: readonly (readonly [spelling: string, command: Command])[];
};

const LINK: ObjectCommands = {
  name: "link",
  none: run(showLinks),
  commands: [
    ["add", run(addLink)],
    ["set", run(setLink)],
    ["change", run(setLink)],
    ["replace", run(addLink)],
    ["delete", run(deleteLink)],
    ["show", run(showLinks)],
    ["lst", run(showLinks)],
    ["list", run(showLinks)],
    ["xstats", unsimulated("ip link xstats")],
    ["afstats", unsimulated("ip link afstats")],
    ["property", unsimulated("ip link property")],
    ["help", usage({ synopsis: "Usage: ip link add [link DEV | parentdev NAME] [ name ] NAME\n", isWhole: false })],
  ],
};

const ADDRESS: ObjectCommands = {
  name: "address",
  none: run(showAddresses),
  commands: [
    ["add", run((argv, context) => changeAddress("add", argv, context))],
    ["change", run((argv, context) => changeAddress("change", argv, context))],
    ["chg", run((argv, context) => changeAddress("change", argv, context))],
    ["replace", run((argv, context) => changeAddress("replace", argv, context))],
    ["delete", run((argv, context) => changeAddress("delete", argv, context))],
    ["show", run(showAddresses)],
    ["lst", run(showAddresses)],
    ["list", run(showAddresses)],
    ["flush", run(flushAddresses)],
    ["save", unsimulated("ip address save")],
    ["showdump", unsimulated("ip address showdump")],
    ["restore", unsimulated("ip address restore")],
    ["help", usage({ synopsis: "Usage: ip address {add|change|replace} IFADDR dev IFNAME [ LIFETIME ]\n", isWhole: false })],
  ],
};

const ROUTE_USAGE: Usage = { synopsis: "Usage: ip route { list | flush } SELECTOR\n", isWhole: false };
const changesRoute = (verb: Parameters<typeof changeRoute>[0]): Command =>
  run((argv, context) => (argv.isEmpty ? printUsage(ROUTE_USAGE) : changeRoute(verb, argv, context)));

const ROUTE: ObjectCommands = {
  name: "route",
  none: run(showRoutes),
  commands: [
    ["list", run(showRoutes)],
    ["show", run(showRoutes)],
    ["lst", run(showRoutes)],
    ["get", run(getRoute)],
    ["add", changesRoute("add")],
    ["change", changesRoute("change")],
    ["chg", changesRoute("change")],
    ["replace", changesRoute("replace")],
    ["prepend", unsimulated("ip route prepend")],
    ["append", changesRoute("append")],
    ["test", unsimulated("ip route test")],
    ["delete", changesRoute("delete")],
    ["flush", run(flushRoutes)],
    ["save", unsimulated("ip route save")],
    ["restore", unsimulated("ip route restore")],
    ["showdump", unsimulated("ip route showdump")],
    ["help", usage(ROUTE_USAGE)],
  ],
};

const changesNeighbour = (verb: Parameters<typeof changeNeighbour>[0]): Command =>
  run((argv, context) => changeNeighbour(verb, argv, context));

const NEIGHBOUR: ObjectCommands = {
  name: "neigh",
  none: run(showNeighbours),
  commands: [
    ["add", changesNeighbour("add")],
    ["change", changesNeighbour("change")],
    ["chg", changesNeighbour("change")],
    ["replace", changesNeighbour("replace")],
    ["delete", changesNeighbour("delete")],
    ["get", run(getNeighbour)],
    ["show", run(showNeighbours)],
    ["lst", run(showNeighbours)],
    ["list", run(showNeighbours)],
    ["flush", run(flushNeighbours)],
    ["help", usage(NEIGHBOUR_USAGE)],
  ],
};

const RULE: ObjectCommands = {
  name: "rule",
  none: run(showRules),
  commands: [
    ["list", run(showRules)],
    ["lst", run(showRules)],
    ["show", run(showRules)],
    ["save", unsimulated("ip rule save")],
    ["restore", unsimulated("ip rule restore")],
    ["add", run((argv, context) => changeRule("add", argv, context))],
    ["delete", run((argv, context) => changeRule("delete", argv, context))],
    ["flush", run(flushRules)],
    ["help", usage({ synopsis: "Usage: ip rule { add | del } SELECTOR ACTION\n", isWhole: false })],
  ],
};

const NETNS: ObjectCommands = {
  name: "netns",
  none: run((_, context) => listNamespaces(context)),
  commands: [
    ["list", run((_, context) => listNamespaces(context))],
    ["show", run((_, context) => listNamespaces(context))],
    ["lst", run((_, context) => listNamespaces(context))],
    ["list-id", unsimulated("ip netns list-id")],
    ["help", usage(NETNS_USAGE)],
    ["add", run(addNamespace)],
    ["set", unsimulated("ip netns set")],
    ["delete", run(deleteNamespace)],
    ["identify", run(identifyNamespace)],
    ["pids", run(processesIn)],
    ["exec", { kind: "exec" }],
    ["monitor", unsimulated("ip netns monitor")],
    ["attach", unsimulated("ip netns attach")],
  ],
};

/** Objects in the order in which their abbreviations are tried. */
const OBJECTS: readonly (readonly [spelling: string, object: ObjectCommands | "monitor" | "help" | "unsimulated"])[] = [
  ["address", ADDRESS],
  ["addrlabel", "unsimulated"],
  ["maddress", "unsimulated"],
  ["route", ROUTE],
  ["rule", RULE],
  ["neighbor", NEIGHBOUR],
  ["neighbour", NEIGHBOUR],
  ["ntable", "unsimulated"],
  ["ntbl", "unsimulated"],
  ["link", LINK],
  ["l2tp", "unsimulated"],
  ["fou", "unsimulated"],
  ["ila", "unsimulated"],
  ["macsec", "unsimulated"],
  ["tunnel", "unsimulated"],
  ["tuntap", "unsimulated"],
  ["token", "unsimulated"],
  ["tcpmetrics", "unsimulated"],
  ["monitor", "monitor"],
  ["xfrm", "unsimulated"],
  ["mroute", "unsimulated"],
  ["mrule", "unsimulated"],
  ["netns", NETNS],
  ["netconf", "unsimulated"],
  ["vrf", "unsimulated"],
  ["sr", "unsimulated"],
  ["nexthop", "unsimulated"],
  ["mptcp", "unsimulated"],
  ["ioam", "unsimulated"],
  ["stats", "unsimulated"],
  ["help", "help"],
];

export const ip: NetProgram = function* (sys) {
  const argv = new Argv(sys.argv.slice(1));
  const global = readGlobalOptions("ip", argv, sys);
  if (!global.ok) return yield* stop(sys, global);
  if (global.value.special === "version") {
    yield* print(sys, "ip utility, iproute2-7.3.0, libbpf 1.7.0\n");
    return 0;
  }
  const name = argv.take();
  if (name === undefined || global.value.special === "usage") return yield* stop(sys, printUsage(IP_USAGE));
  const context = new Context(sys, global.value.netns, global.value.options);
  const object = findCommand(name, OBJECTS);
  switch (object) {
    case undefined:
      return yield* stop(sys, failed(`Object "${name}" is unknown, try "ip help".`, 1));
    case "help":
      return yield* stop(sys, printUsage(IP_USAGE));
    case "unsimulated":
      return yield* stop(sys, notHere(`ip ${name}`));
    case "monitor":
      return yield* runMonitor(argv, context);
    default:
      return yield* runObject(object, argv, context);
  }
};

function* runObject(object: ObjectCommands, argv: Argv, context: Context): Routine<number> {
  const word = argv.take();
  const command = word === undefined ? object.none : findCommand(word, object.commands);
  if (!command) return yield* stop(context.sys, failed(`Command "${word}" is unknown, try "ip ${object.name} help".`, 255));
  switch (command.kind) {
    case "usage":
      return yield* stop(context.sys, printUsage(command.usage));
    case "exec":
      return yield* execInNamespace(argv, context.sys);
    case "run": {
      const done = command.run(argv, context);
      yield* print(context.sys, context.out.finish());
      if (!done.ok) return yield* stop(context.sys, done);
      if (typeof done.value === "string") yield* complain(context.sys, done.value);
      return 0;
    }
  }
}

function* runMonitor(argv: Argv, context: Context): Routine<number> {
  let objects: readonly (typeof MONITORED)[number][] = [];
  let device: string | undefined;
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "help") return yield* stop(context.sys, printUsage(MONITOR_USAGE));
    if (word === "dev") device = argv.take();
    else if (word === "all") objects = [];
    else {
      const spelled = word === "neighbor" || word === "neighbour" ? "neigh" : word;
      const object = MONITORED.find((one) => one.startsWith(spelled));
      if (!object) {
        const isKnown = [
          "label",
          "all-nsid",
          "file",
          "mroute",
          "maddress",
          "acaddress",
          "netconf",
          "nexthop",
          "nsid",
          "prefix",
          "rule",
          "stats",
        ].includes(word);
        return yield* stop(
          context.sys,
          isKnown ? notHere(`ip monitor ${word}`) : failed(`Argument "${word}" is unknown, try "ip monitor help".`, 255),
        );
      }
      objects = [...objects, object];
    }
  }
  return yield* monitor(context, objects.length > 0 ? objects : MONITORED, device);
}

export function* stop(sys: NetSys, result: Checked<unknown>): Routine<number> {
  if (result.ok) return 0;
  yield* complain(sys, result.error.stderr);
  return result.error.status;
}
