/** The syntax tree of an awk program (POSIX.1-2017, awk, "Grammar"). */

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  /** A bare `/re/`: matched against `$0` unless an operator or function takes it as a regular expression. */
  | { readonly kind: "regex"; readonly source: string }
  | Target
  | {
      readonly kind: "assign";
      readonly operator: "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "^=";
      readonly target: Target;
      readonly value: Expression;
    }
  | { readonly kind: "step"; readonly by: 1 | -1; readonly prefix: boolean; readonly target: Target }
  | { readonly kind: "unary"; readonly operator: "!" | "-" | "+"; readonly operand: Expression }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "match"; readonly negated: boolean; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "in"; readonly subscripts: readonly Expression[]; readonly array: string }
  | { readonly kind: "condition"; readonly test: Expression; readonly then: Expression; readonly else: Expression }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "group"; readonly inner: Expression }
  | { readonly kind: "getline"; readonly from: "input" | "file" | "command"; readonly source?: Expression; readonly target?: Target };

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "^" | " " | "<" | "<=" | "==" | "!=" | ">" | ">=" | "&&" | "||";

/** What can be assigned to. */
export type Target =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "element"; readonly array: string; readonly subscripts: readonly Expression[] }
  | { readonly kind: "field"; readonly index: Expression };

export type Redirect = { readonly kind: ">" | ">>" | "|"; readonly to: Expression };

export type Statement =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "print"; readonly values: readonly Expression[]; readonly redirect?: Redirect }
  | { readonly kind: "printf"; readonly values: readonly Expression[]; readonly redirect?: Redirect }
  | { readonly kind: "block"; readonly body: readonly Statement[] }
  | { readonly kind: "if"; readonly test: Expression; readonly then: Statement; readonly else?: Statement }
  | { readonly kind: "while"; readonly test: Expression; readonly body: Statement }
  | { readonly kind: "do"; readonly test: Expression; readonly body: Statement }
  | { readonly kind: "for"; readonly first?: Statement; readonly test?: Expression; readonly step?: Statement; readonly body: Statement }
  | { readonly kind: "for-in"; readonly variable: string; readonly array: string; readonly body: Statement }
  | { readonly kind: "delete"; readonly array: string; readonly subscripts?: readonly Expression[] }
  | { readonly kind: "next" | "nextfile" | "break" | "continue" }
  | { readonly kind: "exit" | "return"; readonly value?: Expression };

export type Pattern =
  | { readonly kind: "always" | "begin" | "end" }
  | { readonly kind: "test"; readonly test: Expression }
  | { readonly kind: "range"; readonly from: Expression; readonly to: Expression; readonly id: number };

export type Rule = { readonly pattern: Pattern /** Absent: print the record. */; readonly action?: Statement };

export type AwkFunction = { readonly name: string; readonly parameters: readonly string[]; readonly body: Statement };

export type AwkProgram = { readonly rules: readonly Rule[]; readonly functions: ReadonlyMap<string, AwkFunction> };
