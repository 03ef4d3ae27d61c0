import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains, type Ip, type Ipv4, networkOf, numberToV4, type Prefix } from "@/lib/sim/net/address";
import { FibTable, type Route } from "@/lib/sim/kernel/net/fib";
import { FibTables } from "@/lib/sim/kernel/net/fib-tables";
import { ip, prefix } from "./lab";

const route = (destination: Prefix, metric = 0, rest: Partial<Route> = {}): Route => ({
  type: "unicast",
  destination,
  gateway: undefined,
  device: undefined,
  source: undefined,
  scope: "link",
  protocol: "boot",
  metric,
  table: "main",
  mtu: undefined,
  onlink: false,
  ...rest,
});
const any = (): boolean => true;

// A small part of the address space, so that prefixes meet.
const address: fc.Arbitrary<Ipv4> = fc
  .nat(0xff)
  .chain((low) => fc.constantFrom(0x0a000000, 0x0a000100, 0xac110000).map((high) => numberToV4(high + low)));
const destination: fc.Arbitrary<Prefix> = fc
  .tuple(address, fc.constantFrom(0, 8, 16, 24, 25, 28, 30, 31, 32))
  .map(([one, length]) => networkOf<Ip>({ address: one, length }));

test("agrees with a search for the longest prefix, then the lowest metric, then the oldest", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(destination, fc.nat(2), fc.boolean()), { maxLength: 40 }),
      fc.array(address, { maxLength: 20 }),
      (steps, questions) => {
        const table = new FibTable(4);
        const naive: Route[] = [];
        for (const [target, metric, removes] of steps) {
          const known = naive.find((one) => one.destination.address === target.address && one.destination.length === target.length);
          if (removes && known) {
            naive.splice(naive.indexOf(known), 1);
            expect(table.remove(known)).toBe(true);
          } else {
            const added = route(target, metric);
            naive.push(added);
            table.add(added);
          }
        }

        for (const question of questions) {
          const candidates = naive.filter((one) => contains(one.destination, question));
          const expected = [...candidates].sort(
            (a, b) => b.destination.length - a.destination.length || a.metric - b.metric || naive.indexOf(a) - naive.indexOf(b),
          )[0];
          expect(table.lookup(question, any)).toBe(expected);
        }
        expect(table.list().length).toBe(naive.length);
      },
    ),
  );
});

describe("a table is listed", () => {
  test("in IPv4 by address, the default route first", () => {
    const table = new FibTable(4);
    for (const text of ["192.168.56.0/24", "0.0.0.0/0", "172.17.0.0/16", "10.0.0.0/8", "10.0.0.0/24"]) table.add(route(prefix(text)));

    expect(table.list().map((one) => `${one.destination.address}/${one.destination.length}`)).toEqual([
      "0.0.0.0/0",
      "10.0.0.0/24",
      "10.0.0.0/8",
      "172.17.0.0/16",
      "192.168.56.0/24",
    ]);
  });

  test("in IPv6 what is contained before what contains it", () => {
    const table = new FibTable(6);
    for (const text of ["::/0", "fe80::/64", "fd00:dead:beef::/64", "fd00:dead:beef::2/128"]) table.add(route(prefix(text)));

    expect(table.list().map((one) => `${one.destination.address}/${one.destination.length}`)).toEqual([
      "fd00:dead:beef::2/128",
      "fd00:dead:beef::/64",
      "fe80::/64",
      "::/0",
    ]);
  });
});

describe("rules", () => {
  test("ask the local table before main, and a marked table when the mark is there", () => {
    const tables = new FibTables();
    const [local, main, special] = [
      route(prefix("10.0.0.1/32"), 0, { type: "local" }),
      route(prefix("10.0.0.0/8")),
      route(prefix("0.0.0.0/0")),
    ];
    tables.table(4, "local").add(local);
    tables.table(4, "main").add(main);
    tables.table(4, 100).add(special);
    tables.addRule(4, { priority: 10, mark: 5, table: 100 });

    expect(tables.lookup(4, ip("10.0.0.1"), { isUsable: any })).toBe(local);
    expect(tables.lookup(4, ip("10.0.0.2"), { isUsable: any })).toBe(main);
    expect(tables.lookup(4, ip("10.0.0.2"), { mark: 5, isUsable: any })).toBe(special);
    expect(tables.lookup(4, ip("11.0.0.2"), { isUsable: any })).toBeUndefined();
  });

  test("go on after a route that says throw", () => {
    const tables = new FibTables();
    const main = route(prefix("10.0.0.0/8"));
    tables.table(4, 100).add(route(prefix("10.0.0.0/8"), 0, { type: "throw" }));
    tables.table(4, "main").add(main);
    tables.addRule(4, { priority: 10, table: 100 });

    expect(tables.lookup(4, ip("10.0.0.2"), { isUsable: any })).toBe(main);
  });
});
