/**
 * busybox's `ip` (1.38.0, networking/ip.c and libiproute): iproute2's of long ago, with its own words for errors.
 *
 * Differs: reference and use counts of neighbours are not kept, it prints those of a fresh entry; `ip tunnel` lists none.
 */

import { ok, type Result } from "@/lib/base/result";
import { print } from "@/lib/sim/core/stdio";
import type { Netns, NetProgram } from "@/lib/sim/kernel";
import { type Failure, sayAndStop, showUsage } from "./busybox";
import { changeAddress, flushAddresses, listAddresses, listLinks } from "./ip-address";
import { addLink, deleteLink, setLink } from "./ip-link";
import { changeRoute, getRoute, listRoutes, flushRoutes } from "./ip-route";
import { changeRule, flushNeighbours, listNeighbours, listRules } from "./ip-rule";

export type IpFamily = "any" | "inet" | "inet6" | "link";
export type IpSettings = {
  readonly netns: Netns;
  readonly family: IpFamily;
  readonly oneline: boolean;
  readonly pidNetns: (pid: number) => Netns | undefined;
};

/** What to print, or why not. */
export type Done = Result<string, Failure>;
type Act = (words: readonly string[], settings: IpSettings) => Done;

const USAGE = `ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]

OPTIONS := -f[amily] inet|inet6|link | -o[neline]

ip addr add|del IFADDR dev IFACE | show|flush [dev IFACE] [to PREFIX]
ip route list|flush|add|del|change|append|replace|test ROUTE
ip link set IFACE [up|down] [arp on|off] [multicast on|off]
	[promisc on|off] [mtu NUM] [name NAME] [qlen NUM] [address MAC]
	[master IFACE | nomaster] [netns PID] [type TYPE ARGS]
ip tunnel add|change|del|show [NAME]
	[mode ipip|gre|sit] [remote ADDR] [local ADDR] [ttl TTL]
ip neigh show|flush [to PREFIX] [dev DEV] [nud STATE]
ip rule [list] | add|del SELECTOR ACTION`;

const OBJECTS: readonly (readonly [name: string, status: number, commands: readonly (readonly [name: string, act: Act])[]])[] = [
  [
    "address",
    1,
    [
      ["show", listAddresses],
      ["list", listAddresses],
      ["lst", listAddresses],
      ["add", (words, settings) => changeAddress("add", words, settings)],
      ["change", (words, settings) => changeAddress("change", words, settings)],
      ["chg", (words, settings) => changeAddress("change", words, settings)],
      ["replace", (words, settings) => changeAddress("replace", words, settings)],
      ["delete", (words, settings) => changeAddress("delete", words, settings)],
      ["flush", flushAddresses],
    ],
  ],
  [
    "route",
    1,
    [
      ["list", listRoutes],
      ["show", listRoutes],
      ["lst", listRoutes],
      ["add", (words, settings) => changeRoute("add", words, settings)],
      ["append", (words, settings) => changeRoute("append", words, settings)],
      ["change", (words, settings) => changeRoute("change", words, settings)],
      ["chg", (words, settings) => changeRoute("change", words, settings)],
      ["delete", (words, settings) => changeRoute("delete", words, settings)],
      ["get", getRoute],
      ["replace", (words, settings) => changeRoute("replace", words, settings)],
      ["flush", flushRoutes],
    ],
  ],
  [
    "link",
    2,
    [
      ["show", listLinks],
      ["list", listLinks],
      ["lst", listLinks],
      ["set", setLink],
      ["add", addLink],
      ["delete", deleteLink],
    ],
  ],
  [
    "tunnel",
    1,
    [
      ["show", () => ok("")],
      ["list", () => ok("")],
    ],
  ],
  [
    "neighbor",
    1,
    [
      ["show", listNeighbours],
      ["list", listNeighbours],
      ["flush", flushNeighbours],
    ],
  ],
  [
    "neighbour",
    1,
    [
      ["show", listNeighbours],
      ["list", listNeighbours],
      ["flush", flushNeighbours],
    ],
  ],
  [
    "rule",
    1,
    [
      ["list", listRules],
      ["show", listRules],
      ["add", (words, settings) => changeRule("add", words, settings)],
      ["delete", (words, settings) => changeRule("delete", words, settings)],
    ],
  ],
];

export const ip: NetProgram = function* (sys) {
  const words = [...sys.argv.slice(1)];
  let [family, oneline]: [IpFamily, boolean] = ["any", false];
  while (words[0]?.startsWith("-")) {
    const option = (words.shift() ?? "").replace(/^-(?=-)/, "");
    if (option === "-4" || option === "-6" || option === "-0") family = option === "-4" ? "inet" : option === "-6" ? "inet6" : "link";
    else if (option.length > 1 && "-oneline".startsWith(option)) oneline = true;
    else if (option.length > 1 && "-family".startsWith(option)) {
      const name = words.shift();
      if (name !== "inet" && name !== "inet6" && name !== "link")
        return yield* sayAndStop(sys, "ip", { message: `invalid argument '${name ?? ""}' to 'protocol family'`, status: 1 });
      family = name;
    } else return yield* showUsage(sys, USAGE);
  }
  const name = words.shift();
  const object = name === undefined ? undefined : OBJECTS.find(([full]) => full.startsWith(name));
  if (!object) return yield* showUsage(sys, USAGE);
  const [, status, commands] = object;
  const verb = words[0];
  const command = verb === undefined ? commands[0]?.[1] : commands.find(([full]) => full.startsWith(verb))?.[1];
  if (!command) return yield* sayAndStop(sys, "ip", { message: `invalid argument '${verb}' to 'ip'`, status });
  const done = command(words.slice(1), {
    netns: sys.netns,
    family,
    oneline,
    pidNetns: (pid) => {
      const netns = sys.netnsOfPid(pid);
      return netns.ok ? netns.value : undefined;
    },
  });
  if (!done.ok) return yield* sayAndStop(sys, "ip", done.error);
  yield* print(sys, done.value);
  return 0;
};
