/** Options of builtins: nextopt of dash and ash, internal_getopt of bash. */

import type { Routine } from "@/lib/sim/core/task";
import { ShellError } from "../run/unwind";
import { type BuiltinCall, usage } from "./builtin";

export type ParsedOptions = {
  /** Letters in the order given; `-` and `+` sets apart. */
  readonly given: readonly { readonly letter: string; readonly sign: "-" | "+"; readonly value: string | undefined }[];
  readonly has: (letter: string) => boolean;
  readonly value: (letter: string) => string | undefined;
  readonly rest: readonly string[];
};

/**
 * `letters` as for getopt(3): a letter with `:` takes a value. A wrong option is said and gives `undefined`: the builtin ends with
 * status 2. In dash and ash it throws. `plus`: `+x` is an option too.
 */
export function* parseOptions(
  call: BuiltinCall,
  letters: string,
  synopsis: string,
  options: { readonly plus?: boolean } = {},
): Routine<ParsedOptions | undefined> {
  const { shell, args } = call;
  const given: { letter: string; sign: "-" | "+"; value: string | undefined }[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? "";
    const sign = arg[0];
    if (arg.length < 2 || (sign !== "-" && !(options.plus && sign === "+"))) break;
    if (arg === "--") {
      at++;
      break;
    }
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] ?? "";
      const place = letter === ":" ? -1 : letters.indexOf(letter);
      if (place < 0) {
        if (shell.options.isBash) {
          yield* usage(call, `${sign}${letter}: invalid option`, synopsis);
          return undefined;
        }
        throw new ShellError(`${shell.flavour.dialect.name === "dash" ? "Illegal" : "illegal"} option -${letter}`, 2);
      }
      if (letters[place + 1] !== ":") {
        given.push({ letter, sign: sign as "-" | "+", value: undefined });
        continue;
      }
      const attached = arg.slice(i + 1);
      const value = attached === "" ? args[++at] : attached;
      if (value === undefined) {
        if (shell.options.isBash) {
          yield* usage(call, `-${letter}: option requires an argument`, synopsis);
          return undefined;
        }
        throw new ShellError(`${shell.flavour.dialect.name === "dash" ? "No" : "no"} arg for -${letter} option`, 2);
      }
      given.push({ letter, sign: sign as "-" | "+", value });
      break;
    }
  }
  return {
    given,
    has: (letter) => given.some((option) => option.letter === letter),
    value: (letter) => given.findLast((option) => option.letter === letter)?.value,
    rest: args.slice(at),
  };
}
