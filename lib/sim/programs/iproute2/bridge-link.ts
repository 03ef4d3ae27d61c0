/** `bridge link`: the ports of bridges and their settings (bridge/link.c). */

import { ok } from "@/lib/base/result";
import type { LinkView } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import type { Context } from "./context";
import { linkFlags, lowerOf } from "./link-text";
import { type Checked, failed, invalid, kernelRefusal, noDevice, notHere } from "./outcome";
import { BRIDGE_LINK_USAGE, printUsage } from "./usage";

export function showPorts(argv: Argv, context: Context): Checked<void> {
  let [device, master]: [LinkView | undefined, LinkView | undefined] = [undefined, undefined];
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    const text = word === "dev" || word === "master" ? argv.value() : ok(word);
    if (!text.ok) return text;
    const link = context.findLink(text.value);
    if (!link) return noDevice(text.value, 255);
    if (word === "master") master = link;
    else device = link;
  }
  const { out, netns, options } = context;
  out.array(() => {
    for (const link of netns.links.links()) {
      if (!link.port || (device && device.index !== link.index) || (master && link.port.bridge !== master.index)) continue;
      const { port } = link;
      out.object(() => {
        const lower = lowerOf(link);
        // The other end's number is taken for one of this namespace.
        const other = lower && (netns.links.links().find(({ index }) => index === lower.index)?.name ?? `if${lower.index}`);
        const flags = [...linkFlags(link, context)];
        out.put("ifindex", link.index, `${link.index}: `);
        if (other !== undefined) out.json("link", other);
        out.putColoured("ifname", link.name, "", "interface", `${link.name}${other === undefined ? "" : `@${other}`}: `);
        out.put("flags", flags, `<${flags.join(",")}> `);
        out.put("mtu", link.mtu, `mtu ${link.mtu} `);
        out.put("master", context.nameOf(port.bridge), `master ${context.nameOf(port.bridge)} `);
        out.put("state", port.state, `state ${port.state} `);
        out.put("priority", port.priority, `priority ${port.priority} `);
        out.put("cost", port.cost, `cost ${port.cost} `);
        if (options.details > 0) printPortDetails(port, context);
        out.text("\n");
      });
    }
  });
  return ok(undefined);
}

function printPortDetails(port: NonNullable<LinkView["port"]>, { out }: Context): void {
  const onOff = (word: string, isOn: boolean): void => out.put(word, isOn, `${word} ${isOn ? "on" : "off"} `);
  out.text(`${out.lineEnd}    `);
  onOff("hairpin", port.hairpin);
  onOff("guard", false);
  onOff("root_block", false);
  onOff("fastleave", false);
  onOff("learning", port.learning);
  onOff("flood", port.flood);
  onOff("mcast_flood", true);
  onOff("bcast_flood", true);
  out.put("mcast_router", 1, "mcast_router 1 ");
  for (const word of ["mcast_to_unicast", "neigh_suppress", "neigh_vlan_suppress", "vlan_tunnel"]) onOff(word, false);
  onOff("isolated", port.isolated);
  onOff("locked", false);
  onOff("mab", false);
  out.put("mcast_n_groups", 0, "mcast_n_groups 0 ");
  out.put("mcast_max_groups", 0, "mcast_max_groups 0 ");
}

const STATES = ["disabled", "listening", "learning", "forwarding", "blocking"] as const;
const SWITCHES = ["hairpin", "isolated", "learning", "flood"] as const;
const UNSIMULATED: readonly string[] = [
  "guard",
  "root_block",
  "fastleave",
  "learning_sync",
  "mcast_router",
  "mcast_flood",
  "bcast_flood",
  "mcast_to_unicast",
  "mcast_max_groups",
  "neigh_suppress",
  "neigh_vlan_suppress",
  "vlan_tunnel",
  "locked",
  "mab",
  "hwmode",
  "backup_port",
  "nobackup_port",
  "backup_nhid",
];

export function setPort(argv: Argv, context: Context): Checked<void> {
  let name: string | undefined;
  let change: {
    hairpin?: boolean;
    isolated?: boolean;
    learning?: boolean;
    flood?: boolean;
    cost?: number;
    priority?: number;
    state?: (typeof STATES)[number];
  } = {};
  for (let word = argv.take(); word !== undefined; word = argv.take()) {
    if (word === "self" || word === "master") continue;
    if (UNSIMULATED.includes(word)) return notHere(`bridge link set's option ${word}`);
    const toggle = SWITCHES.find((one) => one === word);
    if (!toggle && !["dev", "cost", "priority", "state"].includes(word)) return printUsage(BRIDGE_LINK_USAGE);
    const text = argv.value();
    if (!text.ok) return text;
    if (toggle) {
      if (text.value !== "on" && text.value !== "off")
        return failed(`Error: argument of "${word}" must be "on" or "off", not "${text.value}"`, 255);
      change = { ...change, [toggle]: text.value === "on" };
    } else if (word === "dev") name = text.value;
    else if (word === "cost" || word === "priority") {
      if (!/^\d+$/.test(text.value)) return invalid(text.value, `invalid ${word}\n`);
      change = { ...change, [word]: Number(text.value) };
    } else {
      const state = STATES.find((one, number) => one === text.value || String(number) === text.value);
      if (!state) return failed("Error: invalid STP port state", 255);
      change = { ...change, state };
    }
  }
  if (name === undefined) return failed("Device is a required argument.", 255);
  const link = context.findLink(name);
  if (!link) return failed(`Cannot find bridge device "${name}"`, 255);
  if (!link.port) return kernelRefusal({ errno: "EOPNOTSUPP" }, 255);
  const done = context.netns.links.change(link.index, { set: "port", ...change });
  return done.ok ? ok(undefined) : kernelRefusal(done.error, 255);
}
