import fc from "fast-check";
import { expect, test } from "vitest";
import { unwrap } from "@/lib/base/result";
import { PoolSpace } from "@/lib/sim/cnm/ipam/address-space";
import { contains, formatPrefix, type Ip, overlaps, type Prefix, toBigInt, lastOf, fromBigInt } from "@/lib/sim/net/address";
import { ip, prefix } from "../host";

const LOCAL = [
  ["172.17.0.0/16", 16],
  ["172.18.0.0/16", 16],
  ["172.19.0.0/16", 16],
  ["172.20.0.0/14", 16],
  ["172.24.0.0/14", 16],
  ["172.28.0.0/14", 16],
  ["192.168.0.0/16", 20],
] as const;

function space(pools: readonly (readonly [string, number])[] = LOCAL): PoolSpace {
  return new PoolSpace(pools.map(([base, size]) => ({ base: prefix(base), size })));
}

function predefined(pools: PoolSpace, exclude: readonly string[] = []): string | undefined {
  const subnet = pools.allocatePredefined(exclude.map(prefix));
  return subnet.ok ? formatPrefix(subnet.value) : undefined;
}

test("Predefined subnets come in order, 172.17 to 172.31 and then 192.168 in twentieths, without those of the host", () => {
  const pools = space();
  const given = Array.from({ length: 31 }, () => predefined(pools, ["192.168.56.0/24", "192.168.56.1/32"]));
  const expected = [
    ...Array.from({ length: 15 }, (_, i) => `172.${17 + i}.0.0/16`),
    ...[0, 16, 32, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240].map((third) => `192.168.${third}.0/20`),
  ];
  expect(given).toEqual([...expected, undefined]);
});

test("The lowest subnet that was given back is given first", () => {
  const pools = space();
  const given = Array.from({ length: 5 }, () => unwrap(pools.allocatePredefined([])));
  for (const subnet of [given[3], given[1]]) if (subnet) pools.release(subnet, undefined);
  expect([predefined(pools), predefined(pools), predefined(pools)]).toEqual(["172.18.0.0/16", "172.20.0.0/16", "172.22.0.0/16"]);
});

test("A wider network in the way is passed over whole", () => {
  const pools = space();
  expect(pools.allocate(prefix("172.16.0.0/12"), undefined).ok).toBe(true);
  expect(predefined(pools)).toBe("192.168.0.0/20");
});

test("A subnet with a range of its own may be asked for again with another range, and not with the same", () => {
  const pools = space();
  expect(pools.allocate(prefix("10.0.0.0/16"), prefix("10.0.1.0/24")).ok).toBe(true);
  expect(pools.allocate(prefix("10.0.0.0/16"), prefix("10.0.2.0/24")).ok).toBe(true);
  expect(pools.allocate(prefix("10.0.0.0/16"), prefix("10.0.1.0/24")).ok).toBe(false);
  expect(pools.allocate(prefix("10.0.0.0/8"), undefined).ok).toBe(false);
});

test("Nothing that was predefined overlaps what was asked for, and no subnet is left out before it is needed", () => {
  const asked = fc.array(fc.record({ third: fc.integer({ min: 0, max: 255 }), length: fc.integer({ min: 14, max: 24 }) }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 20 }), (wanted, count) => {
      const pools = space([
        ["172.16.0.0/12", 16],
        ["192.168.0.0/16", 20],
      ]);
      const taken: Prefix[] = [];
      for (const { third, length } of wanted) {
        const subnet = { ...prefix(`172.${16 + (third % 16)}.${third}.0/24`), length };
        const network = prefix(formatPrefix({ address: masked(subnet), length }));
        const free = !taken.some((other) => overlaps(other, network));
        expect(pools.allocate(network, undefined).ok).toBe(free);
        if (free) taken.push(network);
      }
      const every = [
        ...Array.from({ length: 16 }, (_, i) => prefix(`172.${16 + i}.0.0/16`)),
        ...Array.from({ length: 16 }, (_, i) => prefix(`192.168.${16 * i}.0/20`)),
      ];
      for (let n = 0; n < count; n++) {
        const expected = every.find((subnet) => !taken.some((other) => overlaps(other, subnet)));
        const given = pools.allocatePredefined([]);
        expect(given.ok ? formatPrefix(given.value) : undefined).toBe(expected && formatPrefix(expected));
        if (expected) taken.push(expected);
      }
    }),
  );
});

function masked({ address, length }: Prefix): Ip {
  const size = 1n << BigInt(32 - length);
  return fromBigInt((toBigInt(address) / size) * size, 4);
}

test("Addresses agree with a list in which the lowest free one is looked for", () => {
  const subnet = prefix("10.9.8.0/28");
  const range = prefix("10.9.8.8/30");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("any" as const), ranged: fc.boolean() }),
    fc.record({ kind: fc.constant("wanted" as const), last: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ kind: fc.constant("free" as const), last: fc.integer({ min: 0, max: 15 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pools = space();
      unwrap(pools.allocate(subnet, undefined));
      unwrap(pools.allocate(subnet, range));
      const taken = new Set([0, 15]);
      for (const one of steps) {
        if (one.kind === "free") {
          pools.free(subnet, ip(`10.9.8.${one.last}`));
          taken.delete(one.last);
          continue;
        }
        if (one.kind === "wanted") {
          const given = pools.take(subnet, undefined, ip(`10.9.8.${one.last}`));
          expect(given.ok).toBe(one.last <= 15 && !taken.has(one.last));
          if (given.ok) taken.add(one.last);
          else expect(given.error.why).toBe(one.last > 15 ? "out-of-range" : "taken");
          continue;
        }
        const candidates = one.ranged ? [8, 9, 10, 11] : Array.from({ length: 16 }, (_, i) => i);
        const lowest = candidates.find((last) => !taken.has(last));
        const given = pools.take(subnet, one.ranged ? range : undefined, undefined);
        expect(given.ok ? given.value : given.error.why).toBe(lowest === undefined ? "none-left" : `10.9.8.${lowest}`);
        if (lowest !== undefined) taken.add(lowest);
      }
    }),
  );
});

test.each([
  ["10.0.0.0/30", ["10.0.0.1", "10.0.0.2", undefined]],
  ["10.0.0.0/31", ["10.0.0.0", "10.0.0.1", undefined]],
  ["10.0.0.7/32", ["10.0.0.7", undefined]],
  ["fd00::/126", ["fd00::1", "fd00::2", "fd00::3", undefined]],
])("Of %s a container can have %j", (text, expected) => {
  const subnet = prefix(text);
  const pools = space();
  unwrap(pools.allocate(subnet, undefined));
  const given = expected.map(() => pools.take(subnet, undefined, undefined));
  expect(given.map((one) => (one.ok ? one.value : undefined))).toEqual(expected);
  expect(given.every((one) => !one.ok || (contains(subnet, one.value) && toBigInt(one.value) <= toBigInt(lastOf(subnet))))).toBe(true);
});
