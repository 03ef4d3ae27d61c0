import { expect, test } from "vitest";
import { type Data, isList, isMap } from "@/lib/sim/programs/compose/yaml/data";
import { readYaml } from "@/lib/sim/programs/compose/yaml/read";
import { writeYaml } from "@/lib/sim/programs/compose/yaml/write";

function plain(data: Data | undefined): unknown {
  if (isMap(data)) return Object.fromEntries([...data].map(([key, value]) => [key, plain(value)]));
  return isList(data) ? data.map(plain) : data;
}

function read(text: string): unknown {
  const result = readYaml(text);
  return result.ok ? plain(result.value) : result.error.message;
}

test("blocks, flows and scalars mean what YAML's core schema says", () => {
  expect(read('a: 1\nb: "1"\nc: [x, 2, {d: true}]\ne:\n- f\n-\n  g: ~\nh: yes # no boolean\n')).toEqual({
    a: 1,
    b: "1",
    c: ["x", 2, { d: true }],
    e: ["f", { g: null }],
    h: "yes",
  });
});

test("a block scalar keeps or folds its lines", () => {
  expect(read("a: |\n  one\n   two\nb: >-\n  one\n  two\n\n  three\n")).toEqual({ a: "one\n two\n", b: "one two\nthree" });
});

test("a merge key brings what the map itself does not say", () => {
  expect(read("x: &x\n  a: 1\n  b: 2\ny:\n  <<: *x\n  b: 3\n")).toEqual({ x: { a: 1, b: 2 }, y: { a: 1, b: 3 } });
});

test("errors name the line as yaml.v3 does", () => {
  expect(read("services:\n  web:\n   image: nginx\n    ports: x\n")).toBe("yaml: line 4: mapping values are not allowed in this context");
  expect(read("services:\n  a:\n    image: x\n\tports: x\n")).toBe("yaml: line 3: found a tab character that violates indentation");
  expect(read('services:\n  a:\n    image: "ngi\n')).toBe("yaml: line 3: found unexpected end of stream");
  expect(read("services:\n  a:\n    image: x\n  b:\n image: y\n")).toBe("yaml: line 4: did not find expected key");
  expect(read("services:\n  a:\n    image: x\n    foo\n")).toBe("yaml: line 4: could not find expected ':'");
  expect(read("services:\n  a:\n    ports: [80:80\n    image: x\n")).toBe("yaml: line 2: did not find expected ',' or ']'");
});

test("what is written can be read again", () => {
  const data: Data = new Map<string, Data>([
    ["a", ["1", "true", "x: y", "- z", "", "a\nb\n", "it's"]],
    [
      "b",
      new Map<string, Data>([
        ["c", null],
        ["d", 1.5],
        ["e", new Map()],
      ]),
    ],
  ]);
  expect(read(writeYaml(data))).toEqual(plain(data));
});
