import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseMac } from "@/lib/sim/net/mac";
import { fromBigInt, networkOf, type Ip, type Prefix } from "@/lib/sim/net/address";
import type { MatchModule, Matches, Negatable, PortRange, Protocol, Rule, Target } from "@/lib/sim/kernel/netfilter/rule";
import { parseRulespec, printRule } from "@/lib/sim/kernel/netfilter/rulespec";

/** Splits a line as iptables-restore does: blanks, double quotes, backslash in quotes. */
function words(line: string): string[] {
  const found: string[] = [];
  for (const [, quoted, bare] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    found.push(quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : (bare ?? ""));
  }
  return found;
}

function printed(spec: string, family: 4 | 6 = 4): string {
  const result = parseRulespec(words(spec), family);
  if (result.ok) return result.value.all.map(printRule).join(" | ");
  return result.error.kind === "parameter-problem" ? result.error.message : JSON.stringify(result.error);
}

// Recorded from iptables-nft: what was typed, what `-S` then printed (or the error).
describe("a rule is printed as `iptables -S` prints it", () => {
  test.each([
    ["-s 10.0.0.5 -j ACCEPT", "-s 10.0.0.5/32 -j ACCEPT"],
    ["-s 10.0.0.5/24 -j ACCEPT", "-s 10.0.0.0/24 -j ACCEPT"],
    ["-s 10.0.0.0/255.255.255.0 -j ACCEPT", "-s 10.0.0.0/24 -j ACCEPT"],
    ["-s 0.0.0.0/0 -j ACCEPT", "-j ACCEPT"],
    ["-s 10/8 -j ACCEPT", "-s 10.0.0.0/8 -j ACCEPT"],
    ["-s 10.1 -j ACCEPT", "-s 10.1.0.0/32 -j ACCEPT"],
    [
      "! -s 10.0.0.5 ! -d 10.0.0.6 ! -i eth0 ! -o docker0 ! -p tcp -j DROP",
      "! -s 10.0.0.5/32 ! -d 10.0.0.6/32 ! -i eth0 ! -o docker0 ! -p tcp -j DROP",
    ],
    ["-s 10.0.0.1,10.0.0.2 -j DROP", "-s 10.0.0.1/32 -j DROP | -s 10.0.0.2/32 -j DROP"],
    ["-o docker0 -i eth+ -j ACCEPT", "-i eth+ -o docker0 -j ACCEPT"],
    ["-i + -j ACCEPT", "-j ACCEPT"],
    ["! -i + -j ACCEPT", "! -i + -j ACCEPT"],
    ["-p tcp --dport 80 -j ACCEPT", "-p tcp -m tcp --dport 80 -j ACCEPT"],
    ["-p tcp --dport 80:90 --sport 1000: -j DROP", "-p tcp -m tcp --sport 1000:65535 --dport 80:90 -j DROP"],
    ["-p tcp --dport :90 ! --sport 10 -j DROP", "-p tcp -m tcp ! --sport 10 --dport 0:90 -j DROP"],
    ["-p tcp --dport http -j DROP", "-p tcp -m tcp --dport 80 -j DROP"],
    ["-p tcp --dport 0:65535 -j DROP", "-p tcp -m tcp -j DROP"],
    ["-p tcp ! --syn -j DROP", "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j DROP"],
    ["-p tcp --tcp-flags ALL NONE -j DROP", "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP"],
    ["-p tcp --dpo 80 -j DROP", "-p tcp -m tcp --dport 80 -j DROP"],
    ["-p 6 -j DROP", "-p tcp -j DROP"],
    ["-p gre -j DROP", "-p 47 -j DROP"],
    ["-p 58 -j DROP", "-p ipv6-icmp -j DROP"],
    ["-p all -j DROP", "-j DROP"],
    ["-p icmp --icmp-type host-unreachable -j DROP", "-p icmp -m icmp --icmp-type 3/1 -j DROP"],
    ["-p icmp --icmp-type any -j DROP", "-p icmp -m icmp --icmp-type any -j DROP"],
    ["-p tcp -m multiport --ports 53,http -j DROP", "-p tcp -m multiport --ports 53,80 -j DROP"],
    ["-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT", "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"],
    ["-m conntrack --ctstate NEW,DNAT,INVALID,SNAT,UNTRACKED", "-m conntrack --ctstate INVALID,NEW,UNTRACKED,SNAT,DNAT"],
    ["-m conntrack --ctorigdst 10.0.0.1/8 ! --ctorigdstport 80", "-m conntrack --ctorigdst 10.0.0.1/8 ! --ctorigdstport 80"],
    ["-m addrtype ! --dst-type LOCAL,BROADCAST --src-type MULTICAST", "-m addrtype --src-type MULTICAST ! --dst-type LOCAL,BROADCAST"],
    ["-m mark --mark 1", "-m mark --mark 0x1"],
    ["-m comment --comment hello", "-m comment --comment hello"],
    ['-m comment --comment "it\'s a \\"q\\""', '-m comment --comment "it\\\'s a \\"q\\""'],
    ['-m comment --comment ""', '-m comment --comment ""'],
    ["-m mac --mac-source 2:42:AC:11:0:2", "-m mac --mac-source 02:42:ac:11:00:02"],
    ["-m limit --limit 120/min", "-m limit --limit 2/sec"],
    ["-m limit --limit 7/min", "-m limit --limit 7/min"],
    ["-m limit --limit 1000/min --limit-burst 10", "-m limit --limit 1000/min --limit-burst 10"],
    ["-m limit", "-m limit --limit 3/hour"],
    ["-j REJECT", "-j REJECT --reject-with icmp-port-unreachable"],
    ["-j REJECT --reject-with admin-prohib", "-j REJECT --reject-with icmp-admin-prohibited"],
    ['-j LOG --log-prefix "hi: " --log-level debug', '-j LOG --log-prefix "hi: " --log-level 7'],
    ["-j MARK --set-mark 1", "-j MARK --set-xmark 0x1/0xffffffff"],
    ["-j MARK --and-mark 0xff", "-j MARK --set-xmark 0x0/0xffffff00"],
    ["-j MARK --or-mark 0xff", "-j MARK --set-xmark 0xff/0xff"],
    ["-j MARK --xor-mark 0xff", "-j MARK --set-xmark 0xff/0x0"],
    ["-p tcp -m comment --comment x --dport 80 -j ACCEPT", "-p tcp -m comment --comment x -m tcp --dport 80 -j ACCEPT"],
    ["-j ACCEPT -p tcp --dport 80 -s 1.2.3.4", "-s 1.2.3.4/32 -p tcp -m tcp --dport 80 -j ACCEPT"],
    [
      "--src 1.1.1.1 --dst 2.2.2.2 --proto udp --match comment --comment x --goto OTHER",
      "-s 1.1.1.1/32 -d 2.2.2.2/32 -p udp -m comment --comment x -g OTHER",
    ],
    ["-p tcp -j DNAT --to-destination 1.2.3.4-1.2.3.9:80-90 --random", "-p tcp -j DNAT --to-destination 1.2.3.4-1.2.3.9:80-90 --random"],
    ["-p tcp -j DNAT --to :80", "-p tcp -j DNAT --to-destination :80"],
    ["-p tcp -j MASQUERADE --to-ports 80-90 --random", "-p tcp -j MASQUERADE --to-ports 80-90 --random"],
  ])("%s", (typed, expected) => {
    expect(printed(typed)).toBe(expected);
  });

  test.each([
    ["-s fd00:0:0::5/64 -j DROP", "-s fd00::/64 -j DROP"],
    ["-p icmpv6 --icmpv6-type echo-request", "-p ipv6-icmp -m icmp6 --icmpv6-type 128"],
    ["-j REJECT", "-j REJECT --reject-with icmp6-port-unreachable"],
    ["-p tcp -j DNAT --to-destination [fd00::1]:80", "-p tcp -j DNAT --to-destination [fd00::1]:80"],
  ])("ip6tables %s", (typed, expected) => {
    expect(printed(typed, 6)).toBe(expected);
  });
});

