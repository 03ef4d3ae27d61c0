/**
 * `iptables-restore`: whole tables from the text that `iptables-save` writes (iptables/xtables-restore.c).
 *
 * A table takes effect at its COMMIT, all of it or nothing. Differs: commands that only print (`-L`, `-S`) are refused there.
 */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import { type ChainView, type Counters, type Netfilter, type TableName, TABLES } from "@/lib/sim/kernel";
import { type CommandLine, parseCommandLine } from "./command-line";
import { runCommand } from "./run";
import { nameOf, type Outcome, parameterProblem, printed, refused, rulespecProblem, type Speaker, VERSION } from "./words";

export type RestoreOptions = {
  readonly counters: boolean;
  readonly verbose: boolean;
  readonly test: boolean;
  readonly flush: boolean;
  readonly table: TableName | undefined;
  readonly file: string | undefined;
};

/** The options, or what to print instead of restoring. */
export function restoreOptions(args: readonly string[], netfilter: Netfilter): RestoreOptions | Outcome {
  const name = `${nameOf(netfilter.family)}-restore`;
  let options: RestoreOptions = { counters: false, verbose: false, test: false, flush: true, table: undefined, file: undefined };
  const usage = (message: string): Outcome => ({
    stdout: "",
    stderr: `${name}: ${message}\nTry \`${name} -h' for more information.\n`,
    status: 1,
  });
  const words = args.flatMap((word) => (/^-[cvtnhV46]{2,}$/.test(word) ? Array.from(word.slice(1), (letter) => `-${letter}`) : [word]));
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "-c" || word === "--counters") options = { ...options, counters: true };
    else if (word === "-v" || word === "--verbose") options = { ...options, verbose: true };
    else if (word === "-t" || word === "--test") options = { ...options, test: true };
    else if (word === "-n" || word === "--noflush") options = { ...options, flush: false };
    else if (word === "-V" || word === "--version") return printed(`${name} ${VERSION}\n`);
    else if (word === "-h" || word === "--help") return { stdout: "", stderr: helpText(name), status: 0 };
    else if (word === "-4" || word === "-6" || word === "--ipv4" || word === "--ipv6") continue;
    else if (word === "-w" || word === "--wait") {
      if (/^\d+$/.test(words[i + 1] ?? "")) i++;
    } else if (word === "-T" || word === "--table" || word === "-M" || word === "--modprobe") {
      const value = words[++i];
      if (value === undefined)
        return usage(word.startsWith("--") ? `option '${word}' requires an argument` : `option requires an argument -- '${word.slice(1)}'`);
      if (word === "-T" || word === "--table") options = { ...options, table: TABLES.find((table) => table === value) };
    } else if (word.startsWith("--")) return usage(`unrecognized option '${word}'`);
    else if (word.startsWith("-")) return usage(`invalid option -- '${word.charAt(1)}'`);
    else options = { ...options, file: word };
  }
  return options;
}

type Step = { readonly line: number; readonly run: (speaker: Speaker) => Outcome };

/** Restores from `text`. Reading it out of a file is the caller's. */
export function restore(text: string, options: RestoreOptions, netfilter: Netfilter): Outcome {
  const name = `${nameOf(netfilter.family)}-restore`;
  let stdout = "";
  let open: { readonly table: TableName; readonly steps: Step[] } | undefined;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const [index, raw] of lines.entries()) {
    const speaker: Speaker = { name, line: index + 1 };
    const line = raw.trim();
    if (line === "") continue;
    if (line.startsWith("#")) {
      if (options.verbose) stdout += `${raw}\n`;
      continue;
    }
    if (!open) {
      if (!line.startsWith("*")) return { stdout, stderr: `${name}: line ${index + 1} failed\n`, status: 1 };
      const table = TABLES.find((one) => one === line.slice(1));
      if (!table) return { ...parameterProblem(speaker, `${name}: line ${index + 1} table name '${line.slice(1)}' invalid`), stdout };
      const steps: Step[] = options.flush ? [{ line: index + 1, run: () => emptied(table, netfilter, options.verbose) }] : [];
      open = { table, steps };
      continue;
    }
    if (line === "COMMIT") {
      const isWanted = options.table === undefined || options.table === open.table;
      const outcome = isWanted ? commit(open, options, netfilter, { name, line: index + 1 }) : printed("");
      stdout += outcome.stdout;
      if (outcome.status !== 0) return { ...outcome, stdout };
      open = undefined;
      continue;
    }
    const step = readLine(line, open.table, options, netfilter, speaker);
    if ("status" in step) return { ...step, stdout };
    open.steps.push({ ...step, line: index + 1 });
  }
  if (open) return { stdout, stderr: `${name}: COMMIT expected at line ${lines.length + 1}\n`, status: 1 };
  return printed(stdout);
}

