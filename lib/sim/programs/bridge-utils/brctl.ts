/**
 * `brctl` of bridge-utils 1.7. Priorities, path costs and the timers of the spanning tree keep the values that Linux gives:
 * changing them is not simulated, and no timer is ever seen running.
 */

import { type Errno, strerror } from "@/lib/sim/core/errno";
import { notSimulated } from "@/lib/sim/core/not-simulated";
import { complain, print } from "@/lib/sim/core/stdio";
import type { LinkView, NetProgram, NetSys } from "@/lib/sim/kernel";
import { type BridgeView, bridgeTable, forwardingTable, spanningTree } from "./tables";

type Answer = { readonly stdout?: string; readonly stderr?: string; readonly status: number };

type Command = {
  readonly name: string;
  readonly arguments: readonly [least: number, most: number];
  readonly usage: string;
  readonly run: (sys: NetSys, words: readonly string[]) => Answer;
};

const DONE: Answer = { status: 0 };

function refused(stderr: string): Answer {
  return { stderr: `${stderr}\n`, status: 1 };
}

const absent = (what: string) => (): Answer => refused(notSimulated(`brctl ${what}`));

const COMMANDS: readonly Command[] = [
  { name: "addbr", arguments: [1, 1], usage: "<bridge>\t\tadd bridge", run: addBridge },
  { name: "delbr", arguments: [1, 1], usage: "<bridge>\t\tdelete bridge", run: deleteBridge },
  { name: "addif", arguments: [2, 99], usage: "<bridge> <device>\tadd interface to bridge", run: addPorts },
  { name: "delif", arguments: [2, 99], usage: "<bridge> <device>\tdelete interface from bridge", run: deletePorts },
  { name: "hairpin", arguments: [3, 3], usage: "<bridge> <port> {on|off}\tturn hairpin on/off", run: setHairpin },
  { name: "setageing", arguments: [2, 2], usage: "<bridge> <time>\t\tset ageing time", run: setAgeing },
  { name: "setbridgeprio", arguments: [2, 2], usage: "<bridge> <prio>\t\tset bridge priority", run: absent("setbridgeprio") },
  { name: "setfd", arguments: [2, 2], usage: "<bridge> <time>\t\tset bridge forward delay", run: absent("setfd") },
  { name: "sethello", arguments: [2, 2], usage: "<bridge> <time>\t\tset hello time", run: absent("sethello") },
  { name: "setmaxage", arguments: [2, 2], usage: "<bridge> <time>\t\tset max message age", run: absent("setmaxage") },
  { name: "setpathcost", arguments: [3, 3], usage: "<bridge> <port> <cost>\tset path cost", run: absent("setpathcost") },
  { name: "setportprio", arguments: [3, 3], usage: "<bridge> <port> <prio>\tset port priority", run: absent("setportprio") },
  { name: "show", arguments: [0, 99], usage: "[ <bridge> ]\t\tshow a list of bridges", run: show },
  { name: "showmacs", arguments: [1, 1], usage: "<bridge>\t\tshow a list of mac addrs", run: showAddresses },
  { name: "showstp", arguments: [1, 1], usage: "<bridge>\t\tshow bridge stp info", run: showSpanningTree },
  { name: "stp", arguments: [2, 2], usage: "<bridge> {on|off}\tturn stp on/off", run: setStp },
];

const USAGE = `Usage: brctl [commands]\ncommands:\n${COMMANDS.map(({ name, usage }) => `\t${name.padEnd(10)}\t${usage}\n`).join("")}`;

