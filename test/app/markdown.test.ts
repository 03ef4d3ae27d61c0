import { expect, test } from "vitest";
import { parseInline, parseMarkdown } from "@/app/_components/markdown-parse";

test("paragraphs, lists and code blocks are told apart", () => {
  const blocks = parseMarkdown("One\ntwo.\n\n- a\n- b\n  more\n\n```\ndocker ps\n  -a\n```\nEnd");

  expect(blocks).toEqual([
    { kind: "paragraph", children: [{ kind: "text", text: "One two." }] },
    {
      kind: "list",
      ordered: false,
      items: [
        [{ kind: "paragraph", children: [{ kind: "text", text: "a" }] }],
        [{ kind: "paragraph", children: [{ kind: "text", text: "b more" }] }],
      ],
    },
    { kind: "code", text: "docker ps\n  -a", info: "" },
    { kind: "paragraph", children: [{ kind: "text", text: "End" }] },
  ]);
});

test("a table has its head and its rows, and a bar in code does not end a cell", () => {
  const text = (value: string) => [{ kind: "text", text: value }];

  expect(parseMarkdown("Before:\n| | today |\n| --- | :-: |\n| `a | b` | c \\| d |\n\nafter")).toEqual([
    { kind: "paragraph", children: text("Before:") },
    { kind: "table", head: [[], text("today")], rows: [[[{ kind: "code", text: "a | b" }], text("c | d")]] },
    { kind: "paragraph", children: text("after") },
  ]);
});

test("a heading keeps its level, a fence what is said of it", () => {
  expect(parseMarkdown("## Kept *apart*\n```console later\nnode1$ ls\n```")).toEqual([
    {
      kind: "heading",
      level: 2,
      children: [
        { kind: "text", text: "Kept " },
        { kind: "emphasis", children: [{ kind: "text", text: "apart" }] },
      ],
    },
    { kind: "code", text: "node1$ ls", info: "console later" },
  ]);
});

test("code keeps what would be emphasis elsewhere", () => {
  expect(parseInline("run `docker ps --filter **a**` **now**")).toEqual([
    { kind: "text", text: "run " },
    { kind: "code", text: "docker ps --filter **a**" },
    { kind: "text", text: " " },
    { kind: "strong", children: [{ kind: "text", text: "now" }] },
  ]);
});

test("a name with underscores is not emphasis", () => {
  expect(parseInline("docker_gwbridge and br_netfilter")).toEqual([{ kind: "text", text: "docker_gwbridge and br_netfilter" }]);
});

test.each(["javascript:alert(1)", "data:text/html,x", "//evil.example"])("a link to %s stays text", (href) => {
  expect(parseInline(`[here](${href})`).every((inline) => inline.kind === "text")).toBe(true);
});

test("what looks like a tag stays text", () => {
  expect(parseInline("<img src=x onerror=alert(1)>")).toEqual([{ kind: "text", text: "<img src=x onerror=alert(1)>" }]);
});