describe("what is wrong comes back in iptables' words", () => {
  test.each([
    ["-s 300.1.1.1", "host/network `300.1.1.1' not found"],
    ["-s fe80::1", "host/network `fe80::1' not found"],
    ["-s 10.0.0.0/33", "invalid mask `33' specified"],
    ["! -s 1.1.1.1,2.2.2.2", "! not allowed with multiple source or destination IP addresses"],
    ["-s 1.1.1.1 -s 2.2.2.2", "multiple --source options not allowed"],
    ["! ! -s 1.1.1.1", "multiple consecutive ! not allowed"],
    ["-s 1.1.1.1 !", "nothing appropriate following !"],
    ["-i thisinterfacenameistoolong", "interface name `thisinterfacenameistoolong' must be shorter than 16 characters"],
    ["-p foo", 'unknown protocol "foo" specified'],
    ["! -p all", "rule would never match protocol"],
    ["--dport 80", 'unknown option "--dport"'],
    ["-p udp --syn", 'unknown option "--syn"'],
    ["-m tcp --dport 80", "TCP match requires '-p tcp'"],
    ["-m nosuch", "Couldn't load match `nosuch':No such file or directory\n"],
    ["-p tcp --dport", 'option "--dport" requires an argument'],
    ["-p tcp --dport 90:80", "invalid portrange (min > max)"],
    ["-p tcp --dport foo", "invalid port/service `foo' specified"],
    ["-p udp --dport foo", 'Port "foo" does not resolve to anything.\n'],
    ["-p tcp --dport 80 --dport 81", "Only one `--destination-port' allowed"],
    ["-p udp --dport 53 --dport 54", 'udp: option "--destination-port" can only be used once.\n'],
    ["-m comment ! --comment a", 'comment: option "--comment" cannot be inverted.\n'],
    ["-m comment", 'comment: option "--comment" must be specified\n'],
    ["-m conntrack --ctstate FOO", 'Bad ctstate "FOO"'],
    ["-p icmp --icmp-type echo", "Ambiguous ICMP type `echo': `echo-reply' or `echo-request'?"],
    ["-j ACCEPT -j DROP", "multiple --jump options not allowed"],
    ["! -j ACCEPT", "cannot have ! before --jump"],
    ["-j DNAT --to-destination 1.2.3.4:80", "Need TCP, UDP, SCTP or DCCP with port specification"],
    ["-j MARK", "MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required"],
  ])("%s", (typed, expected) => {
    expect(printed(typed)).toBe(expected);
  });

  test("a word that belongs to nothing is a bad argument", () => {
    expect(parseRulespec(["foo", "-j", "ACCEPT"], 4)).toEqual({ ok: false, error: { kind: "bad-argument", argument: "foo" } });
  });

  test("an extension without a model is not simulated, rather than unknown", () => {
    expect(parseRulespec(["-m", "owner", "--uid-owner", "0"], 4)).toEqual({
      ok: false,
      error: { kind: "not-simulated", what: "iptables' match owner" },
    });
  });
});

