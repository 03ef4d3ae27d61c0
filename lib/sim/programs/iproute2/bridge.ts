/**
 * `bridge`: ports, forwarding entries and VLANs of bridges (iproute2 7.3.0, bridge/).
 *
 * The bridges here know no VLANs, as on a kernel without BRIDGE_VLAN_FILTERING: `bridge vlan` lists none.
 */

import { ok } from "@/lib/base/result";
import { print } from "@/lib/sim/core/stdio";
import type { NetProgram } from "@/lib/sim/kernel";
import { Argv, findCommand } from "./argv";
import { changeFdb, flushFdb, getFdb, showFdb } from "./bridge-fdb";
import { setPort, showPorts } from "./bridge-link";
import { Context } from "./context";
import { stop } from "./ip";
import { readGlobalOptions } from "./options";
import { type Checked, failed, noDevice, notHere } from "./outcome";
import { BRIDGE_LINK_USAGE, BRIDGE_USAGE, printUsage, type Usage } from "./usage";

type Command = (argv: Argv, context: Context) => Checked<void>;
type Commands = readonly (readonly [spelling: string, command: Command])[];

const help =
  (synopsis: string): Command =>
  () =>
    printUsage({ synopsis, isWhole: false } satisfies Usage);
const unsimulated =
  (what: string): Command =>
  () =>
    notHere(what);

const FDB: Commands = [
  ["add", (argv, context) => changeFdb("add", argv, context)],
  ["append", (argv, context) => changeFdb("append", argv, context)],
  ["replace", (argv, context) => changeFdb("replace", argv, context)],
  ["delete", (argv, context) => changeFdb("delete", argv, context)],
  ["get", getFdb],
  ["show", showFdb],
  ["lst", showFdb],
  ["list", showFdb],
  ["flush", flushFdb],
  ["help", help("Usage: bridge fdb { add | append | del | replace } ADDR dev DEV\n")],
];

const LINK: Commands = [
  ["set", setPort],
  ["change", setPort],
  ["show", showPorts],
  ["lst", showPorts],
  ["list", showPorts],
  ["help", () => printUsage(BRIDGE_LINK_USAGE)],
];

const VLAN: Commands = [
  ["add", unsimulated("bridge vlan add")],
  ["delete", unsimulated("bridge vlan del")],
  ["show", showVlans],
  ["lst", showVlans],
  ["list", showVlans],
  ["tunnelshow", unsimulated("bridge vlan tunnelshow")],
  ["set", unsimulated("bridge vlan set")],
  ["global", unsimulated("bridge vlan global")],
  ["help", help("Usage: bridge vlan { add | del } vid VLAN_ID dev DEV [ tunnel_info id TUNNEL_ID ]\n")],
];

const OBJECTS: readonly (readonly [
  spelling: string,
  object: { readonly name: string; readonly none: Command; readonly commands: Commands } | "unsimulated" | "help",
])[] = [
  ["link", { name: "link", none: showPorts, commands: LINK }],
  ["fdb", { name: "fdb", none: showFdb, commands: FDB }],
  ["mdb", "unsimulated"],
  ["mst", "unsimulated"],
  ["vlan", { name: "vlan", none: showVlans, commands: VLAN }],
  ["vni", "unsimulated"],
  ["monitor", "unsimulated"],
  ["help", "help"],
];

export const bridge: NetProgram = function* (sys) {
  const argv = new Argv(sys.argv.slice(1));
  const global = readGlobalOptions("bridge", argv, sys);
  if (!global.ok) return yield* stop(sys, global);
  if (global.value.special === "version") {
    yield* print(sys, "bridge utility, 7.3.0\n");
    return 0;
  }
  const name = argv.take();
  const object = name === undefined ? "help" : findCommand(name, OBJECTS);
  if (object === "help" || global.value.special === "usage") return yield* stop(sys, printUsage(BRIDGE_USAGE));
  if (object === "unsimulated") return yield* stop(sys, notHere(`bridge ${name}`));
  if (!object) return yield* stop(sys, failed(`Object "${name}" is unknown, try "bridge help".`, 255));
  const context = new Context(sys, global.value.netns, global.value.options);
  const word = argv.take();
  const command = word === undefined ? object.none : findCommand(word, object.commands);
  if (!command) return yield* stop(sys, failed(`Command "${word}" is unknown, try "bridge ${object.name} help".`, 255));
  const done = command(argv, context);
  yield* print(sys, context.out.finish());
  return yield* stop(sys, done);
};

function showVlans(argv: Argv, context: Context): Checked<void> {
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    const text = argv.value();
    if (!text.ok) return text;
    if (word === "dev" && !context.findLink(text.value)) return noDevice(text.value, 255);
  }
  context.out.array(() => context.out.text("port              vlan-id  \n"));
  return ok(undefined);
}
