import { expect, test } from "vitest";
import { TrafficReader } from "@/app/_lab/traffic";
import type { KernelEvent } from "@/lib/sim";

const packet = { kind: "ipv4", source: "172.18.0.2", destination: "172.18.0.3", payload: { kind: "icmp", type: "echo-request" } };
const frame = (at: number, direction: "in" | "out", netns: string, link: string) =>
  ({ kind: "frame", at, direction, where: { host: "node1", netns, link }, frame: { payload: packet } }) as unknown as KernelEvent;
const drop = (reason: object) =>
  ({ kind: "drop", at: 0, where: { host: "node1", netns: "root", link: "docker0" }, reason, packet }) as unknown as KernelEvent;

test("a frame that is bridged goes over one cable, along the bridge, and over the next cable", () => {
  const reader = new TrafficReader();
  reader.note(frame(0, "out", "web", "eth0"));
  reader.note(frame(5, "in", "root", "veth1"));
  reader.note(frame(5, "out", "root", "veth2"));
  reader.note(frame(10, "in", "db", "eth0"));

  const hops = reader.take()?.hops.map(({ from, to }) => `${from.netns}/${from.link} > ${to ? `${to.netns}/${to.link}` : "cable"}`);

  expect(hops).toEqual(["web/eth0 > cable", "root/veth1 > root/veth2", "root/veth2 > cable"]);
});

test("two frames a second apart have nothing to do with each other", () => {
  const reader = new TrafficReader();
  reader.note(frame(0, "in", "root", "veth1"));
  reader.note(frame(1_000_000, "out", "root", "veth2"));

  expect(reader.take()?.hops.map(({ from, to }) => [from.link, to?.link])).toEqual([["veth2", undefined]]);
});

test("a loss says what died and why; a frame that was not for this machine is none", () => {
  const reader = new TrafficReader();
  reader.note(drop({ kind: "not-for-us" }));
  reader.note(drop({ kind: "no-route", destination: "10.0.0.1" }));

  expect(reader.take()?.losses).toEqual([
    {
      host: "node1",
      netns: "root",
      link: "docker0",
      reason: { kind: "no-route", destination: "10.0.0.1" },
      packet: "ICMP echo request 172.18.0.2 → 172.18.0.3",
    },
  ]);
});

test("a flood is cut, and the next batch begins anew", () => {
  const reader = new TrafficReader();
  for (let i = 0; i < 1_000; i++) reader.note(frame(i * 1_000, "out", "web", "eth0"));

  expect(reader.take()?.hops.length).toBeLessThan(100);
  expect(reader.take()).toBeUndefined();
});
