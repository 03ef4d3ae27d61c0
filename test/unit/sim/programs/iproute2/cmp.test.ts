import { readFileSync } from "node:fs";
import { test } from "vitest";
import { programs as ip2 } from "@/lib/sim/programs/iproute2";
import { Machine } from "./machine";
test("cmp", async () => {
  (await import("node:fs")).writeFileSync("/tmp/nf/cmp.out", "");
  const m = new Machine(ip2);
  m.must("ip link set lo up", "ip link set eth0 up", "ip addr add 192.168.56.11/24 brd + dev eth0", "ip route add default via 192.168.56.1", "ip link add docker0 type bridge", "ip link set docker0 txqueuelen 0", "ip addr add 172.17.0.1/16 brd + dev docker0", "ip link set docker0 up",
   "ip link add br-app type bridge", "ip addr add 10.5.0.1/16 brd + dev br-app", "ip link set br-app txqueuelen 0 up","ip link add br-six type bridge", "ip addr add 172.18.0.1/16 brd + dev br-six", "ip addr add fd00:6::1/64 dev br-six nodad", "ip link set br-six up", "ip netns add c1","ip link add vethaaa type veth peer name eth0 netns c1", "ip link set vethaaa master br-app up", "ip -n c1 link set eth0 up");
  let out = "";
  for (const block of readFileSync(process.env.REC ?? "/tmp/nf/ip2.out", "utf8").split(/^\$ /m).slice(1)) {
    const [line = "", ...rest] = block.trimEnd().split("\n");
    if (!/^(ip|bridge|ss|brctl) /.test(line) || /[|;&<>$]/.test(line)) continue;
    let r; try { r = m.run(line); } catch { continue; }
    const mask = (s: string) => s.replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, "MAC").replace(/fe80::[0-9a-f:]+/g, "LL").replace(/^(  )?\d+: /gm, "N: ").replace(/veth[0-9a-f]{7}/g, "vethaaa").replace(/@if\d+/g, "@ifN");
    const show = (t: string, k: string) => t.split("\n").slice(0, -1).map((l) => `${k}${l}\n`).join("");
    const ours = mask(`${show(r.stdout, "  ")}${show(r.stderr, "! ")}${r.status ? `? ${r.status}\n` : ""}`.trimEnd());
    const real = mask(rest.join("\n"));
    if (ours !== real) out += `$ ${line}\n--- real\n${real}\n--- ours\n${ours}\n`;
  }
  (await import("node:fs")).writeFileSync("/tmp/nf/cmp.out", out);
});
