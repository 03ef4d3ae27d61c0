/** Options of match and target extensions as libxtables reads them (xtables_option_parse, getopt_long). */

/** One option of an extension, by its full name. */
export type ExtensionOption = {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** How many values follow it. */
  readonly values: 0 | 1 | 2;
  readonly invertible?: true;
};

/** An option as it was given. */
export type GivenOption = { readonly name: string; readonly values: readonly string[]; readonly negated: boolean };

/** What was given of an extension's options, in order. */
export class Given {
  readonly options: readonly GivenOption[];

  constructor(options: readonly GivenOption[]) {
    this.options = options;
  }

  has(name: string): boolean {
    return this.options.some((option) => option.name === name);
  }

  find(name: string): GivenOption | undefined {
    return this.options.find((option) => option.name === name);
  }

  /** The first value of an option. */
  value(name: string): string | undefined {
    return this.find(name)?.values[0];
  }
}

/** `{ negated: true }`, to be spread into a part of a rule. */
export function negation(option: GivenOption): { readonly negated?: true } {
  return option.negated ? { negated: true } : {};
}

/** The option that `name` means: itself, an alias, or the only one that begins so (getopt_long). */
export function resolveOption<T extends { readonly name: string; readonly aliases?: readonly string[] }>(
  options: readonly T[],
  name: string,
): T | undefined {
  const exact = options.find((option) => option.name === name || option.aliases?.includes(name));
  if (exact) return exact;
  const candidates = options.filter((option) => [option.name, ...(option.aliases ?? [])].some((spelling) => spelling.startsWith(name)));
  return candidates.length === 1 ? candidates[0] : undefined;
}
