import { expect, test } from "vitest";
import { awk } from "@/lib/sim/programs/awk/awk";
import { buildLan } from "@/test/support/lan";

const lan = buildLan();
const run = (program: string, input = "", ...args: string[]): string => {
  const outcome = lan.run(lan.node1, awk("mawk"), ["awk", ...args, program], input);
  return outcome.stdout + outcome.stderr;
};

const TABLE = "lo UNKNOWN 127.0.0.1/8\neth0 UP 192.168.56.11/24\ndocker0 DOWN 172.17.0.1/16\n";

test.each<[string, string, string, string]>([
  ["prints fields with the output separator", "{print $1, $3}", "a b c\n", "a c\n"],
  ["selects by pattern", '$2 == "UP" {print $1}', TABLE, "eth0\n"],
  ["selects by regular expression", "/^d/", TABLE, "docker0 DOWN 172.17.0.1/16\n"],
  ["prints the last field", "{print $NF}", TABLE, "127.0.0.1/8\n192.168.56.11/24\n172.17.0.1/16\n"],
  ["counts records at the end", "END {print NR}", TABLE, "3\n"],
  ["sums", "{s += $1} END {print s, s/NR}", "1\n2\n6\n", "9 3\n"],
  ["keeps arrays", '{n[$1]++} END {print n["a"], n["b"], ("c" in n)}', "a\nb\na\n", "2 1 0\n"],
  ["formats", '{printf "%-5s|%5.2f|%03d|%x\\n", $1, $2, $3, $4}', "ab 3.14159 7 255\n", "ab   | 3.14|007|ff\n"],
  ["rebuilds the record when a field changes", '{$2 = "X"; print}', "a b c\n", "a X c\n"],
  ["cuts the record when NF shrinks", "{NF = 2; print}", "a b c d\n", "a b\n"],
  ["substitutes", '{gsub(/o+/, "<&>"); print}', "foo boo\n", "f<oo> b<oo>\n"],
  ["splits", '{n = split($1, p, "."); print n, p[4]}', "10.0.0.7\n", "4 7\n"],
  ["compares numbers as numbers and text as text", '{print ($1 < $2), ("10" < "9")}', "10 9\n", "0 1\n"],
  ["ranges", "/b/,/d/", "a\nb\nc\nd\ne\n", "b\nc\nd\n"],
  [
    "loops",
    'BEGIN {for (i = 1; i <= 3; i++) printf i " "; while (i-- > 2) printf "w"; do {printf "d"} while (0); print ""}',
    "",
    "1 2 3 wwd\n",
  ],
  ["defines functions", "function f(n) {return n <= 1 ? 1 : n * f(n - 1)} BEGIN {print f(5)}", "", "120\n"],
  ["passes arrays by reference", 'function fill(a) {a[1] = "x"} BEGIN {fill(t); print t[1]}', "", "x\n"],
  ["concatenates before it compares", 'BEGIN {print 1 " " 2 == "1 2"}', "", "1\n"],
  ["takes substrings", 'BEGIN {print substr("hello", 2, 3), index("hello", "l"), length("hello"), toupper("a")}', "", "ell 3 5 A\n"],
  ["matches", 'BEGIN {print match("foobar", /o+/), RSTART, RLENGTH}', "", "2 2 2\n"],
  ["negates", "!/UP/ {print $1}", TABLE, "lo\ndocker0\n"],
  ["ends with next", "NR == 1 {next} {print $1}", TABLE, "eth0\ndocker0\n"],
  ["prints whole numbers without exponent", "BEGIN {print 100000 * 100000, 1/4, 2^10, -7 % 3}", "", "10000000000 0.25 1024 -1\n"],
  ["reads paragraphs", 'BEGIN {RS = ""} {print NR ": " $1 "-" $NF}', "a b\nc\n\nd e\n", "1: a-c\n2: d-e\n"],
  ["reads more with getline", "NR == 1 {getline; print}", "a\nb\n", "b\n"],
  ["divides and matches in one line", '{print $1 / 2; if ($0 ~ /4/) print "four"}', "4\n", "2\nfour\n"],
])("%s", (_, program, input, output) => {
  expect(run(program, input)).toBe(output);
});

test("takes separators and variables from the command line", () => {
  expect(run("{print $2 x}", "a:b:c\n", "-F:", "-v", "x=!")).toBe("b!\n");
  expect(run("{print $2}", "a, b\n", "-F", ", *")).toBe("b\n");
});

test("reads its files and makes assignments between them", () => {
  lan.node1.root.mnt.root.add([{ path: "/tmp/one", kind: "file", text: "1\n2\n" }]);

  const outcome = lan.run(lan.node1, awk("mawk"), ["awk", "{print FILENAME, x, FNR}", "x=A", "/tmp/one"]);

  expect(outcome.stdout).toBe("/tmp/one A 1\n/tmp/one A 2\n");
});

test("ends with the status of exit, after END", () => {
  expect(lan.run(lan.node1, awk("mawk"), ["awk", '{exit 3} END {print "end"}'], "x\n")).toMatchObject({ stdout: "end\n", status: 3 });
});

test("says where the program is wrong", () => {
  expect(lan.run(lan.node1, awk("mawk"), ["awk", "{print $1"], "x\n")).toMatchObject({
    status: 2,
    stderr: "awk: line 2: missing } near end of file\n",
  });
  expect(lan.run(lan.node1, awk("mawk"), ["awk", "BEGIN{x=}"], "x\n")).toMatchObject({
    status: 2,
    stderr: "awk: line 1: syntax error at or near }\n",
  });
  expect(lan.run(lan.node1, awk("busybox"), ["awk", "{print )}"], "x\n")).toMatchObject({
    status: 1,
    stderr: "awk: cmd. line:1: Unexpected token\n",
  });
});

test("busybox refuses to divide by zero, and what was printed before is there; mawk goes on with infinity", () => {
  const program = 'BEGIN {print "a"; print (1 / 0 > 1)}';

  expect(lan.run(lan.node1, awk("busybox"), ["awk", program])).toEqual({
    stdout: "a\n",
    stderr: "awk: cmd. line:1: Division by zero\n",
    status: 1,
  });
  expect(lan.run(lan.node1, awk("mawk"), ["awk", program])).toEqual({ stdout: "a\n1\n", stderr: "", status: 0 });
});

test.each([
  ["mawk", "B c b a"],
  ["busybox", "B a b c"],
] as const)("%s walks an array in the order of its own hash table", (flavour, order) => {
  const { stdout } = lan.run(lan.node1, awk(flavour), [
    "awk",
    'BEGIN {split("a b B c", w, " "); for (i in w) n[w[i]]; for (k in n) s = s " " k; print substr(s, 2)}',
  ]);

  expect(stdout).toBe(`${order}\n`);
});

test("an endless loop does not hold the world's clock", () => {
  const outcome = lan.start(lan.node1, awk("mawk"), ["awk", "BEGIN {while (1);}"]);
  const before = lan.scheduler.now;

  lan.wait(0.01);

  expect(lan.scheduler.now).toBeGreaterThan(before);
  expect(outcome().status).toBe(-2);
});
