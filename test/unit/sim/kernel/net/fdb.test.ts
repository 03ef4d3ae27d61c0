import { describe, expect, test } from "vitest";
import { InvariantViolation } from "@/lib/base/invariant";
import { unwrap } from "@/lib/base/result";
import { Random } from "@/lib/sim/core/random";
import { after, BOOT, type Instant, seconds } from "@/lib/sim/core/time";
import { Fdb } from "@/lib/sim/kernel/net/fdb";
import type { IfIndex } from "@/lib/sim/kernel/net/rtnetlink";
import { Lab, byName, mac, ping, up } from "./lab";

// Three ports, because on two a bridge that floods looks like one that learns.
const [veth1, veth2, veth3] = [4, 6, 8] as [IfIndex, IfIndex, IfIndex];
const web = mac("02:42:ac:12:00:02");
const db = mac("02:42:ac:12:00:03");
const at = (second: number): Instant => after(BOOT, seconds(second));

describe("learning", () => {
  test("forwards to the port where the address was last heard", () => {
    const fdb = new Fdb();

    expect(fdb.learn(web, veth1, at(0))).toBe("new");
    expect(fdb.learn(web, veth3, at(1))).toBe("moved");
    expect(fdb.learn(web, veth3, at(2))).toBe("refreshed");
    expect(fdb.find(web, at(3))?.port).toBe(veth3);
  });

  test("keeps its own address when a frame from elsewhere carries it", () => {
    const fdb = new Fdb();
    unwrap(fdb.add({ kind: "local", address: web, port: veth1 }, at(0)));

    expect(fdb.learn(web, veth2, at(1))).toBe("own-address");
    expect(fdb.find(web, at(1))?.port).toBe(veth1);
  });

  test("refuses a group address as a source", () => {
    expect(() => new Fdb().learn(mac("01:00:5e:00:00:01"), veth1, at(0))).toThrow(InvariantViolation);
  });
});

describe("ageing", () => {
  test("forgets an address after five minutes of silence, and not before", () => {
    const fdb = new Fdb();
    fdb.learn(web, veth1, at(0));

    expect(fdb.find(web, at(299.999_999))).toBeDefined();
    expect(fdb.find(web, at(300))).toBeUndefined();
    expect(fdb.learn(web, veth1, at(300))).toBe("new");
  });

  test("does not touch an entry added by hand, which follows a station that moves all the same", () => {
    const fdb = new Fdb();
    unwrap(fdb.add({ kind: "static", address: web, port: veth1 }, at(0)));

    expect(fdb.learn(web, veth2, at(9_999))).toBe("moved");
    expect(fdb.find(web, at(99_999))).toMatchObject({ kind: "static", port: veth2 });
    expect(fdb.add({ kind: "static", address: web, port: veth1 }, at(99_999))).toMatchObject({ ok: false, error: { errno: "EEXIST" } });
  });
});

test("the newest entry is listed first", () => {
  const fdb = new Fdb();
  fdb.learn(db, veth1, at(0));
  fdb.learn(web, veth2, at(1));
  fdb.learn(db, veth1, at(2));

  expect(fdb.list(at(3)).map((entry) => entry.address)).toEqual([web, db]);
});

test.each([1, 2, 3])("agrees with a search of the frame log (seed %i)", (seed) => {
  const random = new Random(String(seed));
  const fdb = new Fdb(seconds(10));
  const log: { source: typeof web; port: IfIndex; second: number }[] = [];

  for (let second = 0; second < 500; second += random.below(8)) {
    const frame = { source: random.pick([web, db]), port: random.pick([veth1, veth2, veth3]), second };
    fdb.learn(frame.source, frame.port, at(second));
    log.push(frame);

    for (const address of [web, db]) {
      const last = log.findLast((heard) => heard.source === address);
      const expected = last && second - last.second < 10 ? last.port : undefined;
      expect(fdb.find(address, at(second))?.port).toBe(expected);
    }
  }
});