export const brctl: NetProgram = function* (sys) {
  const [word, ...rest] = sys.argv.slice(1);
  if (word === "-V" || word === "--version") {
    yield* print(sys, "bridge-utils, 1.7\n");
    return 0;
  }
  if (word === undefined || word === "-h" || word === "--help") {
    yield* print(sys, USAGE);
    return word === undefined ? 1 : 0;
  }
  if (word.startsWith("-")) {
    yield* complain(
      sys,
      `brctl: ${word.startsWith("--") ? `unrecognized option '${word}'` : `invalid option -- '${word.slice(1, 2)}'`}\nUnknown option '?'\n`,
    );
    yield* print(sys, USAGE);
    return 1;
  }
  const command = COMMANDS.find(({ name }) => name === word);
  if (!command) {
    yield* complain(sys, `never heard of command [${word}]\n`);
    yield* print(sys, USAGE);
    return 1;
  }
  const [least, most] = command.arguments;
  if (rest.length < least || rest.length > most) {
    yield* print(sys, `Incorrect number of arguments for command\nUsage: brctl ${command.name} ${command.usage}\n`);
    return 1;
  }
  const { stdout, stderr, status } = command.run(sys, rest);
  if (stdout !== undefined) yield* print(sys, stdout);
  if (stderr !== undefined) yield* complain(sys, stderr);
  return status;
};

function isBridge(link: LinkView): link is BridgeView {
  return link.detail.kind === "bridge";
}

function bridgeNamed({ netns }: NetSys, name: string): BridgeView | undefined {
  const link = netns.links.linkByName(name);
  return link && isBridge(link) ? link : undefined;
}

function addBridge({ netns }: NetSys, [name = ""]: readonly string[]): Answer {
  // What does not fit into a name is cut off.
  const done = netns.links.addLink({ kind: "bridge", name: name.slice(0, 15) });
  if (done.ok) return DONE;
  const { errno } = done.error;
  return refused(
    errno === "EEXIST" ? `device ${name} already exists; can't create bridge with the same name` : `add bridge failed: ${strerror(errno)}`,
  );
}

function deleteBridge(sys: NetSys, [name = ""]: readonly string[]): Answer {
  const { links } = sys.netns;
  const link = links.linkByName(name);
  const wrong = (errno: Errno): Answer => refused(`can't delete bridge ${name}: ${strerror(errno)}`);
  if (!sys.capabilities.has("NET_ADMIN")) return wrong("EPERM");
  if (!link) return refused(`bridge ${name} doesn't exist; can't delete it`);
  if (!isBridge(link)) return wrong("EPERM");
  if (link.isUp) return refused(`bridge ${name} is still up; can't delete it`);
  const done = links.deleteLink(link.index);
  return done.ok ? DONE : wrong(done.error.errno);
}

function addPorts(sys: NetSys, [name = "", ...ports]: readonly string[]): Answer {
  const { links } = sys.netns;
  for (const port of ports) {
    const wrong = (errno: Errno): Answer => refused(`can't add ${port} to bridge ${name}: ${strerror(errno)}`);
    const link = links.linkByName(port);
    if (!link) return refused(`interface ${port} does not exist!`);
    const bridge = links.linkByName(name);
    if (!bridge) return refused(`bridge ${name} does not exist!`);
    if (!sys.capabilities.has("NET_ADMIN")) return wrong("EPERM");
    if (!isBridge(bridge)) return wrong("EOPNOTSUPP");
    if (isBridge(link)) return refused(`device ${port} is a bridge device itself; can't add a bridge device to a bridge device.`);
    if (link.port) return refused(`device ${port} is already a member of a bridge; can't add it to bridge ${name}.`);
    const done = links.change(link.index, { set: "master", master: bridge.index });
    if (!done.ok) return wrong(done.error.errno);
  }
  return DONE;
}

