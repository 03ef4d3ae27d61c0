/**
 * The command line of `iptables`: one command, a rule for those that take one, and how to print (iptables/xshared.c, do_parse).
 * `iptables-restore` reads its lines in the same way.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { Family } from "@/lib/sim/net/address";
import {
  type BaseOption,
  isTargetName,
  type OtherOption,
  type ParsedRulespec,
  RulespecParser,
  type RulespecError,
  type TableName,
  TABLES,
} from "@/lib/sim/kernel";

export type Command =
  | { readonly kind: "append" | "check"; readonly chain: string }
  | { readonly kind: "insert" | "replace"; readonly chain: string; readonly number: number }
  | { readonly kind: "delete"; readonly chain: string; readonly number: number | undefined }
  | {
      readonly kind: "list" | "list-rules" | "zero";
      readonly chain: string | undefined;
      readonly number: number | undefined;
      readonly alsoZero: boolean;
    }
  | { readonly kind: "flush" | "delete-chain"; readonly chain: string | undefined }
  | { readonly kind: "new-chain"; readonly chain: string }
  | { readonly kind: "rename-chain"; readonly chain: string; readonly to: string }
  | { readonly kind: "policy"; readonly chain: string; readonly policy: string };

export type CommandLine = {
  readonly table: TableName;
  readonly command: Command;
  readonly rule: ParsedRulespec;
  readonly numeric: boolean;
  readonly verbose: number;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
};

export type CommandLineError =
  | RulespecError
  | { readonly kind: "no-table"; readonly table: string }
  /** `-6` given to iptables. */
  | { readonly kind: "other-family" }
  /** `-h` and `-V`: print that and end. */
  | { readonly kind: "help" }
  | { readonly kind: "version" };

type Failure = Result<never, CommandLineError>;
type Switch = "numeric" | "exact" | "line-numbers" | "verbose";

/** Commands by their letter, for messages. */
const LETTERS = {
  append: "A",
  check: "C",
  delete: "D",
  flush: "F",
  insert: "I",
  list: "L",
  "new-chain": "N",
  policy: "P",
  replace: "R",
  "list-rules": "S",
  "delete-chain": "X",
  "rename-chain": "E",
  zero: "Z",
} as const satisfies Record<Command["kind"], string>;

const problem = (message: string): Failure => fail({ kind: "parameter-problem", message });

export function parseCommandLine(
  args: readonly string[],
  family: Family,
  inRestore?: { readonly table: TableName },
): Result<CommandLine, CommandLineError> {
  return new Reader(family, inRestore).read(args);
}

class Reader {
  readonly #family: Family;
  readonly #inRestore: { readonly table: TableName } | undefined;
  readonly #switches = new Set<Switch>();
  #verbose = 0;
  #table: string;
  #command: { readonly kind: Command["kind"]; readonly values: readonly string[]; readonly alsoZero: boolean } | undefined;
  /** What ends the reading at once, `-h` among it. */
  #ended: CommandLineError | undefined;

  constructor(family: Family, inRestore: { readonly table: TableName } | undefined) {
    this.#family = family;
    this.#inRestore = inRestore;
    this.#table = inRestore?.table ?? "filter";
  }

