import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { unwrap } from "@/lib/base/result";
import { newSkb } from "@/lib/sim/kernel/netfilter";
import type { Rule } from "@/lib/sim/kernel/netfilter/rule";
import { parseRulespec } from "@/lib/sim/kernel/netfilter/rulespec";
import { seconds } from "@/lib/sim/core/time";
import { Host, tcp, udp } from "./host";

const rule = (spec: string): Rule => unwrap(parseRulespec(spec.split(" "), 4)).rule;
const packet = udp("10.0.0.1:1000", "10.0.0.2:2000");

describe("tables", () => {
  test("list their built-in chains before they exist, and exist once they are changed", () => {
    const { iptables } = new Host().netfilter;
    expect(iptables.chains("raw").map(({ name, policy }) => [name, policy])).toEqual([
      ["PREROUTING", "ACCEPT"],
      ["OUTPUT", "ACCEPT"],
    ]);
    expect(iptables.flush("raw").ok).toBe(true);
    expect(iptables.tables()).toEqual([]);

    iptables.append("nat", "POSTROUTING", rule("-j MASQUERADE"));
    iptables.append("filter", "FORWARD", rule("-j ACCEPT"));
    iptables.append("raw", "OUTPUT", rule("-j ACCEPT"));
    expect(iptables.tables()).toEqual(["raw", "filter", "nat"]);
  });

  test("list user chains by name after the built-in ones, with how many rules lead there", () => {
    const { iptables } = new Host().netfilter;
    for (const name of ["B", "A"]) unwrap(iptables.newChain("filter", name));
    unwrap(iptables.append("filter", "FORWARD", rule("-j B")));
    unwrap(iptables.append("filter", "A", rule("-g B")));

    expect(iptables.chains("filter").map(({ name, references }) => [name, references])).toEqual([
      ["INPUT", 0],
      ["FORWARD", 0],
      ["OUTPUT", 0],
      ["A", 0],
      ["B", 2],
    ]);
  });
});

describe("what is refused", () => {
  const refusals: readonly (readonly [string, (host: Host) => unknown, string])[] = [
    ["a chain that exists", ({ netfilter: { iptables } }) => iptables.newChain("filter", "INPUT"), "chain-exists"],
    [
      "a rule for a chain that does not",
      ({ netfilter: { iptables } }) => iptables.append("filter", "NOSUCH", rule("-j ACCEPT")),
      "no-chain",
    ],
    [
      "a jump to a chain that does not",
      ({ netfilter: { iptables } }) => iptables.append("filter", "FORWARD", rule("-j NOSUCH")),
      "no-target-chain",
    ],
    ["a jump to a built-in chain", ({ netfilter: { iptables } }) => iptables.append("filter", "A", rule("-j FORWARD")), "built-in-chain"],
    ["removing a chain with rules", ({ netfilter: { iptables } }) => iptables.deleteChain("filter", "A"), "chain-not-empty"],
    ["removing a chain that is jumped to", ({ netfilter: { iptables } }) => iptables.deleteChain("filter", "B"), "chain-in-use"],
    ["removing a built-in chain", ({ netfilter: { iptables } }) => iptables.deleteChain("filter", "INPUT"), "built-in-chain"],
    ["a number behind the end", ({ netfilter: { iptables } }) => iptables.insert("filter", "A", 3, rule("-j ACCEPT")), "index-too-big"],
    ["deleting a rule that is not there", ({ netfilter: { iptables } }) => iptables.deleteRule("filter", "A", rule("-j DROP")), "no-rule"],
    ["REJECT outside filter", ({ netfilter: { iptables } }) => iptables.append("mangle", "FORWARD", rule("-j REJECT")), "invalid"],
    ["MASQUERADE before routing", ({ netfilter: { iptables } }) => iptables.append("nat", "PREROUTING", rule("-j MASQUERADE")), "invalid"],
    [
      "a RST for what is not TCP",
      ({ netfilter: { iptables } }) => iptables.append("filter", "FORWARD", rule("-j REJECT --reject-with tcp-reset")),
      "invalid",
    ],
  ];
  test.each(refusals)("%s", (_, attempt, kind) => {
    const host = new Host();
    const { iptables } = host.netfilter;
    for (const name of ["A", "B"]) unwrap(iptables.newChain("filter", name));
    unwrap(iptables.append("filter", "A", rule("-j B")));
    const before = iptables.chains("filter");

    expect(attempt(host)).toMatchObject({ ok: false, error: { kind } });
    expect(iptables.chains("filter")).toEqual(before);
  });

  test("a loop, once a hook leads into it", () => {
    const { iptables } = new Host().netfilter;
    for (const name of ["A", "B"]) unwrap(iptables.newChain("filter", name));
    unwrap(iptables.append("filter", "A", rule("-j B")));
    unwrap(iptables.append("filter", "B", rule("-j A")));

    expect(iptables.append("filter", "FORWARD", rule("-j A"))).toMatchObject({ ok: false, error: { kind: "loop" } });
  });

  test("a target that a jump would carry to the wrong hook", () => {
    const { iptables } = new Host().netfilter;
    unwrap(iptables.newChain("nat", "A"));
    unwrap(iptables.append("nat", "A", rule("-j DNAT --to-destination 1.2.3.4")));

    expect(iptables.append("nat", "PREROUTING", rule("-j A"))).toMatchObject({ ok: true });
    expect(iptables.append("nat", "POSTROUTING", rule("-j A"))).toMatchObject({ ok: false, error: { kind: "invalid" } });
  });
});

