/**
 * The package `iptables` of Debian (1.8.13, the nf_tables variant): iptables, ip6tables and their -save and -restore.
 *
 * What they show and change are the tables of the namespace that they run in. Differs: host names other than those of
 * /etc/hosts are not looked up, help texts stop after the synopsis, and `-vv` does not dump nf_tables.
 */

import { strerror } from "@/lib/sim/core/errno";
import { complain, print, readAll } from "@/lib/sim/core/stdio";
import type { Sys } from "@/lib/sim/core/sys";
import type { Routine } from "@/lib/sim/core/task";
import type { Family } from "@/lib/sim/net/address";
import type { Netfilter, NetProgram, NetSys } from "@/lib/sim/kernel";
import { iptablesOutcome } from "./iptables";
import { restore, restoreOptions } from "./restore";
import { save } from "./save";
import { nameOf, type Outcome, VERSION } from "./words";

const iptables = (family: Family): NetProgram =>
  function* (sys) {
    const netfilter = tablesOf(sys, family);
    return yield* tell(
      sys,
      iptablesOutcome(sys.argv.slice(1), netfilter, hostNames(sys), () => withoutPrivilege(sys, nameOf(family))),
    );
  };

const iptablesSave = (family: Family): NetProgram =>
  function* (sys) {
    const netfilter = tablesOf(sys, family);
    const outcome = save(sys.argv.slice(1), { netfilter, dateMs: sys.dateMs });
    if (outcome.status !== 0) return yield* tell(sys, outcome);
    const denied = withoutPrivilege(sys, `${nameOf(family)}-save`);
    if (denied && outcome.stdout.startsWith("#")) return yield* tell(sys, { ...denied, status: 0 });
    if (outcome.file === undefined) return yield* tell(sys, outcome);
    const written = sys.writeFile(outcome.file, outcome.stdout);
    if (written.ok) return 0;
    return yield* tell(sys, { stdout: "", stderr: `Failed to open output file ${outcome.file}: ${strerror(written.error)}\n`, status: 1 });
  };

const iptablesRestore = (family: Family): NetProgram =>
  function* (sys) {
    const netfilter = tablesOf(sys, family);
    const options = restoreOptions(sys.argv.slice(1), netfilter);
    if ("status" in options) return yield* tell(sys, options);
    const denied = withoutPrivilege(sys, `${nameOf(family)}-restore`);
    if (denied) return yield* tell(sys, denied);
    if (options.file === undefined) return yield* tell(sys, restore(yield* readAll(sys, 0), options, netfilter));
    const text = sys.readFile(options.file);
    if (!text.ok) return yield* tell(sys, { stdout: "", stderr: `Can't open ${options.file}: ${strerror(text.error)}\n`, status: 1 });
    return yield* tell(sys, restore(text.value, options, netfilter));
  };

export const programs: ReadonlyMap<string, NetProgram> = new Map<string, NetProgram>([
  ["iptables/iptables", iptables(4)],
  ["iptables/ip6tables", iptables(6)],
  ["iptables/iptables-save", iptablesSave(4)],
  ["iptables/ip6tables-save", iptablesSave(6)],
  ["iptables/iptables-restore", iptablesRestore(4)],
  ["iptables/ip6tables-restore", iptablesRestore(6)],
]);

function tablesOf(sys: NetSys, family: Family): Netfilter {
  return family === 4 ? sys.netns.iptables : sys.netns.ip6tables;
}

/** nf_tables shows nothing to a process without CAP_NET_ADMIN, such as one in an ordinary container. */
function withoutPrivilege(sys: Sys, name: string): Outcome | undefined {
  if (sys.capabilities.has("NET_ADMIN")) return undefined;
  return {
    stdout: "",
    stderr: `${name} ${VERSION}: Could not fetch rule set generation id: Permission denied (you must be root)\n`,
    status: 4,
  };
}

/** Names by address, from /etc/hosts. */
function hostNames(sys: Sys): (address: string) => string | undefined {
  const hosts = sys.readFile("/etc/hosts");
  const names = new Map<string, string>();
  for (const line of hosts.ok ? hosts.value.split("\n") : []) {
    const [address, name] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address && name && !names.has(address)) names.set(address, name);
  }
  return (address) => names.get(address);
}

function* tell(sys: Sys, { stdout, stderr, status }: Outcome): Routine<number> {
  yield* print(sys, stdout);
  yield* complain(sys, stderr);
  return status;
}
