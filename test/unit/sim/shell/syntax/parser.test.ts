import { describe, expect, test } from "vitest";
import type { Node } from "@/lib/sim/shell/syntax/ast";
import { ASH, BASH, DASH, type Dialect } from "@/lib/sim/shell/syntax/dialect";
import { Parser } from "@/lib/sim/shell/syntax/parser";
import type { SyntaxFault } from "@/lib/sim/shell/syntax/problem";
import { unparse } from "@/lib/sim/shell/syntax/unparse";

/** The complete commands of a text, until its end or a fault. */
function parseAll(
  text: string,
  dialect: Dialect = BASH,
): { readonly nodes: readonly Node[]; readonly fault: SyntaxFault | undefined; readonly incomplete: boolean } {
  const parser = new Parser(text, { dialect });
  const nodes: Node[] = [];
  for (;;) {
    const parsed = parser.next();
    if (parsed.kind === "end") return { nodes, fault: undefined, incomplete: parser.lexer.openHere !== undefined };
    if (parsed.kind === "problem") return { nodes, fault: parsed.problem.fault, incomplete: parsed.problem.incomplete };
    nodes.push(parsed.node);
  }
}

test("a line is one complete command, and what stands before a fault is parsed all the same", () => {
  const { nodes, fault } = parseAll("echo a; echo b\necho c\nfi\n");

  expect(nodes.map(unparse)).toEqual(["echo a; echo b", "echo c"]);
  expect(fault).toMatchObject({ kind: "unexpected", token: { kind: "keyword", text: "fi" } });
});

test("a pipeline of one command is that command", () => {
  const [node] = parseAll("echo a").nodes;

  expect(node).toMatchObject({ kind: "simple", words: [{ text: "echo" }, { text: "a" }] });
});

test("&& and || are of equal rank and group to the left", () => {
  const [node] = parseAll("a && b || c && d").nodes;

  expect(node).toMatchObject({ kind: "and", left: { kind: "or", left: { kind: "and" } } });
});

test("the parts of a word say what was quoted", () => {
  const [node] = parseAll(`echo a"b$c"'d'\\e~`).nodes;

  expect(node).toMatchObject({
    words: [
      {},
      {
        parts: [
          { kind: "literal", text: "a" },
          {
            kind: "double",
            parts: [
              { kind: "literal", text: "b" },
              { kind: "parameter", name: "c" },
            ],
          },
          { kind: "quoted", text: "d" },
          { kind: "quoted", text: "e" },
          { kind: "literal", text: "~" },
        ],
      },
    ],
  });
});

test.each([
  ["if true", true],
  ["while true; do", true],
  ["echo 'a", true],
  ['echo "a', true],
  ["echo $(ls", true],
  ["echo `ls", true],
  ["echo ${x", true],
  ["a &&", true],
  ["a |", true],
  ["f() {", true],
  ["case x in", true],
  ["(a", true],
  ["x=(1", true],
  ["[[ a", true],
  ["((1", true],
  ["cat <<E\nx", true],
  ["cat <<E", true],
  ["echo )", false],
  ["fi", false],
  ["echo > ;", false],
  ["for", false],
])("%s could go on: %s", (text, expected) => {
  expect(parseAll(text).incomplete).toBe(expected);
});

describe("dialects", () => {
  test("[[ is bash's own syntax, a command of ash and an unknown one in dash", () => {
    const text = "[[ a < b ]]";

    expect(parseAll(text, BASH).nodes[0]).toMatchObject({ kind: "conditional" });
    expect(parseAll(text, ASH).nodes[0]).toMatchObject({ kind: "simple", redirects: [{ operator: "<" }] });
    expect(parseAll(text, DASH).nodes[0]).toMatchObject({ kind: "simple", redirects: [{ operator: "<" }] });
  });

  test("&> redirects both in bash and ash, and ends a background command in dash", () => {
    expect(parseAll("a &> f", BASH).nodes[0]).toMatchObject({ redirects: [{ operator: "&>" }] });
    expect(parseAll("a &> f", ASH).nodes[0]).toMatchObject({ redirects: [{ operator: "&>" }] });
    expect(parseAll("a &> f", DASH).nodes[0]).toMatchObject({ kind: "sequence", commands: [{ kind: "background" }, { kind: "simple" }] });
  });

  test("arrays are bash's", () => {
    expect(parseAll("x=(1 2)", BASH).nodes[0]).toMatchObject({ assignments: [{ value: { kind: "array", elements: [{}, {}] } }] });
    expect(parseAll("x=(1 2)", DASH).fault).toMatchObject({ kind: "unexpected", token: { text: "(" } });
  });

  test("braces expand in bash only", () => {
    const words = (dialect: Dialect): unknown => parseAll("echo {a,b}", dialect).nodes[0];

    expect(words(BASH)).toMatchObject({ words: [{}, { text: "a" }, { text: "b" }] });
    expect(words(DASH)).toMatchObject({ words: [{}, { text: "{a,b}" }] });
  });
});

test("an alias is put in place of the word, and not within itself", () => {
  const aliases = new Map([
    ["ls", "ls -l"],
    ["sudo", "run "],
    ["x", "y; z"],
  ]);
  const parser = (text: string): string => {
    const parsed = new Parser(text, { dialect: BASH, alias: (name) => aliases.get(name) }).next();
    return parsed.kind === "command" ? unparse(parsed.node) : parsed.kind;
  };

  expect(parser("ls /tmp")).toBe("ls -l /tmp");
  expect(parser("sudo ls")).toBe("run ls -l");
  expect(parser("echo ls")).toBe("echo ls");
  expect(parser("\\ls")).toBe("\\ls");
});

test("a here-document's body belongs to its command, wherever the line goes on", () => {
  const [node] = parseAll("cat <<E | sort\nb $x\nE\necho after").nodes;

  expect(node).toMatchObject({
    kind: "pipeline",
    commands: [{ redirects: [{ kind: "here", body: { text: "b $x\n", quoted: false } }] }, {}],
  });
});

test("unparsing gives a text that parses to the same commands", () => {
  const texts = [
    "if a; then b; elif c; then d; else e; fi",
    "for i in a b; do echo $i; done",
    "while a; do b; done > f 2>&1",
    "case $x in a | b) c ;; *) d ;; esac",
    "f () { a; b; }",
    "( a; b ) | c && ! d || e",
    "x=1 cmd \"a b\" 'c' < in >> out",
    "for ((i=0; i<3; i++)); do a; done",
    "[[ -n $x && $y == z* ]]",
  ];

  for (const text of texts) {
    const once = parseAll(text).nodes.map(unparse).join("\n");
    expect(parseAll(once).nodes.map(unparse).join("\n")).toBe(once);
  }
});

test("text that is nested beyond all reason is refused, not swallowed with the stack", () => {
  for (const [open, close] of [
    ["$(", ")"],
    ["${x:-", "}"],
    ["{ ", " ;}"],
    ["( ", " )"],
  ] as const) {
    const { fault } = parseAll(`echo ${open.repeat(5000)}x${close.repeat(5000)}`.replace(/^echo (?=[{(] )/, ""));
    expect(fault).toMatchObject({ kind: "not-simulated" });
  }
});