describe("renaming and counting", () => {
  test("a renamed chain keeps its rules, its callers and their counters", () => {
    const host = new Host();
    const { iptables } = host.netfilter;
    unwrap(iptables.newChain("filter", "A"));
    host.append("filter FORWARD -j A");
    host.forward(packet, "a", "b");
    unwrap(iptables.renameChain("filter", "A", "C"));

    const forward = iptables.chains("filter").find(({ name }) => name === "FORWARD");
    expect(forward?.rules).toMatchObject([{ rule: { target: { kind: "jump", chain: "C" } }, counters: { packets: 1 } }]);
    expect(host.forward(packet, "a", "b")).toBeDefined();
  });

  test("rules count what they match, policies what they decide; zero starts again", () => {
    const host = new Host();
    const { iptables } = host.netfilter;
    host.append("filter FORWARD -p udp");
    host.append("filter FORWARD -p tcp -j ACCEPT");
    host.forward(packet, "a", "b");
    const [, forward] = iptables.chains("filter");
    expect(forward?.counters).toEqual({ packets: 1, bytes: 29 });
    expect(forward?.rules.map(({ counters }) => counters)).toEqual([
      { packets: 1, bytes: 29 },
      { packets: 0, bytes: 0 },
    ]);

    unwrap(iptables.zero("filter", "FORWARD", 1));
    expect(iptables.chains("filter")[1]?.rules[0]?.counters.packets).toBe(0);
    expect(iptables.chains("filter")[1]?.counters.packets).toBe(1);
    unwrap(iptables.zero("filter"));
    expect(iptables.chains("filter")[1]?.counters.packets).toBe(0);
  });
});

