/** `set -e` and its like, and bash's `shopt`. */

import type { Dialect } from "../syntax/dialect";

type SetOption = { readonly name: string; readonly letter: string | undefined; readonly shells: string };

/** In the order of `set -o` of dash and ash; bash sorts. `shells`: b(ash), d(ash), a(sh of busybox). */
const SET_OPTIONS: readonly SetOption[] = [
  { name: "errexit", letter: "e", shells: "bda" },
  { name: "noglob", letter: "f", shells: "bda" },
  { name: "ignoreeof", letter: "I", shells: "bda" },
  { name: "interactive", letter: "i", shells: "d" },
  { name: "monitor", letter: "m", shells: "bda" },
  { name: "noexec", letter: "n", shells: "bda" },
  { name: "stdin", letter: "s", shells: "d" },
  { name: "xtrace", letter: "x", shells: "bda" },
  { name: "verbose", letter: "v", shells: "bda" },
  { name: "vi", letter: "V", shells: "d" },
  { name: "emacs", letter: "E", shells: "d" },
  { name: "noclobber", letter: "C", shells: "bda" },
  { name: "allexport", letter: "a", shells: "bda" },
  { name: "notify", letter: "b", shells: "bda" },
  { name: "nounset", letter: "u", shells: "bda" },
  { name: "errtrace", letter: "E", shells: "ba" },
  { name: "vi", letter: undefined, shells: "ba" },
  { name: "emacs", letter: undefined, shells: "b" },
  { name: "privileged", letter: "p", shells: "bd" },
  { name: "nolog", letter: undefined, shells: "bd" },
  { name: "pipefail", letter: undefined, shells: "bda" },
  { name: "debug", letter: undefined, shells: "d" },
  { name: "braceexpand", letter: "B", shells: "b" },
  { name: "functrace", letter: "T", shells: "b" },
  { name: "hashall", letter: "h", shells: "b" },
  { name: "histexpand", letter: "H", shells: "b" },
  { name: "history", letter: undefined, shells: "b" },
  { name: "interactive-comments", letter: undefined, shells: "b" },
  { name: "keyword", letter: "k", shells: "b" },
  { name: "onecmd", letter: "t", shells: "b" },
  { name: "physical", letter: "P", shells: "b" },
  { name: "posix", letter: undefined, shells: "b" },
];

/** bash 5.3's shopt options with what they are in a shell that is not interactive. */
const SHOPT: Readonly<Record<string, boolean>> = {
  array_expand_once: false,
  assoc_expand_once: false,
  autocd: false,
  bash_source_fullpath: false,
  cdable_vars: false,
  cdspell: false,
  checkhash: false,
  checkjobs: false,
  checkwinsize: true,
  cmdhist: true,
  compat31: false,
  compat32: false,
  compat40: false,
  compat41: false,
  compat42: false,
  compat43: false,
  compat44: false,
  complete_fullquote: true,
  direxpand: false,
  dirspell: false,
  dotglob: false,
  execfail: false,
  expand_aliases: false,
  extdebug: false,
  extglob: false,
  extquote: true,
  failglob: false,
  force_fignore: true,
  globasciiranges: true,
  globskipdots: true,
  globstar: false,
  gnu_errfmt: false,
  histappend: false,
  histreedit: false,
  histverify: false,
  hostcomplete: true,
  huponexit: false,
  inherit_errexit: false,
  interactive_comments: true,
  lastpipe: false,
  lithist: false,
  localvar_inherit: false,
  localvar_unset: false,
  login_shell: false,
  mailwarn: false,
  no_empty_cmd_completion: false,
  nocaseglob: false,
  nocasematch: false,
  noexpand_translation: false,
  nullglob: false,
  patsub_replacement: true,
  progcomp: true,
  progcomp_alias: false,
  promptvars: true,
  restricted_shell: false,
  shift_verbose: false,
  sourcepath: true,
  varredir_close: false,
  xpg_echo: false,
};

export class Options {
  readonly #key: "b" | "d" | "a";
  readonly #on: Set<string>;
  /** Those of shopt that are not as they were at the start. */
  readonly #changed: Map<string, boolean>;