// --- whatever can be written can be read back ----------------------------------------------------------------------------

const negatable = <T extends object>(part: fc.Arbitrary<T>): fc.Arbitrary<Negatable<T>> =>
  fc.tuple(part, fc.boolean()).map(([value, negated]) => (negated ? { ...value, negated: true as const } : value));
const optionally = <K extends string, T>(key: K, part: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<K, T>>> =>
  fc.option(part, { nil: undefined }).map((value) => (value === undefined ? {} : ({ [key]: value } as Partial<Record<K, T>>)));
const prefix: fc.Arbitrary<Prefix> = fc
  .tuple(fc.bigInt({ min: 0n, max: 0xffffffffn }), fc.integer({ min: 1, max: 32 }))
  .map(([value, length]) => networkOf({ address: fromBigInt(value, 4), length }));
const address: fc.Arbitrary<Ip> = fc.bigInt({ min: 1n, max: 0xfffffffen }).map((value) => fromBigInt(value, 4));
const port = fc.integer({ min: 1, max: 65_535 });
const ports: fc.Arbitrary<PortRange> = fc
  .tuple(port, port)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
  .filter(({ from, to }) => from > 0 || to < 65_535);
const name = fc.constantFrom("eth0", "docker0", "br-+", "lo");
const someOf = <T>(...members: T[]): fc.Arbitrary<T[]> => fc.subarray(members, { minLength: 1 });
const text = fc
  .string({ maxLength: 20 })
  .filter((value) => !/[\s\\]/.test(value) || /^[ -~]*$/.test(value))
  .map((value) => value.replace(/[^ -~]/g, "x"));

const anywhere: readonly fc.Arbitrary<MatchModule>[] = [
  fc
    .tuple(
      optionally("states", negatable(someOf("INVALID", "NEW", "RELATED", "ESTABLISHED", "SNAT", "DNAT").map((states) => ({ states })))),
      negatable(ports),
    )
    .map(([states, originalDestinationPort]) => ({ module: "conntrack", ...states, originalDestinationPort }) as MatchModule),
  negatable(someOf("NEW", "RELATED").map((states) => ({ states }))).map((states) => ({ module: "state", states }) as MatchModule),
  negatable(someOf("UNICAST", "LOCAL", "BROADCAST").map((types) => ({ types }))).map(
    (destinationType) => ({ module: "addrtype", destinationType }) as MatchModule,
  ),
  negatable(fc.record({ value: fc.nat(0xffff), mask: fc.constantFrom(0xffffffff, 0xff) })).map(
    (mark) => ({ module: "mark", mark }) as MatchModule,
  ),
  text.map((value) => ({ module: "comment", text: value }) as MatchModule),
  negatable(fc.constant({ mac: parseMac("02:42:ac:11:00:02") })).map((source) => ({ module: "mac", source }) as MatchModule),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 }))
    .map(([count, burst]) => ({ module: "limit", rate: { count, per: "minute" }, burst }) as MatchModule),
  negatable(name.map((value) => ({ name: value }))).map((physIn) => ({ module: "physdev", in: physIn }) as MatchModule),
];
const withPorts: readonly fc.Arbitrary<MatchModule>[] = [
  negatable(fc.array(ports, { minLength: 1, maxLength: 7 }).map((ranges) => ({ ranges }))).map(
    (value) => ({ module: "multiport", direction: "either", ports: value }) as MatchModule,
  ),
];
const own: Readonly<Record<string, fc.Arbitrary<MatchModule>>> = {
  tcp: fc
    .tuple(
      optionally("sourcePort", negatable(ports)),
      optionally("destinationPort", negatable(ports)),
      optionally("flags", negatable(fc.record({ mask: fc.constant(["SYN", "ACK"]), set: fc.constant(["SYN"]) }))),
    )
    .map(([source, destination, flags]) => ({ module: "tcp", ...source, ...destination, ...flags }) as MatchModule),
  udp: negatable(ports).map((destinationPort) => ({ module: "udp", destinationPort }) as MatchModule),
  icmp: negatable(
    fc.tuple(fc.integer({ min: 0, max: 254 }), optionally("code", fc.nat(255))).map(([type, code]) => ({ type, ...code })),
  ).map((type) => ({ module: "icmp", type }) as MatchModule),
};
const nat = fc.tuple(address, optionally("ports", ports)).map(([from, rest]) => ({ from, to: from, ...rest }));
const plainTargets: fc.Arbitrary<Target> = fc.oneof(
  fc.constantFrom<Target>(
    { kind: "none" },
    { kind: "accept" },
    { kind: "drop" },
    { kind: "return" },
    { kind: "notrack" },
    { kind: "masquerade", range: {} },
  ),
  fc.constantFrom<Target>(
    { kind: "jump", chain: "DOCKER" },
    { kind: "goto", chain: "DOCKER-USER" },
    { kind: "reject", with: "icmp-host-prohibited" },
  ),
  fc.tuple(fc.nat(0xff), fc.nat(0xff)).map(([value, mask]) => ({ kind: "mark", operation: "set", value, mask }) as Target),
);

