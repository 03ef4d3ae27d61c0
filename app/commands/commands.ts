/** The commands of a simulated host with what is simulated of each and where content uses it: what /commands shows and the palette finds. */

import type { Lab, Lesson } from "@/lib/content";
import { dockerLedger, hostPrograms, type LedgerCommand } from "@/lib/sim";
import { TOOLS } from "./tools";
import { type Usage, usageOf } from "./usage";

export type CommandRow = {
  /** Its anchor on the page. */
  readonly id: string;
  readonly name: string;
  /** Its other names. */
  readonly also: readonly string[];
  readonly about: string;
  readonly simulated: LedgerCommand["simulated"];
  readonly flags: readonly string[];
  readonly missingFlags: readonly string[];
  readonly usage: Usage;
};

export type CommandGroup = { readonly id: string; readonly title: string; readonly rows: readonly CommandRow[] };

export type CommandBook = {
  readonly docker: readonly CommandGroup[];
  readonly tools: readonly CommandGroup[];
  /** The other programs of a host. */
  readonly others: { readonly simulated: readonly string[]; readonly missing: readonly string[] };
};

const NOWHERE: Usage = { lessons: [], labs: [] };

export function commandBook(lessons: readonly Lesson[], labs: readonly Lab[]): CommandBook {
  const ledger = dockerLedger();
  const programs = hostPrograms();
  const tools = TOOLS.flatMap((group) => group.tools);
  const usage = usageOf([...ledger.map(({ name, also }) => [name, ...also]), ...tools.map(({ name }) => [name])], lessons, labs);
  const rowOf = ({ name, also, short, simulated, flags, missingFlags }: LedgerCommand): CommandRow => ({
    id: anchorOf(name),
    name,
    also,
    about: short,
    simulated,
    flags,
    missingFlags,
    usage: usage.get(name) ?? NOWHERE,
  });
  const isSimulated = new Map(programs.map((program) => [program.name, program.isSimulated]));
  const told = new Set(["docker", "docker-compose", ...tools.map(({ name }) => name)]);
  const others = programs.filter(({ name }) => !told.has(name));
  return {
    docker: [...new Set(ledger.map(({ group }) => group))].map((group) => ({
      id: `group-${anchorOf(group)}`,
      title: group,
      rows: ledger.filter((command) => command.group === group).map(rowOf),
    })),
    tools: TOOLS.map((group) => ({
      id: `group-${anchorOf(group.title)}`,
      title: group.title,
      rows: group.tools.map(({ name, about }) => ({
        id: anchorOf(name),
        name,
        also: [],
        about,
        simulated: isSimulated.get(name) ? "yes" : "no",
        flags: [],
        missingFlags: [],
        usage: usage.get(name) ?? NOWHERE,
      })),
    })),
    others: {
      simulated: others.filter((program) => program.isSimulated).map(({ name }) => name),
      missing: others.filter((program) => !program.isSimulated).map(({ name }) => name),
    },
  };
}

function anchorOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
