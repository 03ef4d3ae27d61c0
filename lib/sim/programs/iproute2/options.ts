/** The options in front of the object: `ip -4 -br -n blue addr` (ip/ip.c, bridge/bridge.c). Each may be cut short. */

import { ok } from "@/lib/base/result";
import { strerror } from "@/lib/sim/core/errno";
import type { Netns, NetSys } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import { type IpFamily, type IpOptions, NETNS_DIRECTORY } from "./context";
import { type Checked, failed, invalid, missing, notHere } from "./outcome";

export type GlobalOptions = { readonly options: IpOptions; readonly netns: Netns; readonly special: "version" | "usage" | undefined };

type Option =
  | "loops"
  | "family"
  | "human"
  | "iec"
  | "stats"
  | "details"
  | "resolve"
  | "oneline"
  | "timestamp"
  | "tshort"
  | "version"
  | "force"
  | "batch"
  | "brief"
  | "json"
  | "pretty"
  | "rcvbuf"
  | "help"
  | "netns"
  | "numeric"
  | "all"
  | "compress";

/** In the order in which the program tries them: the first that begins so is meant. */
const IP_OPTIONS: readonly (readonly [spelling: string, option: Option])[] = [
  ["-loops", "loops"],
  ["-family", "family"],
  ["-human", "human"],
  ["-human-readable", "human"],
  ["-iec", "iec"],
  ["-stats", "stats"],
  ["-statistics", "stats"],
  ["-details", "details"],
  ["-resolve", "resolve"],
  ["-oneline", "oneline"],
  ["-timestamp", "timestamp"],
  ["-tshort", "tshort"],
  ["-Version", "version"],
  ["-force", "force"],
  ["-batch", "batch"],
  ["-brief", "brief"],
  ["-json", "json"],
  ["-pretty", "pretty"],
  ["-rcvbuf", "rcvbuf"],
  ["-help", "help"],
  ["-netns", "netns"],
  ["-Numeric", "numeric"],
  ["-all", "all"],
];

const BRIDGE_OPTIONS: readonly (readonly [spelling: string, option: Option])[] = [
  ["-help", "help"],
  ["-Version", "version"],
  ["-stats", "stats"],
  ["-statistics", "stats"],
  ["-details", "details"],
  ["-oneline", "oneline"],
  ["-timestamp", "timestamp"],
  ["-family", "family"],
  ["-netns", "netns"],
  ["-compressvlans", "compress"],
  ["-force", "force"],
  ["-json", "json"],
  ["-pretty", "pretty"],
  ["-batch", "batch"],
];

const FAMILIES: ReadonlyMap<string, IpFamily> = new Map<string, IpFamily>([
  ["inet", "inet"],
  ["inet6", "inet6"],
  ["link", "link"],
]);

export function readGlobalOptions(program: "ip" | "bridge", argv: Argv, sys: NetSys): Checked<GlobalOptions> {
  let options: IpOptions = {
    family: "any",
    details: 0,
    stats: 0,
    brief: false,
    oneline: false,
    json: false,
    pretty: false,
    numeric: false,
    force: false,
    color: false,
  };
  let { netns } = sys;
  for (let word = argv.word; word?.startsWith("-"); word = argv.word) {
    argv.take();
    if (word === "--") break;
    const spelled = word.startsWith("--") ? word.slice(1) : word;
    if (program === "ip" && (spelled === "-4" || spelled === "-6" || spelled === "-0")) {
      options = { ...options, family: spelled === "-4" ? "inet" : spelled === "-6" ? "inet6" : "link" };
      continue;
    }
    const when = /^-c(?:o(?:l(?:o(?:r)?)?)?)?(?:=(.*))?$/.exec(spelled);
    if (when && ["always", "auto", "never", undefined].includes(when[1])) {
      options = { ...options, color: when[1] === "never" ? false : when[1] !== "auto" || sys.tty(1) !== undefined };
      continue;
    }
    const option = (program === "ip" ? IP_OPTIONS : BRIDGE_OPTIONS).find(([spelling]) => spelling.startsWith(spelled))?.[1];
    switch (option) {
      case undefined:
        return failed(`Option "${word}" is unknown, try "${program === "ip" ? "ip -help" : "bridge help"}".`, 255);
      case "family": {
        const family = argv.take();
        if (family === undefined) return missing("family");
        if (family === "help") return ok({ options, netns, special: "usage" });
        const known = FAMILIES.get(family);
        if (known === undefined)
          return family === "mpls" || family === "bridge" ? notHere(`the family ${family}`) : invalid(family, "invalid protocol family");
        options = { ...options, family: known };
        break;
      }
      case "netns": {
        const name = argv.take();
        const found = name === undefined ? undefined : sys.netnsByPath(name.startsWith("/") ? name : `${NETNS_DIRECTORY}/${name}`);
        if (!found?.ok) return failed(`Cannot open network namespace "${name ?? "(null)"}": ${strerror(found?.error ?? "ENOENT")}`, 255);
        netns = found.value;
        sys.enterNetns(netns);
        break;
      }
      case "stats":
        options = { ...options, stats: options.stats + 1 };
        break;
      case "details":
        options = { ...options, details: options.details + 1 };
        break;
      case "oneline":
      case "brief":
      case "json":
      case "pretty":
      case "numeric":
      case "force":
        options = { ...options, [option]: true };
        break;
      // Names of addresses are not looked up, numbers are not shortened, and a pipe shows no colours: nothing changes.
      case "resolve":
      case "human":
      case "iec":
      case "all":
      case "compress":
        break;
      case "version":
      case "help":
        return ok({ options, netns, special: option === "version" ? "version" : "usage" });
      case "loops":
      case "rcvbuf":
        argv.take();
        break;
      case "timestamp":
      case "tshort":
      case "batch":
        return notHere(`${program}'s option -${option}`);
    }
  }
  return ok({ options: options.json ? { ...options, oneline: false } : options, netns, special: undefined });
}