function readLine(
  line: string,
  table: TableName,
  options: RestoreOptions,
  netfilter: Netfilter,
  speaker: Speaker,
): Pick<Step, "run"> | Outcome {
  if (line.startsWith(":")) return readChain(line, table, options, netfilter, speaker);
  let rest = line;
  let counters: Counters | undefined;
  if (line.startsWith("[")) {
    const end = line.indexOf("]");
    if (end < 0) return parameterProblem(speaker, `Bad line ${speaker.line}: need ]`);
    counters = options.counters ? parseCounters(line.slice(0, end + 1)) : undefined;
    rest = line.slice(end + 1);
  }
  const parsed = parseCommandLine(splitWords(rest), netfilter.family, { table });
  if (!parsed.ok) {
    const { error } = parsed;
    switch (error.kind) {
      case "parameter-problem":
      case "bad-argument":
      case "not-simulated":
        return rulespecProblem(speaker, error);
      case "other-family":
        return { run: () => printed("") };
      case "no-table":
      case "help":
      case "version":
        return refused(speaker, "Invalid argument.");
    }
  }
  const { command } = parsed.value;
  if (command.kind === "list" || command.kind === "list-rules")
    return { stdout: "", stderr: `${notSimulated("listing within iptables-restore")}\n`, status: 1 };
  const whole: CommandLine = {
    ...parsed.value,
    verbose: options.verbose ? 1 : 0,
    rule: { ...parsed.value.rule, ...(counters ? { counters } : {}) },
  };
  return { run: (at) => runCommand(whole, netfilter, { hostName: () => undefined }, at) };
}

/** `:FORWARD DROP [0:0]`, `:DOCKER - [0:0]` */
function readChain(
  line: string,
  table: TableName,
  options: RestoreOptions,
  netfilter: Netfilter,
  speaker: Speaker,
): Pick<Step, "run"> | Outcome {
  const [chain = "", policy, counted] = line.slice(1).trim().split(/\s+/);
  if (policy === undefined) return parameterProblem(speaker, `${speaker.name}: line ${speaker.line} policy invalid`);
  if (chain.length >= 29) return parameterProblem(speaker, `chain name \`${chain}' too long (must be under 29 chars)`);
  const counters = options.counters && counted !== undefined ? parseCounters(counted) : undefined;
  return {
    run: (at) => {
      const existing = netfilter.chains(table).find(({ name }) => name === chain);
      if (existing?.policy && policy !== "ACCEPT" && policy !== "DROP") return refused(at, "Bad policy name.");
      if (existing?.policy) netfilter.setPolicy(table, chain, policy === "DROP" ? "DROP" : "ACCEPT", counters);
      // A user chain that is there already is emptied.
      else if (existing) netfilter.flush(table, chain);
      else netfilter.newChain(table, chain);
      return printed("");
    },
  };
}

function parseCounters(text: string): Counters | undefined {
  const match = /^\[(\d+):(\d+)\]$/.exec(text);
  return match ? { packets: Number(match[1]), bytes: Number(match[2]) } : undefined;
}

/** Takes every step, or puts the table back as it was. */
function commit(
  open: { readonly table: TableName; readonly steps: readonly Step[] },
  { test }: RestoreOptions,
  netfilter: Netfilter,
  { name, line }: { readonly name: string; readonly line: number },
): Outcome {
  const before = netfilter.chains(open.table);
  const existed = netfilter.tables().includes(open.table);
  let stdout = "";
  for (const step of open.steps) {
    const outcome = step.run({ name, line: step.line });
    stdout += outcome.stdout;
    if (outcome.status !== 0) {
      if (existed || netfilter.tables().includes(open.table)) putBack(open.table, before, netfilter);
      // A missing jump target comes to light only here.
      const stderr = outcome.status === 2 ? outcome.stderr.replace(`at line: ${step.line}\n`, `at line: ${line}\n`) : outcome.stderr;
      return { ...outcome, stdout, stderr };
    }
  }
  if (test) putBack(open.table, before, netfilter);
  return printed(stdout);
}

function emptied(table: TableName, netfilter: Netfilter, verbose: boolean): Outcome {
  const chains = netfilter.chains(table);
  netfilter.flush(table);
  const doomed = chains.filter(({ policy }) => !policy);
  for (const { name } of doomed) netfilter.deleteChain(table, name);
  if (!verbose) return printed("");
  return printed(
    [...chains.map(({ name }) => `Flushing chain \`${name}'\n`), ...doomed.map(({ name }) => `Deleting chain \`${name}'\n`)].join(""),
  );
}

function putBack(table: TableName, chains: readonly ChainView[], netfilter: Netfilter): void {
  emptied(table, netfilter, false);
  for (const { name, policy, counters } of chains) {
    if (policy) netfilter.setPolicy(table, name, policy, counters);
    else netfilter.newChain(table, name);
  }
  for (const { name, rules } of chains) for (const { rule, counters } of rules) netfilter.append(table, name, rule, counters);
}

/** Words with double quotes and backslashes inside them (add_param_to_argv). */
function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    if (isQuoted && character === "\\" && i + 1 < line.length) word = (word ?? "") + line.charAt(++i);
    else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= "";
    } else if (!isQuoted && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

function helpText(name: string): string {
  return `Usage: ${name} [-c] [-v] [-V] [-t] [-h] [-n] [-T table] [-M command] [-4] [-6] [file]
\t   [ --counters ]
\t   [ --verbose ]
\t   [ --version]
\t   [ --test ]
\t   [ --help ]
\t   [ --noflush ]
\t   [ --table=<TABLE> ]
\t   [ --modprobe=<command> ]
\t   [ --ipv4 ]
\t   [ --ipv6 ]
`;
}