describe("verdicts", () => {
  test("a drop says which rule it was, as `iptables -S` prints it", () => {
    const host = new Host();
    unwrap(host.netfilter.iptables.newChain("filter", "DOCKER-USER"));
    host.append("filter FORWARD -j DOCKER-USER");
    host.append("filter DOCKER-USER -s 9.9.9.9 -j ACCEPT");
    host.append("filter DOCKER-USER -i a -p udp --dport 2000 -j DROP");

    expect(host.hook(packet, "FORWARD", newSkb(), { in: "a", out: "b" })).toEqual({
      kind: "drop",
      reason: {
        kind: "rule",
        rule: { table: "filter", chain: "DOCKER-USER", number: 2, text: "-A DOCKER-USER -i a -p udp -m udp --dport 2000 -j DROP" },
      },
    });
  });

  test("or which policy", () => {
    const host = new Host();
    unwrap(host.netfilter.iptables.setPolicy("filter", "FORWARD", "DROP"));

    expect(host.hook(packet, "FORWARD", newSkb(), { in: "a", out: "b" })).toEqual({
      kind: "drop",
      reason: { kind: "policy", table: "filter", chain: "FORWARD" },
    });
  });

  test("a rejection says with what", () => {
    const host = new Host();
    host.append("filter INPUT -p tcp -j REJECT --reject-with tcp-reset");

    expect(host.hook(tcp("10.0.0.1:1", "10.0.0.2:2", "syn"), "INPUT", newSkb(), { in: "a" })).toMatchObject({
      kind: "reject",
      with: "tcp-reset",
    });
  });

  test("limit lets a burst through and then its rate", () => {
    const host = new Host();
    host.append("filter FORWARD -m limit --limit 1/sec --limit-burst 2 -j ACCEPT");
    host.append("filter FORWARD -j DROP");
    const passes = (): boolean => host.forward(packet, "a", "b") !== undefined;

    expect([passes(), passes(), passes()]).toEqual([true, true, false]);
    host.wait(seconds(1));
    expect([passes(), passes()]).toEqual([true, false]);
  });

  test("TCPMSS lowers a SYN's segment size to what the way out carries", () => {
    const host = new Host();
    host.append("mangle FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu");
    const syn = tcp("10.0.0.1:1", "10.0.0.2:2", "syn");
    const big = { ...syn, payload: { ...syn.payload, mss: 1460 } } as typeof syn;
    const sent = host.forward(big, "docker0", "eth0");

    expect(sent?.payload.kind === "tcp" && sent.payload.mss).toBe(1410);
  });
});

// The evaluator restated naively: recursion over lists of rules, matching by address and port alone.
type NaiveRule = { readonly port: number | undefined; readonly target: string };
type NaiveChains = Readonly<Record<string, readonly NaiveRule[]>>;

function naive(chains: NaiveChains, chain: string, port: number): "ACCEPT" | "DROP" | undefined {
  for (const { port: wanted, target } of chains[chain] ?? []) {
    if (wanted !== undefined && wanted !== port) continue;
    if (target === "ACCEPT" || target === "DROP") return target;
    if (target === "RETURN") return undefined;
    const [how, to = ""] = target.split(" ");
    const decided = naive(chains, to, port);
    if (decided || how === "goto") return decided;
  }
  return undefined;
}

test("agrees with a naive evaluator of chains", () => {
  // A chain leads only to later ones, so that there is no loop.
  const ruleOf = (later: readonly string[]) =>
    fc.record({
      port: fc.option(fc.constantFrom(1, 2, 3), { nil: undefined }),
      target: fc.constantFrom("ACCEPT", "DROP", "RETURN", ...later.flatMap((name) => [`jump ${name}`, `goto ${name}`])),
    });
  const chains = fc.record({
    FORWARD: fc.array(ruleOf(["A", "B", "C"]), { maxLength: 5 }),
    A: fc.array(ruleOf(["B", "C"]), { maxLength: 4 }),
    B: fc.array(ruleOf(["C"]), { maxLength: 4 }),
    C: fc.array(ruleOf([]), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(chains, fc.constantFrom(1, 2, 3, 4), fc.constantFrom("ACCEPT", "DROP"), (model, port, policy) => {
      const host = new Host();
      const { iptables } = host.netfilter;
      for (const name of ["A", "B", "C"]) unwrap(iptables.newChain("filter", name));
      unwrap(iptables.setPolicy("filter", "FORWARD", policy as "ACCEPT" | "DROP"));
      for (const [name, rules] of Object.entries(model)) {
        for (const { port: wanted, target } of rules) {
          const [how, to] = target.split(" ");
          host.append(
            `filter ${name} -p udp${wanted === undefined ? "" : ` --dport ${wanted}`} ${to === undefined ? `-j ${how}` : `${how === "goto" ? "-g" : "-j"} ${to}`}`,
          );
        }
      }
      const passed = host.forward(udp("10.0.0.1:9", `10.0.0.2:${port}`), "a", "b") !== undefined;
      expect(passed).toBe((naive(model, "FORWARD", port) ?? policy) === "ACCEPT");
    }),
    { numRuns: 300 },
  );
});
