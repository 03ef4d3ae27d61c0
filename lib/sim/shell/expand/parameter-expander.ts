/** `$name` and `${name…}` in a word: which value is meant, what an operation makes of it, and as how many fields it counts. */

import { notSimulated } from "@/lib/sim/core/not-simulated";
import type { Routine } from "@/lib/sim/core/task";
import { declaration } from "../run/declaration";
import type { Shell } from "../run/shell";
import { ShellError } from "../run/unwind";
import type { ParameterOperation, ParameterPart, Part, Word } from "../syntax/ast";
import type { Expander } from "./expander";
import type { FieldBuilder } from "./fields";
import { changeCase, lengthOf, remove, replace, slice, transform } from "./parameter";
import { unescapePattern } from "./pattern";
import { doubleQuoted, reusable } from "./quote";

/** What a parameter stands for: one value, or a list that keeps its elements apart. */
type Looked =
  | { readonly kind: "scalar"; readonly value: string | undefined }
  | { readonly kind: "list"; readonly values: readonly string[]; readonly join: "@" | "*" };

export class ParameterExpander {
  readonly #shell: Shell;
  readonly #expander: Expander;

  constructor(shell: Shell, expander: Expander) {
    this.#shell = shell;
    this.#expander = expander;
  }

  /** `"$@"` without parameters is no field at all. */
  mayBeNoField(part: ParameterPart): boolean {
    if (part.operation?.kind === "names" || part.operation?.kind === "keys") return part.operation.join === "@";
    return part.name === "@" || part.indirect || (part.subscript?.kind === "all" && part.subscript.join === "@");
  }