  constructor(dialect: Dialect, from?: Options) {
    this.#key = dialect.name === "bash" ? "b" : dialect.name === "dash" ? "d" : "a";
    this.#on = new Set(from ? from.#on : this.#key === "b" ? ["braceexpand", "hashall", "interactive-comments"] : []);
    this.#changed = new Map(from ? from.#changed : []);
  }

  /** Makes all options what they are in `from`. */
  restore(from: Options): void {
    this.#on.clear();
    for (const name of from.#on) this.#on.add(name);
  }

  get isBash(): boolean {
    return this.#key === "b";
  }
  get errexit(): boolean {
    return this.#on.has("errexit");
  }
  get nounset(): boolean {
    return this.#on.has("nounset");
  }
  get xtrace(): boolean {
    return this.#on.has("xtrace");
  }
  get verbose(): boolean {
    return this.#on.has("verbose");
  }
  get noexec(): boolean {
    return this.#on.has("noexec");
  }
  get monitor(): boolean {
    return this.#on.has("monitor");
  }
  get pipefail(): boolean {
    return this.#on.has("pipefail");
  }
  get noclobber(): boolean {
    return this.#on.has("noclobber");
  }
  get noPathnames(): boolean {
    return this.#on.has("noglob");
  }
  get histexpand(): boolean {
    return this.#on.has("histexpand");
  }
  get extendedPatterns(): boolean {
    return this.shopt("extglob") === true;
  }
  get dropUnmatched(): boolean {
    return this.shopt("nullglob") === true;
  }
  get failOnNoMatch(): boolean {
    return this.shopt("failglob") === true;
  }
  get dotNames(): boolean {
    return this.shopt("dotglob") === true;
  }
  get deepPatterns(): boolean {
    return this.shopt("globstar") === true;
  }
  get ignoreCase(): boolean {
    return this.shopt("nocasematch") === true;
  }
  get ignorePathnameCase(): boolean {
    return this.shopt("nocaseglob") === true;
  }
  get replacesAmpersand(): boolean {
    return this.shopt("patsub_replacement") === true;
  }

  /** Whether an option by name is on. */
  has(name: string): boolean {
    return this.#on.has(name);
  }

  /** False when there is no such option. */
  set(name: string, on: boolean): boolean {
    if (!this.#known().some((option) => option.name === name)) return false;
    if (on) this.#on.add(name);
    else this.#on.delete(name);
    return true;
  }

  setLetter(letter: string, on: boolean): boolean {
    const option = this.#known().find((known) => known.letter === letter);
    return option !== undefined && this.set(option.name, on);
  }

  /** `$-`. */
  letters(extra: string): string {
    const letters = this.#known().flatMap(({ name, letter }) => (letter !== undefined && this.#on.has(name) ? [letter] : []));
    if (this.#key === "b") return [...new Set([...letters, ...extra])].sort(bashLetterOrder).join("");
    return letters.join("") + extra;
  }

  /** Names and states as `set -o` lists them. */
  list(): readonly { readonly name: string; readonly on: boolean }[] {
    const known = this.#known().map(({ name }) => ({ name, on: this.#on.has(name) }));
    return this.#key === "b" ? known.sort((a, b) => (a.name < b.name ? -1 : 1)) : known;
  }

  /** `undefined` when there is no such option. */
  shopt(name: string): boolean | undefined {
    return this.#changed.get(name) ?? SHOPT[name];
  }

  setShopt(name: string, on: boolean): boolean {
    if (!Object.hasOwn(SHOPT, name)) return false;
    this.#changed.set(name, on);
    return true;
  }

  shoptNames(): readonly string[] {
    return Object.keys(SHOPT).sort();
  }

  #known(): readonly SetOption[] {
    return SET_OPTIONS.filter((option) => option.shells.includes(this.#key));
  }
}

/** bash lists the letters of `$-` in the order of its flags table: lower case first. */
function bashLetterOrder(a: string, b: string): number {
  const order = "abefhikmnptuvxBCEHPTcs";
  return order.indexOf(a) - order.indexOf(b);
}