  read(args: readonly string[]): Result<CommandLine, CommandLineError> {
    const parser = new RulespecParser(this.#family, this.#options());
    const rule = parser.parse(args);
    if (this.#ended) return fail(this.#ended);
    if (!rule.ok) return rule;
    const command = this.#finishCommand();
    if (!command.ok) return command;
    const illegal = this.#illegalOption(command.value, parser.given);
    if (illegal !== undefined) return problem(`Illegal option \`--${illegal}' with this command`);
    const misplaced = misplacedInterface(command.value.chain, rule.value);
    if (misplaced) return misplaced;

    const table = TABLES.find((name) => name === this.#table);
    if (!table) return fail({ kind: "no-table", table: this.#table });
    if (
      table === "nat" &&
      (rule.value.rule.target.kind === "drop" || (command.value.kind === "policy" && command.value.policy === "DROP"))
    ) {
      return problem('\nThe "nat" table is not intended for filtering, the use of DROP is therefore inhibited.\n\n');
    }
    return ok({
      table,
      command: command.value,
      rule: rule.value,
      numeric: this.#switches.has("numeric"),
      verbose: this.#verbose,
      exact: this.#switches.has("exact"),
      lineNumbers: this.#switches.has("line-numbers"),
    });
  }

  #options(): readonly OtherOption[] {
    const command = (kind: Command["kind"], required: 0 | 1, optional: 0 | 1 | 2): OtherOption => ({
      name: kind,
      short: LETTERS[kind],
      required,
      optional,
      take: (values, negated) => this.#takeCommand(kind, values, negated),
    });
    const setting = (name: Switch, short?: string): OtherOption => ({
      name,
      ...(short === undefined ? {} : { short }),
      required: 0,
      optional: 0,
      take: (_, negated) => this.#takeSwitch(name, negated),
    });
    const stop = (name: string, short: string, error: CommandLineError): OtherOption => ({
      name,
      short,
      required: 0,
      optional: 0,
      take: () => this.#stop(error),
    });
    const other: CommandLineError = { kind: "other-family" };
    return [
      command("append", 1, 0),
      command("check", 1, 0),
      command("delete", 1, 1),
      command("insert", 1, 1),
      command("replace", 1, 1),
      command("list", 0, 2),
      command("list-rules", 0, 2),
      command("flush", 0, 1),
      command("zero", 0, 2),
      command("new-chain", 1, 0),
      command("delete-chain", 0, 1),
      command("rename-chain", 1, 1),
      command("policy", 1, 1),
      setting("numeric", "n"),
      setting("exact", "x"),
      setting("line-numbers"),
      setting("verbose", "v"),
      { name: "table", short: "t", required: 1, optional: 0, take: ([table = ""]) => this.#takeTable(table) },
      { name: "wait", short: "w", required: 0, optional: 1, take: ([time = "0"]) => this.#takeWait(time) },
      {
        name: "wait-interval",
        short: "W",
        required: 1,
        optional: 0,
        take: () => fail({ kind: "not-simulated", what: "iptables' deprecated option --wait-interval" }),
      },
      { name: "modprobe", short: "M", required: 1, optional: 0, take: () => ok(undefined) },
      stop("help", "h", { kind: "help" }),
      stop("version", "V", { kind: "version" }),
      { name: "ipv4", short: "4", required: 0, optional: 0, take: () => (this.#family === 4 ? ok(undefined) : this.#stop(other)) },
      { name: "ipv6", short: "6", required: 0, optional: 0, take: () => (this.#family === 6 ? ok(undefined) : this.#stop(other)) },
    ];
  }

  /** Makes the parser end; the reason is kept. */
  #stop(error: CommandLineError): Result<void, RulespecError> {
    this.#ended = error;
    return fail({ kind: "parameter-problem", message: "" });
  }

  #takeTable(table: string): Result<void, RulespecError> {
    if (this.#inRestore) return fail({ kind: "parameter-problem", message: "The -t option cannot be used in iptables-restore.\n" });
    this.#table = table;
    return ok(undefined);
  }

  /** Nobody else holds the lock, so there is nothing to wait for. */
  #takeWait(time: string): Result<void, RulespecError> {
    return /^\d+$/.test(time) ? ok(undefined) : fail({ kind: "parameter-problem", message: "wait seconds not numeric" });
  }

  #takeSwitch(name: Switch, negated: boolean): Result<void, RulespecError> {
    if (negated) return fail({ kind: "parameter-problem", message: `cannot have ! before --${name}` });
    if (name === "verbose") this.#verbose++;
    else if (this.#switches.has(name)) return fail({ kind: "parameter-problem", message: `multiple --${name} options not allowed` });
    this.#switches.add(name);
    return ok(undefined);
  }

  #takeCommand(kind: Command["kind"], values: readonly string[], negated: boolean): Result<void, RulespecError> {
    if (negated) return fail({ kind: "parameter-problem", message: "unexpected '!' flag" });
    const before = this.#command;
    const isListing = (one: Command["kind"]): boolean => one === "list" || one === "list-rules";
    if (before && before.kind === "zero" && isListing(kind))
      this.#command = { kind, values: values.length > 0 ? values : before.values, alsoZero: true };
    else if (before && kind === "zero" && isListing(before.kind))
      this.#command = { ...before, values: values.length > 0 ? values : before.values, alsoZero: true };
    else if (before) return fail({ kind: "parameter-problem", message: `Cannot use -${LETTERS[kind]} with -${LETTERS[before.kind]}` });
    else this.#command = { kind, values, alsoZero: kind === "zero" };
    return this.#checkValues(kind, values);
  }

  /** What is wrong with a command's own words is said before what follows is read. */
  #checkValues(kind: Command["kind"], [first, second]: readonly string[]): Result<void, RulespecError> {
    const refuse = (message: string): Result<void, RulespecError> => fail({ kind: "parameter-problem", message });
    if (kind === "new-chain" || kind === "rename-chain") {
      const wrong = wrongChainName(kind === "new-chain" ? first : (second ?? first));
      if (kind === "rename-chain" && second === undefined) return refuse("-E requires old-chain-name and new-chain-name");
      if (wrong !== undefined) return refuse(wrong);
    }
    if (kind === "policy" && second === undefined) return refuse("-P requires a chain and a policy");
    if (kind === "replace" && second === undefined) return refuse("-R requires a rule number");
    const hasNumber = kind !== "rename-chain" && kind !== "policy" && second !== undefined;
    if (hasNumber && !(/^\d+$/.test(second) && Number(second) > 0)) return refuse(`Invalid rule number \`${second}'`);
    return ok(undefined);
  }

  #finishCommand(): Result<Command, CommandLineError> {
    if (!this.#command) return problem("no command specified");
    const { kind, values, alsoZero } = this.#command;
    const [first = "", second] = values;
    if (first.length >= 29) return problem(`chain name \`${first}' too long (must be under 29 chars)`);
    const chain = values[0];
    const number = second === undefined ? undefined : Number(second);
    switch (kind) {
      case "append":
      case "check":
      case "new-chain":
        return ok({ kind, chain: first });
      case "insert":
      case "replace":
        return ok({ kind, chain: first, number: number ?? 1 });
      case "delete":
        return ok({ kind, chain: first, number });
      case "list":
      case "list-rules":
      case "zero":
        return ok({ kind, chain, number, alsoZero });
      case "flush":
      case "delete-chain":
        return ok({ kind, chain });
      case "rename-chain":
        return ok({ kind, chain: first, to: second ?? "" });
      case "policy":
        return ok({ kind, chain: first, policy: second ?? "" });
    }
  }

  /** The first option that the command does not take, in the order in which iptables looks. */
  #illegalOption(command: Command, given: ReadonlySet<BaseOption>): string | undefined {
    const takesRule =
      ["append", "check", "insert", "replace"].includes(command.kind) || (command.kind === "delete" && command.number === undefined);
    const isListing = command.kind === "list";
    const setsCounters = takesRule && command.kind !== "check" && command.kind !== "delete";
    const allowed: Readonly<Record<string, boolean>> = {
      numeric: isListing,
      source: takesRule,
      destination: takesRule,
      protocol: takesRule,
      jump: takesRule,
      exact: isListing,
      "in-interface": takesRule,
      "out-interface": takesRule,
      "line-numbers": isListing,
      "set-counters": setsCounters || command.kind === "policy",
      fragment: takesRule,
    };
    const all = new Set<string>([...given, ...this.#switches]);
    if (all.has("goto")) all.add("jump");
    return Object.keys(allowed).find((name) => all.has(name) && !allowed[name]);
  }
}

function wrongChainName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (name.length >= 29) return `chain name \`${name}' too long (must be under 29 chars)`;
  if (name.startsWith("-") || name.startsWith("!")) return `chain name not allowed to start with \`${name.charAt(0)}'`;
  if (name === "" || isTargetName(name)) return "chain name may not clash with target name";
  return /\s/.test(name) ? `Invalid chain name \`${name}'` : undefined;
}

/** A packet has no way out yet where it comes in, and none in where it goes out. */
function misplacedInterface(chain: string | undefined, { rule }: ParsedRulespec): Failure | undefined {
  const { inInterface, outInterface } = rule.matches;
  if (inInterface && (chain === "POSTROUTING" || chain === "OUTPUT")) return problem(`Can't use --in-interface with ${chain}`);
  if (outInterface && (chain === "PREROUTING" || chain === "INPUT")) return problem(`Can't use --out-interface with ${chain}`);
  return undefined;
}
