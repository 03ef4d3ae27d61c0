import { unzipSync } from "fflate";
import { expect, test, vi } from "vitest";
import { PRESENTATION } from "@/app/api/bank/presentation";
import { GET } from "@/app/api/bank/[format]/route";

vi.mock("server-only", () => ({}));
// In production the bank is read once.
vi.stubEnv("NODE_ENV", "production");

const get = (format: string, headers: Record<string, string> = {}): Promise<Response> =>
  GET(new Request(`http://localhost/api/bank/${format}`, { headers }), { params: Promise.resolve({ format }) });

test.each([
  ["gift", "text/plain; charset=utf-8", "drydock.gift.txt"],
  ["qti", "application/zip", "drydock-qti3.zip"],
  ["anki", "application/octet-stream", "drydock.apkg"],
])("%s is sent as %s and saved as %s", async (format, type, name) => {
  const response = await get(format);

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(type);
  expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${name}"`);
  expect(response.headers.get("set-cookie")).toBeNull();
});

test("GIFT is text and the other two are archives", async () => {
  const [gift, qti, anki] = await Promise.all(
    ["gift", "qti", "anki"].map(async (format) => new Uint8Array(await (await get(format)).arrayBuffer())),
  );

  expect(new TextDecoder().decode(gift)).toMatch(/^\/\/ Drydock, \d+ questions(, without \d+ .*)?\n\n\$CATEGORY: /);
  expect(Object.keys(unzipSync(qti ?? new Uint8Array()))[0]).toBe("imsmanifest.xml");
  expect(Object.keys(unzipSync(anki ?? new Uint8Array()))).toEqual(["collection.anki2", "media"]);
});

test("who has it already is told so, whether or not it was compressed on the way", async () => {
  const etag = (await get("gift")).headers.get("etag") ?? "";
  const statuses = await Promise.all(
    [etag, `W/${etag}`, `"other", ${etag}`, '"other"'].map(async (known) => (await get("gift", { "if-none-match": known })).status),
  );

  expect(etag).toMatch(/^"[\w-]{16}"$/);
  expect(statuses).toEqual([304, 304, 304, 200]);
});

test("another format is refused", async () => {
  const response = await get("toString");

  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: { code: "no-such-format", message: "The question bank comes as gift, qti or anki." } });
});

test.each([
  ["one `line` of **text** with _stress_", true, "one <code>line</code> of <strong>text</strong> with <em>stress</em>"],
  ['a <b> & `c < "d"`', true, "a &lt;b&gt; &amp; <code>c &lt; &quot;d&quot;</code>"],
  ["two\n\nparagraphs", false, "<p>two</p><p>paragraphs</p>"],
  ["1. one\n2. two", false, "<ol><li>one</li><li>two</li></ol>"],
  [
    "| a | b |\n| --- | --- |\n| 1 | `2` |",
    false,
    "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><code>2</code></td></tr></tbody></table>",
  ],
  ["[here](/labs/x) and [there](https://example.org/?a=1&b=2)", true, 'here and <a href="https://example.org/?a=1&amp;b=2">there</a>'],
])("Markdown becomes markup: %j", (markdown, inline, xhtml) => {
  expect(PRESENTATION.markup(markdown)).toEqual({ inline, xhtml });
});