const anyRule: fc.Arbitrary<Rule> = fc.constantFrom<Protocol | undefined>("tcp", "udp", "icmp", 47, undefined).chain((protocol) => {
  const hasPorts = protocol === "tcp" || protocol === "udp";
  const mine = typeof protocol === "string" ? own[protocol] : undefined;
  const modules = fc
    .tuple(
      mine ? fc.option(mine, { nil: undefined }) : fc.constant(undefined),
      fc.array(fc.oneof(...anywhere, ...(hasPorts ? withPorts : [])), { maxLength: 2 }),
    )
    .map(([first, more]) => [...(first ? [first] : []), ...more]);
  const target = hasPorts
    ? fc.oneof(
        plainTargets,
        nat.map((range) => ({ kind: "dnat", range }) as Target),
      )
    : plainTargets;
  return fc
    .tuple(
      optionally("source", negatable(prefix.map((value) => ({ prefix: value })))),
      optionally("destination", negatable(prefix.map((value) => ({ prefix: value })))),
      optionally("inInterface", negatable(name.map((value) => ({ name: value })))),
      optionally("outInterface", negatable(name.map((value) => ({ name: value })))),
      modules,
      target,
    )
    .map(([source, destination, inInterface, outInterface, list, to]) => ({
      matches: {
        ...source,
        ...destination,
        ...inInterface,
        ...outInterface,
        ...(protocol === undefined ? {} : { protocol: { protocol } }),
        modules: list,
      } as Matches,
      target: to,
    }));
});

test("reading what was printed gives the same rule", () => {
  fc.assert(
    fc.property(anyRule, (rule) => {
      const parsed = parseRulespec(words(printRule(rule)), 4);
      expect(parsed.ok && parsed.value.all).toEqual([rule]);
    }),
  );
});