describe("on a bridge", () => {
  test("a unicast frame goes only to the port where its destination was heard", () => {
    const lab = new Lab();
    const br = lab.bridge("br0", "10.8.0.1/24");
    const ann = lab.container(br, "10.8.0.2/24");
    const bob = lab.container(br, "10.8.0.3/24");
    const eve = lab.container(br, "10.8.0.4/24");
    lab.run(ping(lab, ann, "10.8.0.3"));
    lab.events.length = 0;
    lab.run(ping(lab, ann, "10.8.0.3"));

    const seenBy = (id: string): number =>
      lab.events.filter((event) => event.kind === "frame" && event.where.netns === id && event.direction === "in").length;
    expect([seenBy(bob.id), seenBy(eve.id)]).toEqual([1, 0]);
  });

  test("isolated ports do not hear each other, and a disabled one hears nobody", () => {
    const lab = new Lab();
    const br = lab.bridge("br0", "10.8.0.1/24");
    const ann = lab.container(br, "10.8.0.2/24");
    const bob = lab.container(br, "10.8.0.3/24");
    const eve = lab.container(br, "10.8.0.4/24");
    const { links } = lab.root;
    const port = (netns: { id: string }): IfIndex => byName(links, `veth${netns.id.slice(-4)}`);
    for (const one of [ann, bob]) unwrap(links.change(port(one), { set: "port", isolated: true }));

    expect(lab.run(ping(lab, ann, "10.8.0.3"))).toBe("host-unreachable from 10.8.0.2");
    expect(lab.run(ping(lab, ann, "10.8.0.4"))).toBe("reply from 10.8.0.4 ttl 64 bytes 64");
    unwrap(links.change(port(eve), { set: "port", state: "blocking" }));
    expect(lab.run(ping(lab, eve, "10.8.0.1"))).toBe("host-unreachable from 10.8.0.4");
  });

  test("the address follows the lowest port, unless it was set", () => {
    const lab = new Lab();
    const { links } = lab.root;
    unwrap(links.addLink({ kind: "bridge", name: "br0" }));
    const br0 = byName(links, "br0");
    for (const [name, address] of [
      ["a", "02:00:00:00:00:09"],
      ["b", "02:00:00:00:00:05"],
    ] as const) {
      unwrap(links.addLink({ kind: "dummy", name, mac: mac(address) }));
      unwrap(links.change(byName(links, name), { set: "master", master: br0 }));
    }

    expect(links.link(br0)?.mac).toBe("02:00:00:00:00:05");
    unwrap(links.deleteLink(byName(links, "b")));
    expect(links.link(br0)?.mac).toBe("02:00:00:00:00:09");
    unwrap(links.change(br0, { set: "mac", mac: mac("02:00:00:00:00:77") }));
    unwrap(links.deleteLink(byName(links, "a")));
    expect(links.link(br0)?.mac).toBe("02:00:00:00:00:77");
  });

  test("the MTU is the smallest of its ports', and it forgets the addresses of a port that goes down", () => {
    const lab = new Lab();
    const br = lab.bridge("br0", "10.8.0.1/24");
    const ann = lab.container(br, "10.8.0.2/24");
    const { links } = lab.root;
    lab.run(ping(lab, ann, "10.8.0.1"));
    const port = byName(links, `veth${ann.id.slice(-4)}`);

    expect(links.fdb(port).filter((entry) => entry.state === "reachable").length).toBe(1);
    unwrap(links.change(port, { set: "mtu", mtu: 1_400 }));
    expect(links.link(br)?.mtu).toBe(1_400);
    up(links, `veth${ann.id.slice(-4)}`, false);
    expect(links.fdb(port).filter((entry) => entry.state === "reachable").length).toBe(0);
  });

  test("entries are listed as `bridge fdb` lists them", () => {
    const lab = new Lab();
    const br = lab.bridge("br0", "10.8.0.1/24");
    const ann = lab.container(br, "10.8.0.2/24");
    lab.run(ping(lab, ann, "10.8.0.1"));
    const { links } = lab.root;
    const show = (link: IfIndex): string[] => links.fdb(link).map((entry) => `${entry.isMaster ? "master" : "self"} ${entry.state}`);

    expect(show(br)).toEqual([
      "self permanent",
      "self permanent",
      "self permanent",
      "self permanent",
      "self permanent",
      "master permanent",
    ]);
    expect(show(byName(links, `veth${ann.id.slice(-4)}`))).toEqual([
      "master reachable",
      "master permanent",
      "self permanent",
      "self permanent",
      "self permanent",
    ]);
  });
});