  /** Adds what a parameter stands for. */
  *expand(part: ParameterPart, isQuoted: boolean, builder: FieldBuilder): Routine<void> {
    const { operation } = part;
    if (operation?.kind === "bad" && this.#shell.flavour.dialect.name === "ash") this.#shell.line = this.#shell.parsedLine;
    if (operation?.kind === "bad")
      throw new ShellError(this.#shell.flavour.words.badSubstitution(part.text), this.#shell.flavour.errorStatus);
    if (operation === undefined && part.subscript === undefined && !part.indirect) {
      const looked = this.#look(part.name);
      if (looked.kind === "scalar" && looked.value === undefined) this.#refuseUnset(part.name);
      this.#emit(looked, isQuoted, builder);
      return;
    }
    if (operation?.kind === "names") {
      const names = this.#shell.variables.names().filter((name) => name.startsWith(part.name) && this.#shell.variables.isSet(name));
      this.#emit({ kind: "list", values: names, join: operation.join }, isQuoted, builder);
      return;
    }
    if (operation?.kind === "keys") {
      const keys = this.#shell.variables.elements(part.name).map(([key]) => key);
      this.#emit({ kind: "list", values: keys, join: operation.join }, isQuoted, builder);
      return;
    }
    let { name } = part;
    let key: string | undefined;
    let looked: Looked;
    if (part.subscript?.kind === "all") {
      looked = { kind: "list", values: this.#shell.variables.elements(name).map(([, text]) => text), join: part.subscript.join };
    } else if (part.subscript) {
      key = yield* this.#expander.text(part.subscript.word);
      looked = { kind: "scalar", value: this.#shell.variables.getElement(name, key) };
    } else looked = this.#look(name);
    if (part.indirect) {
      const target = looked.kind === "scalar" ? looked.value : looked.values.join(" ");
      if (target === undefined || target === "") throw new ShellError(`${part.text.slice(2, -1)}: invalid indirect expansion`, 1);
      ({ name, key, looked } = this.#indirect(target));
    }
    yield* this.#operate(part, { name, key, looked }, operation, isQuoted, builder);
  }

  #indirect(target: string): { name: string; key: string | undefined; looked: Looked } {
    const element = /^([A-Za-z_]\w*)\[(.*)\]$/.exec(target);
    if (element?.[1] === undefined) {
      if (!/^([A-Za-z_]\w*|\d+|[@*#?$!-])$/.test(target)) throw new ShellError(`${target}: invalid variable name`, 1);
      return { name: target, key: undefined, looked: this.#look(target) };
    }
    const [, name, key = ""] = element;
    if (key === "@" || key === "*")
      return {
        name,
        key: undefined,
        looked: { kind: "list", values: this.#shell.variables.elements(name).map(([, text]) => text), join: key },
      };
    return { name, key, looked: { kind: "scalar", value: this.#shell.variables.getElement(name, key) } };
  }

  *#operate(
    part: ParameterPart,
    about: { readonly name: string; readonly key: string | undefined; readonly looked: Looked },
    operation: ParameterOperation | undefined,
    isQuoted: boolean,
    builder: FieldBuilder,
  ): Routine<void> {
    const { name, key, looked } = about;
    const shell = this.#shell;
    if (operation === undefined) {
      if (looked.kind === "scalar" && looked.value === undefined) this.#refuseUnset(key === undefined ? name : `${name}[${key}]`);
      this.#emit(looked, isQuoted, builder);
      return;
    }
    switch (operation.kind) {
      case "default": {
        const isMissing =
          looked.kind === "scalar"
            ? looked.value === undefined || (operation.orNull && looked.value === "")
            : looked.values.length === 0 || (operation.orNull && looked.values.join("") === "");
        if (operation.operator === "+" ? isMissing : !isMissing) {
          if (operation.operator !== "+") this.#emit(looked, isQuoted, builder);
          else if (isQuoted) builder.addQuoted("");
          return;
        }
        if (operation.operator === "=") {
          if (!/^[A-Za-z_]\w*$/.test(name))
            throw new ShellError(
              shell.options.isBash ? `$${name}: cannot assign in this way` : shell.flavour.words.badName(name),
              shell.flavour.errorStatus,
            );
          const text = yield* this.#expander.textOf(operation.word.parts, isQuoted);
          shell.variables.set(name, text, key === undefined ? {} : { key });
          this.#emit({ kind: "scalar", value: shell.variables.get(name) }, isQuoted, builder);
          return;
        }
        if (operation.operator === "?") {
          const said = yield* this.#expander.text(operation.word);
          const message = operation.word.text === "" ? shell.flavour.words.parameterNotSet(operation.orNull) : said;
          throw new ShellError(`${name}: ${message}`, shell.flavour.unsetStatus, true);
        }
        if (isQuoted && operation.word.parts.length === 0) builder.addQuoted("");
        yield* this.#operand(operation.word.parts, isQuoted, builder);
        return;
      }
      case "length":
        this.#emit({ kind: "scalar", value: String(this.#length(part, looked)) }, isQuoted, builder);
        return;
      case "remove": {
        const pattern = yield* this.#expander.pattern(operation.pattern);
        this.#emit(
          this.#each(name, looked, (text) => remove(text, pattern, operation.operator)),
          isQuoted,
          builder,
        );
        return;
      }
      case "replace": {
        const pattern = yield* this.#expander.pattern(operation.pattern);
        const by = operation.replacement ? yield* this.#replacement(operation.replacement) : "";
        this.#emit(
          this.#each(name, looked, (text) =>
            replace(text, pattern, operation.anchor, (matched) => (typeof by === "string" ? by : by(matched))),
          ),
          isQuoted,
          builder,
        );
        return;
      }
      case "slice": {
        const offset = Number(yield* this.#expander.arithmetic(operation.offset.parts));
        const length = operation.length ? Number(yield* this.#expander.arithmetic(operation.length.parts)) : undefined;
        if (looked.kind === "list" && shell.options.isBash)
          this.#emit({ ...looked, values: this.#sliceList(part, looked.values, offset, length) }, isQuoted, builder);
        else {
          const words = { lengthText: operation.length?.text ?? "", isBash: shell.options.isBash };
          // ash cuts the list as one text.
          const whole: Looked = looked.kind === "list" ? { kind: "scalar", value: looked.values.join(" ") } : looked;
          this.#emit(
            this.#each(name, whole, (text) => slice(text, offset, length, words)),
            isQuoted,
            builder,
          );
        }
        return;
      }
      case "case": {
        const pattern = operation.pattern ? yield* this.#expander.pattern(operation.pattern) : undefined;
        this.#emit(
          this.#each(name, looked, (text) => changeCase(text, operation.operator, pattern)),
          isQuoted,
          builder,
        );
        return;
      }
      case "transform":
        this.#emit(this.#transform(part, name, looked, operation.operator), isQuoted, builder);
        return;
      case "names":
      case "keys":
      case "bad":
        return;
    }
  }

  /** The word of `${x:-word}`: what is unquoted in it is split like an expansion, not like a literal. */
  *#operand(parts: readonly Part[], isQuoted: boolean, builder: FieldBuilder): Routine<void> {
    for (const part of parts) {
      if (part.kind === "literal" && !isQuoted) builder.addSplit(part.text);
      else yield* this.#expander.parts([part], isQuoted, builder);
    }
  }

  /** In bash an unquoted `&` in the replacement stands for what matched. */
  *#replacement(word: Word): Routine<string | ((matched: string) => string)> {
    if (!this.#shell.options.isBash || !this.#shell.options.replacesAmpersand) return yield* this.#expander.text(word);
    const builder = this.#expander.builder(false);
    yield* this.#expander.parts(word.parts, false, builder);
    const text = builder.text();
    if (!text.includes("&")) return text;
    const pattern = builder.pattern();
    return (matched) =>
      unescapePattern(pattern.replace(/\\[\s\S]|&/g, (found) => (found === "&" ? matched.replace(/\\/g, "\\\\") : found)));
  }

  #length(part: ParameterPart, looked: Looked): number {
    if (looked.kind === "list")
      return this.#shell.options.isBash ? looked.values.length : lengthOf(looked.values.join(" "), this.#shell.flavour);
    if (looked.value === undefined) this.#refuseUnset(part.name);
    return lengthOf(looked.value ?? "", this.#shell.flavour);
  }

  #sliceList(part: ParameterPart, values: readonly string[], offset: number, length: number | undefined): readonly string[] {
    // `${@:0}` begins with `$0`.
    const isPositional = part.name === "@" || part.name === "*";
    // Of an array the offset is an index, whatever elements there are before it.
    const indices = isPositional ? [] : this.#shell.variables.elements(part.name).map(([key]) => Number(key));
    const list = isPositional ? [this.#shell.name, ...values] : values;
    const end = isPositional ? list.length : (indices.at(-1) ?? -1) + 1;
    const at = offset < 0 ? end + offset : offset;
    if (at < 0) return [];
    const found = isPositional ? at : indices.findIndex((index) => index >= at);
    const start = found < 0 ? list.length : found;
    if (length !== undefined && length < 0) throw new ShellError(`${length}: substring expression < 0`, 1);
    return list.slice(start, length === undefined ? undefined : start + length);
  }

  #transform(part: ParameterPart, name: string, looked: Looked, operator: string): Looked {
    const variable = this.#shell.variables.find(name);
    if (operator === "a" || operator === "A") {
      const flags =
        (variable?.value.kind === "indexed" ? "a" : variable?.value.kind === "associative" ? "A" : "") +
        (variable?.isInteger ? "i" : "") +
        (variable?.isReadonly ? "r" : "") +
        (variable?.isExported ? "x" : "");
      if (operator === "a") return { kind: "scalar", value: flags };
      if (looked.kind === "list" && variable && part.subscript) return { kind: "scalar", value: declaration(name, variable) };
      const value = looked.kind === "scalar" ? looked.value : looked.values.join(" ");
      if (value === undefined) return { kind: "scalar", value: "" };
      return { kind: "scalar", value: flags === "" ? `${name}=${reusable(value)}` : `declare -${flags} ${name}=${reusable(value)}` };
    }
    if (operator === "P") return this.#each(name, looked, (text) => this.#shell.prompt(text));
    if (operator === "K" || operator === "k") {
      const pairs = this.#shell.variables.elements(name).map(([key, text]) => `${key} ${operator === "K" ? doubleQuoted(text) : text}`);
      return { kind: "scalar", value: pairs.join(" ") };
    }
    if (looked.kind === "scalar" && looked.value === undefined) return looked;
    return this.#each(name, looked, (text) => {
      const made = transform(text, operator);
      if (made === undefined)
        throw new ShellError(
          /^[A-Za-z]$/.test(operator) && "EQPAaKkULu".includes(operator)
            ? notSimulated(`\${${name}@${operator}}`)
            : this.#shell.flavour.words.badSubstitution(part.text),
          1,
        );
      return made;
    });
  }

  #each(name: string, looked: Looked, change: (text: string) => string): Looked {
    if (looked.kind === "list") return { ...looked, values: looked.values.map(change) };
    if (looked.value === undefined) this.#refuseUnset(name);
    return { kind: "scalar", value: looked.value === undefined ? undefined : change(looked.value) };
  }

  #look(name: string): Looked {
    if (name === "@" || name === "*") return { kind: "list", values: this.#shell.positional, join: name };
    return { kind: "scalar", value: this.#shell.parameter(name) };
  }

  #refuseUnset(name: string): void {
    const shown = this.#shell.options.isBash && !/^[A-Za-z_]/.test(name) ? `$${name}` : name;
    if (this.#shell.options.nounset) throw new ShellError(this.#shell.flavour.words.unset(shown), this.#shell.flavour.unsetStatus, true);
  }

  #emit(looked: Looked, isQuoted: boolean, builder: FieldBuilder): void {
    if (looked.kind === "scalar") {
      if (isQuoted) builder.addQuoted(looked.value ?? "");
      else if (looked.value !== undefined) builder.addSplit(looked.value);
      return;
    }
    const { values } = looked;
    if (isQuoted && looked.join === "*") {
      builder.addQuoted(values.join(this.#shell.ifs.charAt(0)));
      return;
    }
    for (const [i, value] of values.entries()) {
      if (i > 0) builder.breakField();
      if (isQuoted) builder.addQuoted(value);
      else builder.addSplit(value);
    }
  }
}
