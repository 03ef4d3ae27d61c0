/** jq's grammar (jq 1.8 manual), without `import` and `include`. */

import { type Filter, JqSyntaxError, type Pattern } from "./filter";
import { parseNumber } from "./json";
import { KEYWORDS, type Token, tokenize } from "./tokens";

export function parseJq(source: string): Filter {
  const parse = (part: string, offset: number): Filter => new Parser(tokenize(part, offset, parse), source).whole();
  return parse(source, 0);
}

const IDENTITY: Filter = { kind: "identity" };

class Parser {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;

  constructor(tokens: readonly Token[], source: string) {
    this.#tokens = tokens;
    this.#source = source;
  }

  whole(): Filter {
    if (this.#token.kind === "end") throw new JqSyntaxError('Top-level program not given (try ".")', -1, 0);
    // Definitions alone are a program that passes its input on.
    const filter = this.#pipe();
    if (!this.#isAtEnd()) throw this.#unexpected("end of file");
    return filter;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", at: this.#source.length };
  }

  #isAtEnd(): boolean {
    return this.#token.kind === "end";
  }

  #is(text: string): boolean {
    return (this.#token.kind === "operator" || this.#token.kind === "word") && this.#token.text === text;
  }

  #takes(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected();
  }

  #unexpected(expected?: string): JqSyntaxError {
    const { kind, text, at } = this.#token;
    const name =
      kind === "end"
        ? "end of file"
        : kind === "operator"
          ? text.length > 1
            ? text
            : `'${text}'`
          : kind === "word"
            ? KEYWORDS.has(text)
              ? text
              : "IDENT"
            : kind === "field"
              ? "FIELD"
              : kind === "number"
                ? "LITERAL"
                : kind === "variable"
                  ? "BINDING"
                  : kind === "format"
                    ? "FORMAT"
                    : "QQSTRING_START";
    const isEnd = kind === "end";
    const previous = this.#tokens[this.#at - 1];
    return new JqSyntaxError(
      `syntax error, unexpected ${name}${expected === undefined ? "" : `, expecting ${expected}`}`,
      isEnd ? (previous?.at ?? 0) : at,
      isEnd ? Math.max(1, previous?.text.length ?? 1) : Math.max(1, text.length),
    );
  }

  #pipe(): Filter {
    if (this.#takes("def")) return this.#definition();
    if (this.#takes("label")) {
      const name = this.#variable();
      this.#expect("|");
      return { kind: "label", name, body: this.#pipe() };
    }
    const left = this.#comma();
    if (this.#takes("as")) return this.#binding(left);
    return this.#takes("|") ? { kind: "pipe", left, right: this.#pipe() } : left;
  }

  #definition(): Filter {
    const { kind, text } = this.#token;
    if (kind !== "word") throw this.#unexpected();
    this.#at++;
    const parameters: string[] = [];
    if (this.#takes("(")) {
      do {
        const parameter = this.#token;
        if (parameter.kind !== "word" && parameter.kind !== "variable") throw this.#unexpected();
        this.#at++;
        parameters.push(parameter.kind === "variable" ? `$${parameter.text}` : parameter.text);
      } while (this.#takes(";"));
      this.#expect(")");
    }
    this.#expect(":");
    const body = this.#pipe();
    this.#expect(";");
    return { kind: "def", name: text, parameters, body, rest: this.#token.kind === "end" ? IDENTITY : this.#pipe() };
  }

  #binding(source: Filter): Filter {
    const patterns = [this.#pattern()];
    while (this.#takes("?//")) patterns.push(this.#pattern());
    this.#expect("|");
    return { kind: "bind", source, patterns, body: this.#pipe() };
  }

  #pattern(): Pattern {
    if (this.#tokens[this.#at]?.kind === "variable") return { kind: "variable", name: this.#variable() };
    if (this.#takes("[")) {
      const items: Pattern[] = [];
      do items.push(this.#pattern());
      while (this.#takes(","));
      this.#expect("]");
      return { kind: "array", items };
    }
    this.#expect("{");
    const entries: { key: Filter; variable: string | undefined; value: Pattern | undefined }[] = [];
    do {
      if (this.#token.kind === "variable") {
        const name = this.#variable();
        entries.push({ key: { kind: "literal", value: name }, variable: name, value: this.#takes(":") ? this.#pattern() : undefined });
      } else {
        const key = this.#key();
        this.#expect(":");
        entries.push({ key, variable: undefined, value: this.#pattern() });
      }
    } while (this.#takes(","));
    this.#expect("}");
    return { kind: "object", entries };
  }

  #variable(): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "variable") throw this.#unexpected();
    this.#at++;
    return token.text;
  }

  #comma(): Filter {
    let left = this.#alternative();
    while (this.#takes(",")) left = { kind: "comma", left, right: this.#alternative() };
    return left;
  }

  /** `//` binds to the right, assignments bind looser than `or`, and neither chains. */
  #alternative(): Filter {
    const left = this.#assignment();
    return this.#takes("//") ? { kind: "binary", operator: "//", left, right: this.#alternative() } : left;
  }

  #assignment(): Filter {
    const left = this.#or();
    for (const operator of ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="] as const) {
      if (this.#takes(operator)) return { kind: "assign", operator, left, right: this.#alternative() };
    }
    return left;
  }

  #or(): Filter {
    let left = this.#and();
    while (this.#takes("or")) left = { kind: "binary", operator: "or", left, right: this.#and() };
    return left;
  }

  #and(): Filter {
    let left = this.#comparison();
    while (this.#takes("and")) left = { kind: "binary", operator: "and", left, right: this.#comparison() };
    return left;
  }

  #comparison(): Filter {
    const left = this.#sum();
    for (const operator of ["==", "!=", "<=", ">=", "<", ">"] as const) {
      if (this.#takes(operator)) return { kind: "binary", operator, left, right: this.#sum() };
    }
    return left;
  }

  #sum(): Filter {
    let left = this.#product();
    for (;;) {
      const operator = this.#is("+") ? "+" : this.#is("-") ? "-" : undefined;
      if (!operator) return left;
      this.#at++;
      left = { kind: "binary", operator, left, right: this.#product() };
    }
  }

  #product(): Filter {
    let left = this.#unary();
    for (;;) {
      const operator = this.#is("*") ? "*" : this.#is("/") ? "/" : this.#is("%") ? "%" : undefined;
      if (!operator) return left;
      this.#at++;
      left = { kind: "binary", operator, left, right: this.#unary() };
    }
  }

  #unary(): Filter {
    if (this.#takes("-")) return { kind: "negate", operand: this.#postfix() };
    return this.#postfix();
  }

  #postfix(): Filter {
    let filter = this.#primary();
    for (;;) {
      if (this.#takes("?")) filter = { kind: "try", body: filter, handler: undefined };
      else if (this.#token.kind === "field") {
        filter = { kind: "index", of: filter, key: { kind: "literal", value: this.#token.text } };
        this.#at++;
      } else if (this.#is(".") && (this.#tokens[this.#at + 1]?.kind === "string" || this.#tokens[this.#at + 1]?.text === "[")) {
        this.#at++;
        if (this.#token.kind === "string") filter = { kind: "index", of: filter, key: this.#string(undefined) };
      } else if (this.#takes("[")) filter = this.#bracket(filter);
      else if (this.#is("as")) {
        this.#at++;
        return this.#binding(filter);
      } else return filter;
    }
  }

  #bracket(of: Filter): Filter {
    if (this.#takes("]")) return { kind: "iterate", of };
    if (this.#takes(":")) {
      const to = this.#pipe();
      this.#expect("]");
      return { kind: "slice", of, from: undefined, to };
    }
    const key = this.#pipe();
    if (this.#takes(":")) {
      const to = this.#is("]") ? undefined : this.#pipe();
      this.#expect("]");
      return { kind: "slice", of, from: key, to };
    }
    this.#expect("]");
    return { kind: "index", of, key };
  }

  #string(format: string | undefined): Filter {
    const { parts = [] } = this.#token;
    this.#at++;
    const [only = ""] = parts;
    return parts.length <= 1 && typeof only === "string" ? { kind: "literal", value: only } : { kind: "string", format, parts };
  }

  #primary(): Filter {
    const token = this.#token;
    switch (token.kind) {
      case "number":
        this.#at++;
        return { kind: "literal", value: parseNumber(token.text) ?? null };
      case "string":
        return this.#string(undefined);
      case "format":
        this.#at++;
        return this.#token.kind === "string" ? this.#string(token.text) : { kind: "format", name: token.text };
      case "field":
        this.#at++;
        return { kind: "index", of: IDENTITY, key: { kind: "literal", value: token.text } };
      case "variable":
        this.#at++;
        return { kind: "variable", name: token.text, at: token.at };
      case "word":
        return this.#word(token);
      case "operator":
        return this.#bracketed(token.text);
      case "end":
        throw this.#unexpected();
    }
  }

  #bracketed(text: string): Filter {
    switch (text) {
      case ".":
        this.#at++;
        if (this.#token.kind === "string") return { kind: "index", of: IDENTITY, key: this.#string(undefined) };
        return IDENTITY;
      case "..":
        this.#at++;
        return { kind: "recurse-default" };
      case "(": {
        this.#at++;
        const inner = this.#pipe();
        this.#expect(")");
        return inner;
      }
      case "[": {
        this.#at++;
        if (this.#takes("]")) return { kind: "array", body: undefined };
        const body = this.#pipe();
        this.#expect("]");
        return { kind: "array", body };
      }
      case "{":
        this.#at++;
        return this.#object();
      default:
        throw this.#unexpected();
    }
  }

  #object(): Filter {
    const entries: { key: Filter; value: Filter }[] = [];
    if (this.#takes("}")) return { kind: "object", entries };
    do {
      if (this.#is("}")) break;
      const token = this.#token;
      if (token.kind === "variable") {
        this.#at++;
        entries.push({ key: { kind: "literal", value: token.text }, value: { kind: "variable", name: token.text, at: token.at } });
        continue;
      }
      const isShort = token.kind === "word" || token.kind === "string" || token.kind === "format";
      const key = this.#key();
      if (this.#takes(":")) entries.push({ key, value: this.#objectValue() });
      else if (isShort) entries.push({ key, value: { kind: "index", of: IDENTITY, key } });
      else throw this.#unexpected();
    } while (this.#takes(","));
    if (!this.#takes("}")) throw this.#unexpected(this.#isAtEnd() ? "'}'" : undefined);
    return { kind: "object", entries };
  }

  /** A value goes up to the comma; pipes are allowed, commas are not. */
  #objectValue(): Filter {
    const left = this.#alternative();
    return this.#takes("|") ? { kind: "pipe", left, right: this.#objectValue() } : left;
  }

  #key(): Filter {
    const token = this.#token;
    if (token.kind === "word") {
      this.#at++;
      return { kind: "literal", value: token.text };
    }
    if (token.kind === "string") return this.#string(undefined);
    if (token.kind === "number") {
      this.#at++;
      return { kind: "literal", value: token.text };
    }
    if (token.kind === "format") {
      this.#at++;
      return this.#token.kind === "string" ? this.#string(token.text) : { kind: "format", name: token.text };
    }
    this.#expect("(");
    const key = this.#pipe();
    this.#expect(")");
    return key;
  }

  #word(token: Token): Filter {
    this.#at++;
    switch (token.text) {
      case "if":
        return this.#conditional();
      case "try": {
        const body = this.#postfix();
        return { kind: "try", body, handler: this.#takes("catch") ? this.#postfix() : undefined };
      }
      case "reduce": {
        const source = this.#postfixUntilAs();
        const pattern = this.#pattern();
        this.#expect("(");
        const start = this.#pipe();
        this.#expect(";");
        const update = this.#pipe();
        this.#expect(")");
        return { kind: "reduce", source, pattern, start, update };
      }
      case "foreach": {
        const source = this.#postfixUntilAs();
        const pattern = this.#pattern();
        this.#expect("(");
        const start = this.#pipe();
        this.#expect(";");
        const update = this.#pipe();
        const extract = this.#takes(";") ? this.#pipe() : undefined;
        this.#expect(")");
        return { kind: "foreach", source, pattern, start, update, extract };
      }
      case "break":
        if (this.#token.kind === "variable") return { kind: "break", name: this.#variable() };
        break;
      case "def":
        return this.#definition();
      case "true":
      case "false":
        return { kind: "literal", value: token.text === "true" };
      case "null":
        return { kind: "literal", value: null };
    }
    if (KEYWORDS.has(token.text) && token.text !== "not") {
      this.#at--;
      throw this.#unexpected();
    }
    const args: Filter[] = [];
    if (this.#takes("(")) {
      do args.push(this.#pipe());
      while (this.#takes(";"));
      this.#expect(")");
    }
    return { kind: "call", name: token.text, args, at: token.at };
  }

  #conditional(): Filter {
    const test = this.#pipe();
    this.#expect("then");
    const yes = this.#pipe();
    if (this.#takes("elif")) return { kind: "if", test, yes, no: this.#conditional() };
    const no = this.#takes("else") ? this.#pipe() : undefined;
    this.#expect("end");
    return { kind: "if", test, yes, no };
  }

  /** The source of reduce and foreach: up to `as`, which is theirs. */
  #postfixUntilAs(): Filter {
    let filter = this.#primary();
    while (!this.#is("as")) {
      if (this.#takes("?")) filter = { kind: "try", body: filter, handler: undefined };
      else if (this.#token.kind === "field") {
        filter = { kind: "index", of: filter, key: { kind: "literal", value: this.#token.text } };
        this.#at++;
      } else if (this.#takes("[")) filter = this.#bracket(filter);
      else throw this.#unexpected();
    }
    this.#expect("as");
    return filter;
  }
}
