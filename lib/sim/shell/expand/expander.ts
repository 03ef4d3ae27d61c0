/**
 * Word expansion: tilde, parameters, command substitution and arithmetic, then splitting, pathnames and the removal of quotes
 * (POSIX 2.6; dash's expand.c, bash's subst.c). Quotes were taken off by the parser, which says of each part whether it was quoted.
 */

import type { Routine } from "@/lib/sim/core/task";
import type { Shell } from "../run/shell";
import { ShellError } from "../run/unwind";
import type { Assignment, Part, Word } from "../syntax/ast";
import { FieldBuilder } from "./fields";
import { ParameterExpander } from "./parameter-expander";
import { expandPathname } from "./pathname";
import { hasPatternCharacter, Pattern } from "./pattern";

export class Expander {
  readonly #shell: Shell;
  readonly #parameters: ParameterExpander;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#parameters = new ParameterExpander(shell, this);
  }

  /** Arguments: split, and matched against files. */
  *words(words: readonly Word[]): Routine<string[]> {
    const made: string[] = [];
    for (const word of words) {
      const only = word.parts[0];
      if (word.parts.length === 1 && only?.kind === "literal" && !hasPatternCharacter(only.text, this.#shell.options.extendedPatterns))
        made.push(only.text);
      else if (word.parts.length === 1 && only?.kind === "quoted") made.push(only.text);
      else yield* this.#word(word, made);
    }
    return made;
  }

  /** One text: not split, no pathnames (assignments, redirection targets of bash, `case`, here-documents). */
  *text(word: Word): Routine<string> {
    return yield* this.textOf(word.parts, false);
  }

  *textOf(parts: readonly Part[], isQuoted: boolean): Routine<string> {
    const only = parts[0];
    if (parts.length === 1 && (only?.kind === "literal" || only?.kind === "quoted")) return only.text;
    const builder = this.builder(false);
    yield* this.parts(parts, isQuoted, builder);
    return builder.text();
  }

  /** A pattern: quoted characters stand for themselves. */
  *pattern(word: Word): Routine<Pattern> {
    const builder = this.builder(false);
    yield* this.parts(word.parts, false, builder);
    return this.compile(builder.pattern());
  }

  /** A regular expression for `=~`. */
  *regex(word: Word): Routine<string> {
    const builder = this.builder(false);
    yield* this.parts(word.parts, false, builder);
    return builder.regex();
  }

  compile(pattern: string): Pattern {
    return new Pattern(pattern, { extended: this.#shell.options.isBash, ignoreCase: this.#shell.options.ignoreCase });
  }

  /** An arithmetic expression: expanded, then evaluated. */
  *arithmetic(parts: readonly Part[]): Routine<bigint> {
    const text = yield* this.textOf(parts, true);
    return this.#shell.arithmetic.evaluate(text);
  }

  /** Performs an assignment. */
  *assign(assignment: Assignment, options: { readonly exported?: boolean } = {}): Routine<void> {
    const { variables } = this.#shell;
    const { name, append, value } = assignment;
    if (value.kind === "scalar") {
      const key = assignment.subscript && (yield* this.text(assignment.subscript));
      const text = yield* this.text(value.word);
      variables.set(name, text, { append, ...(key === undefined ? {} : { key }), ...(options.exported ? { exported: true } : {}) });
      return;
    }
    const before = variables.find(name)?.value;
    if (before?.kind === "associative") {
      const items = new Map(append ? before.items : []);
      for (const element of value.elements) {
        const key = element.subscript ? yield* this.text(element.subscript) : yield* this.text(element.word);
        items.set(key, element.subscript ? yield* this.text(element.word) : "");
      }
      variables.setAssociative(name, items);
      return;
    }
    const items = new Map<number, string>(append ? variables.elements(name).map(([index, text]) => [Number(index), text] as const) : []);
    let next = Math.max(-1, ...items.keys()) + 1;
    for (const element of value.elements) {
      if (element.subscript) {
        const index = variables.indexOf(name, yield* this.text(element.subscript));
        const text = yield* this.text(element.word);
        items.set(index, element.append ? (items.get(index) ?? "") + text : text);
        next = index + 1;
      } else for (const text of yield* this.words([element.word])) items.set(next++, text);
    }
    variables.setArray(name, items);
  }

  // --- words --------------------------------------------------------------------------------------------------------
  *#word(word: Word, made: string[]): Routine<void> {
    const { options, sys } = this.#shell;
    const builder = this.builder(true);
    yield* this.parts(word.parts, false, builder);
    for (const field of builder.end()) {
      if (field.pattern === undefined || options.noPathnames) {
        made.push(field.text);
        continue;
      }
      const paths = expandPathname(sys, field.pattern, {
        extended: options.extendedPatterns,
        ignoreCase: options.ignorePathnameCase,
        dotNames: options.dotNames,
        deep: options.deepPatterns,
        skipsDots: options.isBash,
      });
      if (paths.length > 0) made.push(...paths);
      else if (options.failOnNoMatch) throw new ShellError(`no match: ${field.text}`, 1);
      else if (!options.dropUnmatched) made.push(field.text);
    }
  }

  builder(isSplitting: boolean): FieldBuilder {
    return new FieldBuilder({ ifs: this.#shell.ifs, isSplitting, extended: this.#shell.options.extendedPatterns });
  }

  /** Adds the parts of a word to what is being built. */
  *parts(parts: readonly Part[], isQuoted: boolean, builder: FieldBuilder): Routine<void> {
    for (const part of parts) {
      switch (part.kind) {
        case "literal":
          if (isQuoted) builder.addQuoted(part.text);
          else builder.addLiteral(part.text);
          break;
        case "quoted":
          builder.addQuoted(part.text);
          break;
        case "double":
          if (!part.parts.some((inner) => inner.kind === "parameter" && this.#parameters.mayBeNoField(inner))) builder.start();
          yield* this.parts(part.parts, true, builder);
          break;
        case "tilde":
          this.#tilde(part.user, builder);
          break;
        case "parameter":
          yield* this.#parameters.expand(part, isQuoted, builder);
          break;
        case "command": {
          const output = (yield* this.#shell.substitute(part.body)).replace(/\n+$/, "");
          if (isQuoted) builder.addQuoted(output);
          else builder.addSplit(output);
          break;
        }
        case "arithmetic": {
          const value = String(yield* this.arithmetic(part.expression));
          if (isQuoted) builder.addQuoted(value);
          else builder.addSplit(value);
          break;
        }
        case "process":
          builder.addQuoted(yield* this.#shell.substituteProcess(part.direction, part.body));
          break;
      }
    }
  }

  #tilde(user: string, builder: FieldBuilder): void {
    const { variables, options } = this.#shell;
    const home =
      user === ""
        ? (variables.get("HOME") ?? (options.isBash ? this.#shell.homeOf("root") : undefined))
        : user === "+" && options.isBash
          ? variables.get("PWD")
          : user === "-" && options.isBash
            ? variables.get("OLDPWD")
            : this.#shell.homeOf(user);
    builder.addQuoted(home ?? `~${user}`);
  }
}
