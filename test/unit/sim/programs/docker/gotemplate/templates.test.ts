/** Templates on untyped values. What the real program makes of typed ones stands in commands.test.ts. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { DOCKER_FUNCTIONS, execute, FUNCTION_NAMES, parseJson, parseTemplate, toAny } from "@/lib/sim/programs/docker/gotemplate";

const DATA = toAny(
  unwrap(parseJson('{"Name": "web", "Ports": [80, 443], "Labels": {"b": "2", "a": "1"}, "Empty": "", "None": null, "On": true}')),
);

function render(text: string): string {
  const template = parseTemplate("", text, FUNCTION_NAMES);
  if (!template.ok) return template.error;
  const done = execute(template.value, DATA, { functions: DOCKER_FUNCTIONS });
  return done.ok ? done.value : `${done.error.output}|${done.error.message}`;
}

test.each<[string, string]>([
  ["{{.Name}}", "web"],
  ["{{ .Name }} - {{- .Name }}", "web -web"],
  ["a {{- /* nothing */ -}} b", "ab"],
  ["{{.Ports}} {{.Labels}} {{.None}}", "[80 443] map[a:1 b:2] <no value>"],
  ["{{.Missing}}", "<no value>"],
  ["{{range .Ports}}{{.}},{{end}}", "80,443,"],
  ["{{range $i, $p := .Ports}}{{$i}}={{$p}};{{end}}", "0=80;1=443;"],
  ["{{range $k, $v := .Labels}}{{$k}}={{$v}} {{end}}", "a=1 b=2 "],
  ["{{range .Empty}}x{{else}}none{{end}}", '|template: :1:8: executing "" at <.Empty>: range can\'t iterate over '],
  [
    "{{range $i := .Ports}}{{if eq $i 443}}{{break}}{{end}}{{$i}}{{end}}",
    '|template: :1:27: executing "" at <eq $i 443>: error calling eq: incompatible types for comparison: json.Number and int',
  ],
  ["{{range .Ports}}{{continue}}x{{end}}done", "done"],
  ["{{if .Empty}}a{{else if .On}}b{{else}}c{{end}}", "b"],
  ["{{with .Name}}{{.}}{{end}}{{with .Empty}}x{{else}}y{{end}}", "weby"],
  ["{{with .Empty}}x{{else with .Name}}{{.}}{{end}}", "web"],
  ["{{$x := 1}}{{$x = 2}}{{$x}}", "2"],
  ['{{define "t"}}<{{.}}>{{end}}{{template "t" .Name}}', "<web>"],
  ['{{block "t" .Name}}[{{.}}]{{end}}', "[web]"],
  ["{{len .Ports}} {{index .Ports 1}} {{index .Labels `a`}}", "2 443 1"],
  ['{{slice "abcdef" 1 3}}', "bc"],
  ['{{printf "%-5s|%05d|%x|%q|%v" .Name 42 255 "x" true}}', 'web  |00042|ff|"x"|true'],
  ["{{print 1 2 `a` `b` 3}}", "1 2ab3"],
  ["{{println .Name}}", "web\n"],
  ['{{html "<a>"}} {{js "\'x\'"}} {{urlquery "a b&c"}}', "&lt;a&gt; \\'x\\' a+b%26c"],
  ["{{and .On .Name}} {{or .Empty .Name}} {{not .On}}", "web web false"],
  ["{{or .On (index .Ports 9)}}", "true"],
  ["{{eq .Name `x` `web`}} {{ne 1 2}} {{lt 1 2}} {{ge `b` `a`}}", "true true true true"],
  [
    '{{json .Labels}} {{join (split "a,b" ",") "-"}} {{upper .Name}} {{title .Name}} {{pad .Name 1 2}} {{truncate .Name 2}}',
    '{"a":"1","b":"2"} a-b WEB Web  web   we',
  ],
  ["{{.Name | printf `%s-%s` `a` | upper}}", "A-WEB"],
  ["{{1.50}} {{0x10}} {{'a'}} {{true}} {{nil | print}}", '1.5 16 97 true |template: :1:37: executing "" at <nil>: nil is not a command'],
])("%s", (text, output) => {
  expect(render(text)).toBe(output);
});

test.each<[string, string]>([
  ["{{", "template: :1: unclosed action"],
  ["{{.Name", "template: :1: unclosed action"],
  ["{{range}}", "template: :1: missing value for range"],
  ["{{if .On}}", "template: :1: unexpected EOF"],
  ["{{end}}", "template: :1: unexpected {{end}}"],
  ["{{nope}}", 'template: :1: function "nope" not defined'],
  ["{{$x}}", 'template: :1: undefined variable "$x"'],
  ["{{.Name | | print}}", 'template: :1: unexpected "|" in command'],
  ["a\n{{break}}", "template: :2: {{break}} outside {{range}}"],
  ['{{"open}}', "template: :1: unterminated quoted string"],
])("%s cannot be parsed: %s", (text, error) => {
  expect(render(text)).toBe(error);
});

test("text without braces is itself", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes("{{"));
      expect(render(text)).toBe(text);
    }),
  );
});

test("no text makes the parser fall", () => {
  const piece = fc.constantFrom(
    "{{",
    "}}",
    " ",
    ".",
    "Name",
    "range",
    "if",
    "else",
    "end",
    "with",
    "$x",
    ":=",
    "|",
    "(",
    ")",
    '"',
    "`",
    "1",
    "-",
    "/*",
    "*/",
    "define",
    "template",
    ",",
    "\n",
    "'",
    "break",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(typeof render(pieces.join(""))).toBe("string");
    }),
  );
});
