/**
 * Reads rules in iptables' language (iptables/xshared.c, do_parse; libxtables). What is wrong comes back as iptables says it.
 *
 * Differs: names of hosts are not looked up (`localhost` apart), network masks must be contiguous, and extensions without a
 * counterpart in rule.ts are refused as not simulated.
 */

import { fail, ok, type Result } from "@/lib/base/result";
import type { NotSimulated } from "@/lib/sim/core/not-simulated";
import { ANY_V4, ANY_V6, bitsOf, type Family, familyOf, networkOf, parseIp, parseIpv4, type Prefix, toBigInt } from "@/lib/sim/net/address";
import { parseProtocol } from "./protocol";
import type { Counters, Matches, MatchModule, Negatable, Protocol, Rule, Target } from "./rule";
import { isMatch, MATCHES, matchOfProtocol, type RuleSoFar, UNSIMULATED_MATCH_OPTIONS, UNSIMULATED_MATCHES } from "./rulespec-matches";
import { type ExtensionOption, Given, type GivenOption, resolveOption } from "./rulespec-options";
import { findTarget, type TargetExtension, UNSIMULATED_TARGET_OPTIONS, UNSIMULATED_TARGETS } from "./rulespec-targets";

export type RulespecError =
  /** In iptables' words; it adds its name and version in front and where to find help behind. */
  | { readonly kind: "parameter-problem"; readonly message: string }
  /** A word that belongs to no option. */
  | { readonly kind: "bad-argument"; readonly argument: string }
  | NotSimulated;

/** `-s A,B` is two rules; `rule` is the first. */
export type ParsedRulespec = {
  readonly rule: Rule;
  readonly all: readonly Rule[];
  /** What `-c` sets. */
  readonly counters?: Counters;
  readonly warnings: readonly string[];
};

/** Reads what follows `-A CHAIN`. */
export function parseRulespec(args: readonly string[], family: Family): Result<ParsedRulespec, RulespecError> {
  return new RulespecParser(family).parse(args);
}

/** An option of the caller's own (`-A`, `-n`, …), which may stand between the rule's. */
export type OtherOption = {
  readonly name: string;
  readonly short?: string;
  /** Values that must follow. */
  readonly required: 0 | 1;
  /** More values that may follow: words that do not begin with `-` or `!`. */
  readonly optional: 0 | 1 | 2;
  readonly take: (values: readonly string[], negated: boolean) => Result<void, RulespecError>;
};

type Loaded = {
  readonly name: string;
  readonly options: readonly ExtensionOption[];
  readonly given: GivenOption[];
  readonly twice?: (option: ExtensionOption) => string;
};

const BASE_OPTIONS = [
  { name: "source", aliases: ["src"], short: "s" },
  { name: "destination", aliases: ["dst"], short: "d" },
  { name: "in-interface", short: "i" },
  { name: "out-interface", short: "o" },
  { name: "protocol", aliases: ["proto"], short: "p" },
  { name: "jump", short: "j" },
  { name: "goto", short: "g" },
  { name: "match", short: "m" },
  { name: "fragment", short: "f" },
  { name: "set-counters", short: "c" },
] as const;

export type BaseOption = (typeof BASE_OPTIONS)[number]["name"];

const problem = (message: string): Result<never, RulespecError> => fail({ kind: "parameter-problem", message });

export class RulespecParser {
  readonly #family: Family;
  readonly #others: readonly OtherOption[];
  readonly #seen = new Set<BaseOption>();
  readonly #matches: { readonly module: MatchModule["module"]; readonly loaded: Loaded }[] = [];
  /** Extensions whose options are known, the latest first. */
  #extensions: Loaded[] = [];
  #target: { readonly name: string; readonly extension: TargetExtension; readonly loaded: Loaded } | undefined;
  #chain: { readonly name: string; readonly kind: "jump" | "goto" } | undefined;
  #source: Negatable<{ readonly text: string }> | undefined;
  #destination: Negatable<{ readonly text: string }> | undefined;
  #in: Negatable<{ readonly name: string }> | undefined;
  #out: Negatable<{ readonly name: string }> | undefined;
  #protocol: Negatable<{ readonly protocol: Protocol }> | undefined;
  #fragment: Negatable<{ readonly second: true }> | undefined;
  #counters: Counters | undefined;
  readonly #warnings: string[] = [];

  constructor(family: Family, others: readonly OtherOption[] = []) {
    this.#family = family;
    this.#others = others;
  }

  /** Which of the rule's own options were given. */
  get given(): ReadonlySet<BaseOption> {
    return this.#seen;
  }