function deletePorts(sys: NetSys, [name = "", ...ports]: readonly string[]): Answer {
  const { links } = sys.netns;
  for (const port of ports) {
    const wrong = (errno: Errno): Answer => refused(`can't delete ${port} from ${name}: ${strerror(errno)}`);
    const link = links.linkByName(port);
    if (!link) return refused(`interface ${port} does not exist!`);
    const bridge = links.linkByName(name);
    if (!bridge) return refused(`bridge ${name} does not exist!`);
    if (!sys.capabilities.has("NET_ADMIN")) return wrong("EPERM");
    if (!isBridge(bridge)) return wrong("EOPNOTSUPP");
    if (link.port?.bridge !== bridge.index) return refused(`device ${port} is not a port of ${name}`);
    const done = links.change(link.index, { set: "master", master: undefined });
    if (!done.ok) return wrong(done.error.errno);
  }
  return DONE;
}

function onOrOff(word: string): boolean | undefined {
  if (["on", "yes", "1"].includes(word)) return true;
  return ["off", "no", "0"].includes(word) ? false : undefined;
}

function setStp(sys: NetSys, [name = "", word = ""]: readonly string[]): Answer {
  const stp = onOrOff(word);
  if (stp === undefined) return refused("expect on/off for argument");
  const bridge = bridgeNamed(sys, name);
  const done = bridge && sys.netns.links.change(bridge.index, { set: "bridge", stp });
  return done?.ok ? DONE : refused(`set stp status failed: ${strerror(done?.error.errno ?? "ENODEV")}`);
}

function setAgeing(sys: NetSys, [name = "", word = ""]: readonly string[]): Answer {
  const seconds = Number(word);
  if (word === "" || Number.isNaN(seconds)) return refused("bad ageing time value");
  const bridge = bridgeNamed(sys, name);
  const done = bridge && sys.netns.links.change(bridge.index, { set: "bridge", ageingSeconds: seconds });
  return done?.ok ? DONE : refused(`set ageing time failed: ${strerror(done?.error.errno ?? "ENODEV")}`);
}

function setHairpin(sys: NetSys, [name = "", port = "", word = ""]: readonly string[]): Answer {
  const hairpin = onOrOff(word);
  if (hairpin === undefined) return refused("expect on/off for argument");
  const { links } = sys.netns;
  const bridge = bridgeNamed(sys, name);
  const link = links.linkByName(port);
  if (!link) return refused(`interface ${port} does not exist!`);
  if (!bridge) return refused(`bridge ${name} does not exist!`);
  // Of whichever bridge: the file that is written is the port's own.
  const done = link.port ? links.change(link.index, { set: "port", hairpin }) : undefined;
  return done?.ok ? DONE : refused(`can't set ${port} to hairpin on bridge ${name}: ${strerror(done?.error.errno ?? "ENOENT")}`);
}

function notABridge({ netns }: NetSys, name: string): Answer {
  return refused(netns.links.linkByName(name) ? `device ${name} is not a bridge!` : `bridge ${name} does not exist!`);
}

function show(sys: NetSys, names: readonly string[]): Answer {
  const { netns } = sys;
  const { links } = netns;
  const wanted =
    names.length === 0
      ? links
          .links()
          .map(({ name }) => name)
          .toSorted()
      : names;
  const shown: BridgeView[] = [];
  for (const name of wanted) {
    const link = links.linkByName(name);
    if (link && isBridge(link)) shown.push(link);
    else if (names.length > 0) return { ...(shown.length > 0 ? { stdout: bridgeTable(netns, shown) } : {}), ...notABridge(sys, name) };
  }
  return { stdout: bridgeTable(netns, shown), status: 0 };
}

function showAddresses(sys: NetSys, [name = ""]: readonly string[]): Answer {
  const bridge = bridgeNamed(sys, name);
  return bridge
    ? { stdout: forwardingTable(sys.netns, bridge), status: 0 }
    : refused(`read of forward table failed: ${strerror(sys.netns.links.linkByName(name) ? "EOPNOTSUPP" : "ENODEV")}`);
}

function showSpanningTree(sys: NetSys, [name = ""]: readonly string[]): Answer {
  const bridge = bridgeNamed(sys, name);
  return bridge ? { stdout: spanningTree(sys.netns, bridge), status: 0 } : notABridge(sys, name);
}
