import { expect, test } from "vitest";
import { FlagSet } from "@/lib/sim/programs/docker/cobra/flag";
import { bool, int, list, string } from "@/lib/sim/programs/docker/cobra/flags";
import { parseFlags } from "@/lib/sim/programs/docker/cobra/parse-flags";

const SPECS = [
  bool("all", "", { short: "a" }),
  bool("quiet", "", { short: "q" }),
  list("publish", "", { short: "p" }),
  string("name", ""),
  int("last", "", { short: "n", initial: "-1" }),
];

function parse(words: readonly string[], stopsAtArguments = false) {
  const flags = new FlagSet(SPECS);
  const context = { env: () => undefined, readFile: () => ({ ok: false as const, error: "" }), absolute: (path: string) => path };
  const parsed = parseFlags(flags, words, { stopsAtArguments }, context);
  if (!parsed.ok) return parsed.error;
  return {
    all: flags.bool("all"),
    quiet: flags.bool("quiet"),
    publish: flags.list("publish"),
    name: flags.text("name"),
    last: flags.number("last"),
    args: parsed.value.args,
  };
}

const NOTHING = { all: false, quiet: false, publish: [], name: "", last: -1, args: [] };

test.each<[string, object]>([
  ["-aq", { all: true, quiet: true }],
  ["-aqp80", { all: true, quiet: true, publish: ["80"] }],
  ["-p 80 -p81 -p=82 --publish 83 --publish=84", { publish: ["80", "81", "82", "83", "84"] }],
  ["--all=false -q=true", { quiet: true }],
  ["--name=a=b", { name: "a=b" }],
  ["x -a y", { all: true, args: ["x", "y"] }],
  ["x -- -a", { args: ["x", "-a"] }],
  ["-n 3", { last: 3 }],
  ["-", { args: ["-"] }],
])("%s", (line, values) => {
  expect(parse(line.split(" "))).toEqual({ ...NOTHING, ...values });
});

test("where flags end at the first argument, what follows is the container's", () => {
  expect(parse(["-a", "busybox", "ls", "-q"], true)).toEqual({ ...NOTHING, all: true, args: ["busybox", "ls", "-q"] });
});

test.each<[string, string]>([
  ["--nope", "unknown flag: --nope"],
  ["-z", "unknown shorthand flag: 'z' in -z"],
  ["-az", "unknown shorthand flag: 'z' in -z"],
  ["--name", "flag needs an argument: --name"],
  ["-p", "flag needs an argument: 'p' in -p"],
  ["--all=maybe", 'invalid argument "maybe" for "-a, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax'],
  ["-n many", 'invalid argument "many" for "-n, --last" flag: strconv.ParseInt: parsing "many": invalid syntax'],
  ["--=x", "bad flag syntax: --=x"],
])("%s is refused", (line, error) => {
  expect(parse(line.split(" "))).toBe(error);
});
