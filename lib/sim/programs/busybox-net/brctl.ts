/** busybox's `brctl` as Debian builds it: only the four commands that make bridges and their ports (networking/brctl.c). */

import { type Errno, strerror } from "@/lib/sim/core/errno";
import type { NetProgram } from "@/lib/sim/kernel";
import { sayAndStop, showUsage } from "./busybox";

const USAGE = `brctl COMMAND [BRIDGE [ARGS]]

Manage ethernet bridges
Commands:
	addbr BRIDGE		Create BRIDGE
	delbr BRIDGE		Delete BRIDGE
	addif BRIDGE IFACE	Add IFACE to BRIDGE
	delif BRIDGE IFACE	Delete IFACE from BRIDGE`;

const COMMANDS: readonly string[] = ["addbr", "delbr", "addif", "delif"];

export const brctl: NetProgram = function* (sys) {
  const [command, bridge, port, ...more] = sys.argv.slice(1);
  if (command === undefined) return yield* showUsage(sys, USAGE);
  if (!COMMANDS.includes(command))
    return yield* sayAndStop(sys, "brctl", { message: `invalid argument '${command}' to 'brctl'`, status: 1 });
  const isPortCommand = command === "addif" || command === "delif";
  if (bridge === undefined || (isPortCommand && port === undefined) || more.length > 0) return yield* showUsage(sys, USAGE);

  const { links } = sys.netns;
  const refused = (what: string, name: string, errno: Errno): ReturnType<typeof sayAndStop> =>
    sayAndStop(sys, "brctl", { message: `${what} ${name}: ${strerror(errno)}`, status: 1 });
  if (command === "addbr") {
    const done = links.addLink({ kind: "bridge", name: bridge });
    return done.ok ? 0 : yield* refused("bridge", bridge, done.error.errno);
  }
  const found = links.linkByName(bridge);
  if (!sys.capabilities.has("NET_ADMIN")) return yield* refused("bridge", bridge, "EPERM");
  if (command === "delbr") {
    if (found?.detail.kind !== "bridge") return yield* refused("bridge", bridge, found ? "EPERM" : "ENXIO");
    if (found.isUp) return yield* refused("bridge", bridge, "EBUSY");
    const done = links.deleteLink(found.index);
    return done.ok ? 0 : yield* refused("bridge", bridge, done.error.errno);
  }
  const link = links.linkByName(port ?? "");
  if (!link) return yield* refused("iface", port ?? "", "ENODEV");
  if (found?.detail.kind !== "bridge") return yield* refused("bridge", bridge, found ? "EOPNOTSUPP" : "ENODEV");
  if (command === "addif" && link.port) return yield* refused("bridge", bridge, "EBUSY");
  if (command === "delif" && link.port?.bridge !== found.index) return yield* refused("bridge", bridge, "EINVAL");
  const done = links.change(link.index, { set: "master", master: command === "addif" ? found.index : undefined });
  return done.ok ? 0 : yield* refused("bridge", bridge, done.error.errno);
};
