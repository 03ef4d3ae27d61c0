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
    { kind: "code", text: "docker ps\n  -a" },
    { kind: "paragraph", children: [{ kind: "text", text: "End" }] },
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