  parse(args: readonly string[]): Result<ParsedRulespec, RulespecError> {
    let negated = false;
    for (let i = 0; i < args.length; ) {
      const word = args[i] ?? "";
      if (word === "!") {
        if (negated) return problem("multiple consecutive ! not allowed");
        negated = true;
        i++;
        continue;
      }
      const taken = this.#take(word, args.slice(i + 1), negated);
      if (!taken.ok) return taken;
      negated = false;
      i += 1 + taken.value;
    }
    if (negated) return problem("nothing appropriate following !");
    return this.#finish();
  }

  /** Takes one option; how many of the following words belong to it. */
  #take(word: string, rest: readonly string[], negated: boolean): Result<number, RulespecError> {
    if (word.startsWith("--") && word !== "--") return this.#takeLong(word, rest, negated);
    if (!word.startsWith("-") || word === "-") return fail({ kind: "bad-argument", argument: word });
    return this.#takeShort(word, rest, negated);
  }

  #takeLong(word: string, rest: readonly string[], negated: boolean): Result<number, RulespecError> {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const attached = equals < 0 ? undefined : word.slice(equals + 1);
    for (const mayLoad of [true, false]) {
      const extensionOptions = this.#extensions.flatMap((loaded) => loaded.options.map((option) => ({ ...option, option, loaded })));
      const found = resolveOption([...BASE_OPTIONS, ...this.#others, ...extensionOptions], name);
      if (found && "loaded" in found) {
        const { option, loaded } = found;
        if (negated && !option.invertible) return problem(`${loaded.name}: option "--${option.name}" cannot be inverted.\n`);
        if (loaded.given.some((given) => given.name === option.name)) {
          return problem(loaded.twice?.(option) ?? `${loaded.name}: option "--${option.name}" can only be used once.\n`);
        }
        const values = takeValues(attached, rest, option.values);
        if (!values)
          return problem(
            option.values === 2 && rest.length > 0 ? `--${option.name} requires two args.` : `option "${word}" requires an argument`,
          );
        loaded.given.push({ name: option.name, values: values.values, negated });
        return ok(values.taken);
      }
      if (found && "take" in found) return this.#takeOther(found, word, attached, rest, negated);
      if (found) return this.#takeBase(found.name, word, attached, rest, negated);
      // `--dport` after `-p tcp` loads `-m tcp`.
      const implied = mayLoad && this.#protocol ? matchOfProtocol(this.#protocol.protocol, this.#family) : undefined;
      if (implied === undefined || this.#matches.some(({ module }) => module === implied)) break;
      this.#load(implied);
      if (!resolveOption(MATCHES[implied].options, name)) {
        this.#unload();
        break;
      }
    }
    if (this.#isUnsimulatedOption(name)) return fail({ kind: "not-simulated", what: `iptables' option --${name}` });
    return problem(`unknown option "${word}"`);
  }

  #takeShort(word: string, rest: readonly string[], negated: boolean): Result<number, RulespecError> {
    const letter = word.charAt(1);
    const attached = word.length > 2 ? word.slice(2) : undefined;
    const base = BASE_OPTIONS.find((option) => option.short === letter);
    if (base) {
      if (base.name === "fragment" && attached !== undefined) {
        const taken = this.#takeBase(base.name, `-${letter}`, undefined, rest, negated);
        return taken.ok ? this.#takeShort(`-${attached}`, rest, negated) : taken;
      }
      return this.#takeBase(base.name, `-${letter}`, attached, rest, negated);
    }
    const other = this.#others.find((option) => option.short === letter);
    if (!other) return problem(`unknown option "-${letter}"`);
    if (other.required + other.optional === 0 && attached !== undefined) {
      const taken = this.#takeOther(other, `-${letter}`, undefined, [], negated);
      return taken.ok ? this.#takeShort(`-${attached}`, rest, negated) : taken;
    }
    return this.#takeOther(other, `-${letter}`, attached, rest, negated);
  }

  #takeOther(
    option: OtherOption,
    word: string,
    attached: string | undefined,
    rest: readonly string[],
    negated: boolean,
  ): Result<number, RulespecError> {
    const values = takeValues(attached, rest, option.required);
    if (!values) return problem(`option "${word}" requires an argument`);
    const given = [...values.values];
    if (option.required === 0 && attached !== undefined) given.push(attached);
    let next = values.taken;
    for (; given.length < option.required + option.optional; next++) {
      const following = rest[next];
      if (following === undefined || /^[-!]/.test(following)) break;
      given.push(following);
    }
    const taken = option.take(given, negated);
    return taken.ok ? ok(next) : taken;
  }

  #takeBase(
    name: BaseOption,
    word: string,
    attached: string | undefined,
    rest: readonly string[],
    negated: boolean,
  ): Result<number, RulespecError> {
    const count = name === "fragment" ? 0 : name === "set-counters" ? 2 : 1;
    const values = takeValues(attached, rest, count);
    if (!values && count === 2 && rest.length === 1) return problem("--set-counters requires packet and byte counter");
    if (!values) return problem(`option "${word}" requires an argument`);
    const isNegatable = name !== "jump" && name !== "goto" && name !== "match" && name !== "set-counters";
    if (negated && !isNegatable) return problem(`cannot have ! before --${name}`);
    if (this.#seen.has(name) && name !== "match") return problem(`multiple --${name} options not allowed`);
    this.#seen.add(name);

    const set =
      name === "set-counters"
        ? this.#setCounters(values.values)
        : this.#setBase(name, values.values[0] ?? "", negated ? { negated: true } : {});
    return set.ok ? ok(values.taken) : set;
  }

  #setCounters([packets = "", bytes = ""]: readonly string[]): Result<void, RulespecError> {
    if (!/^\d+$/.test(packets)) return problem("--set-counters packet counter not numeric");
    if (!/^\d+$/.test(bytes)) return problem("--set-counters byte counter not numeric");
    this.#counters = { packets: Number(packets), bytes: Number(bytes) };
    return ok(undefined);
  }

  #setBase(name: Exclude<BaseOption, "set-counters">, text: string, negation: { readonly negated?: true }): Result<void, RulespecError> {
    switch (name) {
      case "source":
        this.#source = { text, ...negation };
        break;
      case "destination":
        this.#destination = { text, ...negation };
        break;
      case "in-interface":
      case "out-interface": {
        const refused = this.#checkInterface(text);
        if (refused) return refused;
        // `+` alone is any interface; only its negation says something.
        const given = text === "+" && !negation.negated ? undefined : { name: text, ...negation };
        if (name === "in-interface") this.#in = given;
        else this.#out = given;
        break;
      }
      case "protocol": {
        const protocol = parseProtocol(text);
        if (protocol === undefined) return problem(`unknown protocol "${text.toLowerCase()}" specified`);
        if (protocol === "all" && negation.negated) return problem("rule would never match protocol");
        this.#protocol = protocol === "all" ? undefined : { protocol, ...negation };
        break;
      }
      case "fragment":
        this.#fragment = { second: true, ...negation };
        break;
      case "match":
        if (isMatch(text)) this.#load(text);
        else if (UNSIMULATED_MATCHES.includes(text)) return fail({ kind: "not-simulated", what: `iptables' match ${text}` });
        else return problem(`Couldn't load match \`${text}':No such file or directory\n`);
        break;
      case "jump":
      case "goto":
        return this.#setTarget(name, text);
    }
    return ok(undefined);
  }

  #checkInterface(name: string): Result<never, RulespecError> | undefined {
    if (name === "") return problem("Empty interface is likely to be undesired");
    if (name.length > 15) return problem(`interface name \`${name}' must be shorter than 16 characters`);
    if (/[/ ]/.test(name))
      this.#warnings.push(`Warning: weird character in interface \`${name}' ('/' and ' ' are not allowed by the kernel).`);
    return undefined;
  }

  #setTarget(kind: "jump" | "goto", name: string): Result<void, RulespecError> {
    if (name === "") return problem("Invalid target name (too short)");
    if (name.length > 28) return problem(`Invalid target name \`${name}' (28 chars max)`);
    if (/\s/.test(name)) return problem(`Invalid target name \`${name}'`);
    const extension = kind === "jump" ? findTarget(name) : undefined;
    if (kind === "jump" && UNSIMULATED_TARGETS.includes(name)) return fail({ kind: "not-simulated", what: `iptables' target ${name}` });
    if (!extension) {
      this.#chain = { name, kind };
      return ok(undefined);
    }
    const loaded: Loaded = { name, options: extension.options, given: [] };
    this.#extensions = [loaded, ...this.#extensions];
    this.#target = { name, extension, loaded };
    return ok(undefined);
  }

  #load(module: MatchModule["module"]): void {
    const { options, twice } = MATCHES[module];
    const loaded: Loaded = { name: module, options, given: [], ...(twice ? { twice } : {}) };
    this.#extensions = [loaded, ...this.#extensions];
    this.#matches.push({ module, loaded });
  }

  #unload(): void {
    this.#extensions = this.#extensions.slice(1);
    this.#matches.pop();
  }

  #isUnsimulatedOption(name: string): boolean {
    const hasMatch = this.#matches.length > 0 && UNSIMULATED_MATCH_OPTIONS.includes(name);
    return (
      hasMatch ||
      (this.#target !== undefined && UNSIMULATED_TARGET_OPTIONS.includes(name)) ||
      (this.#protocol?.protocol === "tcp" && name === "tcp-option")
    );
  }

  #finish(): Result<ParsedRulespec, RulespecError> {
    const soFar: RuleSoFar = { family: this.#family, protocol: this.#protocol };
    const modules: MatchModule[] = [];
    for (const { module, loaded } of this.#matches) {
      const read = MATCHES[module].read(new Given(loaded.given), soFar);
      if (!read.ok) return problem(read.error);
      modules.push(read.value);
    }
    const target = this.#readTarget(soFar);
    if (!target.ok) return target;
    const sources = this.#prefixes(this.#source);
    if (!sources.ok) return sources;
    const destinations = this.#prefixes(this.#destination);
    if (!destinations.ok) return destinations;

    const all: Rule[] = [];
    for (const source of sources.value) {
      for (const destination of destinations.value) {
        const matches: Matches = {
          ...(source ? { source } : {}),
          ...(destination ? { destination } : {}),
          ...(this.#in ? { inInterface: this.#in } : {}),
          ...(this.#out ? { outInterface: this.#out } : {}),
          ...(this.#protocol ? { protocol: this.#protocol } : {}),
          ...(this.#fragment ? { fragment: this.#fragment } : {}),
          modules,
        };
        all.push({ matches, target: target.value });
      }
    }
    const [rule = { matches: { modules }, target: target.value }] = all;
    return ok({ rule, all, warnings: this.#warnings, ...(this.#counters ? { counters: this.#counters } : {}) });
  }

  #readTarget(soFar: RuleSoFar): Result<Target, RulespecError> {
    if (this.#chain) return ok({ kind: this.#chain.kind, chain: this.#chain.name });
    if (!this.#target) return ok({ kind: "none" });
    const read = this.#target.extension.read(new Given(this.#target.loaded.given), soFar);
    return read.ok ? read : problem(read.error);
  }

  /** One entry for each address of the list; an undefined one for "anywhere". */
  #prefixes(
    given: Negatable<{ readonly text: string }> | undefined,
  ): Result<readonly (Negatable<{ readonly prefix: Prefix }> | undefined)[], RulespecError> {
    if (!given) return ok([undefined]);
    const words = given.text.split(",");
    if (given.negated && words.length > 1) return problem("! not allowed with multiple source or destination IP addresses");
    const prefixes: (Negatable<{ readonly prefix: Prefix }> | undefined)[] = [];
    for (const word of words) {
      const prefix = parseHostOrNetwork(word, this.#family);
      if (!prefix.ok) return prefix;
      const isAnywhere = prefix.value.length === 0 && !given.negated;
      prefixes.push(isAnywhere ? undefined : { prefix: prefix.value, ...(given.negated ? { negated: true } : {}) });
    }
    return ok(prefixes);
  }
}

function takeValues(
  attached: string | undefined,
  rest: readonly string[],
  count: 0 | 1 | 2,
): { readonly values: readonly string[]; readonly taken: number } | undefined {
  if (count === 0) return { values: [], taken: 0 };
  const missing = attached === undefined ? count : count - 1;
  if (rest.length < missing) return undefined;
  return { values: [...(attached === undefined ? [] : [attached]), ...rest.slice(0, missing)], taken: missing };
}

/** `10.0.0.0/8`, `10/8`, `10.0.0.0/255.0.0.0`, `fd00::/8`, `localhost`; host bits are cleared. */
function parseHostOrNetwork(text: string, family: Family): Result<Prefix, RulespecError> {
  const slash = text.indexOf("/");
  const [host, mask] = slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
  const length = mask === undefined ? (family === 4 ? 32 : 128) : parseMask(mask, family);
  if (length === undefined) return problem(`invalid mask \`${mask ?? ""}' specified`);
  if (length === "scattered") return fail({ kind: "not-simulated", what: "a network mask with holes" });
  // Where no bit counts the name is not even read, as in `any/0` (xtables.c); Docker writes 0/0 in both families.
  if (length === 0) return ok({ address: family === 4 ? ANY_V4 : ANY_V6, length });
  const address = host === "localhost" ? parseIp(family === 4 ? "127.0.0.1" : "::1") : parseIp(family === 4 ? padded(host) : host);
  if (!address || familyOf(address) !== family) return problem(`host/network \`${host}' not found`);
  return ok(networkOf({ address, length }));
}

/** `10` and `10.1` stand for 10.0.0.0 and 10.1.0.0. */
function padded(host: string): string {
  return /^\d+(\.\d+){0,2}$/.test(host) ? [...host.split("."), "0", "0", "0"].slice(0, 4).join(".") : host;
}

function parseMask(text: string, family: Family): number | "scattered" | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= (family === 4 ? 32 : 128) ? Number(text) : undefined;
  const mask = family === 4 ? parseIpv4(text) : undefined;
  if (!mask) return undefined;
  const bits = toBigInt(mask).toString(2).padStart(bitsOf(mask), "0");
  return /^1*0*$/.test(bits) ? (bits.indexOf("0") === -1 ? 32 : bits.indexOf("0")) : "scattered";
}
