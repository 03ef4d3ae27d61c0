/** `ip netns`: namespaces with a name under /run/netns (ip/ipnetns.c). */

import { ok, type Result } from "@/lib/base/result";
import { type Errno, strerror } from "@/lib/sim/core/errno";
import { complain } from "@/lib/sim/core/stdio";
import type { Routine } from "@/lib/sim/core/task";
import { SIGNAL_NUMBERS } from "@/lib/sim/core/signal";
import type { NetSys } from "@/lib/sim/kernel";
import type { Argv } from "./argv";
import { type Context, NETNS_DIRECTORY } from "./context";
import { type Checked, failed } from "./outcome";
import { lowerOf } from "./link-text";

export function listNamespaces(context: Context): Checked<void> {
  const { out, sys } = context;
  const listed = sys.readdir(NETNS_DIRECTORY);
  const numbers = numbersOfNamespaces(context);
  out.array(() => {
    for (const name of listed.ok ? listed.value : []) {
      const netns = sys.netnsByPath(`${NETNS_DIRECTORY}/${name}`);
      const number = netns.ok ? numbers.get(netns.value.id) : undefined;
      out.object(() => {
        out.put("name", name, name);
        if (number !== undefined) out.put("id", number, ` (id: ${number})`);
        out.text("\n");
      });
    }
  });
  return ok(undefined);
}

/** What this namespace calls others, as its links tell. */
function numbersOfNamespaces({ netns }: Context): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const link of netns.links.links()) {
    const lower = lowerOf(link);
    if (lower?.netns !== undefined && lower.netnsId !== undefined) numbers.set(lower.netns, lower.netnsId);
  }
  return numbers;
}

export function addNamespace(argv: Argv, { sys }: Context): Checked<void> {
  const name = readName(argv);
  if (!name.ok) return name;
  const path = `${NETNS_DIRECTORY}/${name.value}`;
  if (!sys.stat(NETNS_DIRECTORY).ok) {
    const made = sys.mkdir(NETNS_DIRECTORY, 0o755);
    if (!made.ok) return failed(`mkdir ${NETNS_DIRECTORY} failed: ${strerror(made.error)}`, 1);
  }
  const created = sys.createNetns(path);
  return created.ok ? ok(undefined) : failed(`Cannot create namespace file "${path}": ${strerror(created.error)}`, 1);
}

export function deleteNamespace(argv: Argv, { sys }: Context): Checked<void> {
  const name = readName(argv);
  if (!name.ok) return name;
  const path = `${NETNS_DIRECTORY}/${name.value}`;
  const removed = sys.deleteNetns(path);
  return removed.ok ? ok(undefined) : failed(`Cannot remove namespace file "${path}": ${strerror(removed.error)}`, 1);
}

function readName(argv: Argv): Checked<string> {
  const name = argv.take();
  if (name === undefined) return failed("No netns name specified", 1);
  return name === "" || name === "." || name === ".." || name.includes("/") ? failed(`Invalid netns name "${name}"`, 255) : ok(name);
}

/** The name of the namespace that a process is in; an empty line when it has none. */
export function identifyNamespace(argv: Argv, context: Context): Checked<void> {
  const { sys, out } = context;
  const text = argv.take();
  if (text !== undefined && !/^\d+$/.test(text)) return failed(`Specified string '${text}' is not a pid`, 255);
  const netns = text === undefined ? ok(sys.netns) : sys.netnsOfPid(Number(text));
  if (!netns.ok) return failed(`Stat of netns failed: ${strerror("ENOENT")}`, 1);
  const name = context.netnsNames.get(netns.value.id);
  out.array(() => {
    if (name === undefined) out.text("\n");
    else out.object(() => out.put("name", name, `${name}\n`));
  });
  return ok(undefined);
}

export function processesIn(argv: Argv, context: Context): Checked<void> {
  const name = argv.take();
  if (name === undefined) return failed("No netns name specified", 1);
  const netns = context.sys.netnsByPath(`${NETNS_DIRECTORY}/${name}`);
  if (!netns.ok) return failed(`Cannot open network namespace: ${strerror(netns.error)}`, 1);
  for (const { pid } of context.sys.processes()) {
    const own = context.sys.netnsOfPid(pid);
    if (own.ok && own.value.id === netns.value.id) context.out.text(`${pid}\n`);
  }
  return ok(undefined);
}

/** Enters a namespace and becomes another program there. */
export function* execInNamespace(argv: Argv, sys: NetSys): Routine<number> {
  const name = argv.take();
  if (name === undefined) return yield* refuse(sys, "No netns name specified", 1);
  const netns = sys.netnsByPath(`${NETNS_DIRECTORY}/${name}`);
  if (argv.isEmpty) return yield* refuse(sys, "No command specified", 1);
  if (!netns.ok) return yield* refuse(sys, `Cannot open network namespace "${name}": ${strerror(netns.error)}`, 255);
  sys.enterNetns(netns.value, { remountSys: true });
  const [program = "", ...args] = argv.rest;
  const ended = yield* becomeProgram(sys, [program, ...args]);
  return ended.ok ? ended.value : yield* refuse(sys, `exec of "${program}" failed: ${strerror(ended.error)}`, 1);
}

function* refuse(sys: NetSys, message: string, status: number): Routine<number> {
  yield* complain(sys, `${message}\n`);
  return status;
}

/** execvp(3) and what comes of it: the status that a shell would see. */
export function* becomeProgram(sys: NetSys, argv: readonly string[]): Routine<Result<number, Errno>> {
  const [name = ""] = argv;
  const directories = name.includes("/") ? [""] : (sys.env.get("PATH") ?? "/bin:/usr/bin").split(":").map((directory) => `${directory}/`);
  let error: Errno = "ENOENT";
  for (const directory of directories) {
    const spawned = sys.spawn({ image: { path: `${directory}${name}` }, argv });
    if (!spawned.ok) {
      if (spawned.error !== "ENOENT" && spawned.error !== "ENOTDIR") error = spawned.error;
      continue;
    }
    for (;;) {
      const ended = yield* sys.waitpid(spawned.value);
      if (!ended.ok && ended.error === "EINTR") continue;
      if (!ended.ok) return ended;
      if (!ended.value || ended.value.kind === "stopped") continue;
      return ok(ended.value.kind === "exited" ? ended.value.status : 128 + SIGNAL_NUMBERS[ended.value.signal]);
    }
  }
  return { ok: false, error };
}
