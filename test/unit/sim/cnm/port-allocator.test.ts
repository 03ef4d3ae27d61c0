import fc from "fast-check";
import { expect, test } from "vitest";
import { PortAllocator } from "@/lib/sim/cnm/port-allocator";
import { ANY_V4, ANY_V6, familyOf, type Ip } from "@/lib/sim/net/address";
import { ip } from "./host";

const EPHEMERAL = { from: 32_768, to: 60_999 };
const BOTH = [ANY_V4, ANY_V6];

test("Ports of the engine's choice begin at 32768, and one that was given back is not used again at once", () => {
  const ports = new PortAllocator(EPHEMERAL);
  const any = (): unknown => ports.request({ addresses: BOTH, protocol: "tcp", from: 0, to: 0 });
  expect(any()).toEqual({ ok: true, value: 32_768 });
  expect(any()).toEqual({ ok: true, value: 32_769 });
  for (const address of BOTH) ports.release(address, "tcp", 32_768);
  expect(any()).toEqual({ ok: true, value: 32_770 });
});

test("A range gives its first free port, then the next, and starts over at its end", () => {
  const ports = new PortAllocator(EPHEMERAL);
  const next = (): unknown => {
    const port = ports.request({ addresses: [ANY_V4], protocol: "tcp", from: 9000, to: 9002 });
    return port.ok ? port.value : port.error;
  };
  expect([next(), next()]).toEqual([9000, 9001]);
  ports.release(ANY_V4, "tcp", 9000);
  expect([next(), next(), next()]).toEqual([9002, 9000, "all ports are allocated"]);
});

test("A port that is taken is refused in Docker's words", () => {
  const ports = new PortAllocator(EPHEMERAL);
  ports.request({ addresses: BOTH, protocol: "tcp", from: 8080, to: 8080 });
  const again = ports.request({ addresses: [ip("192.168.56.11")], protocol: "tcp", from: 8080, to: 8080 });
  expect(again).toEqual({ ok: false, error: "Bind for 0.0.0.0:8080 failed: port is already allocated" });
  expect(ports.request({ addresses: BOTH, protocol: "udp", from: 8080, to: 8080 }).ok).toBe(true);
});

test("It agrees with a list of what is taken, in which 0.0.0.0 stands for all IPv4 addresses", () => {
  const address = fc.constantFrom<Ip>(ANY_V4, ANY_V6, ip("127.0.0.1"), ip("10.0.0.1"), ip("::1"));
  const step = fc.record({
    addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 2 }),
    from: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 0, max: 2 }),
    gives: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const ports = new PortAllocator(EPHEMERAL);
      const held: { readonly address: Ip; readonly port: number }[] = [];
      const clashes = (a: Ip, b: Ip): boolean =>
        a === b || (familyOf(a) === familyOf(b) && (a === ANY_V4 || a === ANY_V6 || b === ANY_V4 || b === ANY_V6));
      for (const { addresses, from, width, gives } of steps) {
        const last = held[from % Math.max(held.length, 1)];
        if (gives && last) {
          held.splice(held.indexOf(last), 1);
          ports.release(last.address, "tcp", last.port);
          continue;
        }
        const isFree = (port: number): boolean =>
          !held.some((one) => one.port === port && addresses.some((wanted) => clashes(wanted, one.address)));
        const free = Array.from({ length: width + 1 }, (_, i) => from + i).filter(isFree);
        const given = ports.request({ addresses, protocol: "tcp", from, to: from + width });
        expect(given.ok).toBe(free.length > 0);
        if (!given.ok) continue;
        expect(free).toContain(given.value);
        for (const one of addresses) held.push({ address: one, port: given.value });
      }
      for (const { address: one, port } of held) ports.release(one, "tcp", port);
      expect(ports.count).toBe(0);
    }),
  );
});
