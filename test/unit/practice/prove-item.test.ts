import { expect, test } from "vitest";
import { proveItem } from "@/lib/practice/items/prove";
import { EFFECT, FORM, NUMBER, option, PREDICT } from "./items";

const faults = (item: Parameters<typeof proveItem>[0]): readonly string[] =>
  proveItem(item).map(({ path, message }) => `${path.join(".")}: ${message.split("\n")[0]}`);

test("items whose keys are what the simulator says prove themselves", () => {
  expect([EFFECT, FORM, NUMBER, PREDICT].flatMap(faults)).toEqual([]);
});

test("a key that is not seen, and a distractor that is, are faults", () => {
  const [right, ...wrong] = PREDICT.options;
  if (!right) throw new Error("there are options");
  const swapped = [{ ...right, key: false }, { ...option("b", true), holds: { shows: "80/tcp -> 0.0.0.0:8080" } }, ...wrong.slice(1)];

  expect(faults({ ...PREDICT, options: swapped })).toEqual([
    "options.0.holds: the distractor a holds; printed:",
    "options.1.holds: the key b does not hold; printed:",
  ]);
});

test("an option may be a check on the world", () => {
  const reach = (host_port: number) => ({
    container: { on: "node1", name: "web", exists: true, publishes: [{ host_port, container_port: 80, protocol: "tcp" as const }] },
  });
  const options = [option("a", true, { holds: reach(8080) }), option("b", false, { holds: reach(80) }), option("c", false)];

  expect(faults({ ...PREDICT, options })).toEqual([]);
});

test("a set-up that fails is told with its line", () => {
  const proof = { ...PREDICT.proof, setup: [{ on: "node1", may_fail: false, run: ["docker network rm nothing"] }] };

  expect(faults({ ...PREDICT, proof })[0]).toMatch(/^proof.setup: node1\$ docker network rm nothing: status 1: /);
});

test("a number is read off what is printed", () => {
  const proof = {
    hosts: 1,
    setup: [],
    run: { on: "node1", command: "docker network inspect -f '{{(index .IPAM.Config 0).Subnet}}' bridge" },
  };

  expect(faults({ ...NUMBER, proof, answer: 16, reads: "/(\\d+)$" })).toEqual([]);
  expect(faults({ ...NUMBER, proof, answer: 24, reads: "/(\\d+)$" })).toEqual(["answer: the answer is 24, the simulator says 16"]);
  expect(faults({ ...NUMBER, proof, answer: 24 })).toEqual(["reads: the number is not in what is printed:"]);
});

test("a command must do what is asked, and a wrong turn must not", () => {
  const [accepted = ""] = EFFECT.accept;

  expect(faults({ ...EFFECT, accept: ["docker network connect --alias back backend api"] })[0]).toMatch(
    /^accept.0: the command does not do what is asked/,
  );
  expect(faults({ ...EFFECT, wrong: [{ command: `${accepted} `, near: "x", why: "x" }] })).toEqual([
    "accept.0: the command is a wrong turn as well",
    "wrong.0: the wrong turn is taken for right",
  ]);
  expect(faults({ ...FORM, accept: ["docker service create --nam web nginx"] })).toEqual([
    "accept.0: the command does not parse: unknown flag: --nam",
  ]);
});
